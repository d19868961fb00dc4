/**
 * The main job, on a machine with only Node: a scratch app gets a background sync, is checked, and runs it twice. Ends with
 * 0 only where every step ended as it must. `--host expo`: in an Expo app instead of a bare React Native one.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { BIN, scratchFolder } from '../helpers/template-app.ts';
import { HOSTS } from './apps.ts';
import type { Run } from './queue.ts';
import { showQueue } from './queue.ts';

const HANDLER = `import type { SyncQueueService } from '../modules/background-sync/src';
import { registerBackgroundSync } from '../modules/background-sync/src';

const outbox = ['note 1', 'note 2', 'photo 3', 'note 4', 'note 5'];

const queue: SyncQueueService = {
  async drainQueue(window) {
    const items = [...outbox];
    let sent = 0;
    for (const item of items) {
      if (window.signal.aborted) {
        break;
      }
      // A slow server.
      await new Promise(resolve => setTimeout(resolve, 400));
      outbox.splice(outbox.indexOf(item), 1);
      sent += 1;
      window.progress(sent, items.length);
    }
    return outbox.length;
  },
};

registerBackgroundSync({ queue });
`;

const { values } = parseArgs({ options: { host: { type: 'string', default: 'react-native' } } });
const host = HOSTS[values.host as keyof typeof HOSTS] as
  | (typeof HOSTS)[keyof typeof HOSTS]
  | undefined;
if (host === undefined) throw new Error(`--host must be one of ${Object.keys(HOSTS).join(', ')}`);

const app = scratchFolder();

const run: Run = (expected, args, env = {}) => {
  console.log(`\n$ npx bgsync ${args.join(' ')}`);
  const { status } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: app,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  console.log(`(exit ${status ?? 'by a signal'})`);
  if (status !== expected) throw new Error(`expected exit ${String(expected)}`);
};

const bgsync = (expected: number, ...args: string[]): void => run(expected, args);

try {
  host.make(app);
  console.log(`${host.title}: ${app}`);
  bgsync(0, 'init', '--yes');
  bgsync(0, 'init', '--yes');
  bgsync(0, 'doctor');
  console.log('\nA handler with five items and a slow server goes into src/background-sync.ts.');
  writeFileSync(join(app, 'src/background-sync.ts'), HANDLER);
  console.log('First the OS closes the window early:');
  bgsync(4, 'trigger', '--platform', 'local', '--expire-after', '1s');
  console.log('\nThen it gives enough time:');
  bgsync(0, 'trigger', '--platform', 'local');
  if (values.host === 'react-native') {
    const file = join(app, 'bgsync.config.json');
    const config = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...config, queue: 'op-sqlite' }, null, 2));
    bgsync(0, 'update', '--yes');
    await showQueue(app, run);
  }
  console.log('\nThe demo ended as it must.');
} finally {
  rmSync(app, { recursive: true, force: true });
}
