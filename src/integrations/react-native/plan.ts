import type { Config } from '../../config.ts';
import type { FileSystem } from '../../file-system.ts';
import type { Planner } from '../../plan/planner.ts';
import { readText } from '../../project/read-text.ts';
import { at } from '../../place.ts';
import { entriesOf } from '../../project/project.ts';
import type { AppProject, JavaScriptProject, ReactNativeProject } from '../../project/project.ts';
import { AUTOLINKING, linkOf } from '../edits/autolinking.ts';
import { ENTRY } from '../edits/entry.ts';
import type { HostRequest } from '../host.ts';
import { planInfoPlists } from '../info-plists.ts';
import { importSpecifier } from '../model.ts';

/** The small edits that link the generated package into a bare React Native app. */
export async function planReactNative(
  planner: Planner,
  { fs, project, config, retiredIds }: HostRequest<ReactNativeProject>,
): Promise<void> {
  await planAutolinking(planner, fs, project, config);
  if (config.platforms.includes('ios')) {
    await planInfoPlists(planner, project, config, retiredIds);
  }
  await planEntries(planner, project, config);
}

export async function planAutolinking(
  planner: Planner,
  fs: FileSystem,
  project: JavaScriptProject,
  config: Config,
): Promise<void> {
  const read = async (path: string) => readText(fs, at(project.root, path));
  const file = project.reactNativeConfig ?? 'react-native.config.js';
  const link = await linkOf({ read }, file, project.isEsm, config);
  await planner.ensure(
    file,
    AUTOLINKING,
    () => AUTOLINKING.create(link),
    (source) => AUTOLINKING.ensure(source, link),
  );
}

export async function planEntries(
  planner: Planner,
  project: AppProject,
  config: Config,
): Promise<void> {
  const entries = entriesOf(project, config.platforms);
  for (const { path } of entries) {
    const specifier = importSpecifier(path, config.handler);
    await planner.edit(path, ENTRY, (source) => ENTRY.ensure(source, { file: path, specifier }));
  }
  if (entries.length === 0) {
    planner.manual({
      path: 'index.js',
      purpose: ENTRY.reason,
      reason: 'no entry file was found (index.js, index.<platform>.js, or main in package.json)',
      snippet: `import '${importSpecifier('index.js', config.handler)}';`,
    });
  }
}
