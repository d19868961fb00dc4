import type { Config } from '../../config.ts';
import type { FileSystem } from '../../file-system.ts';
import { ensureEntryImport } from '../../formats/entry.ts';
import { createReactNativeConfig, ensureReactNativeDependency } from '../../formats/js-config.ts';
import { ensurePlistArrays, formatPlistArrays, formatPlistFile } from '../../formats/plist.ts';
import type { Planner } from '../../plan/planner.ts';
import { readImportedFiles } from '../../project/imported-files.ts';
import { readText } from '../../project/read-text.ts';
import { at } from '../../place.ts';
import { entriesOf, infoPlistsOf } from '../../project/project.ts';
import type { Project } from '../../project/project.ts';
import { PACKAGE_NAME, REFRESH_TASK_ID } from '../../templates/model.ts';
import { importSpecifier } from '../model.ts';
import { PURPOSES } from '../purposes.ts';

/**
 * The Info.plist entries without which iOS refuses the tasks.
 *
 * @param retiredIds ids that versions of the app had before: iOS takes a launch handler for a permitted id only, and ends
 *   an app that it starts for an id without one
 */
export const plistEntries = ({ taskId, ios }: Config, retiredIds: readonly string[]) => [
  { key: 'UIBackgroundModes', values: ['processing', ...(ios.refresh ? ['fetch'] : [])] },
  {
    key: 'BGTaskSchedulerPermittedIdentifiers',
    values: [taskId, ...(ios.refresh ? [REFRESH_TASK_ID] : []), ...retiredIds],
  },
];

/** The small edits that link the generated package into a bare React Native app. */
export async function planReactNative(
  planner: Planner,
  fs: FileSystem,
  project: Project,
  config: Config,
  retiredIds: readonly string[],
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
  project: Project,
  config: Config,
): Promise<void> {
  const entry = { name: PACKAGE_NAME, root: config.moduleDir };
  const file = project.reactNativeConfig ?? 'react-native.config.js';
  const esm = file.endsWith('.mjs') || (project.isEsm && !file.endsWith('.cjs'));
  const files = await readImportedFiles(async (one) => readText(fs, at(project.root, one)), file);
  await planner.ensure(
    file,
    PURPOSES.autolinking,
    () => createReactNativeConfig({ ...entry, esm, lineEnding: '\n' }),
    (source) => ensureReactNativeDependency(source, { ...entry, file, esm, files }),
  );
}

export async function planInfoPlists(
  planner: Planner,
  project: Project,
  config: Config,
  retiredIds: readonly string[],
): Promise<void> {
  const purpose = PURPOSES.infoPlist.reason;
  const wanted = plistEntries(config, retiredIds);
  const plists = infoPlistsOf(project);
  for (const path of plists) {
    await planner.edit(path, PURPOSES.infoPlist, (source) => ensurePlistArrays(source, wanted));
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
  project: Project,
  config: Config,
): Promise<void> {
  const entries = entriesOf(project, config.platforms);
  for (const { path } of entries) {
    const specifier = importSpecifier(path, config.handler);
    await planner.edit(path, PURPOSES.entry, (source) =>
      ensureEntryImport(source, { file: path, specifier }),
    );
  }
  if (entries.length === 0) {
    planner.manual({
      path: 'index.js',
      purpose: PURPOSES.entry.reason,
      reason: 'no entry file was found (index.js, index.<platform>.js, or main in package.json)',
      snippet: `import '${importSpecifier('index.js', config.handler)}';`,
    });
  }
}
