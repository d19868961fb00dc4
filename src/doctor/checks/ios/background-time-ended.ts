import type { Check, Finding } from '../../check.ts';
import { isSwift } from '../../code/apple-functions.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Block } from '../../code/brackets.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { FunctionIndex, appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import type { SourceFile } from '../../source-files.ts';

const BEGIN = 'beginBackgroundTask';
const END = 'endBackgroundTask';
/** In one file: far beyond any real one. */
const MOST = 20;

export const backgroundTimeEnded: Check = {
  id: 'I44',
  title: 'The time that beginBackgroundTask asks for is given back',
  severity: 'error',
  why: 'iOS ends an app whose background task is still open when its time is over (0x8badf00d). The next run of the sync begins from nothing, and is given later.',
  source:
    'https://developer.apple.com/documentation/uikit/uiapplication/beginbackgroundtask(withname:expirationhandler:)',
  fix: 'Call endBackgroundTask with the identifier when the work is done, and in the expiration handler.',
  explain: [
    'beginBackgroundTask asks for some 30 seconds behind the end of the app’s time on the screen. Each call needs an endBackgroundTask, also where the time runs out first: that is what the expiration handler is for. One that only logs leaves the task open, and iOS ends the app right behind it.',
    '    var id = UIBackgroundTaskIdentifier.invalid\n    id = UIApplication.shared.beginBackgroundTask {\n      UIApplication.shared.endBackgroundTask(id)\n      id = .invalid\n    }\n    sync { UIApplication.shared.endBackgroundTask(id); id = .invalid }',
    'doctor looks for an app that ends none of them anywhere, and for expiration handlers that do nothing, or do no more than log.',
  ].join('\n\n'),
  async run(repo) {
    const files = await appleSourcesContaining(repo, [BEGIN]);
    if (files.length === 0) return [];
    const functions = await FunctionIndex.of(repo);
    const ending = await appleSourcesContaining(repo, [END]);
    const isEnded = ending.some(({ code }) => code.includes(END));
    const findings: Finding[] = [];
    for (const file of files) {
      for (const { offset, handler } of callsIn(file).slice(0, MOST)) {
        if (isDebugOnly(file, offset)) continue;
        const place = { file: file.path, line: file.line(offset) };
        if (!isEnded) {
          const message = 'nothing calls endBackgroundTask: iOS ends the app when the time is over';
          findings.push({ ...place, message });
        } else if (handler !== undefined && leavesOpen(file, handler, functions)) {
          const message =
            'the expiration handler does not call endBackgroundTask: iOS ends the app when the time is over';
          findings.push({ ...place, message });
        }
      }
    }
    return findings;
  },
};

interface Begin {
  readonly offset: number;
  /** The block of its expiration handler, where it is written there. */
  readonly handler: Block | undefined;
}

/** The calls of UIApplication's own method: not of a function of the app that has its name. */
function callsIn(file: SourceFile): Begin[] {
  const { code } = file;
  const brackets = bracketsOf(file);
  if (!isSwift(file)) {
    return [...code.matchAll(/\bbeginBackgroundTaskWith\w+\s?:/g)].flatMap(({ index }): Begin[] => {
      const message = brackets.around(index).find(({ kind }) => kind === '[');
      // A declaration stands in no message.
      if (message === undefined) return [];
      const block = /\^\s?(?:\(\s?void\s?\)\s?)?\{/.exec(code.slice(index, message.close));
      const handler = block ? brackets.at(index + block.index + block[0].length - 1) : undefined;
      return [{ offset: index, handler }];
    });
  }
  const calls =
    /\b(?:UIApplication\s?\.\s?shared|application|app|[a-z])\s?\.\s?beginBackgroundTask\b\s?/g;
  return [...code.matchAll(calls)].flatMap(({ 0: text, index }): Begin[] => {
    const open = index + text.length;
    const list = brackets.at(open);
    if (list === undefined || list.kind === '[') return [];
    if (list.kind === '{') return [{ offset: index, handler: list }];
    const inside = /\bexpirationHandler\s?:\s?\{/.exec(code.slice(list.open, list.close));
    const behind = /^\s?\{/.exec(code.slice(list.close + 1, list.close + 10));
    const at = inside
      ? list.open + inside.index + inside[0].length - 1
      : behind
        ? list.close + behind[0].length
        : -1;
    return [{ offset: index, handler: brackets.at(at) }];
  });
}

const LOGS =
  /^(?:print|debugPrint|NSLog|os_log|RCTLog\w*|(?:self\.)?_?(?:os)?log(?:ger)?\b[\w.]*|(?:Logger|Log|DDLog)\w*)\b/i;

/** Whether a handler does nothing, or no more than log. */
function leavesOpen(file: SourceFile, block: Block, functions: FunctionIndex): boolean {
  const inside = file.code.slice(block.open + 1, block.close);
  if (functions.reachable(inside).some((one) => bodyOf(one).includes(END))) return false;
  const statements = inside.replace(/^\s?\[[^[\]]*\]\s+in\b/, '').split(/[\n;]/);
  return statements.every((one) => one.trim() === '' || LOGS.test(one.trim()));
}
