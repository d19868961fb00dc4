/**
 * The thread in which `runCli` runs the built CLI: `run(argv, outside)` with the real files and programs, an environment
 * of its own, and what it says kept. The caller waits for the number at `state`.
 */
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { workerData } from 'node:worker_threads';

const { port, state, program } = workerData;
const { run, realOutside } = await import(program);
// Once: it listens to the streams of the process.
const outside = realOutside();

async function answer({ args, cwd, env, input }) {
  let stdout = '';
  let stderr = '';
  const code = await run(args, {
    ...outside,
    cwd,
    env,
    openStdin: () => Readable.from([Buffer.from(input)]),
    report: {
      line: (text = '') => (stdout += `${text}\n`),
      warn: (text) => (stderr += `${text}\n`),
      raw: (text) => (stdout += text),
      idle: () => undefined,
      closed: new AbortController().signal,
    },
    isInteractive: false,
    signals: new EventEmitter(),
    exit: () => undefined,
  });
  return { code, stdout, stderr };
}

port.on('message', async (request) => {
  let result;
  try {
    result = await answer(request);
  } catch (error) {
    result = { code: null, stdout: '', stderr: `run() threw: ${error?.stack ?? error}` };
  }
  port.postMessage(result);
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
});
