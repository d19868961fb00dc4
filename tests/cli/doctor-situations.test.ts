/**
 * The situations of public reports, on disk and through the built CLI, as their reporters would run it: what the bundle
 * lost (a lazy import, a name, a file that is not packed) no test of the sources sees.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MemoryFile } from '../helpers/memory-file-system.ts';
import { runCli } from '../helpers/cli.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { judgeBy } from '../unit/doctor/situations/situation.ts';
import type { Verdict } from '../unit/doctor/situations/situation.ts';

const write = (path: string, content: MemoryFile): void => {
  mkdirSync(dirname(path), { recursive: true });
  if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(path, content);
  else symlinkSync(content.link, path);
};

judgeBy((base, files) => {
  const root = mkdtempSync(join(tmpdir(), 'bgsync-situation-'));
  try {
    for (const [path, content] of Object.entries({ ...BASES[base], ...files })) {
      if (content !== undefined) write(join(root, path), content);
    }
    const { stdout, stderr } = runCli(['doctor', '--json'], root);
    if (!stdout.startsWith('{')) throw new Error(`doctor gave no report: ${stderr}`);
    return JSON.parse(stdout) as Verdict;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

const SITUATIONS = new URL('../unit/doctor/situations/', import.meta.url);
for (const name of readdirSync(fileURLToPath(SITUATIONS))) {
  if (name.endsWith('.test.ts')) await import(new URL(name, SITUATIONS).href);
}
