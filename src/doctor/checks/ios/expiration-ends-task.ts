import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';

/** Far more than any file has. */
const MOST = 40;
const BLOCKS =
  /\bDispatchQueue\s*\.\s*main\s*\.\s*sync\b|\bdispatch_sync\s*\(\s*dispatch_get_main_queue|\.\s*wait\s*\(|\bdispatch_(?:semaphore|group)_wait\b|\bThread\s*\.\s*sleep\b|\b(?:u?sleep)\s*\(/;
/** Statements that only write something down. */
const LOGS =
  /(?:\b(?:print|debugPrint|NSLog|os_log|DDLog\w+)\s*\([^;{}\n]*\)|\b(?:self\s*\.\s*)?(?:log|logger|Logger)\s*\.\s*\w+\s*\([^;{}\n]*\))\s*;?/g;

export const expirationEndsTask: Check = {
  id: 'I13',
  title: 'The expiration handler ends the task at once',
  severity: 'error',
  why: 'iOS gives an app a few seconds after it calls expirationHandler. One that waits there, or does nothing, is ended by the system in the middle of its work.',
  source: 'https://github.com/wordpress-mobile/WordPress-iOS/issues/21254',
  fix: 'Cancel the work and call setTaskCompleted(success: false) straight from the handler; wait for nothing.',
  explain: [
    'The handler is called on a queue of the system. A DispatchQueue.main.sync, a semaphore or a group in it waits for something that is itself waiting or suspended, and the watchdog ends the app (0x8badf00d).',
    'A handler that only writes a log line leaves the task open, which ends the same way.',
    '    task.expirationHandler = {\n      operation.cancel()\n      task.setTaskCompleted(success: false)\n    }',
    'Where the work may complete the task as well, guard the call, so that it happens once.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await appleSourcesContaining(repo, ['expirationHandler'])) {
      if (!/\bBG\w*Task/.test(file.code)) continue;
      const assignment = /\.expirationHandler\s*=\s*(?:\^\s*)?\{/g;
      for (const match of [...file.code.matchAll(assignment)].slice(0, MOST)) {
        const block = bracketsOf(file).at(match.index + match[0].length - 1);
        if (block === undefined) continue;
        const body = file.code.slice(block.open + 1, block.close);
        const blocking = BLOCKS.exec(body);
        const line = file.line(
          blocking === null ? match.index + 1 : block.open + 1 + blocking.index,
        );
        if (blocking !== null) {
          const message = `the expiration handler waits: ${blocking[0].replace(/\s+|\($/g, '')}`;
          findings.push({ file: file.path, line, message });
        } else if (isIdle(body)) {
          const message = 'the expiration handler neither stops the work nor completes the task';
          findings.push({ file: file.path, line, message });
        }
      }
    }
    return findings;
  },
};

/** Whether nothing is done but logging. */
const isIdle = (body: string): boolean =>
  body
    .replace(/^\s*(?:\[[^\]]*\]\s*)?(?:\(\s*\)\s*)?in\b/, '')
    .replace(/^[\t ]*\(\s*\)\s*$/m, '')
    .replace(LOGS, '')
    .trim() === '';
