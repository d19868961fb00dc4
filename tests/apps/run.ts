/**
 * `npm run test:apps`: real template apps, installed from npm, get the background sync; then React Native's own tools say
 * whether it is there. Needs npm and, the first time, a minute a version; the installed packages are kept.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUEUE_PACKAGES, makeInstalledTemplate } from '../helpers/installed-template.ts';
import { BIN } from '../helpers/template-app.ts';
import type { TemplateVersion } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

/** Outside of this repo, so that its node_modules and its configs are not found from the app. */
const CACHE = process.env.BGSYNC_TEST_CACHE ?? join(tmpdir(), 'bgsync-apps');
const KEPT = new Set(['node_modules']);

/** Apps that get the queue, too, with the real packages of its driver; the others have none, as by default. */
const QUEUES: Partial<Record<TemplateVersion, Readonly<Record<string, string>>>> = {
  '0.87': QUEUE_PACKAGES,
};

const results: { name: string; ok: boolean }[] = [];

function check(name: string, ok: boolean, detail = ''): void {
  results.push({ name, ok });
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok || detail === '' ? '' : `\n${detail}`}`);
}

interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly stdout: string;
}

function run(cwd: string, command: string, args: readonly string[]): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    // Jest and the CLIs colour and prompt by what they find here.
    env: { ...process.env, CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  return { code: status, stdout, output: `${stdout}${stderr}${error?.message ?? ''}` };
}

const tail = (text: string): string => text.split('\n').slice(-40).join('\n');

function installedApp(version: TemplateVersion): string {
  const app = join(CACHE, `rn-${version}`);
  // Beside the app, since its own eslint and tsc read everything below it.
  rmSync(`${app}.build`, { recursive: true, force: true });
  makeInstalledTemplate(version, app, QUEUES[version]);
  return app;
}

const bin = (app: string, name: string, ...args: string[]): Ran => {
  const manifest = JSON.parse(
    readFileSync(join(app, 'node_modules', name, 'package.json'), 'utf8'),
  ) as { bin: string | Record<string, string> };
  const file = typeof manifest.bin === 'string' ? manifest.bin : Object.values(manifest.bin)[0]!;
  return run(app, process.execPath, [join(app, 'node_modules', name, file), ...args]);
};

/** `node_modules/.bin/react-native`, whichever package brings it. */
const reactNative = (app: string, ...args: string[]): Ran =>
  run(app, process.execPath, [join(app, 'node_modules/react-native/cli.js'), ...args]);

function checkConfig(app: string, label: string): void {
  const { stdout, output } = reactNative(app, 'config');
  try {
    const config = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      dependencies: Record<
        string,
        {
          platforms: {
            android: { packageInstance: string; libraryName: string } | null;
            ios: { podspecPath: string } | null;
          };
        }
      >;
    };
    const platforms = config.dependencies['background-sync']?.platforms;
    check(
      `${label}: the CLI's config links the package on Android`,
      platforms?.android?.packageInstance === 'new BackgroundSyncPackage()' &&
        platforms.android.libraryName === 'BackgroundSyncSpec',
      JSON.stringify(platforms?.android),
    );
    check(
      `${label}: the CLI's config links the package on iOS`,
      platforms?.ios?.podspecPath.endsWith('background-sync/Bgsync.podspec') === true,
      JSON.stringify(platforms?.ios),
    );
  } catch (error) {
    check(`${label}: the CLI's config`, false, `${String(error)}\n${tail(output)}`);
  }
}

/** Every file below a folder whose name ends so, as one text. */
function readAll(folder: string, pattern: RegExp): string {
  if (!existsSync(folder)) return '';
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

const METHODS = [
  'registerTask',
  'cancel',
  'scheduleNext',
  'getStatus',
  'getHistory',
  'nextRun',
  'whenExpired',
  'progress',
  'complete',
  'beginForeground',
];

function checkCodegen(app: string, label: string): void {
  const script = join(app, 'node_modules/react-native/scripts/generate-codegen-artifacts.js');
  for (const [platform, pattern] of [
    ['ios', /\.(?:h|mm)$/],
    ['android', /\.java$/],
  ] as const) {
    const out = join(`${app}.build`, 'codegen', platform);
    const { output } = run(app, process.execPath, [script, '-p', app, '-o', out, '-t', platform]);
    const text = readAll(out, pattern);
    const missing = METHODS.filter((name) => !new RegExp(`\\b${name}\\b`).test(text));
    check(
      `${label}: codegen makes the ${platform} spec`,
      text.includes('NativeBackgroundSyncSpec') && missing.length === 0,
      `missing: ${missing.join(', ')}\n${tail(output)}`,
    );
  }
}

/**
 * Metro wraps each module as `__d(function …, id, [dependencies])`; the entry's function requires its dependencies by
 * their position in that list.
 */
function handlerRunsBeforeRegistration(bundle: string): boolean {
  const modules = [...bundle.matchAll(/__d\(function[^]*?\n?\},\s*(\d+),\s*\[([\d,\s]*)\]/g)].map(
    ([text, id, list]) => ({
      text,
      id: Number(id),
      dependencies: (list ?? '').split(',').map((item) => Number(item.trim())),
    }),
  );
  const entry = modules.find(({ text }) => text.includes('registerComponent('));
  const handler = modules.find(({ text }) => /registerBackgroundSync\)?\(\{/.test(text));
  if (entry === undefined || handler === undefined) return false;
  const position = entry.dependencies.indexOf(handler.id);
  const loaded = entry.text.search(new RegExp(`\\[${position}\\]`));
  return position !== -1 && loaded !== -1 && loaded < entry.text.indexOf('registerComponent(');
}

function checkBundles(app: string, label: string): void {
  mkdirSync(`${app}.build`, { recursive: true });
  const files = ['ios', 'android'].map(
    (platform) => [platform, join(`${app}.build`, `${platform}.bundle.js`)] as const,
  );
  for (const [, file] of files) rmSync(file, { force: true });
  const bundle = join(import.meta.dirname, 'bundle.mjs');
  const { code, output } = run(app, process.execPath, [bundle, ...files.flat()]);
  for (const [platform, file] of files) {
    const ok = code === 0 && handlerRunsBeforeRegistration(readFileSync(file, 'utf8'));
    check(`${label}: Metro bundles ${platform}, the handler runs first`, ok, tail(output));
  }
}

/** What an app's own tests do of any native module: there is none in Node. */
const QUEUE_MOCKS = `
jest.mock('@op-engineering/op-sqlite', () => ({ open: jest.fn() }));
jest.mock('react-native-keychain', () => ({}));
`;

const HANDLER_TEST = `import { BackgroundSync } from '../modules/background-sync/src';

test('the handler loads without the native module, with one warning', async () => {
  const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
  require('../src/background-sync');
  BackgroundSync.scheduleNext(900);
  expect(await BackgroundSync.drainNow()).toEqual({
    outcome: 'skipped',
    remaining: -1,
  });
  expect(await BackgroundSync.getStatus()).toBe(null);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0][0]).toContain('native module is not in this build');
});
`;

function checkOwnTools(app: string, label: string, mocks: string): void {
  const test = join(app, '__tests__/background-sync.test.ts');
  writeFileSync(test, HANDLER_TEST.replace('\n', `\n${mocks}`));
  const tsc = bin(app, 'typescript', '--noEmit');
  check(`${label}: the app's own tsc --noEmit`, tsc.code === 0, tail(tsc.output));
  const eslint = bin(app, 'eslint', '--max-warnings', '0', '.');
  check(`${label}: the app's own eslint`, eslint.code === 0, tail(eslint.output));
  const jest = bin(app, 'jest');
  check(`${label}: the app's own jest`, jest.code === 0, tail(jest.output));
  rmSync(test);
}

/** All of the app but what npm has installed. */
function sources(app: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(app, { withFileTypes: true })) {
    if (KEPT.has(entry.name)) continue;
    const path = join(app, entry.name);
    if (entry.isFile()) files.set(entry.name, readFileSync(path));
    else for (const [below, bytes] of readTree(path)) files.set(`${entry.name}/${below}`, bytes);
  }
  return files;
}

const versions = process.argv.slice(2) as TemplateVersion[];
for (const version of versions.length > 0 ? versions : (['0.77', '0.87'] as const)) {
  const hasQueue = version in QUEUES;
  const label = `React Native ${version}${hasQueue ? ' with the queue on op-sqlite' : ''}`;
  const app = installedApp(version);
  const before = sources(app);
  const queue = hasQueue ? ['--queue', 'op-sqlite'] : [];
  const init = run(app, process.execPath, [BIN, 'init', '--yes', ...queue]);
  check(`${label}: init`, init.code === 0, tail(init.output));
  const doctor = run(app, process.execPath, [BIN, 'doctor']);
  check(`${label}: doctor`, doctor.code === 0, tail(doctor.output));
  checkConfig(app, label);
  checkCodegen(app, label);
  checkBundles(app, label);
  checkOwnTools(app, label, hasQueue ? QUEUE_MOCKS : '');
  const remove = run(app, process.execPath, [BIN, 'remove', '--yes', '--force']);
  const left = changedPaths(before, sources(app));
  check(
    `${label}: remove takes all of it out`,
    remove.code === 0 && left.length === 0,
    `${left.join('\n')}\n${tail(remove.output)}`,
  );
}

const failed = results.filter(({ ok }) => !ok).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
