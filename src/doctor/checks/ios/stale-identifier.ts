import { defaultConfig } from '../../../config.ts';
import { LOCK_FILE } from '../../../plan/lock-file.ts';
import type { Check, Finding } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';
import { PERMITTED_KEY, permissionsOf } from './permissions.ts';
import type { DoctorRepo } from '../../repo.ts';

/** Ids that one library alone registers, and what stands for that library in package.json. */
const OWNERS: readonly {
  readonly prefix: string;
  readonly who: string;
  readonly isThere: (repo: DoctorRepo) => boolean;
}[] = [
  {
    prefix: 'com.expo.modules.backgroundtask.',
    who: 'expo-background-task',
    isThere: (repo) => repo.depends('expo-background-task'),
  },
  {
    prefix: 'com.transistorsoft.',
    who: 'react-native-background-fetch',
    isThere: ({ packageJson }) =>
      Object.keys({ ...packageJson?.dependencies, ...packageJson?.devDependencies }).some((name) =>
        /background-(?:fetch|geolocation)/.test(name),
      ),
  },
  { prefix: 'dev.bgsync.', who: 'bgsync', isThere: ({ integration }) => integration !== undefined },
];

export const staleIdentifier: Check = {
  id: 'I28',
  title: 'Every permitted id of a library has that library',
  severity: 'warning',
  why: 'A request that the previous version of the app left pending still launches it; without a handler for its id the app ends with “No launch handler registered for task with identifier …”.',
  source: 'https://github.com/wordpress-mobile/WordPress-iOS/issues/18156',
  fix: 'Keep the id for as long as devices may have the version that used it, and register a launch handler for it that completes its task; cancel its request at launch.',
  explain: [
    'Requests survive an update of the app. Where a version drops a library, or renames an id, requests under the old id are still pending on the devices of its users. When one comes due, iOS launches the app, finds no handler, and raises NSInternalInconsistencyException.',
    'To cancel the request at launch is too late for the process that iOS has started for it: its request is taken already. That process needs a handler, and iOS takes one for a permitted id only. So keep the id in the Info.plist, and for as long as there may be users of the old version, at launch:',
    '    BGTaskScheduler.shared.register(forTaskWithIdentifier: "com.expo.modules.backgroundtask.processing", using: nil) { $0.setTaskCompleted(success: true) }\n    BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: "com.expo.modules.backgroundtask.processing")',
    'Once no device has the old version, take the id out. bgsync does all of this for ids of its own: bgsync.lock.json keeps those it had before, until `npx bgsync update --forget-ids`.',
  ].join('\n\n'),
  appliesTo: ({ packageJson }) => packageJson !== undefined,
  async run(repo) {
    // The generated package has a handler for those that the app had before, and cancels what is pending.
    const former = repo.integration?.lock?.taskIds ?? [];
    const used = new Set([...(await iosNeedsOf(repo)).map(({ id }) => id), ...former]);
    // Also where the config is gone: the package is still built into the app.
    const lockFile = `${defaultConfig().moduleDir}/${LOCK_FILE}`;
    const hasPackage = (await repo.read(lockFile)) !== undefined;
    return (await permissionsOf(repo)).flatMap(({ plist, permitted }): Finding[] => {
      if (permitted.status !== 'ok') return [];
      return permitted.values.flatMap(({ text, line }) => {
        const owner = OWNERS.find(({ prefix }) => text.startsWith(prefix));
        if (owner === undefined || used.has(text) || owner.isThere(repo)) return [];
        if (owner.who === 'bgsync' && hasPackage) return [];
        const message = `${PERMITTED_KEY} contains ${text}, and package.json has no ${owner.who}`;
        const evidence = [{ file: 'package.json', says: `does not depend on ${owner.who}` }];
        return [{ file: plist.path, line, message, evidence }];
      });
    });
  },
};
