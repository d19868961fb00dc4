import { LOCK_FILE } from '../../../plan/lock-file.ts';
import type { Check } from '../../check.ts';

export const retired: Check = {
  id: 'X10',
  title: 'The background sync is not retired',
  severity: 'info',
  why: 'The package now only cancels the job on devices that still have it; nothing is synced in the background.',
  source: 'docs/commands.md, "diff, update, remove"',
  fix: 'Ship a release with it; once most devices have it, run `npx bgsync remove`.',
  explain: [
    'After `npx bgsync remove --retire` the generated package holds no sync, only what cancels the job of an earlier release when the app starts. It has to stay for at least one release. `npx bgsync remove` takes it out, `npx bgsync init` brings the sync back.',
  ].join('\n\n'),
  appliesTo: ({ integration }) => integration?.lock?.retired === true,
  run({ integration }) {
    const file = `${integration?.config?.moduleDir ?? ''}/${LOCK_FILE}`;
    return Promise.resolve([{ file, message: 'the background sync is retired' }]);
  },
};
