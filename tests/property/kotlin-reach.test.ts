import fc from 'fast-check';
import { expect, test } from 'vitest';
import { released, waysTo } from '../../src/doctor/code/kotlin-reach.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../helpers/memory-file-system.ts';
import { manyRuns, timeoutOf } from './runs.ts';

/**
 * Kotlin made of functions that call each other, in coroutines, listeners and branches: what the model says of the last one
 * must be what a walker finds that knows nothing of the text, only of the calls that it was made from.
 */

type How =
  | 'plain'
  | 'launch'
  | 'listener'
  | 'branch'
  | 'debug'
  | 'release'
  | 'dead'
  | 'behind'
  | 'comment'
  | 'string';
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly how: How;
}

const ENTRIES = ['process', 'screen', 'receiver'] as const;
type Kind = (typeof ENTRIES)[number];
const COUNT = 8;
const TARGET = COUNT - 1;
const NOWHERE: readonly How[] = ['dead', 'behind', 'comment', 'string'];
const WRITE: Readonly<Record<How, (call: string) => string>> = {
  plain: (call) => call,
  launch: (call) => `scope.launch(Dispatchers.IO) { ${call} }`,
  listener: (call) => `button.setOnClickListener { ${call} }`,
  branch: (call) => `if (ready) {\n      ${call}\n    }`,
  debug: (call) => `if (BuildConfig.DEBUG) ${call}`,
  release: (call) => `if (!BuildConfig.DEBUG) { ${call} }`,
  dead: (call) => `if (false) { ${call} }`,
  behind: (call) => `run {\n      return\n      ${call}\n    }`,
  comment: (call) => `// ${call}`,
  string: (call) => `println("${call}")`,
};

/** Functions 0 to 2 are those that Android calls; the others are in an object, an instance, or at the top of a file. */
function write(edges: readonly Edge[]): Readonly<Record<string, string>> {
  const call = (to: number): string =>
    `${['Steps.', 'Other(context).', ''][to % 3] ?? ''}step${to}()`;
  const body = (index: number): string =>
    edges
      .filter(({ from }) => from === index)
      .map(({ to, how }) => `    ${WRITE[how](call(to))}\n`)
      .join('');
  const step = (index: number): string =>
    `  fun step${index}() {\n${body(index)}${index === TARGET ? '    Marker.here()\n' : ''}  }\n`;
  const steps = (rest: number): string =>
    Array.from({ length: COUNT - 3 }, (_, index) => index + 3)
      .filter((index) => index % 3 === rest)
      .map(step)
      .join('');
  return {
    'App.kt': `class App : Application() {\n  override fun onCreate() {\n    super.onCreate()\n${body(0)}  }\n}\n`,
    'MainActivity.kt': `class MainActivity : ReactActivity() {\n  override fun onResume() {\n${body(1)}  }\n}\n`,
    'BootReceiver.kt': `class BootReceiver : BroadcastReceiver() {\n  override fun onReceive(context: Context, intent: Intent) {\n${body(2)}  }\n}\n`,
    'Steps.kt': `object Steps {\n${steps(0)}}\n`,
    'Other.kt': `class Other(private val context: Context) {\n${steps(1)}}\n`,
    'Top.kt': steps(2),
  };
}

const JAVA: Readonly<Record<How, (call: string) => string>> = {
  plain: (call) => `${call};`,
  launch: (call) => `executor.execute(() -> { ${call}; });`,
  listener: (call) => `button.setOnClickListener(view -> { ${call}; });`,
  branch: (call) => `if (ready) {\n      ${call};\n    }`,
  debug: (call) => `if (BuildConfig.DEBUG) ${call};`,
  release: (call) => `if (!BuildConfig.DEBUG) { ${call}; }`,
  dead: (call) => `if (false) { ${call}; }`,
  behind: (call) => `executor.execute(() -> {\n      return;\n      ${call};\n    });`,
  comment: (call) => `// ${call};`,
  string: (call) => `System.out.println("${call}");`,
};

/** The same in Java, whose functions are all in classes. */
function writeJava(edges: readonly Edge[]): Readonly<Record<string, string>> {
  const call = (to: number): string =>
    `${to % 2 === 0 ? 'Steps.' : 'new Other(context).'}step${to}()`;
  const body = (index: number): string =>
    edges
      .filter(({ from }) => from === index)
      .map(({ to, how }) => `    ${JAVA[how](call(to))}\n`)
      .join('');
  const steps = (rest: number): string =>
    Array.from({ length: COUNT - 3 }, (_, index) => index + 3)
      .filter((index) => index % 2 === rest)
      .map(
        (index) =>
          `  ${rest === 0 ? 'static ' : ''}void step${index}() {\n${body(index)}${index === TARGET ? '    Marker.here();\n' : ''}  }\n`,
      )
      .join('');
  return {
    'App.java': `class App extends Application {\n  @Override public void onCreate() {\n    super.onCreate();\n${body(0)}  }\n}\n`,
    'MainActivity.java': `class MainActivity extends ReactActivity {\n  @Override public void onResume() {\n${body(1)}  }\n}\n`,
    'BootReceiver.java': `class BootReceiver extends BroadcastReceiver {\n  @Override public void onReceive(Context context, Intent intent) {\n${body(2)}  }\n}\n`,
    'Steps.java': `class Steps {\n${steps(0)}}\n`,
    'Other.java': `class Other {\n${steps(1)}}\n`,
  };
}

/** Every simple path to the target, one call at a time. */
function walk(edges: readonly Edge[]): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (at: number, kind: Kind, isDebug: boolean, seen: readonly number[]): void => {
    if (at === TARGET) {
      found.add(`${kind}${isDebug ? ' debug' : ''}`);
      return;
    }
    for (const { from, to, how } of edges) {
      if (from !== at || seen.includes(to) || NOWHERE.includes(how)) continue;
      const next = how === 'listener' ? 'screen' : kind;
      visit(to, next, isDebug || how === 'debug', [...seen, to]);
    }
  };
  for (const [index, kind] of ENTRIES.entries()) visit(index, kind, false, [index]);
  return found;
}

const edge = fc.record({
  from: fc.nat(TARGET - 1),
  to: fc.integer({ min: 3, max: TARGET }),
  how: fc.constantFrom(...(Object.keys(WRITE) as How[])),
});

test.each(['kotlin', 'java'] as const)(
  'what a check calls unreached, or reached from somewhere, is so for a walker of its own: %s',
  async (language) => {
    await fc.assert(
      fc.asyncProperty(fc.array(edge, { maxLength: 10 }), async (edges) => {
        const folder = 'android/app/src/main/java/com/example/demo';
        const files = Object.entries(language === 'kotlin' ? write(edges) : writeJava(edges)).map(
          ([name, code]) => [`${folder}/${name}`, `package com.example.demo\n\n${code}`] as const,
        );
        const tree = [...Object.entries(BASES['react-native']), ...files];
        const repo = await openRepo(
          memoryFileSystem(Object.fromEntries(tree.map(([name, one]) => [`/app/${name}`, one]))),
          '/app',
        );
        const [file] = await repo.sourcesContaining(language, ['Marker']);
        const ways = await waysTo(repo, file!, file!.text.indexOf('Marker'));
        const walked = walk(edges);
        expect(ways.map(({ kind }) => kind)).not.toContain('unknown');
        const said = new Set(
          ways
            .filter(({ kind }) => kind !== 'never')
            .map(({ kind, isDebug }) => `${kind}${isDebug ? ' debug' : ''}`),
        );
        expect([...said].sort()).toEqual([...walked].sort());
        const inRelease = [...walked].some((way) => !way.includes('debug'));
        expect(released(ways).some(({ kind }) => kind !== 'never')).toBe(inRelease);
      }),
      { numRuns: manyRuns },
    );
  },
  timeoutOf(manyRuns),
);
