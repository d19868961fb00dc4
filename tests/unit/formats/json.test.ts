import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numRuns } from '../../property/runs.ts';
import { ensureDevDependency } from '../../../src/formats/json.ts';
import {
  TEMPLATES,
  VARIANTS,
  expectChanged,
  expectManual,
  readTemplate,
  removedLines,
} from './edits.ts';

const edit = (source: string) => ensureDevDependency(source, { name: 'bgsync', version: '0.1.0' });

type Json = Record<string, unknown>;
const read = (text: string): Json => JSON.parse(text.replace(/^\uFEFF/, '')) as Json;
const intended = (source: string): Json => {
  const document = read(source);
  return {
    ...document,
    devDependencies: { ...(document.devDependencies as object), bgsync: '0.1.0' },
  };
};

describe('ensureDevDependency', () => {
  it.each(
    TEMPLATES.flatMap((version) => VARIANTS.map(([name, vary]) => ({ version, name, vary }))),
  )('inserts one line in the template of $version, $name', ({ version, vary }) => {
    const source = vary(readTemplate(version, 'package.json'));
    const text = expectChanged(edit, source);
    expect(removedLines(source, text)).toBe(0);
    expect(read(text)).toEqual(intended(source));
    expect(Object.keys(read(text).devDependencies as Json)).toEqual(
      Object.keys(intended(source).devDependencies as Json).toSorted(),
    );
  });

  it.each([
    ['{}', '{\n  "devDependencies": {\n    "bgsync": "0.1.0"\n  }\n}'],
    ['{\n}\n', '{\n  "devDependencies": {\n    "bgsync": "0.1.0"\n  }\n}\n'],
    [
      '{\n\t"dependencies": {\n\t\t"a": "1"\n\t},\n\t"x": 1\n}',
      '{\n\t"dependencies": {\n\t\t"a": "1"\n\t},\n\t"devDependencies": {\n\t\t"bgsync": "0.1.0"\n\t},\n\t"x": 1\n}',
    ],
    [
      '{\n    "x": 1\n}',
      '{\n    "x": 1,\n    "devDependencies": {\n        "bgsync": "0.1.0"\n    }\n}',
    ],
    ['{\n  "devDependencies": {}\n}', '{\n  "devDependencies": {\n    "bgsync": "0.1.0"\n  }\n}'],
    [
      '{\n  "devDependencies": {\n    "a": "1"\n  }\n}',
      '{\n  "devDependencies": {\n    "a": "1",\n    "bgsync": "0.1.0"\n  }\n}',
    ],
    [
      '{\n  "devDependencies": {\n    "z": "1",\n    "a": "1"\n  }\n}',
      '{\n  "devDependencies": {\n    "z": "1",\n    "a": "1",\n    "bgsync": "0.1.0"\n  }\n}',
    ],
    [
      '{"dependencies":{"a":"1"},"x":1}',
      '{"dependencies":{"a":"1"},"devDependencies":{"bgsync":"0.1.0"},"x":1}',
    ],
    [
      '{ "devDependencies": { "z": "1" } }',
      '{ "devDependencies": { "bgsync": "0.1.0", "z": "1" } }',
    ],
  ])('%j', (source, expected) => {
    expect(expectChanged(edit, source)).toBe(expected);
  });

  it('leaves it where it is', () => {
    for (const list of ['dependencies', 'devDependencies']) {
      expect(edit(JSON.stringify({ [list]: { bgsync: '0.1.0' } }))).toEqual({ status: 'already' });
      const manual = expectManual(edit, JSON.stringify({ [list]: { bgsync: '^0.0.1' } }));
      expect(manual).toEqual({
        reason: `${list} has bgsync in version ^0.0.1`,
        snippet: '"bgsync": "0.1.0"',
      });
    }
  });

  it.each([
    ['', 'not valid JSON'],
    ['[]', 'not valid JSON'],
    ['{ // x\n}', 'not valid JSON'],
    ['{"devDependencies":{},}', 'not valid JSON'],
    ['{"devDependencies":[]}', 'no object'],
    ['{"devDependencies":{},"devDependencies":{}}', 'twice'],
  ])('leaves %j to the user', (source, reason) => {
    expect(expectManual(edit, source).reason).toContain(reason);
  });

  it('changes nothing else in any package.json', () => {
    const list = fc.dictionary(
      fc.stringMatching(/^@?[a-z]{1,4}(?:\/[a-z]{1,3})?$/),
      fc.constant('1'),
      { maxKeys: 5 },
    );
    const document = fc.record(
      {
        name: fc.string(),
        dependencies: list,
        scripts: list,
        devDependencies: list,
        files: fc.array(fc.string()),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        document,
        fc.constantFrom(undefined, 1, 2, 4, '\t'),
        fc.constantFrom(...VARIANTS),
        (value, space, [, vary]) => {
          const source = vary(`${JSON.stringify(value, null, space)}\n`);
          expect(read(expectChanged(edit, source))).toEqual(intended(source));
        },
      ),
      { numRuns },
    );
  });
});
