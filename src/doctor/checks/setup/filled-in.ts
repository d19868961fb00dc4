import { findUnfilled } from '../../../integrations/unfilled.ts';
import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';

export const filledIn: Check = {
  id: 'X13',
  title: 'What `init` left to you is filled in',
  severity: 'warning',
  why: 'A handler as bgsync made it finds nothing that waits: every run ends as `done`, and nothing is sent.',
  source: 'docs/handler.md, "The handler"',
  fix: 'Say there where your app keeps what waits, and how it is sent.',
  explain: [
    'bgsync cannot know where your app keeps what waits, or what its server is called. The handler that `init` makes, and the queue’s file, have a place for each: a function that throws, or the address of an example. Until they are filled in all else is in order, and no run says that nothing was sent.',
    'Each place is said as long as it has the words that bgsync gave it.',
  ].join('\n\n'),
  appliesTo: (repo) => runningConfig(repo) !== undefined,
  async run(repo) {
    const config = runningConfig(repo);
    if (config === undefined) return [];
    const unfilled = await findUnfilled(config, (path) => repo.read(path));
    return Promise.all(
      unfilled.map(async ({ path, line, says, key }) => {
        const evidence = [
          await settingOf(repo, key, `the background sync sends what ${path} says`),
        ];
        return { file: path, line, message: says, evidence };
      }),
    );
  },
};
