import type { Check, Finding } from '../../check.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';

const METHOD = /\b_simulate(?:Launch|Expiration)ForTaskWithIdentifier\b/g;
const START = /^_simulate(?:Launch|Expiration)?(?:$|ForTask)/;
const END = /^(?:Launch|Expiration)?ForTaskWithIdentifier:?$/;

export const simulateSelectors: Check = {
  id: 'I16',
  title: 'No release code names the private _simulate… selectors',
  severity: 'error',
  why: 'They are private API: App Review refuses apps that ship a reference to them, put together from pieces as well.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/starting-and-terminating-tasks-during-development',
  fix: 'Call them from the debugger alone, or put the code into #if DEBUG.',
  explain: [
    '_simulateLaunchForTaskWithIdentifier: and _simulateExpirationForTaskWithIdentifier: are private methods of BGTaskScheduler, for the debugger. Apple’s page on them says that including a reference to them in an app that is submitted is a reason for rejection. A string that is put together from pieces at run time is still such a reference.',
    'They work on a device with a debugger attached, with the app paused:',
    '    e -l objc -- (void)[[BGTaskScheduler sharedScheduler] _simulateLaunchForTaskWithIdentifier:@"com.example.sync"]',
    'Where the app has a button for it, keep all of it inside #if DEBUG … #endif, the strings included.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await appleSourcesContaining(repo, ['_simulate'])) {
      const inCode = [...file.code.matchAll(METHOD)].map((match) => ({
        offset: match.index,
        text: match[0],
      }));
      const isPieced = file.strings.some(({ text }) => END.test(text));
      const inStrings = file.strings.filter(
        ({ text }) => START.test(text) && (isPieced || text !== '_simulate'),
      );
      const places = [...inCode, ...inStrings].filter(({ offset }) => !isDebugOnly(file, offset));
      for (const { offset, text } of places.sort((a, b) => a.offset - b.offset)) {
        const message = `${text.slice(0, 60)} is private API, and is not inside #if DEBUG`;
        findings.push({ file: file.path, line: file.line(offset), message });
      }
    }
    return findings;
  },
};
