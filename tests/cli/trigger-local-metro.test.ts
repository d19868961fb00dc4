/** What the app has around its handler: how metro.config.js finds imports, and what the entry file does first. */
import { describe, it } from 'vitest';
import type { CliResult } from '../helpers/local-app.ts';
import { createLocalApp, handlerOf, runCli } from '../helpers/local-app.ts';

const HANDLER = 'src/background-sync.ts';

/** @returns what the handler's `found` was, as the message of the run, with the result */
async function find(
  top: string,
  files: Readonly<Record<string, string>>,
): Promise<{ found: string | undefined; result: CliResult }> {
  const handler = handlerOf('return { remaining: 0, message: String(found) };', top);
  const result = await runCli(['trigger', '--platform', 'local', '--json'], {
    cwd: createLocalApp({ [HANDLER]: handler, ...files }),
  });
  const end = result.events.filter(({ ev }) => ev === 'run.end').at(-1);
  return { found: end?.msg, result };
}

const IMPORT = "import { found } from 'it';";
const packageOf = (name: string, found: string): Record<string, string> => ({
  [`node_modules/${name}/index.js`]: `exports.found = '${found}';`,
});

describe.concurrent('metro.config.js', () => {
  it.for([
    [
      'puts a package in the place of a part of Node, for packages as well',
      "import { found } from 'asks';",
      {
        'metro.config.js':
          "const path = require('path');\nmodule.exports = { resolver: { extraNodeModules: { crypto: path.join(__dirname, 'shims/crypto') } } };",
        'shims/crypto/index.js': "exports.found = 'shim';",
        'node_modules/asks/index.js': "exports.found = require('crypto').found;",
      },
      'shim',
    ],
    [
      'finds whatever a Proxy says',
      IMPORT,
      {
        'metro.config.js':
          "module.exports = { resolver: { extraNodeModules: new Proxy({}, { get: (_, name) => require('path').join(process.cwd(), 'else', String(name)) }) } };",
        'else/it/index.js': "exports.found = 'else';",
      },
      'else',
    ],
    [
      'resolves by a function, which lives in Node’s world and loads what it needs when it is called',
      `import nothing from 'screens';\n${IMPORT}`,
      {
        'metro.config.js': `
          module.exports = { resolver: { resolveRequest(context, name, platform) {
            if (name === 'screens') return { type: 'empty' };
            if (name !== 'it') return context.resolveRequest(context, name, platform);
            const file = require('node:path').join(Buffer.from(__dirname).toString(), 'mine.ts');
            return { type: 'sourceFile', filePath: file };
          } } };`,
        'mine.ts': "export const found: string = 'mine';",
        ...packageOf('it', 'the package'),
      },
      'mine',
    ],
    [
      'has endings of its own, those that come first before the others',
      "import { found } from './api';",
      {
        'metro.config.js':
          "module.exports = (base) => ({ resolver: { sourceExts: ['e2e.ts', ...base.resolver.sourceExts] } });",
        'src/api.ts': "export const found = 'real';",
        'src/api.e2e.ts': "export const found = 'played';",
      },
      'played',
    ],
    [
      'turns the exports of packages off',
      IMPORT,
      {
        'metro.config.js':
          'module.exports = { resolver: { unstable_enablePackageExports: false } };',
        'node_modules/it/package.json': '{ "main": "main.js", "exports": { ".": "./exports.js" } }',
        'node_modules/it/main.js': "exports.found = 'main';",
        'node_modules/it/exports.js': "exports.found = 'exports';",
      },
      'main',
    ],
    [
      'names conditions and fields',
      "import { found as a } from 'it'; import { found as b } from 'other'; const found = a + b;",
      {
        'metro.config.js':
          "module.exports = { resolver: { unstable_conditionNames: ['mine'], resolverMainFields: ['mine'] } };",
        'node_modules/it/package.json':
          '{ "exports": { ".": { "mine": "./mine.js", "default": "./other.js" } } }',
        'node_modules/it/mine.js': "exports.found = 'mine';",
        'node_modules/it/other.js': "exports.found = 'other';",
        'node_modules/other/package.json': '{ "main": "main.js", "mine": "mine.js" }',
        'node_modules/other/main.js': "exports.found = 'main';",
        'node_modules/other/mine.js': "exports.found = ' mine';",
      },
      'mine mine',
    ],
    [
      'looks into other folders of packages',
      IMPORT,
      {
        'metro.config.mjs': `
          import { dirname, join } from 'node:path';
          import { fileURLToPath } from 'node:url';
          const here = dirname(fileURLToPath(import.meta.url));
          export default async () => ({ resolver: { nodeModulesPaths: [join(here, 'vendor')] } });`,
        'vendor/it/index.js': "exports.found = 'vendor';",
      },
      'vendor',
    ],
    [
      'makes a component of a picture, which stays one here',
      "import found from './icon.svg';",
      {
        'metro.config.js':
          "module.exports = { resolver: { assetExts: ['png'], sourceExts: ['ts', 'js', 'svg'] } };",
        'src/icon.svg': '<svg/>',
      },
      '1',
    ],
  ] as const)('%s', async ([, top, files, expected], { expect }) => {
    const { found, result } = await find(top, files);
    expect({ found, stderr: found === expected ? '' : result.stderr }).toEqual({
      found: expected,
      stderr: '',
    });
  });

  it('that cannot be read is told, and imports are found without it', async ({ expect }) => {
    const { found, result } = await find(IMPORT, {
      'metro.config.js':
        "const { wrap } = require('not-installed/metro');\nmodule.exports = wrap({});",
      ...packageOf('it', 'the package'),
    });
    expect(found).toBe('the package');
    expect(result.stderr).toMatch(
      /metro\.config\.js could not be read, imports are found without it: Error: Cannot find module 'not-installed\/metro'/,
    );
  });
});

const REACT_NATIVE = {
  'package.json': '{ "name": "app", "dependencies": { "react-native": "0.87.1" } }',
};

describe.concurrent('the entry file', () => {
  it.for([
    [
      'loads what polyfills, before the handler is loaded',
      "import 'polyfill';\nimport App from './App';\nimport './src/background-sync';\nApp();",
      {
        'node_modules/polyfill/index.js': "globalThis.crypto = { randomUUID: () => 'filled' };",
      },
      'const found = crypto.randomUUID();',
      'filled',
    ],
    [
      'defines a global of what it imports, wherever it stands',
      "import { Buffer } from 'buffer';\nimport './src/background-sync';\nimport App from './App';\nglobal.Buffer = Buffer;\nApp();",
      {
        'node_modules/buffer/index.js': "exports.Buffer = { from: (text) => text + '!' };",
      },
      'const found = { toString: () => (Buffer as any).from("a") };',
      'a!',
    ],
    [
      'in CommonJS, with a file of its own',
      "require('./shim');\nrequire('./src/background-sync');",
      { 'shim.js': 'global.mine = 1; global.order = [];' },
      'const found = (globalThis as any).order.concat((globalThis as any).mine);',
      '1',
    ],
  ] as const)('%s', async ([, entry, files, top, expected], { expect }) => {
    const { found, result } = await find(top, { ...REACT_NATIVE, 'index.js': entry, ...files });
    expect({ found, stderr: found === expected ? '' : result.stderr }).toEqual({
      found: expected,
      stderr: '',
    });
  });

  it('that loads the screens by a file of its own leaves them out', async ({ expect }) => {
    const { found, result } = await find(
      'const found = String(typeof (globalThis as any).drawn);',
      {
        ...REACT_NATIVE,
        'index.js': "import './src/main';\nimport './src/background-sync';",
        'src/main.js':
          "import { AppRegistry } from 'react-native';\nglobal.drawn = true;\nAppRegistry.registerComponent('app', () => null);",
      },
    );
    expect([found, result.stderr]).toEqual(['undefined', '']);
  });

  it('what fails of it is told, and what comes after it goes on', async ({ expect }) => {
    const { found, result } = await find('const found = (globalThis as any).mine;', {
      ...REACT_NATIVE,
      'index.js': "import 'not-here';\nimport './src/background-sync';\nglobal.mine = 'it';",
    });
    expect(found).toBe('it');
    expect(result.stderr).toContain(
      "index.js has `import 'not-here';` before it loads the handler, which comes to nothing here: cannot find the module not-here (imported by index.js)",
    );
  });
});
