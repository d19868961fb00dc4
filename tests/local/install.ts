import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installPackages } from '../helpers/install-packages.ts';

const CACHE = join(process.env.BGSYNC_TEST_CACHE ?? join(tmpdir(), 'bgsync-apps'), 'local');

/** Where an app with these packages is installed; apps with the same ones share it. */
export function install(packages: Readonly<Record<string, string>>, more: object = {}): string {
  const manifest = JSON.stringify({ name: 'app', private: true, dependencies: packages, ...more });
  const root = join(CACHE, createHash('sha256').update(manifest).digest('hex').slice(0, 10));
  if (existsSync(join(root, 'installed'))) return root;
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'package.json'), manifest);
  // react-native itself is what the runner plays: its packages' peer is left out.
  const { code, output } = installPackages(root, false);
  if (code !== 0) throw new Error(`install of ${Object.keys(packages).join(', ')}:\n${output}`);
  writeFileSync(join(root, 'installed'), '');
  return root;
}
