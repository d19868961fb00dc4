import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS, spawnCli } from '../helpers/cli.ts';
import { REPO, runCli } from '../helpers/template-app.ts';

/** The files of the bundle that one of them imports, itself included. */
function loadedBy(name: string, read = new Set<string>()): Set<string> {
  if (read.has(name)) return read;
  read.add(name);
  const text = readFileSync(join(REPO, 'dist', name), 'utf8');
  for (const [, other = ''] of text.matchAll(/(?:\}from|\bimport)"\.\/([\w.-]+)"/g)) {
    loadedBy(other, read);
  }
  return read;
}

test('--version is the package’s', () => {
  const { version } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as {
    version: string;
  };
  expect(runCli(['--version'], REPO)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--version is answered by a process that reads no command', () => {
  const read = loadedBy('main.js');
  const bytes = [...read].map((name) => readFileSync(join(REPO, 'dist', name)).length);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10_000);
  for (const flag of ['--version', '-v', '-V']) {
    expect(spawnCli([flag], REPO)).toEqual(runCli([flag], REPO));
  }
});

test('--help lists every command', () => {
  const { code, stdout } = runCli(['--help'], REPO);
  expect(code).toBe(0);
  for (const name of COMMANDS) expect(stdout).toContain(`  ${name} `);
});

test.each([
  [['nonsense'], 'unknown command'],
  [['init', '--nonsense'], 'unknown option'],
  [['trigger'], '--platform'],
  [['trigger', '--platform', 'windows'], 'windows'],
  [['trigger', '--platform', 'local', '--budget', '5 parsecs'], '--budget'],
  [['trigger', '--platform', 'local', '--battery', '101'], '--battery'],
  [['trigger', '--platform', 'local', '--runs', '0'], '--runs'],
  [['logs'], '--input'],
  [['logs', '--input', 'nowhere.log'], 'nowhere.log'],
  [['doctor', '--cwd', 'nowhere'], 'nowhere'],
])('bad usage %j ends with 2 and says why', (args, message) => {
  const { code, stdout, stderr } = runCli(args, REPO);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(message);
});

test('doctor is a few files, and the process of a handler has none of them', () => {
  const doctor = readdirSync(join(REPO, 'dist')).find((name) => /^doctor-\w{8}\.js$/.test(name));
  const read = new Set([...loadedBy('index.js'), ...loadedBy(doctor ?? '')]);
  expect([...read]).toEqual(expect.arrayContaining(['base.js', 'shared.js', 'checks.js']));
  expect(read.size).toBeLessThan(15);
  const child = loadedBy('local-child.js');
  expect(['base.js', 'shared.js', 'checks.js'].filter((name) => child.has(name))).toEqual([]);
});
