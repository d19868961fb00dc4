import { VERSION } from '../version.ts';
import { inEndingsOf, sameText } from './line-endings.ts';
import { LOCK_FILE, decodeBase } from './lock-file.ts';
import type { LockFile } from './lock-file.ts';
import { hasConflictMarks, mergeTexts } from './merge.ts';
import { sha256 } from './plan.ts';
import type { Drift, DriftCause, FileChange, ManualStep } from './plan.ts';
import { isAsGenerated, saysTheSame } from './reformatted.ts';

export interface PackagePlan {
  readonly changes: FileChange[];
  readonly manual: ManualStep[];
  readonly kept: string[];
  readonly conflicts: string[];
  readonly drift: Drift[];
}

/**
 * What becomes of the generated package's files: one that the user has not touched is replaced, one that he has is
 * merged with what is new, one that is no longer generated goes.
 *
 * @param files what is generated today, by path inside the package
 * @param locked what was generated before, maybe in another folder
 */
export async function planPackage(
  read: (path: string) => Promise<string | undefined>,
  folder: string,
  files: ReadonlyMap<string, string>,
  locked: LockFile | undefined,
): Promise<PackagePlan> {
  const plan: PackagePlan = { changes: [], manual: [], kept: [], conflicts: [], drift: [] };
  const oldFolder = locked?.moduleDir ?? folder;
  const cause: DriftCause = locked?.bgsync === VERSION ? 'config change' : 'new version';
  const news =
    locked?.bgsync === VERSION
      ? 'the config changed'
      : `bgsync ${locked?.bgsync ?? ''} → ${VERSION}`;

  for (const [name, generated] of files) {
    const path = `${folder}/${name}`;
    const oldPath = `${oldFolder}/${name}`;
    const current = await read(path);
    const mine = current ?? (oldPath === path ? undefined : await read(oldPath));
    if (current === undefined && mine !== undefined) {
      plan.changes.push({ kind: 'delete', path: oldPath, reason: 'moved', before: mine });
    }
    const drift = (...why: DriftCause[]): void => {
      plan.drift.push({ path, why, before: current, after: inEndingsOf(mine ?? '', generated) });
    };
    const put = (reason: string, after: string): void => {
      if (current === undefined) plan.changes.push({ kind: 'create', path, reason, after });
      else plan.changes.push({ kind: 'replace', path, reason, before: current, after });
    };

    const before = locked?.files[name];
    if (mine === undefined) {
      put(before === undefined ? 'generated package' : 'it was gone', generated);
      drift(before === undefined ? cause : 'missing');
      continue;
    }
    const after = inEndingsOf(mine, generated);
    if (sameText(mine, generated) || saysTheSame(name, mine, generated)) {
      if (current === undefined) {
        put('moved', mine);
        drift('config change');
      }
    } else if (before !== undefined && isAsGenerated(name, mine, before)) {
      put(news, after);
      drift(cause);
    } else if (hasConflictMarks(mine)) {
      plan.conflicts.push(path);
      drift('conflict not settled');
    } else if (sha256(generated) === before?.sha256) {
      if (current === undefined) put('moved, with your changes', mine);
      else plan.kept.push(path);
      drift('your edit');
    } else {
      const base = before === undefined ? undefined : decodeBase(before);
      if (base === undefined) {
        const reason = 'you changed it, and what it was cannot be told';
        plan.manual.push({ path, purpose: 'the generated package', reason, snippet: '' });
      } else {
        const merged = mergeTexts(mine, base, generated);
        if (merged.hasConflict) plan.conflicts.push(path);
        const what = merged.hasConflict
          ? 'conflicts with your changes'
          : 'merged with your changes';
        put(`${news}; ${what}`, merged.text);
      }
      drift('your edit', cause);
    }
  }
  await planLeftovers(plan, read, { folder, oldFolder, files, locked });
  return plan;
}

/** Files that were generated before and are not any more. */
async function planLeftovers(
  plan: PackagePlan,
  read: (path: string) => Promise<string | undefined>,
  {
    folder,
    oldFolder,
    files,
    locked,
  }: {
    readonly folder: string;
    readonly oldFolder: string;
    readonly files: ReadonlyMap<string, string>;
    readonly locked: LockFile | undefined;
  },
): Promise<void> {
  for (const [name, generated] of Object.entries(locked?.files ?? {})) {
    if (files.has(name)) continue;
    const path = `${oldFolder}/${name}`;
    const before = await read(path);
    if (before === undefined) continue;
    plan.drift.push({ path, why: ['extra'], before, after: undefined });
    if (isAsGenerated(name, before, generated)) {
      plan.changes.push({ kind: 'delete', path, reason: 'no longer generated', before });
    } else {
      plan.kept.push(path);
    }
  }
  if (folder === oldFolder) return;
  const path = `${oldFolder}/${LOCK_FILE}`;
  const before = await read(path);
  if (before !== undefined) plan.changes.push({ kind: 'delete', path, reason: 'moved', before });
}
