import { posix } from 'node:path';
import type { CallExpression, Node } from '../../../formats/javascript.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import type { RunnerSettings } from '../../code/capacitor-plugins.ts';
import type * as JavaScript from '../../code/javascript.ts';
import { BACKGROUND_RUNNER } from '../../code/task-libraries.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

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
    'plugins.BackgroundRunner of the Capacitor config has `src`, the script, and `event`, what is sent to it. The script runs in an engine of its own, apart from the WebView, and nothing but the event’s name connects the two. The OS sends it where `autoStart` is true; else only dispatchEvent does.',
    '    // capacitor.config.json: "event": "checkOut"\n    addEventListener(\'checkOut\', async (resolve, reject, args) => {\n      try {\n        await send();\n        resolve();\n      } catch (error) {\n        reject(error);\n      }\n    });',
    'A script that a bundler makes is not looked at: doctor reads it where the config’s `src` is found in public/, src/, src/assets/, static/, www/ or the root.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(BACKGROUND_RUNNER),
  async run(repo) {
    const { runnerSettings } = await import('../../code/capacitor-plugins.ts');
    const settings = await runnerSettings(repo);
    if (settings?.autoStart === false && !settings.hearsWatch) {
      const never = await neverSent(repo, settings);
      if (never !== undefined) return [never];
    }
    if (settings?.event === undefined || settings.src === undefined) return [];
    const { event, src, file, line } = settings;
    const candidates = ASSETS.map((folder) => posix.join(folder, src));
    let path: string | undefined;
    for (const candidate of candidates) {
      if ((await repo.read(candidate)) !== undefined) path ??= candidate;
    }
    if (path === undefined) {
      repo.note(file, `its runner script ${src} is not found in the repo`);
      return dispatched(repo, settings, undefined);
    }
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
    findings.push(...unknownToRunner(javascript, script, evidence));
    findings.push(
      ...(await dispatched(repo, settings, listeners.length === 0 ? undefined : names)),
    );
    if (names.length === 0 || names.includes(undefined) || names.includes(event)) return findings;
    const message = `the event is '${event}'; ${path} listens to ${names.map((name) => `'${name ?? ''}'`).join(', ')}`;
    const heard = listeners.map(({ name, node }) => ({
      file: script.path,
      line: lineIn(script, node),
      says: `listens to ${name ?? 'an event'}`,
    }));
    return [...findings, { file, line, message, evidence: heard }];
  },
};

/** What a page has, and the runner's engine has not: https://github.com/ionic-team/capacitor-background-runner#javascript-apis */
const OF_A_PAGE = new Set([
  'localStorage',
  'sessionStorage',
  'indexedDB',
  'document',
  'XMLHttpRequest',
]);

/** What a script that is copied as it is asks for, and its engine does not have. */
function unknownToRunner(
  { lineIn, walk }: typeof JavaScript,
  script: JavaScript.Script,
  evidence: readonly Evidence[],
): Finding[] {
  // A bundler makes what the runner gets of a file of src.
  if (script.path.startsWith('src/') && !script.path.startsWith('src/assets/')) return [];
  const { program } = script.module;
  const at = (node: Node) => ({ file: script.path, line: lineIn(script, node) });
  const loads = program.body.find(({ type }) => type === 'ImportDeclaration');
  const evaluated = 'is not known to the runner: the script ends there with an exception';
  if (loads !== undefined) return [{ ...at(loads), message: `import ${evaluated}`, evidence }];
  let found: Finding | undefined;
  const own = new Set<string>();
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator' && node.id.type === 'Identifier') own.add(node.id.name);
    // typeof localStorage !== 'undefined'
    if (node.type === 'UnaryExpression' && node.operator === 'typeof') return false;
    if (node.type !== 'MemberExpression' && node.type !== 'NewExpression') return undefined;
    const subject = node.type === 'MemberExpression' ? node.object : node.callee;
    if (subject.type === 'Identifier' && OF_A_PAGE.has(subject.name) && !own.has(subject.name)) {
      found ??= { ...at(node), message: `${subject.name} ${evaluated}`, evidence };
    }
    return undefined;
  });
  return found === undefined ? [] : [found];
}

/** Components whose code stands in files of their own. */
const COMPONENTS = ['vue', 'svelte', 'astro', '@sveltejs/kit', 'nuxt', 'marko'];

/** Of a runner that the OS does not start: where nothing of the app starts it, either. */
async function neverSent(
  repo: DoctorRepo,
  { file, line, src }: RunnerSettings,
): Promise<Finding | undefined> {
  const native = await Promise.all(
    (['swift', 'objc', 'kotlin', 'java'] as const).map((language) =>
      repo.sourcesContaining(language, ['dispatchEvent']),
    ),
  );
  if (native.flat().length > 0) return undefined;
  const pages = (await repo.sources('javascript')).filter(
    ({ path }) => (src === undefined || !path.endsWith(src)) && !/\.config\.[cm]?[jt]s$/.test(path),
  );
  // Events of a page are objects: `window.dispatchEvent(new Event('resize'))`.
  const sends = /(?<!\b(?:window|document)\s?[.])\bdispatchEvent\b(?!\s?\(\s?new\b)/;
  if (pages.some(({ code }) => sends.test(code))) return undefined;
  if (pages.length === 0) return undefined;
  const component = COMPONENTS.find((name) => repo.depends(name));
  if (component !== undefined) {
    const where = `a component of ${component}`;
    repo.note(file, `autoStart is not true, and whether ${where} calls dispatchEvent is not known`);
    return undefined;
  }
  const message = 'autoStart is not true, and nothing calls dispatchEvent: the runner never runs';
  const evidence = [await dependencyOf(repo, BACKGROUND_RUNNER)];
  return { file, line, message, evidence };
}

/** What the app sends to the runner by hand, where the runner or its script has no such name. */
async function dispatched(
  repo: DoctorRepo,
  settings: RunnerSettings,
  heard: readonly (string | undefined)[] | undefined,
): Promise<Finding[]> {
  if ((await repo.sourcesContaining('javascript', ['dispatchEvent'])).length === 0) return [];
  const [{ callsOf, lineIn, propertyOf, scriptsContaining }, { constantOf }] = await Promise.all([
    import('../../code/javascript.ts'),
    import('../../code/js-resolve.ts'),
  ]);
  const api = {
    module: BACKGROUND_RUNNER,
    owner: 'BackgroundRunner',
    name: 'dispatchEvent',
  };
  const findings: Finding[] = [];
  for (const script of await scriptsContaining(repo, ['dispatchEvent'])) {
    for (const call of callsOf(script, api)) {
      const text = async (key: string): Promise<string | undefined> => {
        const value = await constantOf(repo, script, propertyOf(call.arguments[0], key));
        return typeof value === 'string' ? value : undefined;
      };
      const [label, event] = [await text('label'), await text('event')];
      const at = { file: script.path, line: lineIn(script, call) };
      const evidence = [
        { file: settings.file, line: settings.line, says: 'configures the runner' },
      ];
      if (label !== undefined && settings.label !== undefined && label !== settings.label) {
        const message = `the event is sent to ${label}, and the runner is called ${settings.label}`;
        findings.push({ ...at, message, evidence });
      } else if (
        event !== undefined &&
        heard?.every((name) => name !== undefined && name !== event)
      ) {
        const message = `sends '${event}'; the runner’s script listens to ${heard.map((name) => `'${name ?? ''}'`).join(', ')}`;
        findings.push({ ...at, message, evidence });
      }
    }
  }
  return findings;
}

const SAYS = {
  never: 'never calls resolve or reject',
  return: 'leaves here without calling resolve or reject',
  throws: 'never calls resolve or reject where this fails',
  before: 'answers before this work',
  end: 'has a path that ends without resolve or reject',
} as const;
