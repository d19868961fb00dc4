import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Adb, AdbDevice } from '../../src/devices/android/adb.ts';
import { exec } from '../../src/exec.ts';
import { ADB_IS_THERE, AdbServer } from '../helpers/adb-server.ts';
import { scratch } from '../helpers/device-cli.ts';
import { FakeAdbd } from '../helpers/fake-adbd.ts';

const run = promisify(execFile);
const STRINGS = 1000;

function hasMksh(): boolean {
  try {
    execFileSync('mksh', ['-c', 'true']);
    return true;
  } catch {
    process.stderr.write(
      '\n*** SKIPPED: the quoting test. mksh is not in PATH (Debian: apt-get install mksh). ***\n\n',
    );
    return false;
  }
}

/** Whatever a shell might take for something else, in any order. */
const hostile = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...' \'"\\$`!*?[]{}()<>|&;#~=%^\n\t\r-a0.:@é漢😀'.match(/[^]/gu)!),
    maxLength: 40,
  }),
  fc.constantFrom(
    '$(reboot)',
    '`reboot`',
    "'; reboot; '",
    '${IFS}',
    '~root',
    'a\nb',
    '-n',
    '--',
    '#',
    '*',
    "\\'",
  ),
);

/**
 * The real adb carries the line to the device, and a real mksh, Android's shell, takes it apart: `am` and `cmd` are
 * stubs that write down their argv.
 */
it.skipIf(!ADB_IS_THERE || !hasMksh())(
  `${STRINGS} strings of shell metacharacters arrive as they were`,
  { timeout: 300_000 },
  async () => {
    const { path, remove } = scratch();
    const argvFile = join(path, 'argv');
    for (const name of ['am', 'cmd']) {
      const stub = join(path, name);
      writeFileSync(stub, `#!/bin/sh\nprintf '%s\\0' ${name} "$@" > '${argvFile}'\n`);
      chmodSync(stub, 0o755);
    }
    const adbd = new FakeAdbd({
      model: 'Shell',
      onShell: (call) => {
        run('mksh', ['-c', call.line], { env: { PATH: `${path}:/usr/bin:/bin` }, cwd: path }).then(
          () => call.exit(0),
          () => call.exit(1),
        );
      },
    });
    const server = await AdbServer.start();
    try {
      const serial = await server.connect(adbd);
      const adb = new Adb('adb', {
        exec,
        env: server.env,
        signal: new AbortController().signal,
      });
      const device = new AdbDevice(adb, serial);
      const strings = fc.sample(fc.tuple(hostile, hostile, hostile), { numRuns: STRINGS, seed: 7 });
      for (const [index, [task, app, id]] of strings.entries()) {
        const argv =
          index % 2 === 0
            ? ['am', 'broadcast', '-n', `${app}/x`, '--es', 'run', id, '--es', 'job', task]
            : ['cmd', 'jobscheduler', 'run', '-n', task, app, id];
        await device.shell(argv);
        expect(readFileSync(argvFile, 'utf8').split('\0').slice(0, -1)).toEqual(argv);
      }
    } finally {
      await adbd.drop();
      await server.stop();
      remove();
    }
  },
);
