import { posix } from 'node:path';
import { lineNumber } from '../../../formats/text.ts';
import type { Node } from '../../../formats/javascript.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import type { DoctorRepo } from '../../repo.ts';

const CONFIGS = ['capacitor.config.ts', 'capacitor.config.js', 'capacitor.config.json'];

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
    const settings = await readSettings(repo);
    if (settings === undefined) return [];
    const { event, src, file, line } = settings;
    const candidates = ASSETS.map((folder) => posix.join(folder, src));
    let path: string | undefined;
    for (const candidate of candidates) {
      if ((await repo.read(candidate)) !== undefined) path ??= candidate;
    }
    if (path === undefined) return [];
    const { calleeName, functionOf, lineIn, openScript, textOf, walk } =
      await import('../../code/javascript.ts');
    const script = await openScript(repo, path);
    if (script === undefined) return [];
    const names: (string | undefined)[] = [];
    const listeners: Evidence[] = [];
    const findings: Finding[] = [];
    walk(script.module.program, (node) => {
      if (node.type !== 'CallExpression' || calleeName(node) !== 'addEventListener')
        return undefined;
      const name = textOf(script, node.arguments[0]);
      names.push(name);
      const heard = `listens to ${name ?? 'an event'}`;
      listeners.push({ file: script.path, line: lineIn(script, node), says: heard });
      const listener = functionOf(script, node.arguments[1]);
      if (name !== event || listener === undefined) return undefined;
      const answers = listener.params.slice(0, 2);
      if (answers.length === 0 || !usesAny(walk, listener.body, answers)) {
        const message = `the listener of '${event}' never calls resolve or reject`;
        const evidence = [{ file, line, says: `the runner’s event is ${event}` }];
        findings.push({ file: script.path, line: lineIn(script, node), message, evidence });
      }
      return undefined;
    });
    if (names.length === 0 || names.includes(undefined) || names.includes(event)) return findings;
    const message = `the event is '${event}'; ${path} listens to ${names.map((name) => `'${name ?? ''}'`).join(', ')}`;
    return [{ file, line, message, evidence: listeners }];
  },
};

/** Whether one of these parameters is named in the body, or may be: a pattern. */
function usesAny(
  walk: (root: Node, visit: (node: Node) => boolean | undefined) => void,
  body: Node,
  parameters: readonly Node[],
): boolean {
  const names = new Set(parameters.map((node) => (node.type === 'Identifier' ? node.name : '')));
  if (names.has('')) return true;
  let found = false;
  walk(body, (node) => {
    found ||= node.type === 'Identifier' && names.has(node.name);
    return !found;
  });
  return found;
}

interface Settings {
  readonly file: string;
  readonly line: number;
  readonly event: string;
  readonly src: string;
}

/** @returns undefined where they are not written down as literals */
async function readSettings(repo: DoctorRepo): Promise<Settings | undefined> {
  for (const file of CONFIGS) {
    const text = await repo.read(file);
    if (text === undefined) continue;
    if (file.endsWith('.json')) {
      const { parse } = await import('../../../formats/jsonc.ts');
      const data = parse(text.replace(/^\uFEFF/, '')) as
        { plugins?: { BackgroundRunner?: { event?: unknown; src?: unknown } } } | undefined;
      const { event, src } = data?.plugins?.BackgroundRunner ?? {};
      if (typeof event !== 'string' || typeof src !== 'string') return undefined;
      return { file, line: lineNumber(text, Math.max(0, text.indexOf('"event"'))), event, src };
    }
    const { lineIn, openScript, propertyOf, textOf, walk } =
      await import('../../code/javascript.ts');
    const script = await openScript(repo, file);
    if (script === undefined) return undefined;
    let runner: Node | undefined;
    walk(script.module.program, (node) => {
      runner ??= propertyOf(propertyOf(node, 'plugins'), 'BackgroundRunner');
      return runner === undefined;
    });
    const eventNode = propertyOf(runner, 'event');
    const event = textOf(script, eventNode);
    const src = textOf(script, propertyOf(runner, 'src'));
    if (eventNode === undefined || event === undefined || src === undefined) return undefined;
    return { file, line: lineIn(script, eventNode), event, src };
  }
  return undefined;
}
