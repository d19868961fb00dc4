import { expect, test } from 'vitest';
import { BUNDLE_ID, StringReader } from '../../../../src/doctor/code/apple-strings.ts';
import { isConditional, isDebugOnly } from '../../../../src/doctor/code/conditions.ts';
import { functionsOf } from '../../../../src/doctor/code/apple-functions.ts';
import { openRepo } from '../../../../src/doctor/repo.ts';
import { MaskedFile } from '../../../../src/doctor/source-files.ts';
import { BASES } from '../../../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../../../helpers/memory-file-system.ts';

/** What `expression` comes to where `HERE` stands in the file. */
async function read(expression: string, text = 'HERE', extension = 'swift'): Promise<unknown> {
  const path = `Demo/Ids.${extension}`;
  const tree = Object.entries({ ...BASES.ios, [path]: text }).map(([name, content]) => [
    `/app/${name}`,
    content,
  ]);
  const repo = await openRepo(
    memoryFileSystem(Object.fromEntries(tree) as Record<string, string>),
    '/app',
  );
  const [file] = await repo.sourcesContaining(extension === 'swift' ? 'swift' : 'objc', ['HERE']);
  if (file === undefined) throw new Error('the text has no HERE');
  return new StringReader(repo).read(expression, { file, offset: text.indexOf('HERE') });
}

test.each([
  ['a literal', '"a.b"', 'HERE', ['a.b']],
  ['a sum', '"a" + ".b"', 'HERE', ['a.b']],
  ['the bundle id', 'Bundle.main.bundleIdentifier! + ".b"', 'HERE', [`${BUNDLE_ID}.b`]],
  ['with a fallback', '(Bundle.main.bundleIdentifier ?? "x") + ".b"', 'HERE', [`${BUNDLE_ID}.b`]],
  ['interpolated', '"\\(Bundle.main.bundleIdentifier!).b"', 'HERE', [`${BUNDLE_ID}.b`]],
  ['formatted', 'String(format: "%@.b", id)', 'let id = "a"\nHERE', ['a.b']],
  ['a static let', 'Ids.sync', 'enum Ids {\n  static let sync = "a"\n}\nHERE', ['a']],
  [
    'a raw value',
    'Ids.sync.rawValue',
    'enum Ids: String {\n  case sync = "a", b = "c"\n}\nHERE',
    ['a'],
  ],
  [
    'an implied raw value',
    'Ids.sync.rawValue',
    'enum Ids: String {\n  case b, sync\n}\nHERE',
    ['sync'],
  ],
  [
    'computed',
    'Ids.sync',
    'struct Ids {\n  static var sync: String { "a" + ".b" }\n}\nHERE',
    ['a.b'],
  ],
  [
    'of its own type',
    'Self.id',
    'class A {\n  static let id = "a"\n  func f() { HERE }\n}\nclass B {\n  static let id = "b"\n}',
    ['a'],
  ],
  [
    'local before global',
    'id',
    'let id = "global"\nfunc f() {\n  let id = "local"\n  HERE\n}',
    ['local'],
  ],
  ['a loop', 'id', 'func f() {\n  for id in ["a", "b"] {\n    HERE\n  }\n}', ['a', 'b']],
  [
    'what callers pass',
    'id',
    'func f(_ id: String) { HERE }\nfunc g() { f("a"); f("b") }',
    ['a', 'b'],
  ],
  ['a name that is not there', 'nowhere', 'HERE', []],
  ['a call', 'makeId()', 'HERE', []],
  ['an escape', '"a\\n"', 'HERE', []],
  ['itself', 'id', 'let id = id\nHERE', []],
])('Swift: %s', async (_name, expression, text, expected) => {
  expect(await read(expression, text)).toEqual(expected);
});

test.each([
  ['a literal', '@"a"', 'HERE', ['a']],
  ['a constant', 'kId', 'static NSString *const kId = @"a";\nHERE', ['a']],
  ['a macro', 'SYNC_ID', '#define SYNC_ID @"a"\nHERE', ['a']],
  [
    'appended',
    '[[[NSBundle mainBundle] bundleIdentifier] stringByAppendingString:@".b"]',
    'HERE',
    [`${BUNDLE_ID}.b`],
  ],
  [
    'formatted',
    '[NSString stringWithFormat:@"%@.b", NSBundle.mainBundle.bundleIdentifier]',
    'HERE',
    [`${BUNDLE_ID}.b`],
  ],
  ['a message', '[self taskId]', 'HERE', []],
])('Objective-C: %s', async (_name, expression, text, expected) => {
  expect(await read(expression, text, 'm')).toEqual(expected);
});

test('functions are found with their labels and bodies', () => {
  const text = `class A {
  init(queue: Queue) { start() }
  @MainActor
  func run(_ id: String, after delay: Int = f(1)) async throws -> Bool { true }
}
protocol P { func none(); func other() -> Int }
`;
  const found = functionsOf(new MaskedFile('A.swift', text, 'swift'));
  expect(found.map(({ name }) => name)).toEqual(['init', 'run']);
  expect(found[1]?.parameters).toEqual([
    { label: undefined, name: 'id' },
    { label: 'after', name: 'delay', fallback: 'f(1)' },
  ]);
  expect(found[1]?.header).toContain('@MainActor');
  expect(text.slice(found[1]?.body.start, found[1]?.body.end)).toBe(' true ');
});

test.each([
  ['#if DEBUG\nHERE\n#endif', true],
  ['#ifdef DEBUG\nHERE\n#endif', true],
  ['#if !DEBUG\n#else\nHERE\n#endif', true],
  ['#if DEBUG\n#if os(iOS)\nHERE\n#endif\n#endif', true],
  ['#if DEBUG || BETA\nHERE\n#endif', false],
  ['#if DEBUG\n#else\nHERE\n#endif', false],
  ['#if DEBUG\n#endif\nHERE', false],
  ['// #if DEBUG\nHERE', false],
])('whether only debug builds have it: %j', (text, expected) => {
  const file = new MaskedFile('A.swift', text, 'swift');
  expect(isDebugOnly(file, text.indexOf('HERE'))).toBe(expected);
  expect(isConditional(file, 0)).toBe(false);
});
