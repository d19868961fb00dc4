/**
 * Loaded into the CLI's process by the crash test (`--import`): counts the operations that change files, and kills the
 * process, as `kill -9` does, at number BGSYNC_CRASH_AT. A write that is hit has written half of its content. At its
 * end a process that was not killed writes how many there were to the file BGSYNC_CRASH_COUNT.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env.BGSYNC_CRASH_AT);
const countFile = process.env.BGSYNC_CRASH_COUNT;
let operations = 0;

const die = () => {
  process.kill(process.pid, 'SIGKILL');
  // SIGKILL is delivered before this returns to JavaScript's queue; nothing after it may run.
  for (;;);
};

/** @param {Record<string, (...args: unknown[]) => unknown>} owner */
function count(owner, name, isChange = () => true, half = undefined) {
  const real = owner[name];
  owner[name] = function (...args) {
    if (isChange(...args)) {
      operations += 1;
      if (operations === killAt) {
        half?.call(this, ...args);
        die();
      }
    }
    return real.apply(this, args);
  };
}

const isWriting = (_path, flags = 'r') => flags !== 'r';
const halfOf = (content) => content.slice(0, Math.floor(content.length / 2));

const handle = await fs.promises.open(import.meta.filename, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
count(prototype, 'writeFile', undefined, function (content) {
  fs.writeSync(this.fd, halfOf(content));
});
count(prototype, 'chmod');
count(prototype, 'sync');

for (const name of ['rename', 'rm', 'rmdir', 'link', 'unlink', 'mkdir', 'chmod']) {
  count(fs.promises, name);
}
count(fs.promises, 'open', isWriting);
count(fs.promises, 'writeFile', undefined, (path, content, options) => {
  fs.writeFileSync(path, halfOf(content), options);
});
syncBuiltinESMExports();

if (countFile !== undefined) {
  process.on('exit', () => fs.writeFileSync(countFile, String(operations)));
}
