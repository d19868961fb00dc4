import { posix } from 'node:path';
import { startOf, endOf } from '../formats/javascript.ts';
import type { Node } from '../formats/javascript.ts';
import { callsOf, lineIn, scriptOf, scriptsContaining } from '../doctor/code/javascript.ts';
import type { Script } from '../doctor/code/javascript.ts';
import { resolveImport } from '../doctor/code/js-modules.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import { importSpecifier } from '../integrations/model.ts';
import type { SyncConstraints } from '../schedule/constraints.ts';
import type { Changed } from './app-files.ts';
import {
  linesWith,
  withoutDependency,
  withoutNativeLines,
  withoutPlistEntries,
  withoutPlugin,
} from './app-files.ts';
import type { OldTask, OldTasks } from './find-tasks.ts';
import { isMember, memberOf, memberUses } from './held.ts';
import { handlerText } from './handler-text.ts';
import type { HandlerPart } from './handler-text.ts';
import { BACKGROUND_FETCH, LIBRARIES, TASK_MANAGER } from './libraries.ts';
import type { LibraryFacts } from './libraries.ts';
import { importsOf, moveBody } from './move-body.ts';
import { referencesIn } from './names.ts';
import type { Problem } from './problem.ts';
import { declarationHanded } from './handed.ts';
import { prune } from './prune.ts';
import { applyEdits, cut } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';
import { unwire } from './wiring.ts';

export interface MigrationRequest {
  readonly repo: DoctorRepo;
  readonly found: OldTasks;
  /** The app's own files, native ones too. */
  readonly paths: readonly string[];
  readonly handler: string;
  readonly moduleDir: string;
  readonly platforms: readonly string[];
}

/** A sync of the config, as an old task asked for it. */
export interface MigratedTask {
  readonly library: LibraryFacts;
  readonly name: string | undefined;
  readonly minutes: number | undefined;
  readonly constraints: Partial<SyncConstraints>;
}

export interface Migration {
  /** The libraries that the app has, or uses. */
  readonly libraries: readonly LibraryFacts[];
  readonly tasks: readonly MigratedTask[];
  /** Why nothing is moved; then nothing else is there. */
  readonly refused: readonly Problem[];
  /** Texts of files once they are changed; null for a file that goes. */
  readonly files: ReadonlyMap<string, { readonly text: string | null; readonly reason: string }>;
  /** The text of the handler; undefined where there is no task to move. */
  readonly handler: { readonly text: string; readonly isMoved: boolean } | undefined;
  /** What is left to the user. */
  readonly left: readonly Problem[];
  /** Where the app starts its tasks when it wants to. */
  readonly started: readonly Problem[];
}

/**
 * Works out what an app is without its old libraries: their tasks in the handler, and their wiring gone. Reads only.
 */
export async function planMigration(request: MigrationRequest): Promise<Migration> {
  const { repo, found } = request;
  const libraries = await librariesOf(repo);
  const none = {
    libraries,
    tasks: [],
    files: new Map(),
    handler: undefined,
    left: [],
    started: [],
  };
  if (found.problems.length > 0) return { ...none, refused: found.problems };
  const edits = new Edits();
  const moved = await moveAll(request, found, edits);
  if (!('parts' in moved)) return { ...none, refused: moved };

  const gone = await goneWith(repo, found.tasks, moved.gone);
  const unwired = await unwire(repo, found.wires, (call) => moved.kept.has(call), gone);
  if (unwired.problems.length > 0) return { ...none, refused: unwired.problems };
  edits.addAll(unwired.edits);
  const texts = new Map<Script, string>();
  for (const [script, some] of edits.all()) {
    const text = rewritten(script, some, unwired.switched.has(script), request);
    if (text === undefined) {
      return {
        ...none,
        refused: [{ path: script.path, line: 1, reason: 'the edit could not be verified' }],
      };
    }
    texts.set(script, text);
  }
  const strays = await strayResults(repo, libraries, edits.all());
  if (moved.parts.length > 0 && strays.length > 0) return { ...none, refused: strays };

  const files = new Map<string, { text: string | null; reason: string }>();
  for (const [script, text] of texts) {
    files.set(script.path, { text, reason: 'without the old background task' });
  }
  await dropEmpty(repo, texts, files);
  const left = [
    ...asksLeft(found, edits.all(), texts),
    ...(await takeOutLibraries(request, libraries, files)),
  ];
  const handler =
    moved.parts.length === 0
      ? undefined
      : {
          text: handlerText(request, moved.parts, moved.from),
          isMoved: moved.from.length > 0,
        };
  const tasks = found.tasks.map(({ library, minutes, constraints }, index) => ({
    library,
    minutes,
    constraints,
    name: moved.parts[index]?.name,
  }));
  return { libraries, tasks, refused: [], files, handler, left, started: unwired.started };
}

/** Those that package.json has, and those that code imports all the same. */
async function librariesOf(repo: DoctorRepo): Promise<LibraryFacts[]> {
  const found: LibraryFacts[] = [];
  for (const library of LIBRARIES) {
    const isThere = repo.depends(library.name);
    const users = isThere ? [] : await scriptsContaining(repo, [library.name]);
    const isUsed = users.some((script) =>
      importsOf(script).some(({ specifier }) => specifier === library.name),
    );
    if (isThere || isUsed) found.push(library);
  }
  return found;
}

class Edits {
  private readonly edits = new Map<Script, TextEdit[]>();

  addAll(more: ReadonlyMap<Script, readonly TextEdit[]>): void {
    for (const [script, some] of more) {
      const known = this.edits.get(script) ?? [];
      const isNew = (one: TextEdit): boolean =>
        known.every(
          ({ start, end, text }) => start !== one.start || end !== one.end || text !== one.text,
        );
      this.edits.set(script, [...known, ...some.filter(isNew)]);
    }
  }

  all(): ReadonlyMap<Script, readonly TextEdit[]> {
    return this.edits;
  }
}

/** The declarations that go with the calls: of functions that moved, and of those for the end of the time. */
async function goneWith(
  repo: DoctorRepo,
  tasks: readonly OldTask[],
  moved: ReadonlyMap<Node, Script>,
): Promise<ReadonlyMap<Node, Script>> {
  const gone = new Map(moved);
  for (const { late, handed, fn } of tasks) {
    if (late === undefined || late.node === fn.node) continue;
    const isFree = isMember(late) && (await memberUses(repo, late, handed)).length === 0;
    const declaration =
      late.declared ?? (isFree ? memberOf(late) : await declarationHanded(repo, late, handed));
    if (declaration !== undefined) gone.set(declaration, late.script);
  }
  return gone;
}

/** More than these no app's config has: see MOST_TASKS of config.ts, and the one above them. */
const MOST_TASKS = 10;

async function moveAll(
  { repo, handler }: MigrationRequest,
  { tasks }: OldTasks,
  edits: Edits,
): Promise<
  | readonly Problem[]
  | {
      readonly parts: readonly HandlerPart[];
      readonly kept: ReadonlySet<Node>;
      readonly gone: ReadonlyMap<Node, Script>;
      readonly from: readonly string[];
    }
> {
  const problems: Problem[] = [];
  const parts: HandlerPart[] = [];
  const kept = new Set<Node>();
  const gone = new Map<Node, Script>();
  const from = new Set<string>();
  const [first, ...others] = tasks;
  const taken = new Set<string>();
  for (const task of first === undefined ? [] : [first, ...others]) {
    const result = await moveBody(repo, task, handler);
    if (!result.ok) {
      problems.push(...result.problems);
      continue;
    }
    const name = task === first ? undefined : nameFor(task, taken);
    parts.push({ ...result.part, name });
    edits.addAll(result.edits);
    if (result.gone !== undefined) gone.set(result.gone, task.fn.script);
    if (result.isMoved) from.add(task.fn.script.path);
    // Its statement is the function's own now.
    if (!result.isMoved && task.isInline) kept.add(task.call);
  }
  if (tasks.length > MOST_TASKS && first !== undefined) {
    const { script, call } = first;
    const reason = `there are ${tasks.length} tasks: a config has ${MOST_TASKS} at the most`;
    problems.push({ path: script.path, line: lineIn(script, call), reason });
  }
  const clash = clashOf(parts);
  if (clash !== undefined && first !== undefined) {
    const { script, call } = first;
    problems.push({ path: script.path, line: lineIn(script, call), reason: clash });
  }
  return problems.length > 0 ? problems : { parts, kept, gone, from: [...from] };
}

/** As a config has names: small letters, digits and single hyphens, a letter first. */
function nameFor({ name }: OldTask, taken: Set<string>): string {
  const plain = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replace(/^[-\d]+/, '')
    .slice(0, 28)
    .replace(/-$/, '');
  const base = plain === '' ? 'task' : plain;
  let found = base;
  for (let count = 2; taken.has(found); count += 1) found = `${base}-${count}`;
  taken.add(found);
  return found;
}

/** Two files may give one name to two things; the handler cannot. */
function clashOf(parts: readonly HandlerPart[]): string | undefined {
  const known = new Map<string, string>([
    ['queue', ''],
    ['registerBackgroundSync', ''],
    ['SyncQueueService', ''],
  ]);
  for (const { local, imported, module } of parts.flatMap(({ imports }) => imports)) {
    const meaning = `${imported} of ${module}`;
    const other = known.get(local);
    if (other !== undefined && other !== meaning) {
      return `the handler would have two things of the name ${local}: rename one`;
    }
    known.set(local, meaning);
  }
  return undefined;
}

/** A file with its edits, and without what they leave unused. */
function rewritten(
  script: Script,
  edits: readonly TextEdit[],
  isSwitched: boolean,
  { moduleDir }: MigrationRequest,
): string | undefined {
  const { module, path } = script;
  let text = applyEdits(module.source, edits);
  if (isSwitched) {
    const line = `import { BackgroundSync } from '${importSpecifier(path, `${moduleDir}/src`)}';`;
    text = withImport(script, text, line);
  }
  return prune(script, text);
}

/** Below the last import, in the file's own quotes and semicolons. */
function withImport({ path, module }: Script, text: string, line: string): string {
  const after = scriptOf(path, text);
  const last = after?.module.program.body.findLast(({ type }) => type === 'ImportDeclaration');
  const own = last?.type === 'ImportDeclaration' ? last.source : undefined;
  const isDouble = own !== undefined && text[startOf(own)] === '"';
  const styled = isDouble ? line.replaceAll("'", '"') : line;
  const ended =
    last === undefined || text[endOf(last) - 1] === ';' ? styled : styled.replace(/;$/, '');
  const newline = module.source.includes('\r\n') ? '\r\n' : '\n';
  const at = last === undefined ? 0 : endOf(last);
  return last === undefined
    ? `${ended}${newline}${text}`
    : `${text.slice(0, at)}${newline}${ended}${text.slice(at)}`;
}

/** Answers of a library that a function gives which is not a task's: after the move they would be taken for numbers. */
async function strayResults(
  repo: DoctorRepo,
  libraries: readonly LibraryFacts[],
  edits: ReadonlyMap<Script, readonly TextEdit[]>,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { name, results } of libraries) {
    if (results === undefined) continue;
    for (const script of await scriptsContaining(repo, [results.owner])) {
      const isGone = (node: Node): boolean =>
        edits
          .get(script)
          ?.some(({ start, end }) => startOf(node) >= start && endOf(node) <= end) === true;
      const own = new Set(
        importsOf(script)
          .filter(({ specifier, isType }) => specifier === name && !isType)
          .map(({ local }) => local),
      );
      for (const { name: used, node } of referencesIn(script, script.module.program)) {
        const parent = script.parents.get(node);
        const isOwner =
          used === results.owner ||
          (parent?.type === 'MemberExpression' &&
            parent.property.type === 'Identifier' &&
            parent.property.name === results.owner);
        if (!own.has(used) || !isOwner || isGone(node)) continue;
        problems.push({
          path: script.path,
          line: lineIn(script, node),
          reason: `this ${results.owner} is not what a task returns: what becomes of it cannot be told`,
        });
      }
    }
  }
  return problems;
}

/** Where the app asks whether a task is registered that is gone. */
function asksLeft(
  { wires }: OldTasks,
  edits: ReadonlyMap<Script, readonly TextEdit[]>,
  texts: ReadonlyMap<Script, string>,
): Problem[] {
  const problems: Problem[] = [];
  const api = { module: TASK_MANAGER, name: 'isTaskRegisteredAsync' };
  for (const script of new Set(wires.map((one) => one.script))) {
    const isGone = (node: Node): boolean =>
      edits.get(script)?.some(({ start, end }) => startOf(node) >= start && endOf(node) <= end) ===
      true;
    const after = scriptOf(script.path, texts.get(script) ?? script.module.source);
    const now = after === undefined ? [] : callsOf(after, api);
    for (const [index, call] of callsOf(script, api)
      .filter((one) => !isGone(one))
      .entries()) {
      const there = now[index];
      if (after === undefined || there === undefined) continue;
      if (!wires.some((one) => one.kind === 'ask' && one.call === call)) continue;
      problems.push({
        path: script.path,
        line: lineIn(after, there),
        reason:
          'it asks for a task that is gone: BackgroundSync.getStatus() says what is scheduled',
      });
    }
  }
  return problems;
}

/** A file that nothing is left in goes, with the imports of it. */
async function dropEmpty(
  repo: DoctorRepo,
  texts: ReadonlyMap<Script, string>,
  files: Map<string, { text: string | null; reason: string }>,
): Promise<void> {
  for (const [{ path }, text] of texts) {
    const script = scriptOf(path, text);
    if (script === undefined || script.module.program.body.length > 0) continue;
    if (script.module.comments.length > 0) continue;
    const importers: { path: string; text: string }[] = [];
    let isFree = true;
    const stem = posix.basename(path).replace(/\.[cm]?[jt]sx?$/, '');
    for (const other of await scriptsContaining(repo, [
      stem,
      posix.basename(posix.dirname(path)),
    ])) {
      const now = scriptOf(other.path, files.get(other.path)?.text ?? other.module.source);
      if (now === undefined || other.path === path) continue;
      const cuts: TextEdit[] = [];
      for (const statement of now.module.program.body) {
        const source = 'source' in statement ? statement.source : undefined;
        if (!source || (await resolveImport(repo, other.path, source.value)) !== path) continue;
        if (statement.type === 'ImportDeclaration' && statement.specifiers.length === 0) {
          cuts.push(cut(now.module, startOf(statement), endOf(statement)));
        } else isFree = false;
      }
      if (cuts.length > 0) {
        importers.push({ path: other.path, text: applyEdits(now.module.source, cuts) });
      }
    }
    if (!isFree) continue;
    files.set(path, { text: null, reason: 'nothing is left in it' });
    for (const one of importers) {
      files.set(one.path, { text: one.text, reason: `without ${path}` });
    }
  }
}

/** Takes the libraries out of the app where nothing uses them any more. @returns what still does */
async function takeOutLibraries(
  { repo, paths, moduleDir, handler, platforms }: MigrationRequest,
  libraries: readonly LibraryFacts[],
  files: Map<string, { text: string | null; reason: string }>,
): Promise<Problem[]> {
  const left: Problem[] = [];
  const hasIos = platforms.includes('ios');
  const read = async (path: string): Promise<string | undefined> => {
    const changed = files.get(path);
    return changed === undefined ? repo.read(path) : (changed.text ?? undefined);
  };
  const take = (one: Changed | undefined): void => {
    if (one === undefined) return;
    const known = files.get(one.path)?.reason;
    const reason =
      known === undefined || known === one.reason ? one.reason : `${known}; ${one.reason}`;
    files.set(one.path, { text: one.text, reason });
  };
  const isOwn = (path: string): boolean =>
    path === handler || path.startsWith(`${moduleDir}/`) || !/\.[cm]?[jt]sx?$/.test(path);
  const scripts = paths.filter((path) => !isOwn(path));

  const usesOf = async (name: string): Promise<Problem[]> => {
    const uses: Problem[] = [];
    for (const path of scripts) {
      const text = await read(path);
      if (text?.includes(name) === true) uses.push(...usesIn(path, text, name));
    }
    return uses;
  };
  for (const library of libraries) {
    const { name } = library;
    const uses = await usesOf(name);
    left.push(...uses);
    if (uses.length > 0) continue;
    const geolocation = ['react-native-background-geolocation'].find((one) => repo.depends(one));
    if (name === BACKGROUND_FETCH && geolocation !== undefined) {
      const reason = `${geolocation} needs ${name}: it stays`;
      left.push({ path: 'package.json', line: 1, reason });
      continue;
    }
    take(await withoutDependency(read, name));
    const plugin = await withoutPlugin(repo, read, name);
    take(plugin.changed);
    left.push(...plugin.problems);
    if (name === BACKGROUND_FETCH) {
      const native = await withoutNativeLines(read, paths);
      for (const one of native.changed) take(one);
      left.push(...native.problems);
    }
    if (hasIos) for (const one of await withoutPlistEntries(repo, read, library)) take(one);
  }
  const isExpo = libraries.some(({ name }) => name !== BACKGROUND_FETCH);
  if (isExpo && left.length === 0 && (await usesOf(TASK_MANAGER)).length === 0) {
    take(await withoutDependency(read, TASK_MANAGER));
    take((await withoutPlugin(repo, read, TASK_MANAGER)).changed);
  }
  return left;
}

/** The lines of a file that use a package: what is imported from it, else each line that names it. */
function usesIn(path: string, text: string, name: string): Problem[] {
  const script = scriptOf(path, text);
  const reason = `it uses ${name}`;
  const own = script && importsOf(script).filter(({ specifier }) => specifier === name);
  if (script === undefined || own === undefined || own.length === 0) {
    return linesWith(
      path,
      text,
      (line) => new RegExp(`['"]${name}(?:/[^'"]*)?['"]`).test(line),
      reason,
    );
  }
  const locals = new Set(own.map(({ local }) => local));
  const uses = referencesIn(script, script.module.program)
    .filter((one) => locals.has(one.name))
    .map(({ node }) => ({ path, line: lineIn(script, node), reason }));
  const lines = uses.filter(
    (one, index) => uses.findIndex(({ line }) => line === one.line) === index,
  );
  return lines.length > 0 ? lines : linesWith(path, text, (line) => line.includes(name), reason);
}
