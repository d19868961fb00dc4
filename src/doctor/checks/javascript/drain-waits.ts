import {
  BACKGROUND_ACTIONS,
  BACKGROUND_FETCH,
  GEOLOCATION,
  mayRunInBackground,
  PUSHES,
} from '../../code/task-libraries.ts';
import type { Check, Finding } from '../../check.ts';

const NAMES = {
  drain: 'drainQueue',
  send: 'send',
  queue: 'what the queue calls',
  task: 'the task',
  headless: 'the task',
} as const;

export const drainWaits: Check = {
  id: 'J18',
  title: 'What runs in the background waits for its work',
  severity: 'error',
  why: 'The run ends when the function’s promise is fulfilled. Work that nobody awaits is frozen with the app in the middle, and the run counts as a success.',
  source: 'https://developer.mozilla.org/docs/Web/JavaScript/Reference/Statements/async_function',
  fix: 'Await it, or return its promise; for a list, `await Promise.all(items.map(…))` or a `for` loop with `await`.',
  explain: [
    'drainQueue of bgsync, a task of expo-task-manager and a headless task tell that they are done by their promise; so do what a push runs (setBackgroundMessageHandler, onBackgroundEvent) the task of react-native-background-actions, and the headless one of react-native-background-geolocation. An async function that starts a request without `await` gives a promise that is fulfilled at once: the OS takes its time back while the request is still open. On the desk the request arrives all the same, as nothing freezes the app there.',
    '    // wrong: both return before anything is sent\n    async drainQueue() { send(); return 0; }\n    async drainQueue() { items.forEach(async (item) => { await send(item); }); return 0; }\n\n    // right\n    async drainQueue({ signal }) {\n      for (const item of items) await send(item, signal);\n      return 0;\n    }',
    'doctor tells of calls that are known to return a promise: fetch, axios, async functions of the app over its files, chains of `then`, and forEach or map with an async function. A call with `void` in front of it, or with a `catch` of its own, is taken to be meant.',
    '`npx bgsync trigger --platform local` says of a run how many requests were still open when it ended.',
  ].join('\n\n'),
  async run(repo) {
    const pushing = [...PUSHES.map(({ module }) => module), ...GEOLOCATION, BACKGROUND_ACTIONS];
    const isPushed = pushing.some((name) => repo.depends(name));
    const isRun = await mayRunInBackground(repo);
    if (!isPushed && !isRun) return [];
    const [{ backgroundFunctions, pushFunctions }, { floatingTimer, floatingWork }, { lineIn }] =
      await Promise.all([
        import('../../code/background-functions.ts'),
        import('../../code/js-floating.ts'),
        import('../../code/javascript.ts'),
      ]);
    const findings = new Map<string, Finding>();
    const pushed = isPushed ? await pushFunctions(repo) : [];
    const run = isRun ? await backgroundFunctions(repo) : [];
    for (const one of [...run, ...pushed]) {
      const { kind, library, script, node } = one;
      // Its runs end with finish: J16.
      if (library === BACKGROUND_FETCH) continue;
      const floating =
        (await floatingWork(repo, script, node)) ??
        (pushed.includes(one) ? floatingTimer(script, node) : undefined);
      if (floating === undefined) continue;
      const file = floating.script.path;
      const line = lineIn(floating.script, floating.at);
      const who = NAMES[kind];
      const message = `${floating.what} is not awaited: ${who} ends before its work is done`;
      const isPush = PUSHES.some(({ module }) => module === library);
      const severity = isPush ? ('warning' as const) : undefined;
      findings.set(`${file}:${line}`, { file, line, message, ...(severity && { severity }) });
    }
    return [...findings.values()];
  },
};
