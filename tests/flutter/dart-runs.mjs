import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What the VM writes before and after each job: nobody else writes it. */
const MARK = '\u0001bgsync ';

/** What never ends must not hang the suite. Milliseconds. */
const LIMIT = 900_000;

/**
 * @typedef {object} DartJob
 * @property {string} name
 * @property {string} packages the file that says where packages are
 * @property {string} file
 * @property {string[]} args
 * @property {(result: { isCompiled: boolean, problem: string | undefined, output: string }) => string | undefined} judge
 */

function start(vm, args, env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(vm.command, [...vm.args, ...args], { env: { ...process.env, ...env } });
    let output = '';
    const limit = setTimeout(() => child.kill('SIGKILL'), LIMIT);
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(limit);
      resolve({ status, output });
    });
  });
}

/**
 * Compiles a Dart file, and what it imports, without running it.
 *
 * @returns {Promise<string | undefined>} what is wrong with it
 */
export async function compileDart(vm, packages, file, program) {
  const options = ['--snapshot-kind=kernel', `--snapshot=${program}`, `--packages=${packages}`];
  const { status, output } = await start(vm, [...options, file]);
  return status === 0 ? undefined : output;
}

/**
 * Runs each job in an isolate of its own, in two VMs: one that has SQLCipher, and one that has SQLite. To start a VM and to
 * warm its compiler costs five seconds, and a program then one.
 *
 * @param {ReturnType<typeof import('./dart-vm.mjs').dartVm>} vm
 * @param {readonly DartJob[]} jobs
 * @param {string} folder where tests may write
 * @param {(name: string, problem: string | undefined) => void} check
 */
export async function runDart(vm, jobs, folder, check) {
  const driver = join(fileURLToPath(new URL('.', import.meta.url)), 'dart/driver.dart');
  const needsCipher = ({ args }) => args.includes('sqlcipher');
  const groups = [
    [vm.sqlite, jobs.filter((job) => !needsCipher(job))],
    [vm.sqlcipher, jobs.filter(needsCipher)],
  ];
  const work = async ([sqlite, list]) => {
    if (list.length === 0) return;
    const told = list.map(({ packages, file, args }) => JSON.stringify({ packages, file, args }));
    const env = { BGSYNC_SQLITE3: sqlite, BGSYNC_SUPPORT: join(folder, 'support') };
    const { status, output } = await start(vm, [driver, ...told], env);
    for (const [at, { name, judge }] of list.entries()) {
      const [, text] = output.split(`${MARK}begin ${at}\n`);
      const [own = '', rest] = (text ?? '').split(`${MARK}end ${at} `);
      if (rest === undefined) {
        check(name, `it has no result: the VM ended with ${status}\n${own || output}`);
        continue;
      }
      const { isCompiled, problem } = JSON.parse(rest.slice(0, rest.indexOf('\n')));
      const counts = /^\d+ passed, \d+ failed$/m.exec(own);
      const label = counts === null || name.startsWith('red: ') ? name : `${name}: ${counts[0]}`;
      check(label, judge({ isCompiled, problem: problem ?? undefined, output: own }));
    }
  };
  await Promise.all(groups.map(work));
}
