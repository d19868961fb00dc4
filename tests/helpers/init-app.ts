/**
 * Makes a template app and puts the background sync into it with the built CLI, for the suites that compile what it
 * generates: `tsx tests/helpers/init-app.ts APP VERSION [old]`
 */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemplateApp, runCli } from './template-app.ts';
import type { TemplateVersion } from './template-app.ts';

const [app, version, architecture] = process.argv.slice(2);
if (app === undefined || version === undefined) throw new Error('usage: init-app APP VERSION [old]');
rmSync(app, { recursive: true, force: true });
mkdirSync(app, { recursive: true });
makeTemplateApp(version as TemplateVersion, app);
if (architecture === 'old') {
  // The last entry of a properties file counts.
  appendFileSync(join(app, 'android/gradle.properties'), '\nnewArchEnabled=false\n');
}
const { code, stdout, stderr } = runCli(['init', '--yes'], app);
if (code !== 0) throw new Error(`init ended with ${code ?? 'a signal'}:\n${stdout}${stderr}`);
