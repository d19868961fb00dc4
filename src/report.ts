import type { Report } from './context.ts';

/** Standard output and error of this process. */
export function createReport(): Report {
  return {
    line: (text = '') => void process.stdout.write(`${text}\n`),
    warn: (text) => void process.stderr.write(`${text}\n`),
    raw: (text) => void process.stdout.write(text),
  };
}
