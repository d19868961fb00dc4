import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { readText } from '../project/read-text.ts';
import { VERSION } from '../version.ts';
import { created, reviseInPlace, runEdits, wholeFile } from './edits.ts';
import type { Edit, InverseOf, Purpose, Wanted } from './edits.ts';
import { ancestors, ownFolders } from './folders.ts';
import { inEndingsOf, isUntouched, sameText } from './line-endings.ts';
import { LOCK_FILE, LOCK_VERSION, formatLockFile } from './lock-file.ts';
import type { LockFile, LockedEdit, LockedPiece } from './lock-file.ts';
import { planPackage } from './package-files.ts';
import { afterOf } from './plan.ts';
import type { Drift, DriftCause, FileChange, ManualStep, Plan, Unproven } from './plan.ts';
import { saysTheSame } from './reformatted.ts';
import { takeOut, withoutStaleParts } from './take-out.ts';
import { undoEdits } from './undo.ts';

const reasonsOf = (wanted: readonly Wanted[]): string =>
  wanted.map(({ purpose }) => purpose.reason).join('; ');

/**
 * Collects a plan, file by file. Reads only. It knows from the lock file what an earlier bgsync did: an edit of then
 * that says something else today is revised where it stands, and one that is no longer wanted is taken out.
 */
export class Planner {
  private readonly changes: FileChange[] = [];
  private readonly steps: ManualStep[] = [];
  private readonly unproven: Unproven[] = [];
  private readonly kept: string[] = [];
  private readonly conflicts: string[] = [];
  private readonly drift: Drift[] = [];
  private readonly recorded: LockedEdit[] = [];
  private readonly wanted = new Map<string, Wanted[]>();
  /** Files that are left as they are where nothing else is wanted of them. */
  private readonly unwanted = new Set<string>();
  /** Files whose record in the lock file is dealt with. */
  private readonly visited = new Set<string>();
  private readonly fs: FileSystem;
  private readonly root: string;
  private readonly locked: LockFile | undefined;
  private readonly inverseOf: InverseOf;

  /**
   * @param locked what an earlier bgsync did
   * @param inverseOf how that is taken out again
   */
  constructor(fs: FileSystem, root: string, locked: LockFile | undefined, inverseOf: InverseOf) {
    this.fs = fs;
    this.root = root;
    this.locked = locked;
    this.inverseOf = inverseOf;
  }

  manual(step: ManualStep): void {
    this.steps.push(step);
  }

  /** The generated package: files by path inside it. */
  async generate(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
    const result = await planPackage((path) => this.read(path), folder, files, this.locked);
    this.changes.push(...result.changes);
    this.steps.push(...result.manual);
    this.kept.push(...result.kept);
    this.conflicts.push(...result.conflicts);
    this.drift.push(...result.drift);
  }

  /** A file that becomes the user's own: made once, never touched again. */
  async create(path: string, purpose: Purpose, text: () => string): Promise<void> {
    this.visited.add(path);
    const before = await this.read(path);
    if (before === undefined) this.createFile(path, purpose, text());
    else this.recorded.push(...this.recordsOf(path));
  }

  /** A file that is made with code of the user's in it: recorded as the one of this text that he would have changed. */
  claim(path: string, purpose: Purpose, text: string): void {
    this.visited.add(path);
    const records = this.recordsOf(path);
    this.recorded.push(...(records.length > 0 ? records : [created(path, purpose, text)]));
  }

  /** A file that links the package: made where there is none, else edited. */
  async ensure(path: string, purpose: Purpose, text: () => string, edit: Edit): Promise<void> {
    const before = await this.read(path);
    const [own] = this.recordsOf(path).filter(({ kind }) => kind === 'created');
    if (before === undefined) {
      this.visited.add(path);
      const after = text();
      this.createFile(path, purpose, after, wholeFile(after));
    } else if (own !== undefined && isUntouched(before, own.sha256)) {
      this.visited.add(path);
      const after = inEndingsOf(before, text());
      if (after === before) this.recorded.push(own);
      else {
        this.change({ kind: 'replace', path, reason: purpose.reason, before, after });
        this.edited(path, before, after, this.cause());
        this.recorded.push({ ...created(path, purpose, after), pieces: wholeFile(after) });
      }
    } else {
      await this.edit(path, purpose, edit);
    }
  }

  /** Several edits of one file are made in their order. */
  async edit(path: string, purpose: Purpose, edit: Edit): Promise<void> {
    if ((await this.read(path)) === undefined) return;
    this.visited.add(path);
    const edits = this.wanted.get(path) ?? [];
    edits.push({ purpose, edit });
    this.wanted.set(path, edits);
  }

  /** Keeps a name of ours right in a file that is the user's own and goes as a whole. */
  async amend(path: string, reason: string, edit: Edit): Promise<void> {
    const before = await this.read(path);
    const result = before === undefined ? undefined : edit(before);
    if (before === undefined || result?.status !== 'changed') return;
    this.edited(path, before, result.text, 'config change');
    this.changeText(path, before, result.text, reason);
  }

  /** Leaves what an earlier bgsync did to a file as it is, unless an edit of it is wanted. */
  leave(path: string): void {
    this.unwanted.add(path);
  }

  /** A file of the user's that is moved by hand keeps its record. */
  rename(from: string, to: string): void {
    this.visited.add(from).add(to);
    this.recorded.push(...this.recordsOf(from).map((record) => ({ ...record, path: to })));
  }

  /** Settles all edits of the user's files. To be called once, before {@link lock}. */
  async settle(): Promise<void> {
    for (const [path, wanted] of this.wanted) await this.revise(path, wanted);
    for (const { path } of this.locked?.edits ?? []) {
      if (this.visited.has(path)) continue;
      this.visited.add(path);
      if (this.unwanted.has(path)) this.recorded.push(...this.recordsOf(path));
      else await this.withdraw(path);
    }
  }

  /** To be called after {@link settle}. */
  async lock(lock: Omit<LockFile, 'lockVersion' | 'edits' | 'folders'>): Promise<void> {
    const folders = await this.foldersOf(lock.moduleDir);
    await this.writeLock({ lockVersion: LOCK_VERSION, ...lock, folders, edits: this.recorded });
  }

  plan(): Plan {
    const { changes, kept, conflicts, drift, locked, unproven } = this;
    const folders = ownFolders(changes, locked);
    return { changes, manual: this.steps, unproven, kept, conflicts, drift, folders };
  }

  private async revise(path: string, wanted: readonly Wanted[]): Promise<void> {
    const before = await this.read(path);
    if (before === undefined) return;
    const records = this.recordsOf(path);
    const own = records.filter(({ kind }) => kind === 'inserted');
    const undone = undoEdits(path, before, own);
    if (own.length === 0 || undone.left.length > 0) {
      await this.add(path, before, wanted, records, undone.left);
      return;
    }
    const redone = runEdits(path, undone.text, wanted);
    if (redone.steps.length > 0) {
      await this.add(path, before, wanted, records);
      return;
    }
    this.unproven.push(...redone.unproven);
    const said = own.flatMap(({ pieces = [] }) => pieces.map(({ text }) => text));
    const says = redone.records.flatMap(({ pieces = [] }) => pieces.map(({ text }) => text));
    const isSame =
      undone.gone === 0 &&
      said.length === says.length &&
      said.every((text, index) => sameText(text, says[index] ?? ''));
    if (isSame) {
      this.recorded.push(...records);
      return;
    }
    const inPlace = own.length === 1 ? reviseInPlace(path, undone, wanted, redone) : undefined;
    const { text, records: now } = inPlace ?? redone;
    this.recorded.push(...records.filter(({ kind }) => kind === 'created'), ...now);
    this.edited(path, before, text, undone.gone > 0 ? 'edit gone' : this.cause());
    this.changeText(path, before, text, reasonsOf(wanted));
  }

  /** Puts in what is missing; what is there stays. */
  private async add(
    path: string,
    before: string,
    wanted: readonly Wanted[],
    records: readonly LockedEdit[],
    left: readonly LockedPiece[] = [],
  ): Promise<void> {
    const result = runEdits(path, before, wanted);
    const isWanted = (text: string): boolean =>
      wanted.every(({ edit }) => edit(text).status === 'already');
    const inverses = wanted.flatMap(({ purpose }) => purpose.inverse ?? []);
    const after = withoutStaleParts(result.text, left, inverses, isWanted);
    this.recorded.push(...records);
    // A file that was renamed takes the record of its old name along.
    if (records.length === 0 && result.records.length === 0 && result.steps.length === 0) {
      this.recorded.push(...(await this.adopt(path, before, wanted)));
    }
    this.recorded.push(...result.records);
    this.steps.push(...result.steps);
    this.unproven.push(...result.unproven);
    this.edited(path, before, after, records.length > 0 ? 'edit gone' : 'missing');
    this.changeText(path, before, after, reasonsOf(wanted));
  }

  private async adopt(
    path: string,
    text: string,
    wanted: readonly Wanted[],
  ): Promise<LockedEdit[]> {
    for (const record of this.locked?.edits ?? []) {
      if (record.kind !== 'inserted' || record.path === path) continue;
      if (!wanted.some(({ purpose }) => purpose.id === record.id)) continue;
      if ((await this.read(record.path)) !== undefined) continue;
      const { left, gone } = undoEdits(path, text, [record]);
      if (left.length > 0 || gone > 0) continue;
      this.visited.add(record.path);
      return [{ ...record, path }];
    }
    return [];
  }

  /** Takes out what an earlier bgsync put into a file that needs nothing any more. */
  private async withdraw(path: string): Promise<void> {
    const before = await this.read(path);
    if (before === undefined) return;
    const { change, steps } = takeOut(path, before, this.recordsOf(path), this.inverseOf);
    if (change !== undefined) {
      this.change(change);
      this.edited(path, before, afterOf(change) ?? '', this.cause());
    }
    this.steps.push(...steps);
    if (steps.length > 0) this.recorded.push(...this.recordsOf(path));
  }

  private recordsOf(path: string): LockedEdit[] {
    return this.locked?.edits.filter((record) => record.path === path) ?? [];
  }

  private createFile(
    path: string,
    purpose: Purpose,
    after: string,
    pieces?: readonly LockedPiece[],
  ): void {
    const { reason } = purpose;
    const wasThere = this.recordsOf(path).length > 0;
    const why = wasThere ? `${reason}; it was gone` : reason;
    this.change({ kind: 'create', path, reason: why, after });
    this.recorded.push({ ...created(path, purpose, after), ...(pieces && { pieces }) });
    if (wasThere) this.drift.push({ path, why: ['missing'], before: undefined, after });
  }

  private changeText(path: string, before: string, after: string, reason: string): void {
    if (after === before) return;
    this.change({ kind: 'edit', path, reason, before, after });
  }

  /** Notes how a file differs from what it is today; where nothing was generated yet, that is no difference. */
  private edited(path: string, before: string, after: string, why: DriftCause): void {
    if (this.locked === undefined || before === after) return;
    this.drift.push({ path, why: [why], before, after });
  }

  private cause(): DriftCause {
    return this.locked?.bgsync === VERSION ? 'config change' : 'new version';
  }

  private change(change: FileChange): void {
    this.changes.push(change);
  }

  /** Folders that are made for a file of ours, and those that were. */
  private async foldersOf(moduleDir: string): Promise<string[]> {
    const above = this.changes.flatMap(({ kind, path }) =>
      kind === 'create' ? ancestors(path) : [],
    );
    const folders = new Set(this.locked?.folders);
    for (const folder of new Set(above)) {
      if (folder.startsWith(`${moduleDir}/`)) continue;
      if (!(await this.fs.exists(at(this.root, folder)))) folders.add(folder);
    }
    return [...folders].sort();
  }

  private async writeLock(lock: LockFile): Promise<void> {
    const path = `${lock.moduleDir}/${LOCK_FILE}`;
    const before = await this.read(path);
    const after = formatLockFile(lock);
    const reason = 'what was generated and edited';
    if (before === undefined) this.change({ kind: 'create', path, reason, after });
    else if (!sameText(before, after) && !saysTheSame(path, before, after)) {
      this.change({ kind: 'replace', path, reason, before, after: inEndingsOf(before, after) });
    }
  }

  private read(path: string): Promise<string | undefined> {
    return readText(this.fs, at(this.root, path));
  }
}
