import { describe, expect, test } from 'vitest';
import { ensureConfigPlugin, findConfigPlugin } from '../../../src/formats/app-config.ts';

const plugin = './modules/background-sync/app.plugin.js';
const edit = (source: string, file = 'app.config.js') =>
  ensureConfigPlugin(source, { file, plugin });

/** The text after the edit; a reason where there is none. */
function after(source: string, file?: string): string {
  const result = edit(source, file);
  if (result.status !== 'changed') return result.status === 'manual' ? result.reason : 'already';
  expect(edit(result.text, file)).toEqual({ status: 'already' });
  return result.text;
}

const P = `'${plugin}'`;

describe('where the plugin goes', () => {
  test.each([
    ["module.exports = { name: 'a' };\n", `module.exports = { name: 'a', plugins: [${P}] };\n`],
    [
      "module.exports = {\n  name: 'a',\n};\n",
      `module.exports = {\n  name: 'a',\n  plugins: [${P}],\n};\n`,
    ],
    ["export default {\n  name: 'a'\n};", `export default {\n  name: 'a',\n  plugins: [${P}]\n};`],
    ['module.exports = {};\n', `module.exports = {\n  plugins: [${P}],\n};\n`],
    [
      "module.exports = { plugins: ['expo-router'] };",
      `module.exports = { plugins: ['expo-router', ${P}] };`,
    ],
    ['module.exports = { plugins: [] };', `module.exports = { plugins: [${P}] };`],
    [
      'export default {\n  plugins: [\n    "expo-router", // routes\n  ],\n};\n',
      `export default {\n  plugins: [\n    "expo-router", // routes\n    "${plugin}",\n  ],\n};\n`,
    ],
    [
      "export default {\r\n\tplugins: [\r\n\t\t['a', { b: 1 }]\r\n\t]\r\n};\r\n",
      `export default {\r\n\tplugins: [\r\n\t\t['a', { b: 1 }],\r\n\t\t${P}\r\n\t]\r\n};\r\n`,
    ],
    [
      'module.exports = ({ config }) => ({ ...config, plugins: [...config.plugins] });',
      `module.exports = ({ config }) => ({ ...config, plugins: [...config.plugins, './modules/background-sync/app.plugin.js'] });`,
    ],
    [
      "module.exports = ({ config }) => {\n  return {\n    ...config,\n    name: 'a',\n  };\n};\n",
      `module.exports = ({ config }) => {\n  return {\n    ...config,\n    name: 'a',\n    plugins: [...(config.plugins ?? []), ${P}],\n  };\n};\n`,
    ],
    [
      'export default (context) => ({ ...context.config });\n',
      `export default (context) => ({ ...context.config, plugins: [...(context.config.plugins ?? []), ${P}] });\n`,
    ],
    [
      "const config = { name: 'a' };\nmodule.exports = config;\n",
      `const config = { name: 'a', plugins: [${P}] };\nmodule.exports = config;\n`,
    ],
    [
      "function make() {\n  return { name: 'a' };\n}\nmodule.exports = make;\n",
      `function make() {\n  return { name: 'a', plugins: [${P}] };\n}\nmodule.exports = make;\n`,
    ],
    [
      "export default defineConfig({ name: 'a' });\n",
      `export default defineConfig({ name: 'a', plugins: [${P}] });\n`,
    ],
  ])('%j', (source, expected) => {
    expect(after(source)).toBe(expected);
  });

  test('TypeScript: satisfies, as, a typed constant, a typed function', () => {
    for (const source of [
      "export default { name: 'a' } satisfies ExpoConfig;\n",
      "export default { name: 'a' } as ExpoConfig;\n",
      "const config: ExpoConfig = { name: 'a' };\nexport default config;\n",
      "export default (_: ConfigContext): ExpoConfig => ({ name: 'a' });\n",
      "const config: ExpoConfig = { name: 'a' };\nexport { config as default };\n",
    ]) {
      expect(after(source, 'app.config.ts')).toBe(
        source.replace("name: 'a'", `name: 'a', plugins: [${P}]`),
      );
    }
  });

  test('a byte order mark stays', () => {
    expect(after("\uFEFFmodule.exports = { name: 'a' };\n")).toBe(
      `\uFEFFmodule.exports = { name: 'a', plugins: [${P}] };\n`,
    );
  });
});

describe('what is left to the user', () => {
  test.each([
    ['module.exports = withSentry({});', 'it exports the result of a call (line 1)'],
    ["module.exports = require('./x');", 'it exports the result of a call (line 1)'],
    [
      'module.exports = { plugins: [], ...more };',
      'a spread or a computed key behind plugins may override it (line 1)',
    ],
    [
      'module.exports = { plugins: [], [key]: 1 };',
      'a spread or a computed key behind plugins may override it (line 1)',
    ],
    ['module.exports = { plugins };', 'plugins is no list literal (line 1)'],
    ['module.exports = { plugins: make() };', 'plugins is no list literal (line 1)'],
    [
      'module.exports = { ...base };',
      'a spread or a computed key may bring plugins of its own (line 1)',
    ],
    [
      'module.exports = ({ config }) => ({ ...config, ...more });',
      'a spread or a computed key may bring plugins of its own (line 1)',
    ],
    [
      'module.exports = ({ config }) => { config.name = 1; return config; };',
      'the function that it exports returns config, which it may have changed',
    ],
    [
      'module.exports = () => { if (a) return {}; return { b: 1 }; };',
      'the function that it exports has not one return (line 1)',
    ],
    [
      "const c = {};\nc.plugins = ['a'];\nmodule.exports = c;",
      'c, which it exports, may be changed (line 2)',
    ],
    [
      'const c = {};\nchange(c);\nmodule.exports = c;',
      'c, which it exports, may be changed (line 2)',
    ],
    ['let c = {};\nmodule.exports = c;', 'what it exports, c, is no literal'],
    ['exports.name = 1;', 'it exports no config'],
    ['export default {};\nmodule.exports = {};', 'it has several exports'],
    ['module.exports = { plugins: [], plugins: [] };', 'plugins is there twice'],
    ['module.exports = async () => ({ }', 'it cannot be parsed'],
    [
      'const a = b;\nconst b = a;\nmodule.exports = a;',
      'a, which it exports, may be changed (line 2)',
    ],
  ])('%j: %s', (source, reason) => {
    const result = edit(source);
    expect(result).toMatchObject({
      status: 'manual',
      reason: expect.stringContaining(reason) as string,
    });
    expect(result).toMatchObject({ snippet: expect.stringContaining(P) as string });
  });
});

test.each([
  [`module.exports = { plugins: [${P}] };`, 'found'],
  [`module.exports = { plugins: [[${P}, {}]] };`, 'found'],
  ["module.exports = { plugins: ['./modules/background-sync/app.plugin'] };", 'found'],
  ["module.exports = { plugins: ['./modules/background-sync'] };", 'absent'],
  [`module.exports = { expo: { name: 'a' }, plugins: [${P}] };`, 'absent'],
  [`module.exports = { expo: { plugins: [${P}] } };`, 'found'],
  [`module.exports = withAll(['x', ${P}]);`, 'unproven'],
  ["module.exports = { plugins: ['expo-router'] };", 'absent'],
  ['module.exports = withAll();', 'unreadable'],
  ['module.exports = {', 'unreadable'],
])('findConfigPlugin %j: %s', (source, status) => {
  expect(findConfigPlugin(source, { file: 'app.config.js', plugin }).status).toBe(status);
});
