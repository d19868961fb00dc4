import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const CONFIG = 'react-native.config.js';
const moved = (platform: string, folder: string): string =>
  `module.exports = {\n  project: {\n    ${platform}: { sourceDir: ${folder} },\n  },\n};\n`;

function move(app: TestApp, from: string, to: string): void {
  app.write(`${to}/.keep`, '');
  app.remove(to);
  renameSync(join(app.root, from), join(app.root, to));
}

test.each([
  ['android', 'native/droid', "'./native/droid'"],
  ['android', 'droid', "require('path').join(__dirname, 'droid')"],
  ['ios', 'apple', "'apple/'"],
])('an app whose %s project is in %s is refused, and nothing is written', (platform, to, value) => {
  const app = testApp();
  move(app, platform, to);
  app.write(CONFIG, moved(platform, value));
  const before = readTree(app.root);
  const said = `${CONFIG}:3: project.${platform}.sourceDir is ${to}`;
  for (const command of [
    ['init', '--yes'],
    ['init', '--dry-run'],
    ['init', '--yes', '--json'],
  ]) {
    const { code, stdout, stderr } = app.run(...command);
    expect([code, stdout + stderr]).toEqual([2, expect.stringContaining(said)]);
  }
  expect(changedPaths(before, readTree(app.root))).toEqual([]);

  // By hand, as the hint says.
  move(app, to, platform);
  app.write(CONFIG, 'module.exports = {};\n');
  app.init();
  expect(app.run('doctor').code).toBe(0);
});

test('every command says the same of a project that was moved after init, and remove still works', () => {
  const app = testApp();
  const before = readTree(app.root);
  app.init();
  move(app, 'ios', 'native/apple');
  app.rewrite(CONFIG, (text) =>
    text.replace(
      'dependencies: {',
      "project: { ios: { sourceDir: 'native/apple' } },\n  dependencies: {",
    ),
  );
  const said = 'project.ios.sourceDir is native/apple';
  for (const command of [['diff'], ['update', '--yes'], ['init', '--yes']]) {
    expect(app.run(...command)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(said) as string,
    });
  }
  const doctor = app.run('doctor');
  expect(doctor).toMatchObject({ code: 1, stdout: expect.stringContaining(said) as string });
  expect(doctor.stdout).toContain('X05');

  move(app, 'native/apple', 'ios');
  app.rewrite(CONFIG, (text) => text.replace(/ *project: .*\n/, '').replace('{  dep', '{\n  dep'));
  app.remove('native');
  expect(app.run('diff').code).toBe(0);
  expect(app.run('remove', '--yes', '--force').code).toBe(0);
  expect(changedPaths(before, readTree(app.root))).toEqual([]);
});

test.each([
  ['android', "'./android'"],
  ['android', 'process.env.ANDROID_DIR'],
  ['ios', "'.'"],
  ['ios', "'./ios/'"],
])(
  '%s.sourceDir that names the usual folder, or what is not known, is none: %s',
  (platform, value) => {
    const app = testApp();
    app.write(CONFIG, moved(platform, value));
    app.init();
    expect(app.run('doctor').code).toBe(0);
  },
);
