import { endOf, isTypeOnly, moduleExportName, startOf } from '../formats/javascript.ts';
import type { Node } from '../formats/javascript.ts';
import { lineEnd, lineStart } from '../formats/text.ts';
import {
  ancestorsOf,
  functionName,
  isFunction,
  lineIn,
  nodesBelow,
  scriptsContaining,
} from '../doctor/code/javascript.ts';
import type { Script } from '../doctor/code/javascript.ts';
import { resolveFunction } from '../doctor/code/js-resolve.ts';
import type { DoctorRepo } from '../doctor/repo.ts';
import { importSpecifier } from '../integrations/model.ts';
import { specifierFrom } from './handler-text.ts';
import type { HandlerPart, ImportNeed } from './handler-text.ts';
import type { OldTask } from './find-tasks.ts';
import { declarationHanded } from './handed.ts';
import { isMember, memberOf, memberUses } from './held.ts';
import type { Followed, Held } from './held.ts';
import { freeNames, namesDeclared, namesGiven, referencesIn } from './names.ts';
import type { Problem } from './problem.ts';
import { mapResults, takeOutFinish } from './results.ts';
import type { Mapped } from './results.ts';
import { applyEdits, cut } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';

/** What becomes of one task. */
export interface Moved {
  readonly part: Omit<HandlerPart, 'name'>;
  readonly edits: ReadonlyMap<Script, readonly TextEdit[]>;
  /** What declared the function, where it went into the handler from within another one. */
  readonly gone?: Node | undefined;
  /** Whether the user's own code is in the handler now, and not only a call of it. */
  readonly isMoved: boolean;
}

export type MoveResult =
  | ({ readonly ok: true } & Moved)
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Makes drainQueue of a task's function. One that is written in the call goes into the handler, where all that it uses can
 * be imported there; a function with a name of its own, or one that uses its file, stays where it is, and is called.
 */
export async function moveBody(
  repo: DoctorRepo,
  task: OldTask,
  handler: string,
): Promise<MoveResult> {
  const { script, node } = task.fn;
  const at = (one: Node, reason: string): Problem => ({
    path: script.path,
    line: lineIn(script, one),
    reason,
  });
  if ('generator' in node && node.generator) {
    return { ok: false, problems: [at(node, 'it is a generator')] };
  }
  const given = takenParameter(task);
  if (given.problems.length > 0) return { ok: false, problems: given.problems };

  const declaration =
    task.fn.declared ??
    (task.isInline || task.fn.held !== undefined
      ? undefined
      : await declarationHanded(repo, task.fn, task.handed));
  // Within another function it cannot be exported, and goes as one that is written in the call.
  const nested =
    declaration !== undefined && script.parents.get(declaration)?.type === 'BlockStatement'
      ? declaration
      : undefined;
  const isWrapped = task.fn.wrapped !== undefined;
  const isFree = (task.isInline && !isWrapped) || nested !== undefined;
  const reach = isFree ? reachOf(task) : undefined;
  if (reach !== undefined && reach.problems.length > 0)
    return { ok: false, problems: reach.problems };
  const canMove =
    reach?.own.length === 0 &&
    fitsInto(script, handler) &&
    !isCommonJs(script) &&
    !hasTextOfLines(task.fn);
  const mapped = await mapResults(repo, task.library, task.fn, canMove);
  if (!('edits' in mapped)) return { ok: false, problems: mapped };
  const finish = takeOutFinish(script, node, task.finishes);
  const used = [
    ...(await otherUses(repo, task, mapped)),
    ...(isMember(task.fn) ? await memberUses(repo, task.fn, task.handed) : []),
  ];
  const problems = [...finish.problems, ...used];
  if (problems.length > 0) return { ok: false, problems };
  const edits = new Map(mapped.edits);
  edits.set(script, [...(edits.get(script) ?? []), ...finish.edits]);
  if (canMove) {
    const place = nested ?? task.statement;
    const parted = into(task, handler, edits, { imports: reach.imports, given, place });
    return { ok: true, isMoved: true, gone: nested, ...parted };
  }
  if (task.isInline) return stay(task, handler, edits, given, at);
  const { held } = task.fn;
  return held === undefined
    ? call(task, handler, edits, given, at)
    : callHeld(task, held, handler, edits, given, at);
}

interface Given {
  /** Of drainQueue, and what it hands on. */
  readonly parameter: string;
  readonly argument: string;
  readonly problems: readonly Problem[];
}

/** What the function reads of what the old library hands it. */
function takenParameter({ fn: { script, node }, library, finishes }: OldTask): Given {
  const names = node.params.flatMap(namesGiven);
  const ignored = new Set(finishes.flatMap(nodesBelow));
  const uses = referencesIn(script, node.body).filter(
    (one) => names.includes(one.name) && !ignored.has(one.node),
  );
  if (uses.length === 0) return { parameter: '', argument: '', problems: [] };
  const [first] = node.params;
  const own = first?.type === 'Identifier' && node.params.length === 1 ? first.name : undefined;
  const isId = library.results === undefined && own !== undefined;
  const compared = uses.find(({ node: use }) =>
    ['BinaryExpression', 'SwitchStatement', 'MemberExpression'].includes(
      script.parents.get(use)?.type ?? '',
    ),
  );
  if (isId && compared === undefined) {
    return {
      parameter: own === 'taskId' ? '{ taskId }' : `{ taskId: ${own} }`,
      argument: own,
      problems: [],
    };
  }
  const [use] = compared === undefined ? uses : [compared];
  return {
    parameter: '',
    argument: '',
    problems: [
      {
        path: script.path,
        line: use === undefined ? lineIn(script, node) : lineIn(script, use.node),
        reason: `it reads ${use?.name ?? 'its argument'}, which ${library.name} hands to it: drainQueue is given the window in its place`,
      },
    ],
  };
}

interface Reach {
  readonly imports: readonly (Omit<ImportNeed, 'module'> & { readonly specifier: string })[];
  /** Names of its file's top level. */
  readonly own: readonly string[];
  readonly problems: readonly Problem[];
}

/** What a function uses from around it. */
function reachOf({ fn: { script, node }, library, finishes }: OldTask): Reach {
  const imports = new Map<string, Reach['imports'][number]>();
  const own = new Set<string>();
  const problems: Problem[] = [];
  const ignored = new Set(finishes.flatMap(nodesBelow));
  const libraryNames = new Set(
    importsOf(script).flatMap(({ local, specifier }) =>
      specifier === library.name ? [local] : [],
    ),
  );
  for (const { name, node: use, scope } of freeNames(script, node)) {
    if (scope === undefined || ignored.has(use)) continue;
    if (scope.type !== 'Program') {
      const reason = `it uses ${name}, which is not there when no screen is: the OS starts the app without one`;
      problems.push({ path: script.path, line: lineIn(script, use), reason });
      continue;
    }
    // What its answers name gives way; another use is found once they are gone.
    if (libraryNames.has(name)) continue;
    const found = importsOf(script).find(({ local }) => local === name);
    if (found === undefined) own.add(name);
    else imports.set(name, found);
  }
  for (const one of nodesBelow(node.body)) {
    if (one.type !== 'ThisExpression' && one.type !== 'Super') continue;
    const owner = ancestorsOf(script, one).find(
      (around) => isFunction(around) && around.type !== 'ArrowFunctionExpression',
    );
    if (owner !== undefined && owner !== node && ancestorsOf(script, owner).includes(node))
      continue;
    const reason = 'it uses this, which is not there when no screen is';
    problems.push({ path: script.path, line: lineIn(script, one), reason });
  }
  return { imports: [...imports.values()], own: [...own], problems };
}

/** The names that a file imports, types included. */
export function importsOf({ module }: Script): (Omit<ImportNeed, 'module'> & {
  readonly specifier: string;
})[] {
  return module.program.body.flatMap((statement) => {
    if (statement.type !== 'ImportDeclaration') return [];
    const specifier = statement.source.value;
    return statement.specifiers.map((one) => {
      const isType =
        isTypeOnly(statement) ||
        (one.type === 'ImportSpecifier' && ['type', 'typeof'].includes(one.importKind ?? ''));
      const base = { local: one.local.name, specifier, isType };
      if (one.type === 'ImportNamespaceSpecifier') return { ...base, imported: '*' };
      if (one.type === 'ImportDefaultSpecifier') return { ...base, imported: 'default' };
      const { imported } = one;
      return { ...base, imported: moduleExportName(imported) };
    });
  });
}

const isTypeScript = (path: string): boolean => /\.[cm]?tsx?$/.test(path);

/** Whether the handler may hold code of this file: the other dialect has other rules. */
const fitsInto = (script: Script, handler: string): boolean =>
  isTypeScript(script.path) === isTypeScript(handler) &&
  !script.module.comments.some(({ value }) => /@flow\b/.test(value));

const isCommonJs = ({ module: { program } }: Script): boolean =>
  program.body.length > 0 && !program.body.some(({ type }) => /^(?:Import|Export)/.test(type));

/** Uses of a function whose answers change, that may read them. */
async function otherUses(
  repo: DoctorRepo,
  task: OldTask,
  { functions }: Mapped,
): Promise<Problem[]> {
  const problems: Problem[] = [];
  const inside = new Set(functions.flatMap(({ node }) => nodesBelow(node.body)));
  for (const { script, node } of functions) {
    if (node === task.fn.node && task.isInline) continue;
    const name = functionName(script, node);
    if (name === undefined) continue;
    for (const other of await scriptsContaining(repo, [name])) {
      for (const use of referencesIn(other, other.module.program)) {
        if (use.name !== name || task.handed.has(use.node) || inside.has(use.node)) continue;
        if (isExport(other, use.node)) continue;
        if ((await resolveFunction(repo, other, use.node))?.node !== node) continue;
        if (isUnread(other, use.node)) continue;
        const reason = `${name} is used here, too, and its answer changes with the move`;
        problems.push({ path: other.path, line: lineIn(other, use.node), reason });
      }
    }
  }
  return problems;
}

const isExport = (script: Script, node: Node): boolean =>
  ['ExportSpecifier', 'ExportDefaultDeclaration'].includes(script.parents.get(node)?.type ?? '');

/** `f();`, `await f();`, `void f();` */
function isUnread(script: Script, node: Node): boolean {
  const [parent, ...rest] = ancestorsOf(script, node);
  if (parent?.type !== 'CallExpression' || parent.callee !== node) return false;
  const first = rest.find(({ type }) => type !== 'AwaitExpression' && type !== 'UnaryExpression');
  return first?.type === 'ExpressionStatement';
}

type Edits = Map<Script, TextEdit[] | readonly TextEdit[]>;
type Parted = Pick<Moved, 'part' | 'edits'>;

interface IntoHandler {
  readonly imports: Reach['imports'];
  readonly given: Given;
  /** The statement whose comments speak of the task. */
  readonly place: Node | undefined;
}

/** The function's body, as the handler has it. */
function into(
  task: OldTask,
  handler: string,
  edits: Edits,
  { imports, given, place }: IntoHandler,
): Parted {
  const { script, node } = task.fn;
  const { source } = script.module;
  const inBody = (edits.get(script) ?? []).filter(
    ({ start, end }) => start >= startOf(node.body) && end <= endOf(node.body),
  );
  const shifted = (from: number): TextEdit[] =>
    inBody.map((one) => ({ ...one, start: one.start - from, end: one.end - from }));
  const { body } = node;
  const from = startOf(body);
  const text = applyEdits(source.slice(from, endOf(body)), shifted(from));
  const lines =
    body.type === 'BlockStatement'
      ? bodyLines(text.slice(1, -1))
      : [`return ${text.replace(/^\((\{[^]*\})\)$/, '$1')};`];
  const needs = imports.map(({ specifier, ...rest }) => ({
    ...rest,
    module: specifierFrom(handler, script.path, specifier),
  }));
  edits.set(
    script,
    (edits.get(script) ?? []).filter((one) => !inBody.includes(one)),
  );
  const { parameter } = given;
  const comments = commentsAbove(script, place);
  const part = { imports: needs, comments, parameter, body: lines };
  return { part, edits };
}

/** The lines of a block without the indentation that its place gave them. */
function bodyLines(text: string): string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  while (lines[0]?.trim() === '') lines.shift();
  while (lines.at(-1)?.trim() === '') lines.pop();
  const least = Math.min(
    ...lines
      .filter((line) => line.trim() !== '')
      .map((line) => /^[\t ]*/.exec(line)?.[0].length ?? 0),
  );
  return lines.map((line) =>
    line
      .slice(Math.min(least, line.length))
      .trimEnd()
      .replace(/^\t+/, (tabs) => '  '.repeat(tabs.length)),
  );
}

/** Whether a text of several lines is in it, which would change with the indentation. */
const hasTextOfLines = ({ script, node }: OldTask['fn']): boolean =>
  nodesBelow(node.body).some(
    (one) =>
      ['TemplateElement', 'StringLiteral', 'JSXText'].includes(one.type) &&
      script.module.source.slice(startOf(one), endOf(one)).includes('\n'),
  );

/** The comments right above a statement, which speak of the task. */
function commentsAbove(script: Script, statement: Node | undefined): string[] {
  if (statement === undefined) return [];
  const { source } = script.module;
  const from = cut(script.module, startOf(statement), endOf(statement)).start;
  return source
    .slice(from, lineStart(source, startOf(statement)))
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => (line.startsWith('*') ? ` ${line}` : line));
}

/** The function stays where it stands, under a name. */
function stay(
  task: OldTask,
  handler: string,
  edits: Edits,
  given: Given,
  at: (node: Node, reason: string) => Problem,
): MoveResult {
  const { script } = task.fn;
  const node = task.fn.wrapped ?? task.fn.node;
  const { statement } = task;
  const { source, program, comments } = script.module;
  if (statement === undefined || script.parents.get(statement)?.type !== 'Program') {
    const reason = 'it stands within a function, and uses its file: move it to the top level';
    return { ok: false, problems: [at(task.call, reason)] };
  }
  if (isCommonJs(script)) {
    return { ok: false, problems: [at(task.call, 'its file is CommonJS: export it by hand')] };
  }
  const taken = new Set(program.body.flatMap(namesDeclared));
  let name = 'backgroundTask';
  while (taken.has(name)) name = `${name}1`;
  const kept = comments
    .filter(
      (one) =>
        (one.start ?? 0) >= startOf(statement) &&
        (one.end ?? 0) <= endOf(statement) &&
        ((one.end ?? 0) <= startOf(node) || (one.start ?? 0) >= endOf(node)),
    )
    .map((one) => `${source.slice(one.start ?? 0, lineEnd(source, one.start ?? 0))}\n`)
    .join('');
  const more = [
    { start: startOf(statement), end: startOf(node), text: `${kept}export const ${name} = ` },
    { start: endOf(node), end: endOf(statement), text: ';' },
    ...parameterEdits(task, given),
  ];
  edits.set(script, [...(edits.get(script) ?? []), ...more]);
  const part = calling(handler, script.path, { name, imported: name, given });
  return { ok: true, isMoved: false, part, edits };
}

/** A function with a name of its own is exported, and called. */
function call(
  task: OldTask,
  handler: string,
  edits: Edits,
  given: Given,
  at: (node: Node, reason: string) => Problem,
): MoveResult {
  const { script, node } = task.fn;
  const name = functionName(script, node);
  const holder = node.type === 'FunctionDeclaration' ? node : script.parents.get(node);
  const statement =
    node.type === 'FunctionDeclaration'
      ? node
      : holder?.type === 'VariableDeclarator'
        ? script.parents.get(holder)
        : undefined;
  const above = statement && script.parents.get(statement);
  const refuse = (reason: string): MoveResult => ({ ok: false, problems: [at(node, reason)] });
  if (name === undefined || statement === undefined || above === undefined) {
    return refuse('it has no name at the top level of its file: give it one, and export it');
  }
  if (isCommonJs(script)) return refuse('its file is CommonJS: export it by hand');
  let imported = name;
  let more: TextEdit[] = [];
  if (above.type === 'ExportDefaultDeclaration') imported = 'default';
  else if (above.type === 'Program') {
    const exported = exportedAs(script, name);
    if (exported === undefined) {
      more = [{ start: startOf(statement), end: startOf(statement), text: 'export ' }];
    } else imported = exported;
  } else if (above.type !== 'ExportNamedDeclaration') {
    return refuse('it stands within another function: move it to the top level');
  }
  edits.set(script, [...(edits.get(script) ?? []), ...more, ...parameterEdits(task, given)]);
  const part = calling(handler, script.path, { name, imported, given });
  return { ok: true, isMoved: false, part, edits };
}

/** What has the function, or wraps it, is exported, and the function called by it. */
function callHeld(
  task: OldTask,
  { script, name, member }: Held,
  handler: string,
  edits: Edits,
  given: Given,
  at: (node: Node, reason: string) => Problem,
): MoveResult {
  const own = task.fn;
  if (isCommonJs(script)) {
    return { ok: false, problems: [at(own.node, 'its file is CommonJS: export it by hand')] };
  }
  const statement = script.module.program.body.find((one) => namesDeclared(one).includes(name));
  const isExported = statement?.type.startsWith('Export') === true;
  const known = isExported ? name : exportedAs(script, name);
  if (statement !== undefined && known === undefined) {
    const start = startOf(statement);
    edits.set(script, [...(edits.get(script) ?? []), { start, end: start, text: 'export ' }]);
  }
  const open = [...parameterEdits(task, given), ...openEdits(own)];
  edits.set(own.script, [...(edits.get(own.script) ?? []), ...open]);
  const imported = known ?? name;
  const part = calling(handler, script.path, { name, member, imported, given });
  return { ok: true, isMoved: false, part, edits };
}

/** `private run` becomes `run`: the handler calls it. */
function openEdits(fn: Followed): TextEdit[] {
  const member = memberOf(fn);
  if (member === undefined || !('key' in member)) return [];
  const start = startOf(member);
  const head = fn.script.module.source.slice(start, startOf(member.key));
  const word = /\b(?:private|protected)\s+/.exec(head);
  if (word === null) return [];
  const from = start + word.index;
  return [{ start: from, end: from + word[0].length, text: '' }];
}

/** `export { a as b }`, `export default a` */
function exportedAs({ module: { program } }: Script, name: string): string | undefined {
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement;
      if (declaration.type === 'Identifier' && declaration.name === name) return 'default';
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue;
    for (const one of statement.specifiers) {
      if (one.type !== 'ExportSpecifier' || one.local.name !== name) continue;
      return moduleExportName(one.exported);
    }
  }
  return undefined;
}

/** Parameters that nothing reads go: nobody hands them over any more. */
function parameterEdits({ fn: { script, node } }: OldTask, { argument }: Given): TextEdit[] {
  const [first] = node.params;
  const last = node.params.at(-1);
  if (first === undefined || last === undefined) return [];
  const isBare =
    node.type === 'ArrowFunctionExpression' && !isParenthesized(script.module.source, first);
  if (argument === '') {
    return [{ start: startOf(first), end: endOf(last), text: isBare ? '()' : '' }];
  }
  const isPlain = first.type === 'Identifier' && !first.typeAnnotation;
  if (!isPlain || !isTypeScript(script.path)) return [];
  const typed = `${first.name}: string`;
  return [{ start: startOf(first), end: endOf(first), text: isBare ? `(${typed})` : typed }];
}

const isParenthesized = (source: string, parameter: Node): boolean =>
  source.slice(0, startOf(parameter)).trimEnd().endsWith('(');

function calling(
  handler: string,
  path: string,
  {
    name,
    imported,
    given,
    member = '',
  }: { name: string; imported: string; given: Given; member?: string },
): Moved['part'] {
  const module = importSpecifier(handler, path);
  return {
    imports: [{ local: name, imported, module, isType: false }],
    comments: [],
    parameter: given.parameter,
    body: [`return ${name}${member}(${given.argument});`],
  };
}
