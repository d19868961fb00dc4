import type { Config } from '../../config.ts';
import { formatLists } from '../../formats/json-lists.ts';
import type { LockFile } from '../../plan/lock-file.ts';
import type { Planner } from '../../plan/planner.ts';
import { packageEntryOf } from '../../project/expo.ts';
import { at } from '../../place.ts';
import type { ExpoProject } from '../../project/project.ts';
import { readText } from '../../project/read-text.ts';
import { APP_CONFIG, placeAppConfig, plistLists } from '../edits/app-config.ts';
import { ENTRY } from '../edits/entry.ts';
import { MAIN } from '../edits/package-json.ts';
import type { HostRequest } from '../host.ts';
import { importSpecifier } from '../model.ts';
import { planInfoPlists } from '../info-plists.ts';
import { planAutolinking, planEntries } from '../react-native/plan.ts';

/** The entry file that bgsync makes where a package's file starts the app. */
export const OWN_ENTRY = 'index.js';

/**
 * The small edits that link the generated package into an Expo app. Native folders that are committed are edited as in
 * any React Native app, and the app config besides where prebuild may write them anew; where nothing runs prebuild, nobody
 * reads it and it stays as it is. Native folders that prebuild makes are never touched.
 */
export async function planExpo(planner: Planner, request: HostRequest<ExpoProject>): Promise<void> {
  const { fs, project, config, lock, retiredIds } = request;
  const { expo } = project;
  await planAutolinking(planner, fs, project, config);
  if (config.platforms.includes('ios')) {
    if (expo.ios === 'committed') await planInfoPlists(planner, project, config, retiredIds);
    await planAppConfig(planner, request);
  }
  await planEntry(planner, project, config, lock);
}

async function planAppConfig(
  planner: Planner,
  { fs, project, config, lock, retiredIds }: HostRequest<ExpoProject>,
): Promise<void> {
  const read = async (path: string) => readText(fs, at(project.root, path));
  const place = await placeAppConfig({ read }, project.expo, config, retiredIds);
  if (place === 'unused') {
    // A commit of ios/, or a script that goes, is no reason to take out what is there.
    for (const { id, path } of lock?.edits ?? []) if (id === APP_CONFIG.id) planner.leave(path);
    return;
  }
  if (place === 'missing') {
    planner.manual({
      path: 'app.json',
      purpose: APP_CONFIG.reason,
      reason: 'the app has no app.json and no app.config.js',
      snippet: formatLists(plistLists('expo', config, retiredIds)),
    });
    return;
  }
  await planner.edit(place.path, APP_CONFIG, (source) => APP_CONFIG.ensure(source, place.wanted));
}

/** What starts the app loads the handler first. A package's file cannot: then a file of the app's own does both. */
async function planEntry(
  planner: Planner,
  project: ExpoProject,
  config: Config,
  lock: LockFile | undefined,
): Promise<void> {
  const { expo } = project;
  const specifier = importSpecifier(OWN_ENTRY, config.handler);
  const packageEntry = expo.packageEntry ?? replacedEntry(project, lock);
  if (packageEntry === undefined) {
    await planEntries(planner, project, config);
    return;
  }
  if (expo.strayIndex !== undefined) {
    planner.manual({
      path: 'package.json',
      purpose: MAIN.reason,
      reason: `main is ${packageEntry}, and there is an ${expo.strayIndex} that does not start the app`,
      snippet: `${expo.strayIndex}:\n\nimport '${importSpecifier(expo.strayIndex, config.handler)}';\nimport '${packageEntry}';\n\npackage.json:\n\n"main": "${expo.strayIndex}"`,
    });
    return;
  }
  await planner.ensure(
    OWN_ENTRY,
    ENTRY,
    () => entryText(specifier, packageEntry),
    (source) => ENTRY.ensure(source, { file: OWN_ENTRY, specifier }),
  );
  await planner.edit('package.json', MAIN, (source) => MAIN.ensure(source, OWN_ENTRY));
}

/** What an earlier run replaced, where the app still starts at the file that it made. */
function replacedEntry(project: ExpoProject, lock: LockFile | undefined): string | undefined {
  const record = lock?.edits.find(({ id }) => id === MAIN.id);
  const was = record?.pieces?.at(-1)?.was;
  if (was === undefined || !project.entries.some(({ path }) => path === OWN_ENTRY))
    return undefined;
  return packageEntryOf(was === '' ? undefined : was.replaceAll('"', ''));
}

const entryText = (specifier: string, packageEntry: string): string =>
  [
    '// The handler first: when the OS starts the app in the background, no screen is ever rendered.',
    `import '${specifier.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}';`,
    `import '${packageEntry}';`,
    '',
  ].join('\n');
