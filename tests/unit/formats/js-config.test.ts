import { parse } from '@babel/parser';
import fc from 'fast-check';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { numRuns } from '../../property/runs.ts';
import { judgeDependency } from '../../../src/formats/config-verdict.ts';
import {
  createReactNativeConfig,
  ensureReactNativeDependency,
} from '../../../src/formats/js-config.ts';
import { VARIANTS, expectChanged, expectManual, removedLines } from './edits.ts';

const DEPENDENCY = { name: 'background-sync', root: 'modules/background-sync', esm: false };
const editFile = (file: string) => (source: string) =>
  ensureReactNativeDependency(source, { ...DEPENDENCY, file });
const edit = editFile('react-native.config.js');
const editTs = editFile('react-native.config.ts');

const CALL = "require('path').resolve(__dirname, 'modules/background-sync')";

/** What Node makes of a CommonJS config in /app. */
function load(source: string): Record<string, unknown> {
  const module = { exports: {} as Record<string, unknown> };
  const require = createRequire(import.meta.url);
  const code = source.replace(/^\uFEFF/, '');
  runInNewContext(code, { module, exports: module.exports, require, __dirname: '/app', on: true });
  return JSON.parse(JSON.stringify(module.exports)) as Record<string, unknown>;
}

const withDependency = (config: Record<string, unknown>): Record<string, unknown> => ({
  ...config,
  dependencies: {
    ...(config.dependencies as object | undefined),
    'background-sync': { root: '/app/modules/background-sync' },
  },
});

describe('ensureReactNativeDependency', () => {
  it('adds dependencies to the exported object', () => {
    const source = `module.exports = {
  project: {
    ios: {},
  }, // both
};
`;
    expect(expectChanged(edit, source)).toBe(`module.exports = {
  project: {
    ios: {},
  }, // both
  dependencies: {
    'background-sync': {
      root: ${CALL},
    },
  },
};
`);
  });

  it('adds the entry to the dependencies that are there', () => {
    const source = `module.exports = {
    dependencies: {
        // no ads on iOS
        "ads": { platforms: { ios: null } }
    }
};
`;
    const text = expectChanged(edit, source);
    expect(text).toBe(`module.exports = {
    dependencies: {
        "background-sync": {
            root: require("path").resolve(__dirname, "modules/background-sync")
        },
        // no ads on iOS
        "ads": { platforms: { ios: null } }
    }
};
`);
    expect(removedLines(source, text)).toBe(0);
  });

  it('uses the path that the file has', () => {
    for (const [head, callee] of [
      ["const path = require('path');", 'path.resolve'],
      ["const p = require('node:path');", 'p.resolve'],
      ["const { resolve } = require('path');", 'resolve'],
      ["const { resolve: to } = require('path');", 'to'],
      ["const path = require('pathological');", "require('path').resolve"],
    ]) {
      expect(expectChanged(edit, `${head!}\nmodule.exports = {};\n`)).toContain(
        `root: ${callee!}(__dirname, 'modules/background-sync'),`,
      );
    }
    expect(expectChanged(edit, "module.exports = {};\nconst path = require('path');\n")).toContain(
      CALL,
    );
  });

  it('imports what an ES module needs', () => {
    const source = `import type { Config } from '@react-native-community/cli-types'

export default {
  project: {}
} satisfies Config
`;
    expect(expectChanged(editTs, source))
      .toBe(`import type { Config } from '@react-native-community/cli-types'
import { fileURLToPath } from 'node:url'

export default {
  dependencies: {
    'background-sync': {
      root: fileURLToPath(new URL('./modules/background-sync', import.meta.url))
    }
  },
  project: {}
} satisfies Config
`);
    expect(expectChanged(edit, '/* ours */\n\nexport default {};\n')).toMatch(
      /^\/\* ours \*\/\n\nimport \{ fileURLToPath \} from 'node:url';\n\nexport default \{\n/,
    );
    for (const [head, callee] of [
      ["import { fileURLToPath as at } from 'url';", 'at'],
      ["import url from 'node:url';", 'url.fileURLToPath'],
      ["import * as url from 'node:url';", 'url.fileURLToPath'],
    ]) {
      const text = expectChanged(edit, `${head!}\nexport default {};\n`);
      expect(text).toContain(`root: ${callee!}(new URL(`);
      expect(text.match(/import /g)).toHaveLength(1);
    }
  });

  it.each([
    ['module.exports = {};', '{\n  dependencies: {\n'],
    ['module.exports = { };', '{ dependencies: {'],
    ['module.exports = {\n};', '{\n  dependencies: {\n'],
    ['module.exports = {\n\t// none\n};', '// none\n\tdependencies: {\n\t\t'],
    [
      'module.exports = { a: 1 };',
      `{ a: 1, dependencies: { 'background-sync': { root: ${CALL} } } };`,
    ],
    ['module.exports = {a: 1,};', `{a: 1, dependencies: {'background-sync': {root: ${CALL}}},};`],
    [
      'module.exports = { a: 1, dependencies: {} };',
      `dependencies: { 'background-sync': { root: ${CALL} } } };`,
    ],
    ['exports = module.exports = {};', '{\n  dependencies'],
    ['module.exports = exports = {};', '{\n  dependencies'],
    ['const config = {};\nmodule.exports = config;', 'const config = {\n  dependencies'],
    ['const a = {}, b = a;\nmodule.exports = b;', 'const a = {\n  dependencies'],
    ['module.exports = ({});', '({\n  dependencies'],
    ['module.exports = {...base, dependencies: {a: {}}};', "{a: {}, 'background-sync'"],
    [
      'module.exports = {\n  dependencies: {\n    ...(on ? {} : {})\n  }\n};',
      "{}),\n    'background-sync'",
    ],
    ['module.exports = {\n  a: 1 /* , */\n};', '{\n  dependencies'],
    ['module.exports = {};\nmodule.exports.commands = [];', '{\n  dependencies'],
  ])('extends %j', (source, expected) => {
    expect(expectChanged(edit, source)).toContain(expected);
  });

  it.each([
    ['export default {};', 'export default {\n  dependencies'],
    ['const config = {} as const;\nexport default config;', '{\n  dependencies'],
    ['const config: Config = {};\nexport { config as default };', '{\n  dependencies'],
    ['export default <Config>{};', '{\n  dependencies'],
    ['export default ({} satisfies Config)!;', '{\n  dependencies'],
  ])('extends TypeScript %j', (source, expected) => {
    expect(expectChanged(editTs, source)).toContain(expected);
  });

  it.each(['const config: Config = {};\nexport = config;', 'module.exports = {} as Config;'])(
    'leaves TypeScript alone that the CLI cannot load: %j',
    (source) => {
      expect(expectManual(editTs, source).reason).toContain('loads it as an ES module');
    },
  );

  it('leaves an entry with a root alone, however it is written', () => {
    for (const root of [
      CALL,
      "path.join(__dirname, 'modules', 'background-sync')",
      '`${__dirname}/modules/background-sync`',
      "__dirname + '/modules/background-sync'",
    ]) {
      const source = `const path = require('path');\nmodule.exports = {dependencies: {'background-sync': {root: ${root}}}};`;
      expect(edit(source), root).toEqual({ status: 'already' });
    }
    const source = "module.exports = {dependencies: {'background-sync': {root: somewhere()}}};";
    expect(edit(source)).toEqual({ status: 'already', unproven: expect.any(String) as string });
  });

  it.each([
    ['module.exports = {...base};', 'may be dependencies'],
    ['module.exports = {[key]: {}};', 'may be dependencies'],
    ['module.exports = {__proto__: base};', 'may be dependencies'],
    ['module.exports = {dependencies: {}, ...base};', 'may override'],
    ['module.exports = {dependencies: deps};', 'no object literal'],
    ['module.exports = {dependencies};', 'no object literal'],
    ['module.exports = {dependencies() {}};', 'no object literal'],
    ["module.exports = {['dependencies']: {}};", 'no object literal'],
    ['module.exports = {dependencies: {}, dependencies: {}};', 'twice'],
    ['module.exports = mergeConfig({}, {});', 'result of a call'],
    ["module.exports = require('./other');", 'result of a call'],
    ['module.exports = class {};', 'no object literal'],
    ['module.exports = () => ({});', 'no object literal'],
    ['export default function () {}', 'no object literal'],
    ['module.exports = {};\nmodule.exports = {};', 'several exports'],
    ['if (on) module.exports = {};\nelse module.exports = {};', 'several exports'],
    ['module.exports = {};\nmodule.exports.dependencies = {};', 'changes its exports'],
    ['exports.dependencies = {};', 'one by one'],
    [
      'const config = {};\nconfig.dependencies = {};\nmodule.exports = config;',
      'may be changed (line 2)',
    ],
    [
      'const config = {};\nObject.assign(config, base);\nmodule.exports = config;',
      'may be changed',
    ],
    ['let config = {};\nconfig = other;\nmodule.exports = config;', 'may be changed'],
    ['const a = b, b = a;\nmodule.exports = a;', 'no object literal'],
    ['const { config } = base;\nmodule.exports = config;', 'no object literal'],
    ['', 'exports no object'],
    ['module.exports = {', 'cannot be parsed'],
    ["module.exports = {dependencies: {'background-sync': {}}};", 'has no root'],
    ["module.exports = {dependencies: {'background-sync': other}};", 'no object literal'],
    ["module.exports = {dependencies: {'background-sync': {root: 'x'}}};", 'the root x'],
    ['const fileURLToPath = 1;\nexport default {};', 'could not be verified'],
  ])('leaves %j to the user', (source, reason) => {
    const manual = expectManual(edit, source);
    expect(manual.reason).toContain(reason);
    expect(manual.snippet).toMatch(/'background-sync': \{\n\s+root: /);
  });

  it('gives a snippet that can be pasted', () => {
    for (const source of [
      '{...base};',
      '{dependencies: deps};',
      '{dependencies: {...deps, ...more()}, ...base};',
    ]) {
      const { snippet } = expectManual(edit, `module.exports = ${source}`);
      const names = "const deps = { a: { root: 'a' } };\nconst base = { dependencies: deps };\n";
      const pasted = load(`${names}module.exports = {\n${snippet}\n};`);
      if (source.includes('more')) expect(pasted).toMatchObject(withDependency({}));
      else expect(pasted).toEqual(withDependency({ dependencies: { a: { root: 'a' } } }));
    }
    const whole = expectManual(edit, '');
    expect(load(whole.snippet)).toEqual(withDependency({}));
  });

  const key = fc.constantFrom('project', 'assets', 'commands', "'a-b'", 'dependencies');
  const blank = fc.constantFrom('', ' ', '\n', '\n  ', '\n    ', '\n  // note\n  ', ' /* , */ ');
  const entries = fc
    .tuple(
      fc.uniqueArray(fc.tuple(fc.constantFrom('ads', "'maps'", '"x-y"'), blank), {
        selector: ([name]) => name,
      }),
      blank,
      fc.boolean(),
    )
    .map(
      ([list, end, comma]) =>
        `{${list.map(([name, before]) => `${before}${name}: {}`).join(',')}${list.length > 0 && comma ? ',' : ''}${end}}`,
    );
  const config = fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, blank, blank, entries), { selector: ([name]) => name }),
      blank,
      fc.boolean(),
    )
    .map(
      ([list, end, comma]) =>
        `{${list.map(([name, before, after, value]) => `${before}${name}:${after}${value}`).join(',')}${list.length > 0 && comma ? ',' : ''}${end}}`,
    );
  const head = fc.constantFrom(
    '',
    '// @format\n',
    "'use strict';\n\n",
    "const path = require('path');\n",
    '\n',
  );
  const tail = fc.constantFrom('', ';', ';\n', '\n');

  it('changes nothing else in any config', () => {
    fc.assert(
      fc.property(
        head,
        config,
        tail,
        fc.constantFrom(...VARIANTS),
        (before, body, after, [, vary]) => {
          const source = vary(`${before}module.exports = ${body}${after}`);
          const text = expectChanged(edit, source);
          expect(load(text)).toEqual(withDependency(load(source)));
        },
      ),
      { numRuns },
    );
  });

  it('makes of any ES module one that parses, with one import more', () => {
    fc.assert(
      fc.property(config, fc.constantFrom(...VARIANTS), (body, [, vary]) => {
        const source = vary(`import a from 'a';\nexport default ${body};\n`);
        const { program } = parse(expectChanged(edit, source), { sourceType: 'module' });
        expect(program.body).toHaveLength(3);
      }),
      { numRuns },
    );
  });
});

describe('createReactNativeConfig', () => {
  it('writes a CommonJS file', () => {
    const text = createReactNativeConfig({ ...DEPENDENCY, lineEnding: '\n' });
    expect(text).toBe(`const path = require('path');

module.exports = {
  dependencies: {
    'background-sync': {
      root: path.resolve(__dirname, 'modules/background-sync'),
    },
  },
};
`);
    expect(edit(text)).toEqual({ status: 'already' });
  });

  it('writes an ES module', () => {
    const text = createReactNativeConfig({
      ...DEPENDENCY,
      root: 'modules/50% #1',
      esm: true,
      lineEnding: '\r\n',
    });
    expect(text).toContain("new URL('./modules/50%25%20%231', import.meta.url)");
    expect(text).not.toMatch(/(?<!\r)\n/);
    const files = new Map([['react-native.config.mjs', text]]);
    const wanted = { file: 'react-native.config.mjs', name: DEPENDENCY.name, files };
    expect(judgeDependency({ ...wanted, root: 'modules/50% #1' })).toEqual({ status: 'placed' });
    expect(judgeDependency({ ...wanted, root: 'modules/50%' })).toMatchObject({ status: 'absent' });
  });
});

describe('an entry that was put by hand where the export cannot be followed', () => {
  const by = (root: string): string =>
    `dependencies: { 'background-sync': { root: require('path').resolve(__dirname, '${root}') } }`;

  it.each([
    `module.exports = withShared({ ${by('modules/background-sync')} });`,
    `module.exports = { ...base, ${by('modules/background-sync')}, ...more };`,
  ])('counts, and is not looked at: %s', (source) => {
    expect(edit(source)).toEqual({ status: 'already', unproven: expect.any(String) as string });
  });

  it('is looked at where it can be followed', () => {
    const make = (root: string): string =>
      `const make = () => ({ ${by(root)} });\nmodule.exports = make();`;
    expect(edit(make('./modules/background-sync/'))).toEqual({ status: 'already' });
    expectManual(edit, make('elsewhere'));
  });

  it('does not count with another root, or out of dependencies', () => {
    expectManual(edit, `module.exports = withShared({ ${by('elsewhere')} });`);
    const other = by('modules/background-sync').replace('dependencies', 'devDependencies');
    expectManual(edit, `module.exports = withShared({ ${other} });`);
  });
});
