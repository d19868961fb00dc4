/**
 * What bgsync must never do, done: each property of the suite is tried with one of these before the trees are, as a check
 * that cannot fail proves nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const rewrite = (cwd, path, change) =>
  writeFileSync(join(cwd, path), change(readFileSync(join(cwd, path), 'utf8')));

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
  // In what is in flow style. `remove` takes it out as neatly as it came: what is wrong is its place.
  splicesPubspec(cwd, _answer, command) {
    const [from, to] = ['sdk: flutter }', 'sdk: flutter, background_sync: { path: . } }'];
    rewrite(cwd, 'pubspec.yaml', (text) =>
      command === 'init' ? text.replace(from, to) : text.replace(to, from),
    );
  },
  leavesExport(cwd, _answer, command) {
    if (command !== 'remove') return;
    const line = "export 'background_sync.dart' show backgroundSyncMain;\n";
    rewrite(cwd, 'lib/main.dart', (text) => text + line);
  },
  writesLock(cwd, _answer, command) {
    if (command !== 'init') return;
    rewrite(cwd, 'packages/background_sync/bgsync.lock.json', (text) =>
      text.replaceAll(/"sha256": "[0-9a-f]/g, '"sha256": "x'),
    );
  },
  cutsPlist(cwd, _answer, command) {
    if (command !== 'init') return;
    rewrite(cwd, 'ios/HelloWorld/Info.plist', (text) =>
      text.replace(/\t<key>CFBundleDisplayName<.*\n.*\n/, ''),
    );
  },
};

/** @param command the first word of it */
export const commit = (fault, cwd, answer, command) => void FAULTS[fault](cwd, answer, command);

// For a process of its own, as `--import`: its command's fault is done as it ends.
const { BGSYNC_HOSTILE_FAULT: named } = process.env;
if (named !== undefined) {
  process.on('exit', () => commit(named, process.cwd(), { stdout: '', stderr: '' }));
}
