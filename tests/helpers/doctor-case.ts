/**
 * Cases for doctor's checks, in memory. A check's test file is, as a rule, one call:
 *
 *     describeCheck('A16', {
 *       base: 'react-native',
 *       triggers: { 'withTimeout in a worker': { files: { [WORKER]: '…' }, at: `${WORKER}:12` } },
 *       near: { 'withTimeoutOrNull': { [WORKER]: '…' } },
 *     });
 *
 * Files are laid over a sound app (doctor-bases.ts; `undefined` takes one away). The whole catalogue runs: `triggers` must
 * yield this check and nothing else, `near` nothing at all.
 */
import { describe, expect, test } from 'vitest';
import { CHECKS } from '../../src/doctor/checks/index.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { runRepoChecks } from '../../src/doctor/run-repo.ts';
import type { DoctorResult } from '../../src/doctor/run.ts';
import { BASES } from './doctor-bases.ts';
import type { Base } from './doctor-bases.ts';
import { memoryFileSystem } from './memory-file-system.ts';
import type { MemoryFile } from './memory-file-system.ts';

/** By path, relative to the app's root. */
export type Files = Readonly<Record<string, MemoryFile | undefined>>;

export interface Trigger {
  readonly files: Files;
  /** Where it must be found: `path` or `path:line`; several for several findings. */
  readonly at: string | readonly string[];
  /** Part of the first finding's message. */
  readonly message?: string;
  /** Over another base than the others. */
  readonly base?: Base;
}

export interface CheckCases {
  readonly base: Base;
  /** By what they show. */
  readonly triggers: Readonly<Record<string, Trigger>>;
  /** Close, and sound. */
  readonly near: Readonly<Record<string, Files>>;
}

const ROOT = '/app';

/** Runs the whole catalogue over a base with these files on top. */
export async function diagnose(base: Base, files: Files = {}): Promise<DoctorResult> {
  const tree: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries({ ...BASES[base], ...files })) {
    if (content !== undefined) tree[`${ROOT}/${path}`] = content;
  }
  return runRepoChecks(CHECKS, await openRepo(memoryFileSystem(tree), ROOT));
}

export function describeCheck(id: string, { base, triggers, near }: CheckCases): void {
  describe(id, () => {
    test.each(Object.entries(triggers))('finds: %s', async (_name, trigger) => {
      const { findings, couldNotRun } = await diagnose(trigger.base ?? base, trigger.files);
      expect(couldNotRun).toEqual([]);
      expect([...new Set(findings.map((finding) => finding.id))]).toEqual([id]);
      const places = [trigger.at].flat();
      expect(
        findings.map(({ file, line }, index) =>
          places[index]?.includes(':') === true ? `${file}:${line ?? '-'}` : file,
        ),
      ).toEqual(places);
      if (trigger.message !== undefined) expect(findings[0]?.message).toContain(trigger.message);
    });

    test.each(Object.entries(near))('leaves alone: %s', async (_name, files) => {
      const { findings, couldNotRun } = await diagnose(base, files);
      expect(couldNotRun).toEqual([]);
      expect(findings).toEqual([]);
    });
  });
}
