import fc from 'fast-check';
import { expect, test } from 'vitest';
import { waysTo } from '../../src/doctor/code/apple-reach.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../helpers/memory-file-system.ts';
import { manyRuns, timeoutOf } from './runs.ts';

/**
 * Sources made of functions that call each other, directly, in closures and under #if: what the model says of the last one
 * must be what a walker finds that knows nothing of the text, only of the calls that it was made from.
 */

type How = 'plain' | 'async' | 'task' | 'shown' | 'branch' | 'dead' | 'comment' | 'string';
interface Edge {
  readonly from: number;
  readonly to: number;
  readonly how: How;
}

const COUNT = 6;
const TARGET = COUNT - 1;
const WRITE: Readonly<Record<How, (call: string) => string>> = {
  plain: (call) => call,
  async: (call) => `DispatchQueue.main.async { ${call} }`,
  task: (call) => `Task { ${call} }`,
  shown: (call) => `view.onAppear { ${call} }`,
  branch: (call) => `if ready { ${call} }`,
  dead: (call) => `if false { ${call} }`,
  comment: (call) => `// ${call}`,
  string: (call) => `print("${call}")`,
};

/** Function 0 is didFinishLaunching, function 1 is viewDidLoad, the others are private. */
function write(edges: readonly Edge[]): string {
  const body = (index: number): string =>
    edges
      .filter(({ from }) => from === index)
      .map(({ to, how }) => `    ${WRITE[how](`step${to}()`)}\n`)
      .join('');
  const rest = Array.from({ length: COUNT - 2 }, (_, index) => index + 2)
    .map(
      (index) =>
        `  private func step${index}() {\n${body(index)}${index === TARGET ? '    Marker.here()\n' : ''}  }\n`,
    )
    .join('');
  return `import UIKit

@main
class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
${body(0)}    return true
  }
  func viewDidLoad() {
${body(1)}  }
${rest}}
`;
}

const OBJC: Readonly<Partial<Record<How, (call: string) => string>>> = {
  plain: (call) => `${call};`,
  async: (call) => `dispatch_async(dispatch_get_main_queue(), ^{ ${call}; });`,
  branch: (call) => `if (ready) { ${call}; }`,
  dead: (call) => `if (NO) { ${call}; }`,
  comment: (call) => `// ${call};`,
  string: (call) => `NSLog(@"${call}");`,
};

/** The same in Objective-C; what it has no word for is left out. */
function writeObjc(edges: readonly Edge[]): string {
  const body = (index: number): string =>
    edges
      .filter(({ from }) => from === index)
      .map(({ to, how }) => `  ${OBJC[how]?.(`[self step${to}]`) ?? ''}\n`)
      .join('');
  const rest = Array.from({ length: COUNT - 2 }, (_, index) => index + 2)
    .map(
      (index) =>
        `- (void)step${index}\n{\n${body(index)}${index === TARGET ? '  [Marker here];\n' : ''}}\n`,
    )
    .join('\n');
  return `@implementation AppDelegate

- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)options
{
${body(0)}  return YES;
}

- (void)viewDidLoad
{
${body(1)}}

${rest}
@end
`;
}

/** Every simple path to the target, one call at a time. */
function walk(edges: readonly Edge[]): ReadonlySet<string> {
  const kinds = new Set<string>();
  const visit = (at: number, kind: string, seen: readonly number[]): void => {
    if (at === TARGET) kinds.add(kind);
    for (const { from, to, how } of edges) {
      if (from !== at || seen.includes(to) || ['comment', 'string', 'dead'].includes(how)) continue;
      const isPutOff = how === 'async' || how === 'task';
      const next = how === 'shown' ? 'late' : isPutOff && kind === 'launch' ? 'deferred' : kind;
      visit(to, next, [...seen, to]);
    }
  };
  visit(0, 'launch', [0]);
  visit(1, 'late', [1]);
  return kinds;
}

const edge = fc.record({
  from: fc.nat(TARGET),
  to: fc.integer({ min: 2, max: TARGET }),
  how: fc.constantFrom<How>(
    ...(['plain', 'async', 'task', 'shown', 'branch', 'dead', 'comment', 'string'] as const),
  ),
});

test.each(['swift', 'objc'] as const)(
  'what a check calls unreached, late or deferred is so for a walker of its own: %s',
  async (language) => {
    await fc.assert(
      fc.asyncProperty(fc.array(edge, { maxLength: 9 }), async (all) => {
        const isSwift = language === 'swift';
        const edges = isSwift ? all : all.filter(({ how }) => OBJC[how] !== undefined);
        const path = `ios/Demo/AppDelegate.${isSwift ? 'swift' : 'm'}`;
        const text = isSwift ? write(edges) : writeObjc(edges);
        const base = Object.entries(BASES['react-native']).filter(
          ([name]) => name !== 'ios/Demo/AppDelegate.swift',
        );
        const tree = [...base, [path, text] as const];
        const repo = await openRepo(
          memoryFileSystem(Object.fromEntries(tree.map(([name, one]) => [`/app/${name}`, one]))),
          '/app',
        );
        const [file] = await repo.sourcesContaining(language, ['Marker']);
        const ways = await waysTo(repo, file!, text.indexOf('Marker'));
        const said = new Set(ways.map(({ kind }) => kind));
        if (said.has('unknown')) return;
        const reached = walk(edges);
        // No check may speak of a place as late, deferred or dead that the launch reaches at once.
        if (reached.has('launch')) expect([...said]).toContain('launch');
        if (reached.size > 0) expect([...said].some((kind) => kind !== 'never')).toBe(true);
        if (reached.size === 0) expect([...said].every((kind) => kind === 'never')).toBe(true);
        if (!reached.has('launch')) expect([...said]).not.toContain('launch');
      }),
      { numRuns: manyRuns },
    );
  },
  timeoutOf(manyRuns),
);
