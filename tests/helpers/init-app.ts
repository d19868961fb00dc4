/**
 * Makes template apps and puts the background sync into each with the built CLI, for the suites that compile what it
 * generates: `tsx tests/helpers/init-app.ts APP VERSION [old|renamed|retired|several] ...`, three of these for each app where
 * there are several. `old`: on the old architecture; `renamed`: the app had the task id `dev.bgsync.old` before; `retired`: so
 * it had, and then `bgsync remove --retire` was run; `several`: it has further syncs, and constraints of each.
 */
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeTemplateApp, runCli } from './template-app.ts';
import type { TemplateVersion } from './template-app.ts';

function makeApp(app: string, version: TemplateVersion, variant?: string): void {
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app, { recursive: true });
  makeTemplateApp(version, app);
  if (variant === 'old') {
    // The last entry of a properties file counts.
    appendFileSync(join(app, 'android/gradle.properties'), '\nnewArchEnabled=false\n');
  }

  const bgsync = (...args: string[]): void => {
    const { code, stdout, stderr } = runCli([...args, '--yes', '--allow-dirty'], app);
    if (code !== 0) {
      throw new Error(`${args.join(' ')} ended with ${code ?? 'a signal'}:\n${stdout}${stderr}`);
    }
  };

  if (variant === 'renamed' || variant === 'retired') {
    bgsync('init', '--task-id', 'dev.bgsync.old');
    const config = join(app, 'bgsync.config.json');
    const text = readFileSync(config, 'utf8');
    writeFileSync(config, text.replace('dev.bgsync.old', 'dev.bgsync.processing'));
  }
  if (variant === 'several') {
    bgsync('init');
    const config = join(app, 'bgsync.config.json');
    const settings = JSON.parse(readFileSync(config, 'utf8')) as object;
    const constraints = { network: 'notRoaming', charging: true, batteryNotLow: true };
    const tasks = [
      { name: 'photos', constraints: { network: 'unmetered', storageNotLow: true } },
      { name: 'logs', schedule: { intervalMinutes: 720 }, constraints: { deviceIdle: true } },
    ];
    writeFileSync(config, JSON.stringify({ ...settings, constraints, tasks }));
  }
  bgsync('init');
  if (variant === 'retired') bgsync('remove', '--retire');
}

const args = process.argv.slice(2);
for (let at = 0; at === 0 || at < args.length; at += 3) {
  const [app, version, variant] = args.slice(at, at + 3);
  if (app === undefined || version === undefined)
    throw new Error('usage: init-app APP VERSION [old|renamed|retired|several] ...');
  makeApp(app, version as TemplateVersion, variant);
}
