import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ensureEntryImport, findEntryImport } from '../../src/formats/entry.ts';
import { expectOnlyInsertions } from './only-insertions.ts';
import { numRuns, timeout } from './runs.ts';

const SPECIFIER = './src/background-sync';

const head = fc.constantFrom(
  '',
  "'use strict';",
  '/**\n * @format\n * @flow strict-local\n */\n',
  '// @ts-check\n// eslint-disable-next-line no-undef\n',
  '/* Copyright of ours */ "use strict"',
  '#!/usr/bin/env node\n',
);
const shim = fc.constantFrom(
  "import 'react-native-gesture-handler';",
  'import "react-native-get-random-values" // first',
  "import './shim'; import './other-shim';",
  "import * as Sentry from '@sentry/react-native'",
  "import App, {\n  version,\n} from './App';",
  'import { name as appName } from "./app.json";',
);
const requires = fc.constantFrom(
  "require('react-native-url-polyfill/auto');",
  "const App = require('./App').default",
  'const { name } = require("./app.json"); // the name',
  "if (global.__DEV__) {\n\trequire('./reactotron');\n}",
);
const code = fc.constantFrom(
  'global.ready = true;',
  "function load() { return require('./lazy') }",
  '// a comment on its own',
  '/* one */ /* two */',
  ';[1, 2].forEach(() => {})',
  ';',
  '',
);
const esmRegister = "import { AppRegistry } from 'react-native';";
const cjsRegister = "const { AppRegistry } = require('react-native');";
const register = fc.constantFrom(
  "AppRegistry.registerComponent('App', () => null);",
  "AppRegistry.registerComponent('App', () => function App() { return null })",
  "global.quiet || AppRegistry.registerComponent('App', () => null)",
);

const program = fc
  .record({
    head,
    isEsm: fc.boolean(),
    shims: fc.array(shim, { maxLength: 4 }),
    requires: fc.array(requires, { maxLength: 3 }),
    code: fc.array(code, { maxLength: 4 }),
    register,
    after: fc.array(code, { maxLength: 2 }),
    newline: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\uFEFF'),
    isEnded: fc.boolean(),
    file: fc.constantFrom('index.js', 'index.tsx', 'index.ts'),
  })
  .map((parts) => {
    const unique = (lines: readonly string[]): string[] => [...new Set(lines)];
    const loads = parts.isEsm
      ? [...unique(parts.shims), esmRegister]
      : [cjsRegister, ...unique(parts.requires)];
    const lines = [
      parts.head,
      ...loads,
      ...unique([...parts.code, parts.register, ...parts.after]),
    ];
    const text = lines.join('\n') + (parts.isEnded ? '\n' : '');
    // A byte order mark and a hashbang exclude each other.
    const mark = text.startsWith('#!') ? '' : parts.mark;
    return { source: mark + text.replaceAll('\n', parts.newline), file: parts.file };
  });

/** What the file does when it is loaded, in order: what it loads, and that it registers the app. */
function run(source: string): string[] {
  const { code: script } = transformSync(source, { loader: 'tsx', format: 'cjs' });
  const events: string[] = [];
  const load = (specifier: string): unknown => {
    events.push(specifier);
    return { AppRegistry: { registerComponent: () => events.push('registered') }, name: 'App' };
  };
  const body = script.replace(/^#!.*/, '');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function('require', 'module', 'exports', 'global', body)(load, { exports: {} }, {}, {});
  return events;
}

test(
  'an entry file then loads the handler, once, before the app is registered, and else does what it did',
  () => {
    fc.assert(
      fc.property(program, ({ source, file }) => {
        const edit = (text: string) => ensureEntryImport(text, { file, specifier: SPECIFIER });
        const result = edit(source);
        expect(result.status).toBe('changed');
        if (result.status !== 'changed') return;
        expectOnlyInsertions(source, result, edit);
        const before = run(source);
        const after = run(result.text);
        expect(after.filter((event) => event !== SPECIFIER)).toEqual(before);
        expect(after.filter((event) => event === SPECIFIER)).toHaveLength(1);
        expect(after.indexOf(SPECIFIER)).toBeLessThan(after.indexOf('registered'));
        expect(findEntryImport(result.text, SPECIFIER, file)).toMatchObject({
          status: 'top-level',
          beforeRegister: true,
          mayBeDeferred: false,
        });
      }),
      { numRuns },
    );
  },
  timeout,
);

test(
  'whatever the file holds, nothing is thrown and nothing removed',
  () => {
    const piece = fc.oneof(head, shim, requires, code, register, fc.string({ maxLength: 12 }));
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom('\n', ' '),
        (pieces, joiner) => {
          const source = pieces.join(joiner);
          const edit = (text: string) =>
            ensureEntryImport(text, { file: 'index.js', specifier: SPECIFIER });
          expectOnlyInsertions(source, edit(source), edit);
        },
      ),
      { numRuns },
    );
  },
  timeout,
);
