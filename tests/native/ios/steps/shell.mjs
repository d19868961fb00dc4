import { spawnSync } from 'node:child_process';

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

/** The last lines, for a message. */
export function tail(output, lines = 30) {
  return output.trimEnd().split('\n').slice(-lines).join('\n');
}
