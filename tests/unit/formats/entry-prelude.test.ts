import { describe, expect, it } from 'vitest';
import { preludeOf } from '../../../src/formats/entry-prelude.ts';

const HANDLER = './src/background-sync';

/** @returns the lines that are left, without the blank ones */
const linesOf = (source: string): string[] =>
  preludeOf(source, HANDLER, 'index.js')
    .flatMap(({ text }) => text.split('\n'))
    .filter((line) => line.trim() !== '');

describe('what an entry file does for the handler before it loads it', () => {
  it('loads modules for their side effect', () => {
    const lines = [
      "import 'react-native-get-random-values';",
      "import { AppRegistry } from 'react-native';",
      "import App from './App';",
      "import './shim';",
      "require('react-native-url-polyfill/auto');",
      "import './src/background-sync';",
      "import './later';",
      'AppRegistry.registerComponent("a", () => App);',
    ];
    expect(linesOf(lines.join('\n'))).toEqual([lines[0], lines[3], lines[4]]);
  });

  it('all of them where it does not load the handler, and never the app', () => {
    const lines = [
      "import 'a';",
      "import 'expo-router/entry';",
      "import 'b';",
      "import './a.css';",
    ];
    expect(linesOf(lines.join('\n'))).toEqual([lines[0], lines[2]]);
  });

  it('defines globals, wherever, with what that takes', () => {
    const lines = [
      "import { Buffer } from 'buffer';",
      "import { AppRegistry } from 'react-native';",
      "import { setupURLPolyfill } from 'react-native-url-polyfill';",
      "import './src/background-sync';",
      'global.Buffer = global.Buffer || Buffer;',
      "if (typeof btoa === 'undefined') { globalThis.btoa = encode; }",
      "const { encode } = require('base-64');",
      'setupURLPolyfill();',
      'Object.defineProperty(global, "x", { value: helper });',
      'function helper() { return other; }',
      'const other = 1;',
      'const start = () => { global.started = true; };',
      'start();',
      'AppRegistry.registerComponent("a", () => null);',
    ];
    expect(linesOf(lines.join('\n'))).toEqual([lines[0], lines[2], ...lines.slice(4, 11)]);
  });

  it('keeps each line where it was', () => {
    const source = "// a\nimport App from './App';\r\nimport 'a'; App();\n";
    const blank = ' '.repeat("import App from './App';".length);
    expect(preludeOf(source, HANDLER, 'index.js')).toEqual([
      { text: `    \n${blank}\r\nimport 'a';`, module: 'a' },
    ]);
  });

  it.each([
    ['has nothing of the kind', "import App from './App';\nApp();\n"],
    ['cannot be read', "import 'a\n"],
    ['loads nothing but types', "import type { A } from 'a';\n"],
  ])('is nothing where it %s', (_, source) => {
    expect(preludeOf(source, HANDLER, 'index.ts')).toEqual([]);
  });
});
