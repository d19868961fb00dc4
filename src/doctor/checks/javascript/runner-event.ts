import { posix } from 'node:path';
import type { CallExpression, Node } from '../../../formats/javascript.ts';
import type { Check, Finding } from '../../check.ts';

/** Where apps keep what the web build copies to its output as it is; the output itself is seldom committed. */
const ASSETS = ['', 'public', 'src', 'src/assets', 'static', 'www'];

export const runnerEvent: Check = {
  id: 'J17',
  title: 'The background runner’s script answers the event of the config',
  severity: 'error',
  why: 'The runner sends the event that the config names to the script. Where no listener has that name nothing is done; where a listener never calls resolve or reject, the run does not end before the OS stops it.',
  source: 'https://github.com/ionic-team/capacitor-background-runner#configuration',
  fix: 'Use the same name on both sides, and call resolve or reject on every path.',
  explain: [
    'plugins.BackgroundRunner of the Capacitor config has `src`, the script, and `event`, what is sent to it. The script runs in an engine of its own, apart from the WebView, and nothing but the event’s name connects the two.',
    '    // capacitor.config.json: "event": "checkOut"\n    addEventListener(\'checkOut\', async (resolve, reject, args) => {\n      try {\n        await send();\n        resolve();\n      } catch (error) {\n        reject(error);\n      }\n    });',
    'A script that a bundler makes is not looked at: doctor reads it where the config’s `src` is found in public/, src/, src/assets/, static/, www/ or the root.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends('@capacitor/background-runner'),
  async run(repo) {
    const { runnerSettings } = await import('../../code/capacitor-config.ts');
    const settings = await runnerSettings(repo);
    if (settings?.event === undefined || settings.src === undefined) return [];
    const { event, src, file, line } = settings;
    const candidates = ASSETS.map((folder) => posix.join(folder, src));
    let path: string | undefined;
    for (const candidate of candidates) {
      if ((await repo.read(candidate)) !== undefined) path ??= candidate;
    }
    if (path === undefined) return [];
    const [javascript, { unfinishedPath }, { floatingWork }] = await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-finish.ts'),
      import('../../code/js-floating.ts'),
    ]);
    const { calleeName, functionOf, lineIn, openScript, textOf, walk } = javascript;
    const script = await openScript(repo, path);
    if (script === undefined) return [];
    const listeners: { name: string | undefined; node: CallExpression }[] = [];
    walk(script.module.program, (node) => {
      if (node.type === 'CallExpression' && calleeName(node) === 'addEventListener') {
        listeners.push({ name: textOf(script, node.arguments[0]), node });
      }
      return undefined;
    });
    const evidence = [{ file, line, says: `the runner’s event is ${event}` }];
    const findings: Finding[] = [];
    for (const { name, node } of listeners) {
      const listener = functionOf(script, node.arguments[1]);
      if (name !== event || listener === undefined) continue;
      const parameters = listener.params.slice(0, 2);
      // A pattern, or a rest.
      if (parameters.some(({ type }) => type !== 'Identifier')) continue;
      const names = new Set(parameters.map((one) => (one.type === 'Identifier' ? one.name : '')));
      const isAnswer = (call: Node): boolean =>
        call.type === 'CallExpression' &&
        call.callee.type === 'Identifier' &&
        names.has(call.callee.name);
      const answers = (statement: Node): boolean => {
        let found = false;
        walk(statement, (one) => {
          found ||= one.type === 'Identifier' && names.has(one.name);
          return !found;
        });
        return found;
      };
      const problem = unfinishedPath(script, listener, {
        isAnswer,
        isHandle: (handle) => names.has(handle),
      });
      if (problem !== undefined) {
        const at = problem.how === 'never' ? node : problem.at;
        const message = `the listener of '${event}' ${SAYS[problem.how]}`;
        findings.push({ file: path, line: lineIn(script, at), message, evidence });
        continue;
      }
      const floating = await floatingWork(repo, script, listener, answers);
      if (floating?.script !== script) continue;
      const message = `${floating.what} is not awaited: the listener of '${event}' answers before its work is done`;
      findings.push({ file: path, line: lineIn(script, floating.at), message, evidence });
    }
    const names = listeners.map(({ name }) => name);
    if (names.length === 0 || names.includes(undefined) || names.includes(event)) return findings;
    const message = `the event is '${event}'; ${path} listens to ${names.map((name) => `'${name ?? ''}'`).join(', ')}`;
    const heard = listeners.map(({ name, node }) => ({
      file: script.path,
      line: lineIn(script, node),
      says: `listens to ${name ?? 'an event'}`,
    }));
    return [{ file, line, message, evidence: heard }];
  },
};

const SAYS = {
  never: 'never calls resolve or reject',
  return: 'leaves here without calling resolve or reject',
  throws: 'never calls resolve or reject where this fails',
  before: 'answers before this work',
  end: 'has a path that ends without resolve or reject',
} as const;
