import { TRANSISTOR } from '../../../facts.ts';
import { lineOfDependency } from '../../../project/package-json.ts';
import { isBelow } from '../../../versions.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { Check, Finding } from '../../check.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';
import { iosNeedsOf } from './needs.ts';
import { PERMITTED_KEY, permissionsOf } from './permissions.ts';

const LIBRARY = TRANSISTOR.name;
/** It depends on the other. */
const GEOLOCATION = 'react-native-background-geolocation';

export const registersForeignIdentifiers: Check = {
  id: 'I32',
  title: 'react-native-background-fetch leaves the ids of others alone',
  severity: 'error',
  blocks: true,
  tells: true,
  why: 'Up to 4.2.1 it registers every id of BGTaskSchedulerPermittedIdentifiers. Whatever else registers its own id then ends the app at launch: “has already been registered”.',
  source: 'https://github.com/transistorsoft/transistor-background-fetch/issues/14',
  fix: `Update ${LIBRARY} to ${TRANSISTOR.firstWithPrefix} or later, which registers ids that start with ${TRANSISTOR.prefix} alone.`,
  explain: [
    'react-native-background-fetch reads BGTaskSchedulerPermittedIdentifiers at launch and registers a handler for what it finds. Up to version 4.2.1 that is every id, those of other libraries and of bgsync included; the second registration raises NSInternalInconsistencyException. From 4.2.2 on it registers ids with the prefix com.transistorsoft alone.',
    'Where the other id is one that you made for scheduleTask of this library, give it the prefix when you update.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(LIBRARY) || repo.depends(GEOLOCATION),
  async run(repo) {
    const version = await repo.version(LIBRARY);
    if (version === undefined) return unknownVersion(repo);
    if (!isBelow(version, TRANSISTOR.firstWithPrefix)) return [];
    const shown = (await repo.versionText(LIBRARY)) ?? version;
    const others = new Map(
      (await iosNeedsOf(repo))
        .filter(({ id }) => !id?.startsWith(TRANSISTOR.prefix))
        .map(({ id, at }) => [id, at]),
    );
    const library = await dependencyOf(repo, LIBRARY);
    const found = (await permissionsOf(repo)).flatMap(({ plist, permitted }): Finding[] => {
      if (permitted.status !== 'ok') return [];
      return permitted.values
        .filter(({ text }) => others.has(text))
        .map(({ text, line }) => ({
          file: plist.path,
          line,
          message: `${PERMITTED_KEY} contains ${text}, which ${LIBRARY} ${shown} registers as well`,
          evidence: [library, ...[others.get(text)].filter((at) => at !== undefined)],
        }));
    });
    const config = runningConfig(repo);
    if (found.length > 0 || config?.platforms.includes('ios') !== true) return found;
    // Where no plist can be read, as prebuild makes it, bgsync's id will be in it all the same.
    const text = (await repo.read('package.json')) ?? '';
    return [
      {
        file: 'package.json',
        line: lineOfDependency(text, LIBRARY),
        message: `${LIBRARY} ${shown} registers every permitted id, ${config.taskId} of bgsync too`,
        evidence: [await settingOf(repo, 'taskId', `the background sync runs as ${config.taskId}`)],
      },
    ];
  },
};

/** Where the version cannot be told: from a commit, or brought by another library and not installed here. */
async function unknownVersion(repo: DoctorRepo): Promise<readonly Finding[]> {
  const config = runningConfig(repo);
  if (config?.platforms.includes('ios') !== true) return [];
  const first = TRANSISTOR.firstWithPrefix;
  const name = repo.depends(LIBRARY) ? LIBRARY : GEOLOCATION;
  const { file, line } = await dependencyOf(repo, name);
  const where = name === LIBRARY ? 'its version is not known here' : `it brings ${LIBRARY}`;
  return [
    {
      file,
      ...(line !== undefined && { line }),
      severity: 'warning',
      message: `${name}: ${where}, and one before ${first} registers ${config.taskId} of bgsync as well, after which the app crashes at its start`,
      fix: `Make sure that ${LIBRARY} ${first} or newer is installed.`,
      evidence: [await settingOf(repo, 'taskId', `the background sync runs as ${config.taskId}`)],
    },
  ];
}
