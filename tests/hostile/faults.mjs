/**
 * What bgsync must never do, done: each property of the suite is tried with one of these before the trees are, as a check
 * that cannot fail proves nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const secretOf = (cwd) => readFileSync(join(cwd, '../outside/.npmrc'), 'utf8');

const FAULTS = {
  writesOutside: (cwd) => writeFileSync(join(cwd, '../outside/.zshenv'), 'pwned'),
  runsProgram: (cwd) => writeFileSync(join(cwd, '../outside/pwned'), ''),
  writesHook: (cwd) => writeFileSync(join(cwd, '.git/config'), '[core]\n\tfsmonitor = x\n'),
  readsOutside: (cwd) => void secretOf(cwd),
  printsSecret: (cwd, answer) => (answer.stderr += secretOf(cwd)),
  copiesSecret: (cwd) => writeFileSync(join(cwd, 'copy'), secretOf(cwd)),
  obeys: (_cwd, answer) => (answer.stdout += '\u001b[2J'),
  bug: (_cwd, answer) => (answer.code = 70),
  silent: (_cwd, answer) => Object.assign(answer, { code: 2, stdout: '', stderr: '' }),
  dies: () => process.kill(process.pid, 'SIGKILL'),
  hangs: () => {
    for (;;);
  },
  slow() {
    const { user } = process.cpuUsage();
    while (process.cpuUsage().user < user + 3.2e6) for (let n = 0; n < 1e7; n += 1);
  },
  large: () => void Buffer.alloc(600 << 20, 1),
};

export const commit = (fault, cwd, answer) => void FAULTS[fault](cwd, answer);

// For a process of its own, as `--import`: its command's fault is done as it ends.
const { BGSYNC_HOSTILE_FAULT: named } = process.env;
if (named !== undefined) {
  process.on('exit', () => commit(named, process.cwd(), { stdout: '', stderr: '' }));
}
