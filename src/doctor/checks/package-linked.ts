import { findReactNativeDependency } from '../../formats/js-config.ts';
import { PACKAGE_NAME } from '../../templates/model.ts';
import type { Check } from '../check.ts';

export const packageLinked: Check = {
  id: 'J12',
  title: 'react-native.config.js links the generated package',
  severity: 'error',
  why: 'Autolinking finds an app-local package only through this entry. Without it the app builds, and has no native module.',
  source: 'https://github.com/react-native-community/cli/blob/main/docs/dependencies.md',
  fix: 'Run `npx bgsync init` again, then `pod install` and a rebuild.',
  async run(repo) {
    const { config, project } = repo;
    if (config === undefined) return [];
    const file = project.reactNativeConfig;
    if (file === undefined) {
      return [{ file: 'react-native.config.js', message: 'the file is missing' }];
    }
    const found = findReactNativeDependency((await repo.read(file)) ?? '', PACKAGE_NAME);
    switch (found.status) {
      case 'absent':
        return [{ file, message: `dependencies has no '${PACKAGE_NAME}'` }];
      case 'unreadable':
        return [
          {
            file,
            message: `whether it links '${PACKAGE_NAME}' cannot be read: ${found.reason}`,
            fix: `Write dependencies['${PACKAGE_NAME}'] as a literal, or check with \`npx react-native config\`.`,
          },
        ];
      case 'found': {
        const root = found.root?.replace(/^\.\//, '').replace(/\/$/, '');
        if (root === undefined || root === config.moduleDir) return [];
        return [
          {
            file,
            line: found.line,
            message: `'${PACKAGE_NAME}' has the root ${root}, the package is in ${config.moduleDir}`,
          },
        ];
      }
    }
  },
};
