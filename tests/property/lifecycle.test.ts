import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EditResult } from '../../src/formats/edit.ts';
import { ensureEntryImport } from '../../src/formats/entry.ts';
import {
  createReactNativeConfig,
  ensureReactNativeDependency,
} from '../../src/formats/js-config.ts';
import { ensureDevDependency } from '../../src/formats/json.ts';
import { ensurePlistArrays } from '../../src/formats/plist.ts';
import type { LockedEdit } from '../../src/plan/lock-file.ts';
import { piecesOf } from '../../src/plan/pieces.ts';
import { afterOf, sha256 } from '../../src/plan/plan.ts';
import { inverseOf } from '../../src/integrations/edits/index.ts';
import { takeOut } from '../../src/plan/take-out.ts';
import { numRuns } from './runs.ts';

interface Format {
  readonly path: string;
  readonly before: string;
  readonly edit: (source: string) => EditResult;
  /** A line of the user's that may stand wherever a line may. */
  readonly line: (n: number) => string;
}

const FORMATS: readonly Format[] = [
  {
    path: 'index.js',
    before: [
      "import { AppRegistry } from 'react-native';",
      "import App from './App';",
      '',
      "AppRegistry.registerComponent('app', () => App);",
      '',
    ].join('\n'),
    edit: (source) =>
      ensureEntryImport(source, { file: 'index.js', specifier: './src/background-sync' }),
    line: (n) => `// line ${n} of the user's`,
  },
  {
    path: 'Info.plist',
    before: [
      '<plist version="1.0">',
      '<dict>',
      '\t<key>CFBundleName</key>',
      '\t<string>app</string>',
      '</dict>',
      '</plist>',
      '',
    ].join('\n'),
    edit: (source) =>
      ensurePlistArrays(source, [
        { key: 'UIBackgroundModes', values: ['processing'] },
        { key: 'BGTaskSchedulerPermittedIdentifiers', values: ['dev.bgsync.processing'] },
      ]),
    line: (n) => `<!-- line ${n} of the user's -->`,
  },
  {
    path: 'react-native.config.js',
    before: ['module.exports = {', '  assets: [],', '};', ''].join('\n'),
    edit: (source) =>
      ensureReactNativeDependency(source, {
        name: 'background-sync',
        root: 'modules/background-sync',
        esm: false,
        file: 'react-native.config.js',
      }),
    line: (n) => `// line ${n} of the user's`,
  },
  {
    path: 'package.json',
    before: `${JSON.stringify({ name: 'app', devDependencies: { a: '1', z: '1' } }, null, 2)}\n`,
    edit: (source) => ensureDevDependency(source, { name: 'bgsync', version: '0.1.0' }),
    // JSON has no comments; a blank line says nothing, but counts as the user's.
    line: (n) => ' '.repeat(n % 7),
  },
];

function applied(format: Format, before: string): { text: string; record: LockedEdit } {
  const result = format.edit(before);
  if (result.status !== 'changed') throw new Error(`${format.path}: ${result.status}`);
  const { text, insertions } = result;
  const pieces = piecesOf(before, insertions);
  const { path } = format;
  return {
    text,
    record: { path, kind: 'inserted', id: 'x', reason: '', sha256: sha256(text), pieces },
  };
}

function removed(path: string, text: string, record: LockedEdit): string {
  const { change } = takeOut(path, text, [record], inverseOf);
  return change === undefined ? text : (afterOf(change) ?? '');
}

const CHANGES = fc.array(
  fc.record({
    kind: fc.constantFrom('insert', 'insert', 'insert', 'delete', 'duplicate', 'crlf', 'indent'),
    at: fc.nat(),
  }),
  { maxLength: 8 },
);

/** What a user does to a file, line by line. */
function change(
  format: Format,
  text: string,
  changes: readonly { readonly kind: string; readonly at: number }[],
): string {
  let result = text;
  for (const [index, { kind, at }] of changes.entries()) {
    const lines = result.split('\n');
    const place = at % lines.length;
    if (kind === 'insert') lines.splice(place, 0, format.line(index + at));
    if (kind === 'delete') lines.splice(place, 1);
    if (kind === 'duplicate') lines.splice(place, 0, lines[place] ?? '');
    if (kind === 'indent') lines[place] = `  ${lines[place] ?? ''}`;
    result = lines.join('\n');
    if (kind === 'crlf') result = result.replaceAll(/\r?\n/g, '\r\n');
  }
  return result;
}

const linesOf = (text: string): string[] => text.split(/\r?\n/).map((line) => line.trim());

/** Lines of `before` that `after` lacks, counted. */
function missing(before: string, after: string): string[] {
  const left = linesOf(after);
  return linesOf(before).filter((line) => {
    const at = left.indexOf(line);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

describe.each(FORMATS.map((format) => [format.path, format] as const))('%s', (_path, format) => {
  const ours = new Set(
    applied(format, format.before)
      .text.split('\n')
      .map((line) => line.trim())
      .filter((line) => !linesOf(format.before).includes(line)),
  );

  test('what is applied and taken out again is as it was', () => {
    fc.assert(
      fc.property(CHANGES, (changes) => {
        const before = change(format, format.before, changes);
        const result = format.edit(before);
        if (result.status !== 'changed') return;
        const { text, record } = applied(format, before);
        expect(removed(format.path, text, record)).toBe(before);
      }),
      { numRuns },
    );
  });

  test('whatever the user does meanwhile, no line of his is taken out', () => {
    const { text, record } = applied(format, format.before);
    fc.assert(
      fc.property(CHANGES, (changes) => {
        const current = change(format, text, changes);
        const after = removed(format.path, current, record);
        expect(missing(current, after).filter((line) => line !== '' && !ours.has(line))).toEqual(
          [],
        );
      }),
      { numRuns },
    );
  });

  test('lines of the user’s around ours do not hide it', () => {
    const { text, record } = applied(format, format.before);
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
        fc.boolean(),
        (ends, crlf) => {
          // Before the first line and behind the last one of what can have a line there.
          const around = (source: string): string => {
            const lines = source.split('\n');
            if (ends[0]) lines.splice(1, 0, format.line(3));
            if (ends[1]) lines.splice(-2, 0, format.line(4));
            const joined = lines.join('\n');
            return crlf ? joined.replaceAll('\n', '\r\n') : joined;
          };
          expect(removed(format.path, around(text), record)).toBe(around(format.before));
        },
      ),
      { numRuns: 20 },
    );
  });
});

test('a react-native.config.js that bgsync made keeps what the user added', () => {
  const path = 'react-native.config.js';
  const dependency = { name: 'background-sync', root: 'modules/background-sync', esm: false };
  const text = createReactNativeConfig({ ...dependency, lineEnding: '\n' });
  const record: LockedEdit = {
    path,
    kind: 'created',
    id: 'x',
    reason: '',
    sha256: sha256(text),
    pieces: piecesOf('', [{ offset: 0, text }]),
  };
  const ours = new Set(linesOf(text));
  fc.assert(
    fc.property(CHANGES, (changes) => {
      const current = change(FORMATS[2]!, text, changes);
      const { change: planned } = takeOut(path, current, [record], inverseOf);
      if (planned === undefined) return;
      const gone = missing(current, afterOf(planned) ?? '');
      expect(gone.filter((line) => line !== '' && !ours.has(line))).toEqual([]);
    }),
    { numRuns },
  );
});
