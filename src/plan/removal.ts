import { CONFIG_FILE } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { javaScriptMentions, lineMentions } from '../formats/mentions.ts';
import { at } from '../place.ts';
import { readText } from '../project/read-text.ts';
import type { InverseOf } from './edits.ts';
import { findLeftBehind } from './left-behind.ts';
import { inEndingsOf, sameText } from './line-endings.ts';
import { LOCK_FILE, formatLockFile, lockFiles } from './lock-file.ts';
import type { LockFile, LockedEdit } from './lock-file.ts';
import { otherFiles } from './other-files.ts';
import { ownFolders } from './folders.ts';
import { EMPTY_PLAN } from './plan.ts';
import type { FileChange, ManualStep, Plan } from './plan.ts';
import { isAsGenerated } from './reformatted.ts';
import { takeOut } from './take-out.ts';

export interface RemovalRequest {
  readonly root: string;
  readonly lock: LockFile;
  /** How the edits of the lock file are taken out again. */
  readonly inverseOf: InverseOf;
  /** Which of these files git can bring back as they are: tracked, and without an uncommitted change. */
  readonly committed: (paths: readonly string[]) => Promise<ReadonlySet<string>>;
}

/**
 * What has to go for the app to be as it was before `init`. It needs the lock file alone, not a project that can be
 * understood. What the user changed goes only where git can bring it back; the handler is his. Reads only.
 */
export async function planRemoval(fs: FileSystem, request: RemovalRequest): Promise<Plan> {
  const { lock } = request;
  const removal = new Removal(fs, request);
  await removal.removePackage(new Map());
  const paths = new Set(lock.edits.map(({ path }) => path));
  for (const path of [...paths].filter((one) => one !== CONFIG_FILE && one !== lock.handler)) {
    await removal.takeOut(path);
  }
  if (paths.has(CONFIG_FILE)) await removal.removeConfig();
  if (paths.has(lock.handler)) await removal.removeHandler();
  await removal.removeLock();
  await removal.listLeftBehind();
  return removal.plan();
}

/**
 * Puts in place of the generated package one that only cancels what it scheduled. The links to it stay, but for those
 * that load the handler. Reads only.
 *
 * @param files the retired package, by path inside it
 * @throws UserError where a file that has to go has changes that nothing could bring back
 */
export async function planRetirement(
  fs: FileSystem,
  request: RemovalRequest & {
    readonly version: string;
    readonly files: ReadonlyMap<string, string>;
  },
): Promise<Plan> {
  const { lock, files } = request;
  const removal = new Removal(fs, request);
  await removal.removePackage(files);
  removal.requireNothingLeft();
  for (const path of new Set(lock.edits.map((edit) => edit.path))) {
    const loading = lock.edits.filter((edit) => edit.path === path && edit.loadsHandler === true);
    if (loading.length > 0) await removal.takeOut(path, loading);
  }
  // Those that were taken out stay in the record: git may bring them back, and then `remove` has to find them.
  await removal.writeLock({
    ...lock,
    bgsync: request.version,
    retired: true,
    files: lockFiles(files, lock),
  });
  return removal.plan();
}

/** Whether a step asks for the lines that were found: it may have more of them, or less. */
function asksFor(step: ManualStep, found: ManualStep): boolean {
  const lines = step.snippet
    .trimEnd()
    .split('\n')
    .map((line) => line.trim());
  const [from = 0, at = from] = [step.line, found.line];
  const isNear = step.line === undefined || (from <= at && at < from + lines.length);
  const isSame = (line: string): boolean => line !== '' && found.snippet.includes(line);
  return step.path === found.path && isNear && lines.some(isSame);
}

class Removal {
  private readonly changes: FileChange[] = [];
  private readonly steps: ManualStep[] = [];
  private readonly kept: string[] = [];
  /** Generated files that the user changed and git does not have. */
  private readonly lost: string[] = [];
  private readonly fs: FileSystem;
  private readonly request: RemovalRequest;

  constructor(fs: FileSystem, request: RemovalRequest) {
    this.fs = fs;
    this.request = request;
  }

  plan(): Plan {
    const { changes, steps: manual, kept, lost } = this;
    const folders = ownFolders(changes, this.request.lock);
    return { ...EMPTY_PLAN, changes, manual, kept: [...lost, ...kept], folders };
  }

  /** @param files what stands there instead, by path inside the package */
  async removePackage(files: ReadonlyMap<string, string>): Promise<void> {
    const { moduleDir, files: locked } = this.request.lock;
    const names = new Set([...Object.keys(locked), ...files.keys()]);
    const texts = new Map<string, string | undefined>();
    for (const name of names) texts.set(name, await this.readAnyText(`${moduleDir}/${name}`));
    const isOurs = (name: string): boolean => {
      const text = texts.get(name);
      const generated = locked[name];
      return text !== undefined && generated !== undefined && isAsGenerated(name, text, generated);
    };
    const others = await otherFiles(this.fs, this.request.root, moduleDir, names).then((inside) =>
      inside.map((path) => `${moduleDir}/${path}`),
    );
    const doubtful = [...texts].flatMap(([name, text]) =>
      text === undefined || isOurs(name) ? [] : [`${moduleDir}/${name}`],
    );
    const committed = await this.request.committed([...doubtful, ...others]);

    for (const [name, before] of texts) {
      const path = `${moduleDir}/${name}`;
      const generated = files.get(name);
      if (before === undefined) {
        if (generated !== undefined) {
          const reason = 'the retired package';
          this.changes.push({ kind: 'create', path, reason, after: generated });
        }
      } else if (generated !== undefined && sameText(before, generated)) {
        continue;
      } else if (!isOurs(name) && !committed.has(path)) {
        this.lost.push(path);
      } else if (generated === undefined) {
        this.changes.push({ kind: 'delete', path, reason: 'the generated package', before });
      } else {
        const after = inEndingsOf(before, generated);
        this.changes.push({ kind: 'replace', path, reason: 'the retired package', before, after });
      }
    }
    // With the package retired, files that the user put beside it stay.
    for (const path of others) {
      const before =
        files.size === 0 && committed.has(path) ? await this.readAnyText(path) : undefined;
      if (before === undefined) this.kept.push(path);
      else
        this.changes.push({ kind: 'delete', path, reason: 'beside the generated files', before });
    }
  }

  /** @throws UserError */
  requireNothingLeft(): void {
    if (this.lost.length === 0) return;
    throw new UserError(
      `These generated files have changes of yours that are not committed, and have to go:\n${this.lost.map((path) => `  ${path}`).join('\n')}`,
      { hint: 'Commit them, or delete them, and run again.' },
    );
  }

  async takeOut(path: string, records = this.recordsOf(path)): Promise<void> {
    const before = await this.readAnyText(path);
    if (before === undefined) return;
    const { change, steps } = takeOut(path, before, records, this.request.inverseOf);
    if (change !== undefined) this.changes.push(change);
    this.steps.push(...steps);
  }

  async removeConfig(): Promise<void> {
    const before = await this.readAnyText(CONFIG_FILE);
    if (before === undefined) return;
    const isOurs = this.recordsOf(CONFIG_FILE).some((one) =>
      isAsGenerated(CONFIG_FILE, before, one),
    );
    if (isOurs || (await this.request.committed([CONFIG_FILE])).has(CONFIG_FILE)) {
      this.changes.push({ kind: 'delete', path: CONFIG_FILE, reason: 'your settings', before });
    } else {
      this.kept.push(CONFIG_FILE);
    }
  }

  async removeHandler(): Promise<void> {
    const { handler: path, moduleDir } = this.request.lock;
    const before = await this.readAnyText(path);
    if (before === undefined) return;
    if (this.recordsOf(path).some((one) => isAsGenerated(path, before, one))) {
      this.changes.push({ kind: 'delete', path, reason: 'your handler, as it was made', before });
      return;
    }
    const isOurs = (text: string): boolean => text.includes(`${moduleDir}/src`);
    const imports = javaScriptMentions(before, path, { isNamed: isOurs, isImported: isOurs });
    const calls = lineMentions(before, (line) => line.includes('registerBackgroundSync('));
    const lines = [...imports, ...calls].sort((a, b) => a.line - b.line);
    if (lines.length === 0) {
      this.kept.push(path);
      return;
    }
    this.steps.push({
      path,
      line: lines[0]?.line ?? 1,
      purpose: 'your handler',
      reason: 'the code in it is yours; what it uses of the package goes away',
      snippet: lines.map(({ text }) => text).join('\n'),
      action: 'remove',
    });
  }

  /** To be called once all changes are known. */
  async listLeftBehind(): Promise<void> {
    const { fs, request, changes } = this;
    const known = [...this.steps];
    for (const found of await findLeftBehind(fs, request.root, request.lock, changes)) {
      if (!known.some((step) => asksFor(step, found))) this.steps.push(found);
    }
  }

  async removeLock(): Promise<void> {
    const path = `${this.request.lock.moduleDir}/${LOCK_FILE}`;
    const before = await this.readAnyText(path);
    if (before === undefined) return;
    this.changes.push({ kind: 'delete', path, reason: 'what was generated and edited', before });
  }

  async writeLock(lock: LockFile): Promise<void> {
    const path = `${lock.moduleDir}/${LOCK_FILE}`;
    const before = (await this.readAnyText(path)) ?? '';
    const after = inEndingsOf(before, formatLockFile(lock));
    const reason = 'what was generated and edited';
    if (before !== after) this.changes.push({ kind: 'replace', path, reason, before, after });
  }

  private recordsOf(path: string): readonly LockedEdit[] {
    return this.request.lock.edits.filter((record) => record.path === path);
  }

  /** Undefined, too, for what is no text: it cannot be ours. */
  private async readAnyText(path: string): Promise<string | undefined> {
    try {
      return await readText(this.fs, at(this.request.root, path));
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }
}
