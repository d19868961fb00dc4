/** The process of the handler, which may do anything: bgsync ends, what it says is shown, and nothing lives on. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalApp, handlerOf, runCli, startCli } from '../helpers/local-app.ts';

/** What only Node can do comes through a stand-in: the handler's own world is a phone. */
const NODE_SIDE = `
  export { spawn } from 'node:child_process';
  export { writeFileSync } from 'node:fs';
  import nodeProcess from 'node:process';
  export { nodeProcess as process };`;

const appOf = (body: string): string =>
  createLocalApp(
    {
      'src/background-sync.ts': handlerOf(
        body,
        "import { process, spawn, writeFileSync } from 'node-side';",
      ),
      'local/node-side.ts': NODE_SIDE,
    },
    { local: { alias: { 'node-side': 'local/node-side.ts' } } },
  );

const trigger = (root: string, ...args: string[]) =>
  runCli(['trigger', '--platform', 'local', ...args], { cwd: root });

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Waits for what has to come; the test's own limit ends it. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The numbers that the handler leaves in a file once it runs. */
async function pidsOf(root: string): Promise<number[]> {
  const file = join(root, 'pids');
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  return readFileSync(file, 'utf8').trim().split(' ').map(Number);
}

const isPosix = process.platform !== 'win32';

describe.concurrent('the last words', () => {
  const lines =
    "for (let n = 1; n <= 1000; n += 1) console.log('line ' + n + ' ' + 'x'.repeat(300));";

  it.each([
    ['of a handler that returns', `${lines} return 0;`, 0],
    ['before the process ends itself', `${lines} process.exit(0);`, undefined],
    ['before an endless loop', `${lines} while (true);`, 4],
    ['before it is killed', `${lines} process.kill(process.pid, 'SIGKILL');`, undefined],
  ])('%s are all shown', async (_when, body, code) => {
    const result = await trigger(appOf(body), '--budget', '5s');
    const shown = result.stderr.match(/\| line \d+/g) ?? [];
    expect(shown.length).toBe(1000);
    expect(shown.at(-1)).toBe('| line 1000');
    if (code !== undefined) expect(result.code).toBe(code);
  });
});

describe.runIf(isPosix).concurrent('processes that the handler starts', () => {
  it.each([
    ['with its output', "spawn('sleep', ['300'], { stdio: 'inherit' })"],
    [
      'with its output, in a group of their own',
      "spawn('sleep', ['20'], { stdio: 'inherit', detached: true })",
    ],
  ])('%s do not hold bgsync up', async (_how, start) => {
    const root = appOf(
      `const child = ${start}; child.unref(); writeFileSync('pids', child.pid + '\\n'); return 0;`,
    );
    const { code, stdout } = await trigger(root);
    expect(code).toBe(0);
    expect(stdout).toContain('done');
    const [pid = 0] = await pidsOf(root);
    if (start.includes('detached')) process.kill(pid, 'SIGKILL');
    else await until(() => !isAlive(pid));
  });

  it.each(['SIGKILL', 'SIGHUP', 'SIGTERM', 'SIGINT'] as const)(
    'end with bgsync, as a handler in an endless loop does: %s',
    async (signal) => {
      const root = appOf(
        `const child = spawn('sleep', ['300']); writeFileSync('pids', process.pid + ' ' + child.pid + '\\n'); while (true);`,
      );
      const bgsync: ChildProcess = startCli(
        ['trigger', '--platform', 'local', '--budget', '5m'],
        root,
      );
      const ended = new Promise((resolve) => bgsync.once('exit', resolve));
      const [handler = 0, child = 0] = await pidsOf(root);
      expect([isAlive(handler), isAlive(child)]).toEqual([true, true]);
      bgsync.kill(signal);
      expect(await ended).toBe(signal === 'SIGKILL' ? null : 130);
      await until(() => !isAlive(handler) && !isAlive(child));
    },
  );
});
