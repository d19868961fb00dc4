import type { Config } from '../../config.ts';
import type { FileSystem } from '../../file-system.ts';
import { formatPlistArrays, formatPlistFile } from '../../formats/plist.ts';
import type { Planner } from '../../plan/planner.ts';
import { readText } from '../../project/read-text.ts';
import { at } from '../../place.ts';
import { entriesOf, infoPlistsOf } from '../../project/project.ts';
import type { AppProject, JavaScriptProject, ReactNativeProject } from '../../project/project.ts';
import { AUTOLINKING, linkOf } from '../edits/autolinking.ts';
import { ENTRY } from '../edits/entry.ts';
import { INFO_PLIST, plistEntries } from '../edits/info-plist.ts';
import type { HostRequest } from '../host.ts';
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
  const link = await linkOf(read, file, project.isEsm, config);
  await planner.ensure(
    file,
    AUTOLINKING,
    () => AUTOLINKING.create(link),
    (source) => AUTOLINKING.ensure(source, link),
  );
}

export async function planInfoPlists(
  planner: Planner,
  project: AppProject,
  config: Config,
  retiredIds: readonly string[],
): Promise<void> {
  const purpose = INFO_PLIST.reason;
  const wanted = plistEntries(config, retiredIds);
  const plists = infoPlistsOf(project);
  for (const path of plists) {
    await planner.edit(path, INFO_PLIST, (source) => INFO_PLIST.ensure(source, wanted));
  }
  const snippet = formatPlistArrays(wanted);
  for (const { path, reason, newFile, runAgain } of project.ios?.problems ?? []) {
    if (runAgain === true) {
      planner.manual({ path, purpose, reason, snippet: '' });
    } else if (newFile === undefined) {
      planner.manual({ path, purpose: `${purpose}: in that target’s Info.plist`, reason, snippet });
    } else {
      planner.manual({
        path: newFile.path,
        purpose: `${purpose}: a new file`,
        reason: `${reason}. Make the file, set INFOPLIST_FILE = "${newFile.setting}" in the build settings of target ${newFile.target}, for every configuration, and leave GENERATE_INFOPLIST_FILE as it is: Xcode puts both together`,
        snippet: formatPlistFile(wanted),
      });
    }
  }
  if (project.ios !== undefined && plists.length === 0 && project.ios.problems.length === 0) {
    const reason = 'the Xcode project has no iOS app target';
    planner.manual({ path: 'ios', purpose, reason, snippet });
  }
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
