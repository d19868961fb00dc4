import { runsReactNative } from '../../../project/host.ts';
import { REACT_NATIVE_CONFIGS } from '../../../project/source-dirs.ts';
import { PACKAGE_NAME } from '../../../templates/model.ts';
import { isAsLeft } from '../../code/verified.ts';
import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { tryEdit } from '../../edit-fix.ts';

export const packageLinked: Check = {
  id: 'J12',
  title: 'react-native.config.js links the generated package',
  severity: 'error',
  why: 'Autolinking finds an app-local package only through this entry. Without it the app builds, and has no native module.',
  source: 'https://github.com/react-native-community/cli/blob/main/docs/dependencies.md',
  fix: 'Run `npx bgsync init` again, then `pod install` and a rebuild.',
  mends:
    'Adds the entry to `dependencies`; the next build compiles the package. Where that is not there, or the config is no literal, it is left to you.',
  explain: [
    'The generated package lives inside the app, not in node_modules, so autolinking does not find it by itself. The entry in react-native.config.js, `dependencies["background-sync"].root`, names its folder; Gradle and CocoaPods read it through `npx react-native config`.',
    'Without the entry the app builds as before, has no native module, and registerBackgroundSync warns so in the console and does nothing. After it is put back, run `pod install` and build again.',
  ].join('\n\n'),
  appliesTo: (repo) => runsReactNative(repo) && repo.integration !== undefined,
  async run(repo) {
    const config = repo.integration?.config;
    if (config === undefined) return [];
    const evidence = [
      await settingOf(repo, 'moduleDir', `the generated package is in ${config.moduleDir}`),
    ];
    const names = (await repo.list('')).map(({ name }) => name);
    const file = REACT_NATIVE_CONFIGS.find((name) => names.includes(name));
    if (file === undefined) {
      return [{ file: 'react-native.config.js', message: 'the file is missing', evidence }];
    }
    if (await isAsLeft(repo, file, config.moduleDir)) return [];
    const { AUTOLINKING, linkOf } = await import('../../../integrations/edits/autolinking.ts');
    const isEsm = repo.packageJson?.type === 'module';
    const link = await linkOf(repo.files, file, isEsm, config);
    const tried = await tryEdit(repo, file, 'links the generated package', (source) =>
      AUTOLINKING.ensure(source, link),
    );
    if (tried === undefined) return [];
    const { result, fixEdits } = tried;
    if (result.status === 'already') {
      if (result.unproven !== undefined) {
        repo.note(
          file,
          `whether '${PACKAGE_NAME}' is linked cannot be told (${result.unproven}); --run-tools asks the app’s own autolinking`,
          { answeredBy: 'T01' },
        );
      }
      return [];
    }
    if (result.status === 'changed') {
      // An entry for a folder that is not there would end the builds of both platforms.
      const offered = (await repo.exists(`${config.moduleDir}/package.json`)) ? { fixEdits } : {};
      const message = `dependencies has no '${PACKAGE_NAME}'`;
      return [{ file, message, evidence, ...offered }];
    }
    return [
      {
        file,
        message: `'${PACKAGE_NAME}' is not linked from ${config.moduleDir}: ${result.reason}`,
        evidence,
        fix: `Put in what \`npx bgsync init\` prints, and check with \`npx react-native config\`.`,
      },
    ];
  },
};
