import { resolve } from 'node:path';
import type { Context } from './context.ts';
import { fileSystem } from './file-system.ts';
import { prompt } from './prompt.ts';
import { createReport } from './report.ts';

/** The real outside. `--cwd` moves where a command works, never the process. */
export function createContext(options: { cwd?: string }): Context {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => controller.abort(name));
  }
  const isSet = (value: string | undefined): boolean =>
    value !== undefined && value !== '' && value !== 'false' && value !== '0';
  return {
    cwd: resolve(options.cwd ?? '.'),
    env: process.env,
    fs: fileSystem,
    prompt,
    report: createReport(),
    isInteractive: process.stdin.isTTY && process.stdout.isTTY && !isSet(process.env.CI),
    signal: controller.signal,
  };
}
