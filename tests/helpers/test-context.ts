import { Readable } from 'node:stream';
import type { Context } from '../../src/context.ts';
import { exec } from '../../src/exec.ts';
import { fileSystem } from '../../src/file-system.ts';

/** The real files and processes, no one to ask, and words that go nowhere: what a test needs otherwise it says. */
export function testContext(own: Partial<Context> & Pick<Context, 'cwd'>): Context {
  const unexpected = (question: string): Promise<never> =>
    Promise.reject(new Error(`an unexpected question: ${question}`));
  return {
    base: own.cwd,
    shell: own.cwd,
    env: {},
    platform: process.platform,
    openStdin: () => Readable.from([]),
    fs: fileSystem,
    exec,
    prompt: { confirm: unexpected, select: unexpected },
    report: quietReport({}),
    isInteractive: false,
    signal: new AbortController().signal,
    heed: (work) => work(),
    ...own,
  };
}

/** A report whose words go nowhere, but for these. */
export const quietReport = (own: Partial<Context['report']>): Context['report'] => ({
  line: () => undefined,
  warn: () => undefined,
  raw: () => undefined,
  idle: () => undefined,
  closed: new AbortController().signal,
  ...own,
});
