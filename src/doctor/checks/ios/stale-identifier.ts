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
  fix: 'Take the id out, and call BGTaskScheduler.shared.cancel(taskRequestWithIdentifier:) for it at launch for some versions.',
  explain: [
    'Requests survive an update of the app. Where a version drops a library, or renames an id, requests under the old id are still pending on the devices of its users. When one comes due, iOS launches the app, finds no handler, and raises NSInternalInconsistencyException.',
    'Cancel the old id at launch for as long as there may be users of the old version:',
    '    BGTaskScheduler.shared.cancel(taskRequestWithIdentifier: "com.expo.modules.backgroundtask.processing")',
    'bgsync does this for ids of its own: bgsync.lock.json keeps those it had before.',
  ].join('\n\n'),
  appliesTo: ({ packageJson }) => packageJson !== undefined,
  async run(repo) {
    const used = new Set((await iosNeedsOf(repo)).map(({ id }) => id));
    return (await permissionsOf(repo)).flatMap(({ plist, permitted }): Finding[] => {
      if (permitted.status !== 'ok') return [];
      return permitted.values.flatMap(({ text, line }) => {
        const owner = OWNERS.find(({ prefix }) => text.startsWith(prefix));
        if (owner === undefined || used.has(text) || owner.isThere(repo)) return [];
        const message = `${PERMITTED_KEY} contains ${text}, and package.json has no ${owner.who}`;
        return [{ file: plist.path, line, message }];
      });
    });
  },
};
