import { parse } from '@babel/parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numRuns } from '../../property/runs.ts';
import {
  ensureEntryImport,
  findEntryImport,
  findTopLevelCall,
} from '../../../src/formats/entry.ts';
import {
  TEMPLATES,
  VARIANTS,
  expectChanged,
  expectManual,
  readTemplate,
  removedLines,
} from './edits.ts';

const SPECIFIER = './src/background-sync';
const editFile = (file: string) => (source: string) =>
  ensureEntryImport(source, { file, specifier: SPECIFIER });
const edit = editFile('index.js');

describe('ensureEntryImport', () => {
  it.each(
    TEMPLATES.flatMap((version) => VARIANTS.map(([name, vary]) => ({ version, name, vary }))),
  )('inserts one line in the template of $version, $name', ({ version, vary }) => {
    const source = vary(readTemplate(version, 'index.js'));
    const text = expectChanged(edit, source);
    const newline = source.includes('\r\n') ? '\r\n' : '\n';
    expect(text).toContain(
      `import { name as appName } from './app.json';${newline}import '${SPECIFIER}';${newline}${newline}AppRegistry`.replace(
        '{ name as appName }',
        /\{ ?name as appName ?\}/.exec(source)![0],
      ),
    );
    expect(removedLines(source, text)).toBe(0);
    expect(findEntryImport(text, SPECIFIER)).toMatchObject({
      status: 'top-level',
      line: 8,
      beforeRegister: true,
    });
  });

  const line = `import '${SPECIFIER}';`;
  const required = `require('${SPECIFIER}');`;
  it.each([
    [
      'imports of several lines',
      "import {\n  a,\n} from 'a';\nfoo();\n",
      `import {\n  a,\n} from 'a';\n${line}\nfoo();\n`,
    ],
    ['a comment behind', "import 'a'; // why\nfoo();", `import 'a'; // why\n${line}\nfoo();`],
    [
      'a long comment behind',
      "import 'a'; /* b\n c */\nfoo();",
      `import 'a'; /* b\n c */\n${line}\nfoo();`,
    ],
    ['code behind', "import 'a'; foo();", `import 'a'; ${line} foo();`],
    [
      'an import after code',
      "import 'a';\nfoo();\nimport 'b';\n",
      `import 'a';\nfoo();\nimport 'b';\n${line}\n`,
    ],
    ['nothing but an import', "import 'a';", `import 'a';\n${line}`],
    ['double quotes', 'import "a";\n', `import "a";\nimport "${SPECIFIER}";\n`],
    ['no semicolons', "import 'a'\nfoo()\n", `import 'a'\nimport '${SPECIFIER}'\nfoo()\n`],
    [
      'a guarding semicolon',
      "import 'a'\n;[1].map(f)\n",
      `import 'a'\nimport '${SPECIFIER}'\n;[1].map(f)\n`,
    ],
    [
      'a guarding semicolon and require',
      "require('a')\n;[1].map(f)\n",
      `require('a')\nrequire('${SPECIFIER}')\n;[1].map(f)\n`,
    ],
    [
      'require before the app is registered',
      "const a = require('a');\nconst b = require('b').b;\n\nAppRegistry.registerComponent('x', () => require('./App'));\nrequire('c');\n",
      `const a = require('a');\nconst b = require('b').b;\n${required}\n\nAppRegistry.registerComponent('x', () => require('./App'));\nrequire('c');\n`,
    ],
    [
      'require after the app is registered',
      "registerRootComponent(require('./App'));\nrequire('c');\n",
      `${required}\n\nregisterRootComponent(require('./App'));\nrequire('c');\n`,
    ],
    [
      'a docblock',
      '/**\n * @format\n */\n\nfoo();\n',
      `/**\n * @format\n */\n\n${line}\n\nfoo();\n`,
    ],
    ['@flow', '// @flow\nfoo();\n', `// @flow\n${line}\n\nfoo();\n`],
    [
      'a directive',
      "// @flow\n'use strict';\n\nfoo();\n",
      `// @flow\n'use strict';\n\n${line}\n\nfoo();\n`,
    ],
    ['a comment on the first statement', '// foo it\nfoo();\n', `${line}\n\n// foo it\nfoo();\n`],
    [
      'a suppression on the first statement',
      '/* (c) */\n\n// eslint-disable-next-line\nfoo();\n',
      `/* (c) */\n\n${line}\n\n// eslint-disable-next-line\nfoo();\n`,
    ],
    ['a hashbang', '#!/usr/bin/env node\nfoo();\n', `#!/usr/bin/env node\n${line}\n\nfoo();\n`],
    ['an empty file', '', `${line}\n`],
    ['a comment alone', '// later', `// later\n${line}`],
    ['module.exports', 'module.exports = 1;\n', `${required}\n\nmodule.exports = 1;\n`],
    [
      'Flow',
      "import type {A} from 'a';\nconst a: ?A = (b: any);\n",
      `import type {A} from 'a';\n${line}\nconst a: ?A = (b: any);\n`,
    ],
    [
      'JSX',
      "import A from 'a';\nfoo(<A b='\"' />);\n",
      `import A from 'a';\n${line}\nfoo(<A b='"' />);\n`,
    ],
  ])('places it by %s', (_name, source, expected) => {
    expect(expectChanged(edit, source)).toBe(expected);
  });

  it('reads TypeScript', () => {
    const source = "import a from 'a';\nconst b = <number>a;\nenum C { D }\n";
    expect(expectChanged(editFile('index.ts'), source)).toBe(source.replace('\n', `\n${line}\n`));
    expect(
      expectChanged(editFile('index.tsx'), "import a from 'a';\nconst b = <A<B> />;\n"),
    ).toContain(line);
    expect(expectChanged(editFile('index.ts'), "import a = require('a');\n")).toContain(
      `\n${line}\n`,
    );
  });

  it.each([
    `import '${SPECIFIER}';`,
    `import "${SPECIFIER}.ts";`,
    "import './src/../src/background-sync/index.js';",
    `export * from '${SPECIFIER}';`,
    required,
    `{ ${required} }`,
    `try { ${required} } finally {}`,
  ])('finds %j', (source) => {
    expect(edit(source)).toEqual({ status: 'already' });
  });

  it('does not take for it what does not load it', () => {
    for (const source of [
      `import type { A } from '${SPECIFIER}';\n`,
      "import './src/background-sync-old';\n",
      "import 'src/background-sync';\n",
      `// import '${SPECIFIER}';\n`,
      `const a = "import '${SPECIFIER}'";\n`,
      // Metro may load these later, or never.
      `import { a } from '${SPECIFIER}';\n`,
      `const a = require('${SPECIFIER}').a;\n`,
    ]) {
      expectChanged(edit, source);
    }
  });

  it.each([
    [`if (on) { require('${SPECIFIER}'); }`, required],
    [`const load = () => require('${SPECIFIER}');`, required],
    [`import('${SPECIFIER}');\nexport {};`, line],
    [`on && require('${SPECIFIER}');`, required],
    ['import {', line],
  ])('leaves %j to the user', (source, snippet) => {
    const manual = expectManual(edit, source);
    expect(manual.snippet).toBe(snippet);
    expect(manual.reason).toMatch(/line 1|cannot be parsed/);
  });

  const statement = fc.constantFrom(
    "import a from 'a'",
    'import {\n  b,\n} from "b"',
    "import * as c from './c'",
    "import 'd'",
    "const e = require('e')",
    "require('f')",
    'const { g } = require("g")',
    'foo(() => { require("h"); })',
    "if (on) { require('i'); }",
    "AppRegistry.registerComponent('x', () => j)",
    '[1].map(String)',
    '(function () {})()',
    '`k`.trim()',
    'class L {}',
  );
  const between = fc.constantFrom(
    ';\n',
    ';\n\n',
    '; // note\n',
    '; /* note\n more */\n',
    '; ',
    '\n;',
    ';;\n',
  );
  const program = fc
    .tuple(
      fc.constantFrom(
        '',
        '#!/bin/node\n',
        '/** @format */\n\n',
        '// @flow\n',
        "'use strict';\n",
        '\n\n',
      ),
      fc.uniqueArray(fc.tuple(statement, between), { selector: ([code]) => code, maxLength: 7 }),
    )
    .map(([head, parts]) => head + parts.flat().join(''));

  it('adds one statement to any file, and nothing else', () => {
    const statements = (text: string): string[] => {
      const { program: tree } = parse(text.replace(/^\uFEFF/, ''), { sourceType: 'module' });
      const from = text.startsWith('\uFEFF') ? text.slice(1) : text;
      return tree.body
        .filter((node) => node.type !== 'EmptyStatement')
        .map((node) => from.slice(node.start!, node.end!).replace(/\s*;$/, ''));
    };
    fc.assert(
      fc.property(program, fc.constantFrom(...VARIANTS), (body, [, vary]) => {
        const source = vary(body);
        const text = expectChanged(edit, source);
        const added = statements(text);
        const index = added.findIndex((code) => code.includes(SPECIFIER));
        expect(added.toSpliced(index, 1)).toEqual(statements(source));
        expect(findEntryImport(text, SPECIFIER)).toMatchObject({
          status: 'top-level',
          beforeRegister: true,
          mayBeDeferred: false,
        });
      }),
      { numRuns },
    );
  });
});

describe('findEntryImport', () => {
  it.each([
    [
      `import '${SPECIFIER}';`,
      { status: 'top-level', line: 1, beforeRegister: true, mayBeDeferred: false },
    ],
    [
      `AppRegistry.registerComponent('a', b);\nimport '${SPECIFIER}';`,
      { status: 'top-level', line: 2, beforeRegister: true, mayBeDeferred: false },
    ],
    [
      `AppRegistry.registerComponent('a', b);\nrequire('${SPECIFIER}');`,
      { status: 'top-level', line: 2, beforeRegister: false, mayBeDeferred: false },
    ],
    [
      `\nimport { a } from '${SPECIFIER}';`,
      { status: 'top-level', line: 2, beforeRegister: true, mayBeDeferred: true },
    ],
    [`\nif (a) require('${SPECIFIER}');`, { status: 'nested', line: 2 }],
    ['foo();', { status: 'absent' }],
    ['foo(', { status: 'unreadable' }],
  ])('%j', (source, expected) => {
    expect(findEntryImport(source, SPECIFIER)).toMatchObject(expected);
  });
});

describe('findTopLevelCall', () => {
  const find = (source: string, matches?: (specifier: string) => boolean) =>
    findTopLevelCall(source, 'register', matches);

  it.each([
    ['register({ queue });', { status: 'top-level', line: 1 }],
    ["import { register as r } from 'm';\nvoid r();", { status: 'top-level', line: 2 }],
    ["import * as m from 'm';\nexport const a = m.register();", { status: 'top-level', line: 2 }],
    ["const { register: r } = require('m');\nr();", { status: 'top-level', line: 2 }],
    ['{ (register as F)(); }', { status: 'top-level', line: 1 }],
    ['function f() {\n register();\n}', { status: 'nested', line: 2 }],
    ['const f = () => register();', { status: 'nested', line: 1 }],
    ['class A {\n b = register();\n}', { status: 'nested', line: 2 }],
    ['if (on) register();', { status: 'nested', line: 1 }],
    ['const f = () => register();\nregister();', { status: 'top-level', line: 2 }],
    ['// register();\nconst a = "register()"; register;', { status: 'absent' }],
    ['register(', { status: 'unreadable' }],
  ])('%j', (source, expected) => {
    expect(find(source)).toMatchObject(expected);
  });

  it('asks which module it comes from', () => {
    const isOurs = (specifier: string): boolean => specifier.endsWith('background-sync/src');
    expect(
      find("import { register } from '../modules/background-sync/src';\nregister();", isOurs),
    ).toEqual({
      status: 'top-level',
      line: 2,
    });
    expect(find("import { register } from 'other';\nregister();", isOurs)).toEqual({
      status: 'absent',
    });
    expect(find('register();', isOurs)).toEqual({ status: 'absent' });
  });
});
