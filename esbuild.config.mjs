import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { joinChunks } from './esbuild.chunks.mjs';
import { compileEagerly } from './esbuild.eager.mjs';
import { isFresh, remember } from './esbuild.fresh.mjs';
import { shorten } from './esbuild.shorten.mjs';

if (await isFresh(import.meta.dirname)) process.exit(0);

for (const folder of ['dist/', 'maps/'])
  await rm(new URL(folder, import.meta.url), { recursive: true, force: true });

/** commander asks for it at once and needs it for subcommands in files of their own, which bgsync has none of. */
const withoutChildProcess = {
  name: 'commander-without-child-process',
  setup(context) {
    context.onResolve({ filter: /^(?:node:)?child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'nothing', namespace: 'nothing' } : undefined,
    );
    context.onLoad({ filter: /./, namespace: 'nothing' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

/** What sucrase has for transforms that we do not ask it for: `flow` and `jsx` are those of src/devices/local/world/transform.ts. */
const UNASKED =
  /^\.\/(?:CJSImport(?:Processor|Transformer)|(?:JestHoist|NumericSeparator|OptionalCatchBinding|OptionalChainingNullish|ReactHotLoader|TypeScript)Transformer)$/;

/**
 * Parts of packages that nothing here calls and that no bundler can leave out: sucrase checks the types of its options,
 * which are written by us; of fs-extra and js-yaml one function is called, and they are CommonJS.
 */
const withoutUnused = {
  name: 'without-unused',
  setup(context) {
    const stands = {
      'ts-interface-checker':
        'export const createCheckers = () => ({ Options: { strictCheck() {} } });',
      './Options-gen-types': 'export default {};',
      'js-yaml': `
        import loader from './node_modules/js-yaml/lib/loader.js';
        export { default as FAILSAFE_SCHEMA } from './node_modules/js-yaml/lib/schema/failsafe.js';
        export { default as Type } from './node_modules/js-yaml/lib/type.js';
        export const { load } = loader;`,
      // It waits where files are opened, which a folder that is made is not.
      'graceful-fs': `module.exports = require('node:fs');`,
      'fs-extra/esm': `import parts from './node_modules/fs-extra/lib/mkdirs/index.js'; export const { ensureDir } = parts;`,
    };
    context.onResolve(
      {
        filter:
          /^(?:ts-interface-checker|graceful-fs|js-yaml|\.\/Options-gen-types|fs-extra\/esm)$/,
      },
      ({ path }) => ({
        path,
        namespace: 'without-unused',
      }),
    );
    context.onResolve({ filter: UNASKED }, ({ path, importer }) =>
      importer.includes('sucrase') ? { path, namespace: 'without-unused' } : undefined,
    );
    context.onLoad({ filter: /./, namespace: 'without-unused' }, ({ path }) => ({
      contents: stands[path] ?? 'export default undefined;',
      resolveDir: import.meta.dirname,
    }));
  },
};

/** Node has loaded them before a program runs. */
const THERE = ['fs', 'util'];
const LATER = ['child_process', 'crypto', 'fs/promises', 'os', 'timers/promises', 'zlib'];

/**
 * Most of Node's own modules are loaded by the first call of one of their functions: of most a run needs nothing, and each
 * takes milliseconds. An `import` asks a module for all of its exports as well, `fs.promises` and `util.diff` among them,
 * which load thirty others; here each export that is used is asked for.
 */
const withoutFacades = {
  name: 'without-facades',
  setup(context) {
    const named = new RegExp(`^node:(?:${[...THERE, ...LATER].join('|')})$`);
    const source = join(import.meta.dirname, 'src/');
    context.onResolve({ filter: named }, ({ path, importer }) =>
      importer.startsWith(source) ? { path, namespace: 'without-facades' } : undefined,
    );
    context.onLoad({ filter: named, namespace: 'without-facades' }, async ({ path }) => {
      const isThere = THERE.includes(path.slice('node:'.length));
      const lines = Object.entries((await import(path)).default).map(([name, value]) => {
        if (isThere || typeof value !== 'function')
          return `export const ${name} = /* @__PURE__ */ (() => load().${name})();`;
        // A class cannot be called.
        if (!/^[a-z]/.test(name)) return '';
        return `export const ${name} = (...args) => load().${name}(...args);`;
      });
      const load = `let module; const load = () => (module ??= require('${path}'));`;
      return { contents: [load, ...lines].join('\n') };
    });
  },
};

const options = {
  metafile: true,
  plugins: [withoutChildProcess, withoutUnused, withoutFacades],
  absWorkingDir: import.meta.dirname,
  entryPoints: {
    main: 'src/main.ts',
    // The program without its process: the tests call it.
    index: 'src/index.ts',
    // The process that `trigger --platform local` starts.
    'local-child': 'src/devices/local/child.ts',
  },
  outdir: 'dist',
  bundle: true,
  // One chunk per command: `--version` loads commander and nothing else.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.12',
  // jsonc-parser's CommonJS entry cannot be bundled: it requires its parts by variable names.
  mainFields: ['module', 'main'],
  // Finds its own loader threads by path, so it stays a package.
  external: ['tsx'],
  // Bundled CommonJS (ejs, commander) calls require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // The names of a bug report's stack are in maps/, which is not published: `npm run stack` puts them back.
  minify: true,
  sourcemap: 'external',
  sourcesContent: false,
  // All of them stand in THIRD-PARTY-LICENSES.txt, whole.
  legalComments: 'none',
  logLevel: 'warning',
};
const { metafile } = await build(options);
const child = 'src/devices/local/child.ts';
/** What loads no checks but by their groups. */
const elsewhere = [
  child,
  ...Object.values(metafile.outputs)
    .map(({ entryPoint = '' }) => entryPoint)
    .filter((entry) => /^src\/commands\/(?!(?:doctor|completion)\.ts$)/.test(entry)),
];
await joinChunks(options, metafile, {
  // What `--version` needs; each command and the process of a handler, which loads nothing of what doctor needs.
  start: { of: ['src/main.ts'], without: [] },
  common: { of: ['src/index.ts'], sharedWith: [child], without: [] },
  // What each command needs, doctor and another one, and doctor alone.
  base: { of: ['src/index.ts'], without: [] },
  shared: {
    of: ['src/commands/doctor.ts'],
    sharedWith: ['logs', 'trigger', 'status', 'overview', 'queue', 'devices'].map(
      (name) => `src/commands/${name}.ts`,
    ),
    without: [child],
  },
  checks: { of: ['src/commands/doctor.ts'], without: [child] },
  // Of the groups of checks: those that an app with bgsync loads, those of Expo and of native code, and all others.
  own: {
    of: ['of-bgsync', 'ios/permitted', 'javascript/in-background'].map(
      (name) => `src/doctor/checks/${name}.ts`,
    ),
    without: elsewhere,
  },
  expo: { of: ['src/doctor/checks/expo/index.ts'], without: elsewhere },
  apple: { of: ['src/doctor/checks/ios/in-code.ts'], without: elsewhere },
  kotlin: { of: ['src/doctor/checks/android/in-code.ts'], without: elsewhere },
  others: { of: ['src/doctor/checks/index.ts'], without: elsewhere },
});
await shorten(join(import.meta.dirname, options.outdir));
await compileEagerly(import.meta.dirname);
await mkdir(new URL('maps/', import.meta.url));
for (const file of await readdir(new URL('dist/', import.meta.url)))
  if (file.endsWith('.map'))
    await rename(
      new URL(`dist/${file}`, import.meta.url),
      new URL(`maps/${file}`, import.meta.url),
    );

/*
 * A dynamic import of a CommonJS package gives Node its names, and a bundle nothing but `default`: the names would be
 * undefined in the built CLI alone, where most tests do not look.
 */
for (const [path, { imports }] of Object.entries(metafile.inputs)) {
  if (!path.startsWith('src/')) continue;
  for (const { kind, path: imported, original } of imports) {
    if (kind !== 'dynamic-import' || metafile.inputs[imported]?.format !== 'cjs') continue;
    const text = await readFile(new URL(path, import.meta.url), 'utf8');
    for (const [, names] of text.matchAll(/(?:const|let) ([^=;]+?) = await import\('([^']+)'\)/g))
      if (text.includes(`${names} = await import('${original}')`) && !/^\{ default\b/.test(names))
        throw new Error(
          `${path}: a bundle gives nothing but "default" of ${original}, which is CommonJS. Export ${names} statically from a *-library.ts, and import that.`,
        );
  }
}

/* The licences of what is bundled: they ask to go wherever a copy of the code goes. */

/**
 * @param root of the repo
 * @param inputs files of the bundle, relative to the root
 * @returns the packages that they are of: folder, name, version, SPDX expression
 */
async function bundledPackages(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const [, folder] = /^((?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const packages = [];
  for (const folder of [...folders].sort()) {
    const { name, version, license } = JSON.parse(
      await readFile(join(root, folder, 'package.json'), 'utf8'),
    );
    packages.push({ folder: join(root, folder), name, version, license });
  }
  return packages;
}

const MIT = (holder) => `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/** Packages that leave the text out of what they publish; it stands in their repositories. */
const PUBLISHED_WITHOUT = {
  'metro-resolver': MIT('Meta Platforms, Inc. and affiliates.'),
};

/**
 * @returns one text with the licence of each
 * @throws where a package says no licence, or brings no text of it: it may not be bundled then
 */
async function notices(packages) {
  const parts = ['bgsync contains these packages. Their licences:\n'];
  for (const { folder, name, version, license } of packages) {
    if (typeof license !== 'string') throw new Error(`${name} names no licence`);
    const texts = (await readdir(folder)).filter((file) =>
      /^(?:licen[cs]e|copying|notice)/i.test(file),
    );
    const whole = await Promise.all(
      texts.sort().map((file) => readFile(join(folder, file), 'utf8')),
    );
    if (whole.length === 0) {
      const known = license === 'MIT' ? PUBLISHED_WITHOUT[name] : undefined;
      if (known === undefined)
        throw new Error(`${name} brings no text of its licence (${license})`);
      whole.push(known);
    }
    parts.push(
      `${'='.repeat(78)}\n${name} ${version} (${license})\n\n${whole.join('\n').trim()}\n`,
    );
  }
  return parts.join('\n');
}

const packages = await bundledPackages(import.meta.dirname, Object.keys(metafile.inputs));
await writeFile(new URL('dist/THIRD-PARTY-LICENSES.txt', import.meta.url), await notices(packages));
await remember(import.meta.dirname);
