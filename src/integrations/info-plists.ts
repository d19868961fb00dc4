import type { Config } from '../config.ts';
import { formatPlistArrays, formatPlistFile } from '../formats/plist.ts';
import type { Planner } from '../plan/planner.ts';
import { infoPlistsOf } from '../project/project.ts';
import type { AppProject } from '../project/project.ts';
import { INFO_PLIST, plistEntries } from './edits/info-plist.ts';

/** The Info.plists of an app whose native projects are its own. */
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
