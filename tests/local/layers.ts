/**
 * The handlers that `init` makes for an app with a library that keeps what waits to be sent, each with the real package:
 * made by `init`, checked by tsc with the package's own types, run in windows over the real library, and once by
 * `trigger --platform local`. Packages are installed by their names on npm, under $BGSYNC_TEST_CACHE; no app is run, and
 * nothing is committed. `BGSYNC_ONLY=rxdb` runs those with that in their name.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { build } from 'esbuild';
import { BIN, makeTemplateApp } from '../helpers/template-app.ts';
import { SYNC_LAYERS } from '../../src/facts.ts';
import { install } from './install.ts';
import { LAYER_CASES } from './layer-cases.ts';
import type { LayerCase } from './layer-cases.ts';

const TSC = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));
const WINDOWS = fileURLToPath(new URL('./layer-windows.ts', import.meta.url));
const PHONE = fileURLToPath(new URL('./layer-react-native.ts', import.meta.url));
const HANDLER = 'src/background-sync.ts';
const API = 'https://api.example.com';

/** What hangs is ended, and fails. */
const LIMIT_MS = 120_000;

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd, env: { ...process.env, ...env } });
    let output = '';
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (output += part.toString()));
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.once('close', (code) => {
      clearTimeout(limit);
      resolve({ code, output });
    });
  });
}

/** The template of React Native with the packages, and the app's own files. */
function makeApp(each: LayerCase, server: string): string {
  const root = install(each.packages);
  for (const name of readdirSync(root)) {
    if (!['node_modules', 'installed'].includes(name)) {
      rmSync(join(root, name), { recursive: true });
    }
  }
  makeTemplateApp('0.87', root);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    dependencies: object;
  };
  manifest.dependencies = { ...manifest.dependencies, ...each.packages };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest, null, 2));
  for (const [path, text] of Object.entries(each.files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text.replaceAll('SERVER', server));
  }
  return root;
}

const rewrite = (path: string, change: (text: string) => string): void => {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
};

/** Of the handler and what it imports, with the packages' own types. */
async function typeErrors(root: string): Promise<string> {
  const compilerOptions = {
    ...{ noEmit: true, strict: true, skipLibCheck: true, types: [] },
    ...{ target: 'es2022', lib: ['es2022', 'dom'], module: 'esnext', moduleResolution: 'bundler' },
  };
  writeFileSync(
    join(root, 'tsconfig.handler.json'),
    JSON.stringify({ compilerOptions, files: [HANDLER] }),
  );
  const { code, output } = await run([TSC, '-p', 'tsconfig.handler.json'], root);
  // The generated package lacks react-native here; other suites compile it.
  return code === 0 ? '' : output.replaceAll(/^modules.*\n?/gm, '');
}

/** The windows over the real library, in one process: see layer-windows.ts. */
async function runWindows(root: string, { layer, playedBy, isNative }: LayerCase): Promise<Ended> {
  const played =
    playedBy === undefined
      ? {}
      : { [SYNC_LAYERS[layer].packageName]: join(import.meta.dirname, playedBy) };
  const outfile = join(root, 'windows.cjs');
  await build({
    entryPoints: [WINDOWS],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    conditions: ['import', 'module'],
    mainFields: ['module', 'main'],
    resolveExtensions: [
      ...(isNative === true ? ['.native.js'] : []),
      '.tsx',
      '.ts',
      '.js',
      '.json',
    ],
    define: { 'process.env.NODE_ENV': '"production"', __DEV__: 'false' },
    nodePaths: [join(root, 'node_modules')],
    alias: {
      'the-app': join(root, 'src/app.ts'),
      'the-handler': join(root, HANDLER),
      ...played,
      'react-native': PHONE,
      '@react-native-community/netinfo': PHONE,
      '@react-native-async-storage/async-storage': PHONE,
      'react-native-get-random-values': PHONE,
    },
    plugins: [
      {
        name: 'the generated package, of which the queue alone is wanted',
        setup(bundle) {
          bundle.onResolve({ filter: /modules\/background-sync\/src$/ }, ({ path }) => ({
            path,
            namespace: 'bgsync',
          }));
          bundle.onLoad({ filter: /.*/, namespace: 'bgsync' }, () => ({
            contents:
              'export const registerBackgroundSync = ({ queue }) => { globalThis.registered = queue; };',
          }));
        },
      },
    ],
  });
  return run([outfile], root, { BGSYNC_SERVER: address });
}

let isDown = false;
/** Texts of changes that the server has, of the run by `trigger`. */
const delivered = new Set<string>();
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    for (const [change] of isDown ? [] : text.matchAll(/change-\d/g)) delivered.add(change);
    response.writeHead(isDown ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ changes: {}, timestamp: Date.now() }));
  });
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** What is wrong, '' where nothing is. */
async function tryCase(each: LayerCase): Promise<string> {
  const root = makeApp(each, address);
  const made = await run([BIN, 'init', '--yes', '--allow-dirty'], root);
  if (made.code !== 0) return `init ended with ${made.code}\n${made.output}`;
  const path = join(root, HANDLER);
  const text = readFileSync(path, 'utf8');
  const lacking = each.has.filter((one) => !text.includes(one));
  if (lacking.length > 0) return `the handler lacks ${lacking.join(', ')}\n${text}`;
  const asMade = await typeErrors(root);
  if (asMade !== '') return `tsc, of the handler as it is made:\n${asMade}`;
  rewrite(path, (before) => (each.complete?.(before) ?? before).replaceAll(API, address));
  const wrong = await typeErrors(root);
  if (wrong !== '') return `tsc, of the completed handler:\n${wrong}`;

  const windows = await runWindows(root, each);
  if (windows.code !== 0) return `the windows:\n${windows.output}`;
  if (each.playedBy !== undefined) return '';

  delivered.clear();
  const own = readFileSync(path, 'utf8');
  writeFileSync(
    path,
    `import { change } from './app';\n${own}
const { drainQueue } = queue;
queue.drainQueue = async window => {
  for (const text of ['change-1', 'change-2', 'change-3']) {
    await change(text);
  }
  return drainQueue(window);
};
`,
  );
  if (each.keeps !== true) return trigger(root, ['--fresh'], { code: 0, left: 0, sent: 3 });
  isDown = true;
  const kept = await trigger(root, ['--fresh'], { code: 3, left: 3, sent: 0 });
  isDown = false;
  if (kept !== '') return kept;
  writeFileSync(path, own);
  return trigger(root, [], { code: 0, left: 0, sent: 3 });
}

/** What is not as expected of a run by `trigger`, '' where all is. */
async function trigger(
  root: string,
  args: readonly string[],
  expected: { readonly code: number; readonly left: number; readonly sent: number },
): Promise<string> {
  const all = ['trigger', '--platform', 'local', ...args, '--json'];
  const { code, output } = await run([BIN, ...all], root, { XDG_CACHE_HOME: join(root, 'data') });
  const left = Number(/"ev":"run\.end".*"rem":(-?\d+)/.exec(output)?.[1]);
  const is = { code, left, sent: delivered.size };
  return isDeepStrictEqual(is, expected)
    ? ''
    : `${all.join(' ')}: ${JSON.stringify(is)}, not ${JSON.stringify(expected)}\n${output}`;
}

const only = process.env.BGSYNC_ONLY;
let passed = 0;
let failed = 0;
for (const each of LAYER_CASES) {
  if (only !== undefined && !each.name.toLowerCase().includes(only.toLowerCase())) continue;
  const wrong = await tryCase(each);
  if (wrong === '') passed += 1;
  else failed += 1;
  console.log(
    `${wrong === '' ? 'ok  ' : 'FAIL'} ${each.name}${each.playedBy === undefined ? '' : ' (its types; played in the windows)'}`,
  );
  if (wrong !== '') console.log(wrong.replace(/^/gm, '  | '));
}
server.close();
console.log(`\nlayers: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
