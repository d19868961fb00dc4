import fc from 'fast-check';
import { expect, test } from 'vitest';
import { callsOf, openScript } from '../../src/doctor/code/javascript.ts';
import { jsWaysTo } from '../../src/doctor/code/js-reach.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../helpers/memory-file-system.ts';
import { manyRuns, timeoutOf } from './runs.ts';

/**
 * JavaScript made of functions that call each other over files, in promises, effects, listeners and branches: what the
 * model says of the last one must not contradict a walker that knows nothing of the text, only of the calls that it was
 * made from.
 */

const WRITE = {
  plain: (call: string) => `${call};`,
  each: (call: string) => `[1, 2].forEach(() => { ${call}; });`,
  atOnce: (call: string) => `(() => { ${call}; })();`,
  promise: (call: string) => `void new Promise((done) => { ${call}; done(); });`,
  branch: (call: string) => `if (Platform.OS === 'ios') { ${call}; }`,
  release: (call: string) => `if (!__DEV__) { ${call}; }`,
  renamed: (call: string) => `{ ${call}; }`,
  then: (call: string) => `ready().then(() => ${call});`,
  timer: (call: string) => `setTimeout(() => { ${call}; }, 0);`,
  listener: (call: string) => `AppState.addEventListener('change', () => ${call});`,
  effect: (call: string) => `useEffect(() => { ${call}; }, []);`,
  dev: (call: string) => `if (__DEV__) ${call};`,
  dead: (call: string) => `if (false) { ${call}; }`,
  behind: (call: string) => `try { return; ${call}; } finally { }`,
  comment: (call: string) => `// ${call}`,
  string: (call: string) => `console.log('${call}');`,
} as const;
type How = keyof typeof WRITE;
const HOWS = Object.keys(WRITE) as How[];
const AT_ONCE: readonly How[] = [
  'plain',
  'each',
  'atOnce',
  'promise',
  'branch',
  'release',
  'renamed',
];
const NOWHERE: readonly How[] = ['dead', 'behind', 'comment', 'string'];

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly how: How;
}

const COUNT = 7;
const TARGET = COUNT - 1;
const FILES = 3;
const fileOf = (index: number): number => index % FILES;

/** Function 0 is called by the top level of its file, 1 by a component; the others by each other alone. */
function write(edges: readonly Edge[]): Record<string, string> {
  const texts: Record<string, string> = {
    'index.js':
      "import { AppRegistry } from 'react-native';\nimport App from './App';\nAppRegistry.registerComponent('demo', () => App);\n",
    'App.js':
      "import { step1 } from './file1';\nexport default function App() { step1(); return <View />; }\n",
  };
  for (let file = 0; file < FILES; file += 1) {
    const own = Array.from({ length: COUNT }, (_, index) => index).filter(
      (index) => fileOf(index) === file,
    );
    const others = Array.from({ length: COUNT }, (_, index) => index).filter(
      (index) => fileOf(index) !== file,
    );
    const functions = own.map((index) => {
      const body = edges
        .filter(({ from }) => from === index)
        .map(({ to, how }) => `  ${WRITE[how](`step${to}()`)}\n`)
        .join('');
      const marker = index === TARGET ? '  marker.here();\n' : '';
      return `export function step${index}() {\n${body}${marker}}\n`;
    });
    const imports = others
      .map((index) => `import { step${index} } from './file${fileOf(index)}';\n`)
      .join('');
    const start = file === 0 ? 'step0();\n' : '';
    texts[`file${file}.js`] =
      `import { AppState, Platform } from 'react-native';\nimport { useEffect } from 'react';\nimport marker from 'marker';\n${imports}${functions.join('')}${start}`;
  }
  return { ...texts, 'index.js': `import './file0';\n${texts['index.js'] ?? ''}` };
}

/** Whether the target is reached at the load, at once and in a release; and whether it is reached at all. */
function walk(edges: readonly Edge[]): { readonly atLoad: boolean; readonly ever: boolean } {
  const reach = (starts: readonly number[], hows: readonly How[]): boolean => {
    const reached = new Set(starts);
    for (const one of reached) {
      for (const { from, to, how } of edges)
        if (from === one && hows.includes(how)) reached.add(to);
    }
    return reached.has(TARGET);
  };
  const some = HOWS.filter((how) => !NOWHERE.includes(how));
  return { atLoad: reach([0], AT_ONCE), ever: reach([0, 1], some) };
}

const edge = fc.record({
  from: fc.integer({ min: 0, max: TARGET - 1 }),
  to: fc.integer({ min: 1, max: TARGET }),
  how: fc.constantFrom(...HOWS),
});

test('a place is reached as the calls lead to it', { timeout: timeoutOf(manyRuns) }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(edge, { minLength: 1, maxLength: 10 }), async (edges) => {
      const files = { ...BASES['react-native'], 'App.tsx': undefined, ...write(edges) };
      const tree = Object.fromEntries(
        Object.entries(files).flatMap(([path, text]) =>
          text === undefined ? [] : [[`/app/${path}`, text]],
        ),
      );
      const repo = await openRepo(memoryFileSystem(tree), '/app');
      const script = await openScript(repo, `file${fileOf(TARGET)}.js`);
      if (script === undefined) throw new Error('the file cannot be parsed');
      const [call] = callsOf(script, { module: 'marker', name: 'here' });
      if (call === undefined) throw new Error('the marker is not found');
      const ways = await jsWaysTo(repo, script, call);
      const { atLoad, ever } = walk(edges);
      const isOpen = ways.some(({ kind }) => kind === 'unknown');
      const saysLoad = ways.some(({ kind, isDev }) => kind === 'load' && !isDev);
      if (!isOpen) expect(saysLoad).toBe(atLoad);
      if (saysLoad) expect(atLoad).toBe(true);
      if (ways.every(({ kind }) => kind === 'never')) expect(ever).toBe(false);
    }),
    { numRuns: manyRuns },
  );
});
