import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { judgeDependency } from '../../src/formats/config-verdict.ts';
import { ensureReactNativeDependency } from '../../src/formats/js-config.ts';
import { expectOnlyInsertions } from './only-insertions.ts';
import { numRuns, timeout } from './runs.ts';

const DEPENDENCY = { name: 'background-sync', root: 'modules/background-sync' };
const FOLDER = '/repo/my app';
const nodeRequire = createRequire(import.meta.url);

const blank = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\n\t',
  '\n  ',
  '\n    // , { a note\n    ',
  ' /* } */ ',
);
const value = fc.constantFrom(
  "'text'",
  '{}',
  '{ platforms: { ios: null } }',
  '{ platforms: { android: null, ios: { scriptPhases: [] } }, }',
  '[1, `two`]',
  '((a) => a)(3)',
);
const key = fc.constantFrom('assets', 'project', "'commands'", '"x-y"', '[`computed${1}`]');
const library = fc.constantFrom("'react-native-maps'", 'sentry', '"@scope/ads"', "['by' + 'name']");

const object = (entries: readonly string[], gap: string, isTrailed: boolean): string =>
  entries.length === 0
    ? `{${gap}}`
    : `{${gap}${entries.join(`,${gap}`)}${isTrailed ? ',' : ''}${gap}}`;

const config = fc
  .record({
    properties: fc.uniqueArray(fc.tuple(key, value), { selector: ([name]) => name, maxLength: 3 }),
    libraries: fc.option(
      fc.uniqueArray(fc.tuple(library, value), { selector: ([name]) => name, maxLength: 3 }),
      { nil: undefined },
    ),
    isFirst: fc.boolean(),
    gaps: fc.tuple(blank, blank),
    trails: fc.tuple(fc.boolean(), fc.boolean()),
    shape: fc.constantFrom('module.exports =', 'const config =', 'export default', 'const esm ='),
    semicolon: fc.constantFrom('', ';'),
    head: fc.constantFrom(
      '',
      "'use strict';\n",
      '// @ts-check\n\n',
      "const path = require('path');\n",
    ),
    newline: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\uFEFF'),
    isEnded: fc.boolean(),
  })
  .map((parts) => {
    const isEsm = parts.shape === 'export default' || parts.shape === 'const esm =';
    const properties = parts.properties.map(([name, text]) => `${name}: ${text}`);
    if (parts.libraries !== undefined) {
      const entries = parts.libraries.map(([name, text]) => `${name}: ${text}`);
      const list = `dependencies: ${object(entries, parts.gaps[1], parts.trails[1])}`;
      properties.splice(parts.isFirst ? 0 : properties.length, 0, list);
    }
    const text = object(properties, parts.gaps[0], parts.trails[0]);
    const tail =
      parts.shape === 'const config ='
        ? `\nmodule.exports = config${parts.semicolon}`
        : parts.shape === 'const esm ='
          ? `\nexport default esm${parts.semicolon}`
          : '';
    const head = isEsm
      ? parts.head.replace(/^const path.*\n/, "import path from 'node:path'\n")
      : parts.head;
    const source = `${head}${parts.shape} ${text}${parts.semicolon}${tail}${parts.isEnded ? '\n' : ''}`;
    return { source: parts.mark + source.replaceAll('\n', parts.newline), isEsm };
  });

interface Loaded {
  readonly dependencies?: Readonly<Record<string, unknown>>;
}

/** What the React Native CLI gets from the file. */
function load(source: string): Loaded {
  const { code } = transformSync(source, {
    loader: 'js',
    format: 'cjs',
    define: { 'import.meta.url': '__url' },
  });
  const module = { exports: {} as Loaded & { default?: Loaded } };
  const url = 'file:///repo/my%20app/react-native.config.mjs';
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function('require', 'module', 'exports', '__dirname', '__url', code)(
    nodeRequire,
    module,
    module.exports,
    FOLDER,
    url,
  );
  return module.exports.default ?? module.exports;
}

test(
  'a react-native.config then has the package with its folder, and else says what it said',
  () => {
    let edited = 0;
    fc.assert(
      fc.property(config, ({ source, isEsm }) => {
        const file = isEsm ? 'react-native.config.mjs' : 'react-native.config.js';
        const edit = (text: string) =>
          ensureReactNativeDependency(text, { ...DEPENDENCY, esm: isEsm, file });
        const result = edit(source);
        expectOnlyInsertions(source, result, edit);
        expect(result.status).not.toBe('already');
        if (result.status !== 'changed') return;
        edited += 1;
        const before = load(source);
        const { dependencies = {}, ...rest } = load(result.text);
        const { [DEPENDENCY.name]: entry, ...others } = dependencies;
        expect(entry).toEqual({ root: `${FOLDER}/${DEPENDENCY.root}` });
        expect({ ...rest, dependencies: others }).toEqual({
          ...before,
          dependencies: before.dependencies ?? {},
        });
        const files = new Map([[file, result.text]]);
        expect(judgeDependency({ ...DEPENDENCY, file, files }).status).not.toBe('absent');
      }),
      { numRuns },
    );
    // A computed key may stand for anything, so some are left to the user; most are not.
    expect(edited).toBeGreaterThan(numRuns / 3);
  },
  timeout,
);

test(
  'whatever the file holds, nothing is thrown and nothing removed',
  () => {
    const word = fc.constantFrom(
      'module.exports',
      ' = ',
      'export default ',
      '{',
      '}',
      '...x',
      ',',
      'dependencies: ',
      '(',
      ')',
      "'background-sync': ",
      'root: ',
      '\n',
      '// ',
      'f(',
      'exports.dependencies',
      ';',
      '`${',
      '}`',
    );
    const piece = fc.oneof({ weight: 4, arbitrary: word }, fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const source = pieces.join('');
        const edit = (text: string) =>
          ensureReactNativeDependency(text, { ...DEPENDENCY, esm: false, file: 'x.js' });
        expectOnlyInsertions(source, edit(source), edit);
      }),
      { numRuns },
    );
  },
  timeout,
);
