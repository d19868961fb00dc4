import { cpSync, mkdtempSync, readdirSync, renameSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export { BIN, REPO, runCli, spawnCli, startCli } from './cli.ts';
export type { CliResult } from './cli.ts';

/** React Native versions whose template is a devDependency. */
export const TEMPLATE_VERSIONS = ['0.77', '0.79', '0.81', '0.83', '0.85', '0.87'] as const;
export type TemplateVersion = (typeof TEMPLATE_VERSIONS)[number];

const require = createRequire(import.meta.url);

/** `_gitignore`, or `gitignore` in Expo's: npm would not publish them under their own names. */
export function restoreDotFiles(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name === 'node_modules') continue;
    if (entry.isDirectory() && !entry.name.startsWith('_')) restoreDotFiles(path);
    else if (/^(?:_[a-z]|gitignore$)/.test(entry.name) && entry.name !== '__tests__') {
      renameSync(path, join(folder, `.${entry.name.replace('_', '')}`));
    }
  }
}

/** A new folder under the system's temporary one; the caller removes it. */
export const scratchFolder = (): string => mkdtempSync(join(tmpdir(), 'bgsync-'));

/** Makes the app that `npx @react-native-community/cli init` would make, nothing installed. */
export function makeTemplateApp(version: TemplateVersion, folder: string): void {
  const name = `rn-template-${version.replace('.', '')}`;
  const template = join(dirname(require.resolve(`${name}/package.json`)), 'template');
  cpSync(template, folder, { recursive: true });
  restoreDotFiles(folder);
}
