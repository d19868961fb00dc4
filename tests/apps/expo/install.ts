import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import coerce from 'semver/functions/coerce.js';
import lt from 'semver/functions/lt.js';
import rsort from 'semver/functions/rsort.js';
import { fetchPackage } from '../../helpers/fetch-package.ts';
import { installPackages } from '../../helpers/install-packages.ts';

/** Outside of this repo, so that its node_modules and its configs are not found from an app. */
export const CACHE = process.env.BGSYNC_EXPO_CACHE ?? join(tmpdir(), 'bgsync-expo-apps');

/** The templates of Expo's own repository, at the newest version of each SDK that this suite is written against. */
export const TEMPLATES = {
  'blank-53': 'expo-template-blank@53.0.42',
  'blank-55': 'expo-template-blank@55.1.18',
  'blank-57': 'expo-template-blank@57.0.28',
  'blank-58': 'expo-template-blank@58.0.8',
  'blank-typescript-53': 'expo-template-blank-typescript@53.0.42',
  'blank-typescript-57': 'expo-template-blank-typescript@57.0.28',
  'default-57': 'expo-template-default@57.0.28',
  'bare-minimum-53': 'expo-template-bare-minimum@53.0.42',
  'bare-minimum-55': 'expo-template-bare-minimum@55.0.43',
  'bare-minimum-57': 'expo-template-bare-minimum@57.0.28',
  'bare-minimum-58': 'expo-template-bare-minimum@58.0.8',
} as const;
export type TemplateName = keyof typeof TEMPLATES;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly output: string;
}

export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 256 * 1024 * 1024,
    env: {
      ...process.env,
      CI: 'true',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      EXPO_NO_TELEMETRY: '1',
      EXPO_OFFLINE: '1',
      ...env,
    },
  });
  return { code: status, stdout, output: `${stdout}${stderr}${error?.message ?? ''}` };
}

/** @returns the unpacked template, fetched once; beside it, with `.tgz`, its archive */
export function fetchTemplate(name: TemplateName): string {
  const folder = join(CACHE, 'templates', name);
  fetchPackage(TEMPLATES[name], folder);
  return folder;
}

/** `gitignore`: npm would not publish it under its own name. */
function restoreDotFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') restoreDotFiles(path);
    else if (entry.name === 'gitignore') renameSync(path, join(folder, '.gitignore'));
  }
}

/** Makes the app that `create-expo-app` would make of a template, nothing installed. */
export function makeExpoApp(name: TemplateName, folder: string): void {
  mkdirSync(folder, { recursive: true });
  cpSync(fetchTemplate(name), folder, { recursive: true });
  restoreDotFiles(folder);
}

const KEPT = new Set(['node_modules', '.installed.json']);

/** The app with its packages, from the cache where they are there. `add`: packages to have besides. */
export function installedApp(name: TemplateName, add: Readonly<Record<string, string>>): string {
  const app = join(CACHE, `app-${name}`);
  mkdirSync(app, { recursive: true });
  for (const entry of readdirSync(app)) {
    if (!KEPT.has(entry)) rmSync(join(app, entry), { recursive: true, force: true });
  }
  makeExpoApp(name, app);
  const path = join(app, 'package.json');
  const record = join(app, '.installed.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as {
    dependencies: Record<string, string>;
    overrides?: Record<string, string>;
  };
  Object.assign(manifest.dependencies, add);
  if (existsSync(record)) {
    const text = readFileSync(record, 'utf8');
    const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> };
    // One that an older suite has installed may lack some.
    if (Object.keys(add).every((one) => one in dependencies)) {
      writeFileSync(path, text);
      return app;
    }
  }
  console.log(`installing the packages of ${TEMPLATES[name]} …`);
  for (let attempt = 0; attempt < 30; attempt += 1) {
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
    const { code, output } = installPackages(app);
    if (code === 0) {
      writeFileSync(record, readFileSync(path));
      return app;
    }
    // A mirror may lag behind: the newest version below the missing one stands in for it.
    const [, missing, range] = /error: (@?[^@\s]+)@(\S+) failed to resolve/.exec(output) ?? [];
    if (missing === undefined || range === undefined) {
      throw new Error(`the install failed:\n${output.split('\n').slice(-40).join('\n')}`);
    }
    const version = newestBelow(missing, range);
    console.log(`  ${missing}@${range} is not on this registry: ${version} instead`);
    const host = manifest.dependencies['react-native'] ?? '';
    if (missing.startsWith('@react-native/') && host.includes('-rc')) {
      // A release candidate is not whole there: the release that it became.
      manifest.dependencies['react-native'] = `~${host.replace(/-.*/, '')}`;
    } else if (missing in manifest.dependencies) manifest.dependencies[missing] = version;
    else manifest.overrides = { ...manifest.overrides, [missing]: version };
  }
  throw new Error('no set of versions can be installed');
}

function newestBelow(name: string, range: string): string {
  const { stdout } = run(CACHE, 'npm', ['view', name, 'versions', '--json']);
  const versions = (JSON.parse(stdout) as string[]).filter((one) => !/canary|nightly/.test(one));
  const wanted = coerce(range, { includePrerelease: true });
  const below = rsort(versions).find((one) => wanted !== null && lt(one, wanted));
  if (below === undefined) throw new Error(`${name} has no version below ${range}`);
  return below;
}
