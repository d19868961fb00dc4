import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.mjs';
import { ROOT } from './tools.mjs';

/** Where `bgsync init` puts the package, in the app of a build. */
export const packageIn = (directory) => join(directory, 'app/modules/background-sync');

/**
 * Puts the package into template apps with the built CLI, for `packageIn` of each directory.
 *
 * @param {readonly { directory: string, host: string, architecture: string, variant?: string }[]} apps
 */
export async function initPackages(apps) {
  const args = apps.flatMap(({ directory, host, architecture, variant = architecture }) => [
    join(directory, 'app'),
    host,
    variant,
  ]);
  await exec(process.execPath, ['--import', 'tsx', 'tests/helpers/init-app.ts', ...args], {
    cwd: ROOT,
  });
}

/** Renders the package without an app, where only its own text matters. */
export async function renderPackage(out, overrides) {
  rmSync(out, { recursive: true, force: true });
  const args = ['tests/helpers/generate.ts', out, JSON.stringify(overrides)];
  await exec(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT });
  return out;
}

export function filesUnder(directory, extension) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The Kotlin of one build variant: a release sees `main` only. */
export const kotlinOf = (packageDir, variant) =>
  (variant === 'debug' ? ['main', 'debug'] : ['main']).flatMap((set) =>
    filesUnder(join(packageDir, 'android/src', set), '.kt'),
  );
