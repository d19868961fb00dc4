import { spawn, spawnSync } from 'node:child_process';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, seconds?: number }} [options]
 * @returns {{ status: number, output: string }} both streams; 124 where the time was over
 */
export function run(command, args, { cwd, env, seconds = 600 } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: seconds * 1000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined && result.error.code !== 'ETIMEDOUT') throw result.error;
  return {
    status: result.status ?? 124,
    output: `${result.stdout ?? ''}${result.stderr ?? ''}`,
  };
}

/**
 * As {@link run}, with others beside it.
 *
 * @returns {Promise<{ status: number, output: string }>}
 */
export function runBeside(command, args, { cwd, env, seconds = 600 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
    });
    let output = '';
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status: status ?? 124, output }));
  });
}

/** For `swift build` and `swift run`: an index, which editors read, is a third of the time of a build. */
export const NO_INDEX = '--disable-index-store';

/** The last lines, for a message. */
export function tail(output, lines = 30) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
