import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchPackage } from './fetch-package.ts';

/** CI installs some 90 apps of up to 900 packages: npm takes 45 s of processor time for a template app, Bun 3. */
const VERSION = '1.4.5';
const CACHE = join(process.env.BGSYNC_TEST_CACHE ?? join(tmpdir(), 'bgsync-apps'), 'bun');

/**
 * Bun's binary, fetched by name, once: https://www.npmjs.com/package/bun.
 *
 * @throws where npm has none for this machine
 */
function bunBinary(): string {
  const { platform, arch } = process;
  const system = platform === 'win32' ? 'windows' : platform;
  const name = `bun-${system}-${arch === 'arm64' ? 'aarch64' : arch}`;
  const folder = join(CACHE, `${name}-${VERSION}`);
  fetchPackage(`@oven/${name}@${VERSION}`, folder);
  return join(folder, 'bin', platform === 'win32' ? 'bun.exe' : 'bun');
}

/**
 * Installs what a folder's package.json asks for as `npm install --ignore-scripts` would, side by side in node_modules,
 * each file a copy of its own. No lock file is written.
 *
 * @param withPeers whether what packages name as their peers comes, too
 * @returns what the installer said, and its exit code
 */
export function installPackages(
  folder: string,
  withPeers = true,
): { readonly code: number | null; readonly output: string } {
  const { status, stdout, stderr, error } = spawnSync(
    bunBinary(),
    [
      ...['install', '--ignore-scripts', '--no-save', '--linker=hoisted', '--backend=copyfile'],
      ...(withPeers ? [] : ['--omit=peer']),
    ],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, CI: 'true', BUN_INSTALL_CACHE_DIR: join(CACHE, 'packages') },
    },
  );
  return { code: status, output: `${stdout}${stderr}${error?.message ?? ''}` };
}
