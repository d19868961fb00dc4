import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ensureDevDependency } from '../../src/formats/json.ts';
import { expectOnlyInsertions } from './only-insertions.ts';
import { numRuns, timeout } from './runs.ts';

const WANTED = { name: 'bgsync', version: '1.2.3' };
const edit = (text: string) => ensureDevDependency(text, WANTED);

const name = fc.stringMatching(/^(?:@[a-z]{1,4}\/)?[a-z][a-z0-9.-]{0,8}$/);
const list = fc
  .tuple(
    fc.dictionary(name, fc.constantFrom('1.0.0', '^2', '*', 'npm:a@1'), { maxKeys: 6 }),
    fc.boolean(),
  )
  .map(([entries, isSorted]) =>
    isSorted
      ? Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)))
      : entries,
  );
const field = fc.oneof(
  fc.tuple(fc.constant('name'), fc.string()),
  fc.tuple(fc.constant('scripts'), fc.dictionary(fc.string(), fc.string(), { maxKeys: 3 })),
  fc.tuple(fc.constantFrom('dependencies', 'devDependencies', 'peerDependencies'), list),
  fc.tuple(fc.constant('workspaces'), fc.array(fc.string(), { maxLength: 3 })),
  fc.tuple(fc.stringMatching(/^[a-z"\\é]{1,6}$/), fc.jsonValue({ maxDepth: 2 })),
);
const file = fc
  .record({
    fields: fc.uniqueArray(field, { selector: ([key]) => key, maxLength: 6 }),
    indent: fc.constantFrom(undefined, 1, 2, 4, '\t'),
    newline: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\uFEFF'),
    end: fc.constantFrom('', '\n', '\n\n'),
  })
  .map(({ fields, indent, newline, mark, end }) => {
    const text = JSON.stringify(Object.fromEntries(fields), null, indent) + end;
    return mark + text.replaceAll('\n', newline);
  });

const read = (text: string) =>
  JSON.parse(text.replace('\uFEFF', '')) as { devDependencies?: Record<string, string> };

test(
  'package.json then has the package, in its place, and else says what it said',
  () => {
    fc.assert(
      fc.property(file, (source) => {
        const before = read(source);
        fc.pre(before.devDependencies?.bgsync === undefined);
        const result = edit(source);
        expectOnlyInsertions(source, result, edit);
        expect(result.status).toBe('changed');
        if (result.status !== 'changed') return;
        const { devDependencies, ...rest } = read(result.text);
        const { bgsync, ...others } = devDependencies ?? {};
        expect(bgsync).toBe(WANTED.version);
        expect(others).toEqual(before.devDependencies ?? {});
        expect(JSON.stringify(rest)).toBe(
          JSON.stringify({ ...before, devDependencies: undefined }),
        );
        const names = Object.keys(before.devDependencies ?? {});
        const isSorted = names.every((one, index) => index === 0 || names[index - 1]! <= one);
        if (isSorted) {
          expect(Object.keys(devDependencies ?? {})).toEqual([...names, 'bgsync'].sort());
        }
      }),
      { numRuns },
    );
  },
  timeout,
);

test(
  'whatever the file holds, nothing is thrown and nothing removed',
  () => {
    const word = fc.constantFrom(
      '{',
      '}',
      '"devDependencies"',
      ':',
      ',',
      '"bgsync"',
      '"1"',
      '[',
      ']',
      '\n',
      'null',
    );
    const piece = fc.oneof({ weight: 5, arbitrary: word }, fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.array(piece, { maxLength: 16 }).map((all) => all.join('')),
        ),
        (source) => {
          expectOnlyInsertions(source, edit(source), edit);
        },
      ),
      { numRuns },
    );
  },
  timeout,
);
