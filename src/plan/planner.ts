import { join } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import type { EditResult } from '../formats/edit.ts';
import { readText } from '../project/read-text.ts';
import { formatLockFile } from './lock-file.ts';
import type { LockFile, LockedEdit } from './lock-file.ts';
import { sha256 } from './plan.ts';
import type { FileChange, ManualStep, Plan } from './plan.ts';

/** Collects a plan, file by file. Reads only. */
export class Planner {
  private readonly changes: FileChange[] = [];
  private readonly steps: ManualStep[] = [];
  private readonly kept: string[] = [];
  private readonly recorded: LockedEdit[] = [];
  private readonly fs: FileSystem;
  private readonly root: string;

  constructor(fs: FileSystem, root: string) {
    this.fs = fs;
    this.root = root;
  }

  plan(): Plan {
    return { changes: this.changes, manual: this.steps, kept: this.kept };
  }

  edits(): readonly LockedEdit[] {
    return this.recorded;
  }

  manual(step: ManualStep): void {
    this.steps.push(step);
  }

  /** @param locked the hash of what was generated there before */
  async generate(path: string, after: string, locked: string | undefined): Promise<void> {
    const before = await this.read(path);
    const reason = 'generated package';
    if (before === after) return;
    if (before === undefined) {
      this.changes.push({ kind: 'create', path, reason, after });
    } else if (locked !== undefined && sha256(before) === locked) {
      this.changes.push({ kind: 'replace', path, reason, before, after });
    } else if (locked !== undefined && sha256(after) === locked) {
      this.kept.push(path);
    } else {
      this.steps.push({
        path,
        purpose: 'the generated package',
        reason: 'you changed it, and there is a newer version of it',
        snippet: '',
      });
    }
  }

  /** A file that becomes the user's own: made once, never touched again. */
  async create(path: string, reason: string, text: () => string): Promise<void> {
    if ((await this.read(path)) !== undefined) return;
    const after = text();
    this.changes.push({ kind: 'create', path, reason, after });
    this.recorded.push({ path, kind: 'created', sha256: sha256(after) });
  }

  async edit(path: string, reason: string, edit: (source: string) => EditResult): Promise<void> {
    const before = await this.read(path);
    if (before === undefined) return;
    const result = edit(before);
    if (result.status === 'changed') {
      const { text: after, insertions } = result;
      this.changes.push({ kind: 'edit', path, reason, before, after, insertions });
      this.recorded.push({ path, kind: 'inserted', sha256: sha256(after), insertions });
    } else if (result.status === 'manual') {
      const { snippet } = result;
      this.steps.push({ path, purpose: reason, reason: result.reason, snippet });
    }
  }

  async lock(path: string, lock: LockFile): Promise<void> {
    const before = await this.read(path);
    const after = formatLockFile(lock);
    const reason = 'what was generated and edited';
    if (before === after) return;
    this.changes.push(
      before === undefined
        ? { kind: 'create', path, reason, after }
        : { kind: 'replace', path, reason, before, after },
    );
  }

  private read(path: string): Promise<string | undefined> {
    return readText(this.fs, join(this.root, path));
  }
}
