import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './install-packages.ts';
import { makeTemplateApp } from './template-app.ts';
import type { TemplateVersion } from './template-app.ts';

const SQLITE = '@op-engineering/op-sqlite';

/** What the queue's driver needs in an app, for SQLCipher. */
export const QUEUE_PACKAGES: Readonly<Record<string, string>> = {
  [SQLITE]: '18.2.5',
  'react-native-keychain': '10.0.0',
};

/**
 * The app as `init` of the React Native CLI makes it, with its packages installed. What a folder has installed is kept.
 *
 * @param packages besides the template's own
 * @throws where npm has not all of them
 */
export function makeInstalledTemplate(
  version: TemplateVersion,
  app: string,
  packages: Readonly<Record<string, string>> = {},
): void {
  mkdirSync(app, { recursive: true });
  for (const name of readdirSync(app)) {
    if (name !== 'node_modules') rmSync(join(app, name), { recursive: true, force: true });
  }
  makeTemplateApp(version, app);
  const manifest = join(app, 'package.json');
  const content = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: object };
  Object.assign(content.dependencies, packages);
  if (SQLITE in packages) Object.assign(content, { 'op-sqlite': { sqlcipher: true } });
  writeFileSync(manifest, `${JSON.stringify(content, null, 2)}\n`);
  const needed = ['react-native', ...Object.keys(packages)];
  if (needed.every((name) => existsSync(join(app, 'node_modules', name, 'package.json')))) return;
  console.log(`installing the packages of React Native ${version} …`);
  const { code, output } = installPackages(app);
  if (code !== 0) {
    throw new Error(`the install failed:\n${output.split('\n').slice(-40).join('\n')}`);
  }
}
