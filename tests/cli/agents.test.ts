import { rmSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { LOCK_FILE, decodeBase, parseLockFile } from '../../src/plan/lock-file.ts';
import { MODULE, appIn, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { runCli, scratchFolder } from '../helpers/template-app.ts';

/** AGENTS.md of the generated package: what a coding agent is told, held to what is there. */

function appMadeBy(make: (root: string) => void): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  make(root);
  return appIn(root);
}

const HOSTS = {
  'React Native': { make: () => testApp(), folder: MODULE },
  Expo: { make: () => appMadeBy((root) => makeExpoFixture(root)), folder: MODULE },
  Flutter: {
    make: () => appMadeBy((root) => makeFlutterApp(root, '3.44')),
    folder: 'packages/background_sync',
  },
};

/** Of `npx bgsync trigger --platform local # …`: `trigger`, and the options. */
const commandsIn = (text: string): { command: string; options: string[] }[] =>
  [...text.matchAll(/npx bgsync ([a-z]+)([^\n`#]*)/g)].map(([, command = '', rest = '']) => ({
    command,
    options: rest.match(/--[a-z-]+/g) ?? [],
  }));

test.each(Object.entries(HOSTS))('%s: names what is there', (_host, { make, folder }) => {
  const app = make();
  app.run('init', '--yes');
  const text = app.read(`${folder}/AGENTS.md`);
  const { handler } = JSON.parse(app.read('bgsync.config.json')) as { handler: string };
  expect(text).toContain(`\`${handler}\``);
  expect(app.read(handler)).not.toBe('');
  const commands = commandsIn(text);
  expect(commands.map(({ command }) => command)).toContain('doctor');
  for (const name of new Set(commands.map(({ command }) => command))) {
    const help = runCli([name, '--help'], app.root);
    expect(help.code).toBe(0);
    for (const { command, options } of commands)
      for (const option of command === name ? options : [])
        expect(help.stdout, command).toContain(option);
  }
  // Of a Flutter app the local platform runs nothing.
  expect(text.includes('--platform local')).toBe(!handler.endsWith('.dart'));
});

test('its commands end as it says, in an app that was just set up', () => {
  const app = testApp();
  app.init();
  const lines = [
    ...app.read(`${MODULE}/AGENTS.md`).matchAll(/^npx bgsync (trigger|doctor|diff)(.*)$/gm),
  ];
  expect(lines.length).toBeGreaterThan(4);
  for (const [, command = '', rest = ''] of lines) {
    const args = rest.trim().split(' ').filter(Boolean);
    expect(app.run(command, ...args), `${command}${rest}`).toMatchObject({ code: 0 });
  }
});

test('it names the queue where there is one, and only there', () => {
  const app = testApp();
  app.init('--queue', 'custom');
  expect(app.read(`${MODULE}/AGENTS.md`)).toContain('`src/sync-queue.ts`');
});

test('an app that an earlier bgsync set up gets it by update, and loses it by remove', () => {
  const app = testApp();
  app.init();
  const lockPath = `${MODULE}/${LOCK_FILE}`;
  const lock = parseLockFile(app.read(lockPath))!;
  const { 'AGENTS.md': agents, ...files } = lock.files;
  expect(decodeBase(agents!)).toBe(app.read(`${MODULE}/AGENTS.md`));
  app.write(lockPath, `${JSON.stringify({ ...lock, files }, null, 2)}\n`);
  app.remove(`${MODULE}/AGENTS.md`);
  expect(app.run('diff')).toMatchObject({ code: 4 });
  expect(app.run('update', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(app.read(`${MODULE}/AGENTS.md`)).toContain('For coding agents');

  expect(app.run('remove', '--retire', '--yes')).toMatchObject({ code: 0 });
  expect(() => app.read(`${MODULE}/AGENTS.md`)).toThrow('ENOENT');
});
