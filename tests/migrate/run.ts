/**
 * `npm run test:migrate`: apps of expo-background-task, expo-background-fetch and react-native-background-fetch, with these
 * and React Native itself installed from npm, are migrated. Each has to pass the compiler against the real types before and
 * after, without the old library then; its handlers have to run on the local platform and do their work; doctor has to be
 * content, and to know nothing of the library any more. Needs npm and, the first time, a minute; the packages are kept.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { BIN, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';
import { install } from '../local/install.ts';
import { MIGRATED, REFUSED } from './cases.ts';
import type { MigrateCase } from './cases.ts';

const VERSIONS: Readonly<Record<string, string>> = {
  'expo-background-task': '57.0.21',
  'expo-background-fetch': '58.0.3',
  'react-native-background-fetch': '4.4.2',
};
const SHARED = {
  '@types/react': '19.1.17',
  'expo-task-manager': '58.0.4',
  react: '19.1.0',
  'react-native': '0.81.5',
  typescript: '5.9.3',
  // The last one whose README has its example; the site has it since.
  readme: 'npm:react-native-background-fetch@4.2.8',
};
const INSTALLED = join(install({ ...VERSIONS, ...SHARED }), 'node_modules');

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.setHeader('content-type', 'application/json');
  response.end('{"items":["one"]}');
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Beside this process, which is the server. */
const run = (cwd: string, script: string, ...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, CI: 'true', NO_COLOR: '1' };
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('close', (code) => resolve({ code, output }));
  });

/** The packages, as links; those of Expo are the ones that package.json still has. */
function link(root: string, without: readonly string[]): void {
  const folder = join(root, 'node_modules');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const name of readdirSync(INSTALLED)) {
    if (!without.includes(name) && name !== 'readme')
      symlinkSync(join(INSTALLED, name), join(folder, name));
  }
}

const TSCONFIG = {
  compilerOptions: {
    target: 'esnext',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2022'],
    jsx: 'react-native',
    types: ['react-native'],
    strict: true,
    noUnusedLocals: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ['**/*.ts', '**/*.tsx'],
  exclude: ['node_modules'],
};

const isExpo = (library: string): boolean => library.startsWith('expo-');

function makeApp(library: MigrateCase['library'], files: Readonly<Record<string, string>>): string {
  const root = scratchFolder();
  const plugins = ['expo-font', library];
  const expo = { name: 'Demo', slug: 'demo', plugins, ios: { bundleIdentifier: 'com.demo' } };
  makeExpoFixture(root, {
    dependencies: {
      [library]: VERSIONS[library] ?? '',
      ...(isExpo(library) && { 'expo-task-manager': SHARED['expo-task-manager'] }),
    },
    files: {
      'App.js': 'App.tsx' in files ? null : 'export default () => null;\n',
      'app.json': `${JSON.stringify({ expo }, null, 2)}\n`,
      'tsconfig.json': `${JSON.stringify(TSCONFIG, null, 2)}\n`,
      ...Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, text.replaceAll('SERVER', address)]),
      ),
    },
  });
  return root;
}

const TSC = join(INSTALLED, 'typescript/lib/tsc.js');

async function faultsOf(each: MigrateCase): Promise<string[]> {
  const root = makeApp(each.library, each.files);
  const faults: string[] = [];
  const expect = (isRight: boolean, text: string): void => {
    if (!isRight) faults.push(text);
  };
  const kept = readTree(root);
  link(root, []);
  const before = await run(root, TSC, '-p', '.');
  expect(before.code === 0, `the compiler, before:\n${before.output}`);
  rmSync(join(root, 'node_modules'), { recursive: true });

  const migrated = await run(root, BIN, 'migrate', '--yes');
  const { left = [] } = each;
  const isLeft = left.length > 0;
  expect(migrated.code === (isLeft ? 3 : 0), `migrate: exit ${migrated.code}\n${migrated.output}`);
  for (const text of left)
    expect(migrated.output.includes(text), `does not say: ${text}\n${migrated.output}`);
  const tree = readTree(root);
  const texts = [...tree].filter(([path]) => !path.startsWith('modules/'));
  const all = texts.map(([, text]) => text.toString()).join('\n');
  for (const text of each.keeps) expect(all.includes(text), `lost: ${text}`);
  for (const [path, text] of isLeft ? [] : texts) {
    // What phones may still have pending is cancelled under its old id, which stays in app.json.
    const rest = text.toString().replaceAll('com.expo.modules.backgroundtask.processing', '');
    const names = [
      ...[each.library, 'expo-task-manager'],
      ...['BackgroundFetch.', 'TaskManager.', 'BackgroundTask.', 'TSBackgroundFetch'],
    ];
    for (const name of names) expect(!rest.includes(name), `${path} still has ${name}`);
  }
  const isManifestChanged = changedPaths(kept, tree).includes('package.json');
  expect(isManifestChanged !== isLeft, 'package.json has another dependency than it should');

  link(root, isLeft ? [] : [...Object.keys(VERSIONS), 'expo-task-manager']);
  const after = await run(root, TSC, '-p', '.');
  expect(after.code === 0, `the compiler, after:\n${after.output}\n${show(texts)}`);

  for (const [task, paths] of Object.entries(each.asks)) {
    asked.length = 0;
    const chosen = task === '' ? [] : ['--task', task];
    const { code, output } = await run(root, BIN, 'trigger', '--platform', 'local', ...chosen);
    expect(code === 0, `trigger ${task}: exit ${code}\n${output}\n${show(texts)}`);
    expect(
      asked.join() === paths.join(),
      `trigger ${task} asked for ${asked.join() || 'nothing'}, not for ${paths.join()}`,
    );
  }
  if (isLeft) {
    rmSync(root, { recursive: true, force: true });
    return faults;
  }
  const doctor = await run(root, BIN, 'doctor');
  expect(doctor.code === 0, `doctor: exit ${doctor.code}\n${doctor.output}`);
  expect(
    !doctor.output.includes(each.library),
    `doctor speaks of ${each.library}:\n${doctor.output}`,
  );
  rmSync(root, { recursive: true, force: true });
  return faults;
}

const show = (texts: readonly (readonly [string, Buffer])[]): string =>
  texts
    .filter(([path]) => /\.[jt]sx?$/.test(path))
    .map(([path, text]) => `=== ${path}\n${text.toString()}`)
    .join('\n');

const blocks = [
  ...readFileSync(join(INSTALLED, 'readme/README.md'), 'utf8').matchAll(
    /```javascript\n([^]*?)```/g,
  ),
].map(([, text = '']) => text);

async function refusalOf({
  library,
  block,
  files,
  says,
}: (typeof REFUSED)[number]): Promise<string[]> {
  const source = block === undefined ? undefined : blocks[block];
  const isTopLevel = source?.includes('let status = await') === true && !source.includes('class ');
  const text = isTopLevel
    ? `import BackgroundFetch from '${library}';\n${source.replaceAll(/^\.\n/gm, '')}`
    : source;
  const root = makeApp(library, text === undefined ? (files ?? {}) : { 'App.js': text });
  const before = readTree(root);
  const { code, output } = await run(root, BIN, 'migrate', '--yes');
  const faults = says
    .filter((words) => !output.includes(words))
    .map((words) => `does not say: ${words}`);
  if (code !== 3) faults.push(`exit ${code}`);
  const changed = changedPaths(before, readTree(root));
  if (changed.length > 0) faults.push(`changed ${changed.join(', ')}`);
  rmSync(root, { recursive: true, force: true });
  return faults.length === 0 ? [] : [...faults, output];
}

let passed = 0;
let failed = 0;
const only = process.env.BGSYNC_ONLY ?? '';
const all = [
  ...MIGRATED.map((each) => ({ name: each.name, faults: () => faultsOf(each) })),
  ...REFUSED.map((each) => ({ name: `refused: ${each.name}`, faults: () => refusalOf(each) })),
];
for (const { name, faults } of all) {
  if (!name.includes(only)) continue;
  const found = await faults();
  if (found.length === 0) passed += 1;
  else failed += 1;
  console.log(`${found.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const text of found) console.log(text.replaceAll(/^/gm, '  | '));
}
server.close();
console.log(`\nmigrate: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
