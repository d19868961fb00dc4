/**
 * `npm run test:expo [-- NAME…]`: real Expo apps, made of Expo's own templates and installed from npm, get the background
 * sync; then Expo's own tools say whether it is there. Needs npm and, the first time, a minute an app; the installed
 * packages are kept in a folder under the system's temporary one.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { parse as parsePlist } from 'plist';
import { shareBetween } from '../../share.mjs';
import { changedPaths, readTree } from '../../helpers/tree.ts';
import { BIN, REPO, scratchFolder } from '../../helpers/template-app.ts';
import { TEMPLATES, fetchTemplate, installedApp, makeExpoApp, run } from './install.ts';
import type { Ran, TemplateName } from './install.ts';

const PROCESSING = 'dev.bgsync.processing';
const NEIGHBOUR = 'com.expo.modules.backgroundtask.processing';

interface App {
  readonly template: TemplateName;
  /** Where prebuild takes the native projects from: the template of its SDK. */
  readonly native: TemplateName;
  readonly add: Readonly<Record<string, string>>;
  /** With expo-background-task and its config plugin. */
  readonly hasNeighbour: boolean;
  /** The config is an app.config.ts around the app.json. */
  readonly isDynamic?: boolean;
  /** With the queue on expo-sqlite. */
  readonly hasQueue?: boolean;
}

/** One installation serves all apps of a template, whichever is run. */
const ADDED_57 = {
  'expo-background-task': '~57.0.0',
  'expo-task-manager': '~57.0.0',
  'expo-sqlite': '~57.0.0',
  'expo-secure-store': '~57.0.0',
} as const;

const APPS: Readonly<Record<string, App>> = {
  'sdk-53': {
    template: 'blank-typescript-53',
    native: 'bare-minimum-53',
    add: { 'expo-background-task': '~0.2.8', 'expo-task-manager': '~13.1.6' },
    hasNeighbour: true,
  },
  'sdk-57': {
    template: 'blank-typescript-57',
    native: 'bare-minimum-57',
    add: ADDED_57,
    hasNeighbour: true,
  },
  'sdk-57-dynamic': {
    template: 'blank-typescript-57',
    native: 'bare-minimum-57',
    add: ADDED_57,
    hasNeighbour: true,
    isDynamic: true,
    hasQueue: true,
  },
  'sdk-57-router': {
    template: 'default-57',
    native: 'bare-minimum-57',
    add: {},
    hasNeighbour: false,
  },
  'sdk-58': { template: 'blank-58', native: 'bare-minimum-58', add: {}, hasNeighbour: false },
};

const APP_CONFIG = `import type { ConfigContext, ExpoConfig } from 'expo/config';

export default ({ config }: ConfigContext): ExpoConfig => ({
  ...config,
  name: config.name ?? 'HelloWorld',
  slug: config.slug ?? 'hello',
});
`;

const results: boolean[] = [];

function check(name: string, ok: boolean, detail = ''): void {
  results.push(ok);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok || detail === '' ? '' : `\n${detail}`}`);
}

const tail = (text: string): string => text.split('\n').slice(-40).join('\n');
const bgsync = (app: string, ...args: string[]): Ran => run(app, process.execPath, [BIN, ...args]);

function binary(app: string, name: string): string {
  // Some SDKs nest it below expo.
  for (const folder of ['node_modules', 'node_modules/expo/node_modules']) {
    const path = join(app, folder, name);
    if (existsSync(path)) return path;
  }
  throw new Error(`${name} is not installed in ${app}`);
}

const expo = (app: string, ...args: string[]): Ran =>
  run(app, process.execPath, [binary(app, 'expo/bin/cli'), ...args]);

const autolinking = (app: string, ...args: string[]): Ran =>
  run(app, process.execPath, [
    binary(app, 'expo-modules-autolinking/bin/expo-modules-autolinking.js'),
    ...args,
  ]);

interface Linked {
  readonly dependencies: Record<
    string,
    {
      readonly root: string;
      readonly platforms: {
        readonly android?: { packageInstance: string; libraryName: string };
        readonly ios?: { podspecPath: string };
      };
    }
  >;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text.slice(text.search(/[[{]/)));
  } catch {
    return undefined;
  }
};

function checkAutolinking(app: string, label: string): void {
  for (const platform of ['ios', 'android'] as const) {
    const { stdout, output } = autolinking(
      app,
      ...['react-native-config', '--json', '--platform', platform],
    );
    const linked = (parseJson(stdout) as Linked | undefined)?.dependencies ?? {};
    const ours = Object.values(linked).filter(({ root }) => root.includes('background-sync'));
    const { android, ios } = linked['background-sync']?.platforms ?? {};
    const isLinked =
      platform === 'ios'
        ? ios?.podspecPath.endsWith('background-sync/Bgsync.podspec') === true
        : android?.packageInstance === 'new BackgroundSyncPackage()' &&
          android.libraryName === 'BackgroundSyncSpec';
    check(
      `${label}: expo-modules-autolinking links the package on ${platform}, once`,
      isLinked && ours.length === 1,
      tail(output),
    );
    const name = platform === 'ios' ? 'apple' : platform;
    const modules = autolinking(app, 'resolve', '--json', '--platform', name);
    check(
      `${label}: it is no Expo module besides on ${platform}`,
      parseJson(modules.stdout) !== undefined && !modules.stdout.includes('background-sync'),
      tail(modules.output),
    );
  }
}

interface Keys {
  readonly UIBackgroundModes?: readonly string[];
  readonly BGTaskSchedulerPermittedIdentifiers?: readonly string[];
}

function checkKeys(name: string, keys: Keys | undefined, hasNeighbour: boolean): void {
  const ids = [...(keys?.BGTaskSchedulerPermittedIdentifiers ?? [])].sort();
  const wanted = hasNeighbour ? [NEIGHBOUR, PROCESSING] : [PROCESSING];
  const modes = keys?.UIBackgroundModes ?? [];
  check(
    name,
    modes.filter((mode) => mode === 'processing').length === 1 &&
      JSON.stringify(ids) === JSON.stringify(wanted),
    JSON.stringify(keys),
  );
}

function checkConfig(app: string, label: string, hasNeighbour: boolean): void {
  const { stdout, output } = expo(app, 'config', '--type', 'introspect', '--json');
  const config = parseJson(stdout) as
    | { ios?: { infoPlist?: Keys }; _internal?: { modResults?: { ios?: { infoPlist?: Keys } } } }
    | undefined;
  const keys = config?._internal?.modResults?.ios?.infoPlist ?? config?.ios?.infoPlist;
  if (keys === undefined) console.log(tail(output));
  checkKeys(`${label}: expo config --type introspect has each entry once`, keys, hasNeighbour);
}

/** Runs the real prebuild, without network: with the template of the app's SDK. Twice, since it must not add twice. */
function checkPrebuild(app: string, label: string, { native, hasNeighbour }: App): void {
  const archive = `${fetchTemplate(native)}.tgz`;
  const args = ['prebuild', '--no-install', '--template', archive];
  // From SDK 57 on, prebuild makes the folders anew unless it is told not to.
  const keep = native === 'bare-minimum-53' ? [] : ['--no-clean'];
  for (const time of ['first', 'second'] as const) {
    const { code, output } = expo(app, ...args, ...(time === 'first' ? [] : keep));
    const folder = join(app, 'ios');
    const name = existsSync(folder)
      ? readdirSync(folder).find((one) => existsSync(join(folder, one, 'Info.plist')))
      : undefined;
    if (code !== 0 || name === undefined) {
      check(`${label}: the ${time} prebuild`, false, tail(output));
      return;
    }
    const keys = parsePlist(readFileSync(join(folder, name, 'Info.plist'), 'utf8')) as Keys;
    checkKeys(
      `${label}: the ${time} prebuild's Info.plist has each entry once`,
      keys,
      hasNeighbour,
    );
  }
}

/**
 * Metro wraps each module as `__d(function …, id, [dependencies])`; one runs when another requires it, for the first
 * time. Follows the requires of the entry in the order in which they stand.
 */
export function runsBefore(bundle: string, first: RegExp, second: RegExp): boolean {
  const modules = new Map<number, { text: string; dependencies: readonly number[] }>();
  for (const text of bundle.split(/^__d\(/m).slice(1)) {
    const [, id, list = ''] =
      /\},\s*(\d+),\s*\[([\d,\s]*)\]\);?\s*(?:__r\([\s\S]*)?$/.exec(text) ?? [];
    if (id !== undefined)
      modules.set(Number(id), { text, dependencies: list.split(',').map(Number) });
  }
  const entry = Number(/__r\((\d+)\);?\s*(?:\/\/.*\s*)*$/.exec(bundle.trimEnd())?.[1]);
  const seen = new Set<number>();
  const events: string[] = [];
  const visit = (id: number): void => {
    const module = modules.get(id);
    if (module === undefined || seen.has(id)) return;
    seen.add(id);
    const points = [...module.text.matchAll(/_dependencyMap\[(\d+)\]/g)].map(
      ({ index, 1: at }) => ({
        index,
        run: () => {
          visit(module.dependencies[Number(at)] ?? -1);
        },
      }),
    );
    for (const [name, pattern] of [
      ['first', first],
      ['second', second],
    ] as const) {
      const at = module.text.search(pattern);
      if (at !== -1) points.push({ index: at, run: () => void events.push(name) });
    }
    for (const point of points.sort((a, b) => a.index - b.index)) point.run();
  };
  visit(entry);
  return events.includes('first') && events.indexOf('first') < events.indexOf('second');
}

/** The handler's own call, and what renders the app: a module that only defines either does not count. */
const HANDLER = /\bregisterBackgroundSync\)\(\{/;
const RENDER = /\b(?:registerRootComponent|renderRootComponent)\)\(/;

function checkBundles(app: string, label: string): void {
  const out = join(app, 'dist');
  rmSync(out, { recursive: true, force: true });
  // At once: Metro starts and reads the app's files one time for both.
  const platforms = ['ios', 'android'] as const;
  const { code, output } = expo(
    app,
    'export',
    ...platforms.flatMap((platform) => ['--platform', platform]),
    ...['--no-bytecode', '--no-minify', '--output-dir', 'dist'],
  );
  for (const platform of platforms) {
    const folder = join(out, '_expo/static/js', platform);
    const file = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.js')) : '';
    const bundle = code === 0 && file ? readFileSync(join(folder, file), 'utf8') : '';
    check(
      `${label}: Metro bundles ${platform}, the handler runs before the app starts`,
      runsBefore(bundle, HANDLER, RENDER),
      tail(output),
    );
  }
  rmSync(out, { recursive: true, force: true });
}

function checkTypes(app: string, label: string): void {
  const tsc = join(app, 'node_modules/typescript/bin/tsc');
  if (!existsSync(tsc)) return;
  // As `expo start` makes it, where the template has CSS modules.
  writeFileSync(join(app, 'expo-env.d.ts'), '/// <reference types="expo/types" />\n');
  const { code, output } = run(app, process.execPath, [tsc, '--noEmit']);
  check(`${label}: the template's own tsc --noEmit`, code === 0, tail(output));
}

/** What Expo's tools and npm write themselves. */
const NOT_OURS = new Set(['node_modules', '.expo', 'ios', 'android', 'dist', 'expo-env.d.ts']);

/** Every file of the app, by path, byte for byte. */
function sources(app: string): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(app, { withFileTypes: true })) {
    const path = join(app, entry.name);
    if (NOT_OURS.has(entry.name)) continue;
    if (entry.isFile()) files.set(entry.name, readFileSync(path));
    if (!entry.isDirectory()) continue;
    for (const [below, bytes] of readTree(path)) files.set(`${entry.name}/${below}`, bytes);
  }
  return files;
}

function addPlugin(app: string, plugin: string | readonly [string, object]): void {
  const path = join(app, 'app.json');
  const config = JSON.parse(readFileSync(path, 'utf8')) as { expo: { plugins?: unknown[] } };
  config.expo.plugins = [...(config.expo.plugins ?? []), plugin];
  writeFileSync(path, `${JSON.stringify(config, null, 2)}\n`);
}

/** Templates whose diff is kept: nothing of them has to be installed. */
const GOLDEN = Object.keys(TEMPLATES).filter((name): name is TemplateName =>
  /^(?:blank|bare-minimum)-\d+$/.test(name),
);

/** From each template: the same edits as ever; a second run changes nothing; remove gives the very bytes back. */
function checkTemplate(name: TemplateName): void {
  const app = scratchFolder();
  try {
    makeExpoApp(name, app);
    const before = readTree(app);
    const init = bgsync(app, 'init', '--yes');
    const after = readTree(app);
    const created = changedPaths(before, after).filter((path) => !before.has(path));
    const edits = changedPaths(before, after).filter((path) => before.has(path));
    const patches = edits.map((path) => {
      const texts = [before.get(path), after.get(path)].map(String) as [string, string];
      return createTwoFilesPatch(path, path, ...texts, '', '', { context: 2 });
    });
    const own = created.filter((path) => !path.startsWith('modules/background-sync/'));
    const text = `${own.map((path) => `created ${path}\n`).join('')}${patches.join('')}`;
    const golden = join(REPO, 'tests/golden/expo', `${name}.diff`);
    if (process.env.UPDATE_GOLDEN === '1') {
      mkdirSync(dirname(golden), { recursive: true });
      writeFileSync(golden, text);
    }
    const kept = existsSync(golden) ? readFileSync(golden, 'utf8') : '';
    check(`${name}: init edits what it did`, init.code === 0 && text === kept, text + init.output);
    bgsync(app, 'init', '--yes');
    const again = changedPaths(after, readTree(app));
    check(`${name}: a second init changes nothing`, again.length === 0, again.join('\n'));
    bgsync(app, 'remove', '--yes', '--force');
    const left = changedPaths(before, readTree(app));
    check(`${name}: remove is the inverse`, left.length === 0, left.join('\n'));
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
if (names.length === 0 || names.includes('templates'))
  for (const name of GOLDEN) checkTemplate(name);
const labels = names.filter((name) => name !== 'templates');
const played = shareBetween(Object.keys(APPS), 'apps between the oldest and the newest SDK');
for (const label of names.length > 0 ? labels : played) {
  const settings = APPS[label];
  if (settings === undefined) throw new Error(`No app ${label}: ${Object.keys(APPS).join(', ')}`);
  const app = installedApp(settings.template, settings.add);
  if (settings.hasNeighbour) addPlugin(app, 'expo-background-task');
  const queue = settings.hasQueue === true ? ['--queue', 'expo-sqlite'] : [];
  if (settings.hasQueue === true) addPlugin(app, ['expo-sqlite', { useSQLCipher: true }]);
  if (settings.isDynamic === true) writeFileSync(join(app, 'app.config.ts'), APP_CONFIG);
  const before = sources(app);
  const init = bgsync(app, 'init', '--yes', ...queue);
  check(`${label}: init`, init.code === 0, tail(init.output));
  const after = sources(app);
  const again = bgsync(app, 'init', '--yes');
  const changed = changedPaths(after, sources(app));
  check(
    `${label}: a second init changes nothing`,
    again.code === 0 && changed.length === 0,
    changed.join('\n'),
  );
  const doctor = bgsync(app, 'doctor');
  check(`${label}: doctor`, doctor.code === 0, tail(doctor.output));
  checkAutolinking(app, label);
  checkConfig(app, label, settings.hasNeighbour);
  checkTypes(app, label);
  checkBundles(app, label);
  const remove = bgsync(app, 'remove', '--yes', '--force');
  const left = changedPaths(before, sources(app));
  check(
    `${label}: remove takes all of it out`,
    remove.code === 0 && left.length === 0,
    `${left.join('\n')}\n${tail(remove.output)}`,
  );
  bgsync(app, 'init', '--yes', ...queue);
  checkPrebuild(app, label, settings);
  const third = bgsync(app, 'init', '--yes');
  check(
    `${label}: init has nothing to do where prebuild has run`,
    third.code === 0 && third.stdout.includes('Nothing to do'),
    tail(third.output),
  );
}

const failed = results.filter((ok) => !ok).length;
console.log(`\n${results.length - failed} passed, ${failed} failed`);
if (failed > 0) process.exitCode = 1;
