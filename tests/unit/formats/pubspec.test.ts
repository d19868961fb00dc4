import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { ensurePathDependency, ensureSqlcipherHook } from '../../../src/formats/pubspec.ts';

const WANTED = { name: 'background_sync', path: 'packages/background_sync' };
const ensure = (source: string) => ensurePathDependency(source, WANTED);

function changedText(source: string): string {
  const result = ensure(source);
  if (result.status !== 'changed') throw new Error(`${result.status} for:\n${source}`);
  return result.text;
}

const asData = (text: string): unknown => parse(text, { logLevel: 'error' });

describe('puts two lines at the end of dependencies', () => {
  it.each<[name: string, before: string, after: string]>([
    [
      'in the indentation of the others',
      'dependencies:\n    flutter:\n        sdk: flutter\n',
      'dependencies:\n    flutter:\n        sdk: flutter\n    background_sync:\n        path: packages/background_sync\n',
    ],
    [
      'above the comment of the next section',
      'dependencies:\n  a: 1 # one\n\n# of the tests\ndev_dependencies:\n  b: 2\n',
      'dependencies:\n  a: 1 # one\n  background_sync:\n    path: packages/background_sync\n\n# of the tests\ndev_dependencies:\n  b: 2\n',
    ],
    [
      'below a comment that is further in',
      'dependencies:\n  a: 1\n  # c: 3\nflutter:\n',
      'dependencies:\n  a: 1\n  # c: 3\n  background_sync:\n    path: packages/background_sync\nflutter:\n',
    ],
    [
      'where there are none yet',
      'name: a\ndependencies: # none\nflutter:\n',
      'name: a\ndependencies: # none\n  background_sync:\n    path: packages/background_sync\nflutter:\n',
    ],
    [
      'without a line ending at the end',
      'dependencies:\n  a: 1',
      'dependencies:\n  a: 1\n  background_sync:\n    path: packages/background_sync',
    ],
    [
      'beside versions that entries share',
      'v: &v 3.1.0\ndependencies:\n  a: *v\n  b: *v # the core\n  c: &own ^1.0.0\n  d:\n',
      'v: &v 3.1.0\ndependencies:\n  a: *v\n  b: *v # the core\n  c: &own ^1.0.0\n  d:\n  background_sync:\n    path: packages/background_sync\n',
    ],
    [
      'with Windows line endings',
      'dependencies:\r\n  a: 1\r\nb: 2\r\n',
      'dependencies:\r\n  a: 1\r\n  background_sync:\r\n    path: packages/background_sync\r\nb: 2\r\n',
    ],
    [
      'behind a byte order mark and a document mark',
      '\uFEFF---\ndependencies:\n  a: 1\n',
      '\uFEFF---\ndependencies:\n  a: 1\n  background_sync:\n    path: packages/background_sync\n',
    ],
  ])('%s', (_name, before, after) => {
    expect(changedText(before)).toBe(after);
    expect(ensure(after)).toEqual({ status: 'already' });
  });

  it('quotes a path that needs it', () => {
    const result = ensurePathDependency('dependencies:\n  a: 1\n', {
      name: 'p',
      path: 'my packages/#1: "sync"',
    });
    expect(result.status === 'changed' && asData(result.text)).toEqual({
      dependencies: { a: 1, p: { path: 'my packages/#1: "sync"' } },
    });
  });
});

describe('knows its own entry', () => {
  it.each([
    '  background_sync:\n    path: packages/background_sync\n',
    '  background_sync:\n    path: ./packages/background_sync/ # ours\n',
    "  'background_sync':\n    path: 'packages/background_sync'\n",
    '  background_sync: {path: packages/background_sync}\n',
    '  background_sync: { path: "packages/background_sync" }\n',
  ])('%j', (entry) => {
    expect(ensure(`dependencies:\n${entry}  a: 1\n`)).toEqual({ status: 'already' });
  });

  it.each([
    '  background_sync: ^1.0.0\n',
    '  background_sync:\n    path: ../background_sync\n',
    '  background_sync:\n    git: x\n    path: packages/background_sync\n',
    '  background_sync:\n',
  ])('another of the name is left to a person: %j', (entry) => {
    expect(ensure(`dependencies:\n${entry}  a: 1\n`)).toMatchObject({
      status: 'manual',
      action: 'replace',
    });
  });
});

describe('leaves to a person what it does not understand', () => {
  it.each([
    ['', 'no text'],
    ['name: a\n', 'none'],
    ['dependencies: {a: 1}\n', 'flow style'],
    ['dependencies: &all\n  a: 1\n', 'an anchor'],
    ['x: &a\n  b: 1\ndependencies: *a\n', 'an alias'],
    ['dependencies: !!map\n  a: 1\n', 'a tag'],
    ['dependencies: ~\n', 'null'],
    ['dependencies:\n  <<: *all\n  a: 1\n', 'a merge key'],
    ['dependencies:\n  ? a\n  : 1\n', 'a key in two parts'],
    ['dependencies:\n  - a\n', 'a list'],
    ['dependencies:\n  {a: 1,\n  b: 2}\n', 'flow style below'],
    ['dependencies:\n  a: {path: x,\n    y: z}\n', 'flow style over lines'],
    ['dependencies:\n  a: "1\n    2"\n', 'a text over lines'],
    ['dependencies:\n  a: |\n    1\n', 'a block of text'],
    ['dependencies:\n  a: &one\n    "1\n    2"\n', 'an anchor in front of a text over lines'],
    ['dependencies:\n  a: &one "1\n    2"\n', 'an anchor and a text over lines'],
    ['dependencies:\n  a: *one\n    b\n', 'an alias that goes on'],
    ['dependencies:\n\ta: 1\n', 'a tab'],
    ['dependencies:\n  a: 1\ndependencies:\n  b: 1\n', 'twice'],
    ['{dependencies: {a: 1}}\n', 'a document in flow style'],
    ['%YAML 1.2\n---\ndependencies:\n  a: 1\n', 'a directive'],
    ['a: 1\n---\ndependencies:\n  a: 1\n', 'two documents'],
    ['"dependencies" : {}\n', 'quoted, and in flow style'],
    ['x: "a\ndependencies:\n  b"\n', 'a text that looks like it'],
    ['dependencies:\n  a: 1\n b: 2\n', 'an entry that is less far in'],
  ])('%j (%s)', (source) => {
    const result = ensure(source);
    expect(result).toMatchObject({ status: 'manual' });
    expect(result.status === 'manual' && result.snippet).toBe(
      'dependencies:\n  background_sync:\n    path: packages/background_sync',
    );
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/).filter((one) => one !== WANTED.name);
const dependency = fc.oneof(
  fc.constantFrom('^1.0.0', 'any', '>=1.0.0 <2.0.0', '1.2.3+4'),
  fc.record({ sdk: fc.constant('flutter') }),
  fc.record({ path: fc.constantFrom('../a', 'packages/b c') }),
  fc.record({ git: fc.record({ url: fc.webUrl(), ref: fc.constantFrom('main', 'v1#2') }) }),
  fc.constant(null),
);
const spec = fc.record({
  name,
  description: fc.string(),
  environment: fc.record({ sdk: fc.constant('^3.7.0') }),
  dependencies: fc.dictionary(name, dependency, { minKeys: 1 }),
  dev_dependencies: fc.dictionary(name, dependency),
  flutter: fc.record({ assets: fc.array(fc.string()) }),
});

test('whatever the yaml package writes: the two lines or a snippet, and by its reader nothing else', () => {
  fc.assert(
    fc.property(
      spec,
      fc.constantFrom(2, 4),
      fc.constantFrom('BLOCK_FOLDED', 'QUOTE_DOUBLE', 'PLAIN'),
      fc.boolean(),
      (document, indent, scalar, flow) => {
        const source = stringify(document, {
          indent,
          defaultStringType: scalar,
          defaultKeyType: 'PLAIN',
          collectionStyle: flow ? 'flow' : 'any',
        });
        const result = ensure(source);
        if (result.status !== 'changed') {
          expect(result.status).toBe('manual');
          return;
        }
        // What the text says: the package folds a value of blanks to nothing.
        const said = parse(source) as { dependencies?: object };
        const dependencies = { ...said.dependencies, [WANTED.name]: { path: WANTED.path } };
        expect(asData(result.text)).toEqual(asData(stringify({ ...said, dependencies })));
        // Line by line, only two came in.
        const before = source.split('\n');
        const added = result.text.split('\n').filter((line, index, all) => {
          const at = all.indexOf(`${' '.repeat(indent)}${WANTED.name}:`);
          return index === at || index === at + 1 || !before.includes(line);
        });
        expect(added).toHaveLength(2);
        expect(ensure(result.text)).toEqual({ status: 'already' });
      },
    ),
  );
});

describe('SQLCipher among the hooks', () => {
  const HOOKS = { user_defines: { sqlite3: { source: 'sqlcipher' } } };

  it.each([
    ['at the end', 'name: a\n# the end\n'],
    ['without a line ending at the end', 'name: a'],
    ['with Windows line endings', 'name: a\r\nb: 2\r\n'],
    ['behind a byte order mark and a document mark', '\uFEFF---\nname: a\n'],
    ['below a block that is further in', 'dependencies:\n  a:\n    path: b\n'],
  ])('is put %s, and once', (_name, source) => {
    const result = ensureSqlcipherHook(source);
    if (result.status !== 'changed') throw new Error(result.status);
    expect(result.text.startsWith(source)).toBe(true);
    expect(result.text.replaceAll('\r\n', '').includes('\r')).toBe(false);
    expect(asData(result.text.replace('\uFEFF', ''))).toEqual({
      ...(asData(source.replace('\uFEFF', '')) as object),
      hooks: HOOKS,
    });
    expect(ensureSqlcipherHook(result.text)).toEqual({ status: 'already' });
  });

  it.each(['sqlcipher', 'sqlite3mc', '"sqlcipher"', 'sqlcipher # encrypts'])(
    'is there where they say %s',
    (source) => {
      const text = `hooks:\n  user_defines:\n    other: 1\n    sqlite3:\n      source: ${source}\n`;
      expect(ensureSqlcipherHook(text)).toEqual({ status: 'already' });
    },
  );

  it.each([
    ['another build', 'hooks:\n  user_defines:\n    sqlite3:\n      source: system\n'],
    ['another package', 'hooks:\n  user_defines:\n    other:\n      source: sqlcipher\n'],
    ['flow style', 'hooks: { user_defines: { sqlite3: { source: sqlcipher } } }\n'],
    ['two of them', 'hooks:\n  a: 1\nhooks:\n  b: 2\n'],
    ['two documents', 'name: a\n---\nname: b\n'],
    ['the end of the document', 'name: a\n...\n'],
    ['no plain keys', '{ name: a }\n'],
  ])('is left to a person: %s', (_name, text) => {
    const result = ensureSqlcipherHook(text);
    expect(result).toMatchObject({ status: 'manual' });
    expect(asData((result as { snippet: string }).snippet)).toEqual({ hooks: HOOKS });
  });
});
