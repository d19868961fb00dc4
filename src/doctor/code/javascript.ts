import {
  bindingsOf,
  calleeName,
  childrenOf,
  endOf,
  lineOf,
  literalText,
  parseModule,
  propertyName,
  startOf,
  unwrap,
  walk,
} from '../../formats/javascript.ts';
import type { Binding, CallExpression, Module, Node } from '../../formats/javascript.ts';
import { withoutMark } from '../../formats/text.ts';
import type { DoctorRepo } from '../repo.ts';

export { calleeName, propertyName, unwrap, walk } from '../../formats/javascript.ts';
export { isCallersChoice, isDevOnly } from './js-conditions.ts';

/** Loads the parser, most of doctor’s start-up: checks import this file only once they have something to parse. */

/** A JavaScript file of the app that could be parsed. */
export interface Script {
  readonly path: string;
  readonly module: Module;
  /** Of every node but the program. */
  readonly parents: ReadonlyMap<Node, Node>;
}

const opened = new WeakMap<DoctorRepo, Map<string, Promise<Script | undefined>>>();

/** @returns undefined where there is no such file, or it cannot be parsed, which is noted */
export function openScript(repo: DoctorRepo, path: string): Promise<Script | undefined> {
  const scripts = opened.get(repo) ?? new Map<string, Promise<Script | undefined>>();
  opened.set(repo, scripts);
  const script = scripts.get(path) ?? parseScript(repo, path);
  scripts.set(path, script);
  return script;
}

async function parseScript(repo: DoctorRepo, path: string): Promise<Script | undefined> {
  const text = await repo.read(path);
  if (text === undefined) return undefined;
  const parsed = parseModule(withoutMark(text), path);
  if (parsed.ok) return withParents(path, parsed.module);
  repo.note(path, parsed.reason);
  return undefined;
}

/** @returns undefined where the text cannot be parsed */
export function scriptOf(path: string, text: string): Script | undefined {
  const parsed = parseModule(withoutMark(text), path);
  return parsed.ok ? withParents(path, parsed.module) : undefined;
}

function withParents(path: string, module: Module): Script {
  const parents = new Map<Node, Node>();
  walk(module.program, (node) => {
    for (const child of childrenOf(node)) parents.set(child, node);
    return undefined;
  });
  return { path, module, parents };
}

/** Those of the app's own files that have one of these texts and can be parsed. */
export async function scriptsContaining(
  repo: DoctorRepo,
  needles: readonly string[],
): Promise<Script[]> {
  const files = await repo.sourcesContaining('javascript', needles);
  const scripts = await Promise.all(files.map(({ path }) => openScript(repo, path)));
  return scripts.filter((script) => script !== undefined);
}

export const lineIn = ({ module }: Script, node: Node): number => lineOf(module, node);

/** @returns a node as it is written */
export const sourceIn = ({ module }: Script, node: Node): string =>
  module.source.slice(startOf(node), endOf(node));

/** The nodes around one, the innermost first. */
export function ancestorsOf({ parents }: Script, node: Node): Node[] {
  const found: Node[] = [];
  for (let at = parents.get(node); at !== undefined; at = parents.get(at)) found.push(at);
  return found;
}

/** A node and all below it. */
export function nodesBelow(root: Node): Node[] {
  const found: Node[] = [];
  walk(root, (node) => {
    found.push(node);
    return undefined;
  });
  return found;
}

/** Whether a statement, or the block that it is, ends by leaving its function. */
export const endsInReturn = (node: Node): boolean =>
  node.type === 'ReturnStatement' ||
  (node.type === 'BlockStatement' && node.body.at(-1)?.type === 'ReturnStatement');

/** A function of a library. */
export interface Api {
  readonly module: string;
  /** The export that it is a member of, besides the default one and the whole module. */
  readonly owner?: string;
  readonly name: string;
}

/** A name of a file that stands for something of another module. */
export type ImportedName = Pick<Binding, 'local' | 'module' | 'imported'>;

const names = new WeakMap<Script, readonly ImportedName[]>();

/** What a file imports under a name: at its top, or where a function loads it, by `await import(…)` and `require`. */
export function importedNames(script: Script): readonly ImportedName[] {
  const known = names.get(script) ?? loadedNames(script, bindingsOf(script.module));
  names.set(script, known);
  return known;
}

function loadedNames(
  { module: { program } }: Script,
  imported: readonly Binding[],
): ImportedName[] {
  const found: ImportedName[] = [...imported];
  walk(program, (node) => {
    if (node.type === 'VariableDeclarator' && node.init) {
      found.push(...namesIn(node.id, loaded(node.init, found)));
    } else if (node.type === 'AssignmentExpression') {
      found.push(...namesIn(node.left, loaded(node.right, found)));
    } else if (node.type === 'CallExpression') {
      // import('…').then((module) => …)
      const callee = unwrap(node.callee);
      const [then] = node.arguments;
      if (callee.type !== 'MemberExpression' || then === undefined || !isFunction(then)) {
        return undefined;
      }
      if (propertyName(callee.property, callee.computed) !== 'then') return undefined;
      const [parameter] = then.params;
      if (parameter !== undefined) {
        found.push(...namesIn(parameter, loaded(callee.object, found)));
      }
    }
    return undefined;
  });
  return found;
}

interface Loaded {
  readonly module: string;
  readonly imported: string;
}

/**
 * What an expression loads, or takes from what is loaded: `await import('a')`, `(await import('a')).default.b`,
 * `require('a').b`, `A.b` of a name that stands for `a`.
 */
function loaded(node: Node, names: readonly ImportedName[]): Loaded | undefined {
  const value = unwrap(node);
  if (value.type === 'AwaitExpression') return loaded(value.argument, names);
  if (value.type === 'Identifier') return names.find(({ local }) => local === value.name);
  if (value.type === 'MemberExpression') {
    const whole = loaded(value.object, names);
    const imported = propertyName(value.property, value.computed);
    return whole !== undefined && isWhole(whole) && imported !== undefined
      ? { module: whole.module, imported }
      : undefined;
  }
  const source =
    value.type === 'ImportExpression'
      ? value.source
      : value.type === 'CallExpression' &&
          (value.callee.type === 'Import' || calleeName(value) === 'require')
        ? value.arguments[0]
        : undefined;
  const module = source && literalText(unwrap(source));
  return module === undefined ? undefined : { module, imported: '*' };
}

/** Whether it is the module, or its default export: what is a member of the one is one of the other, in most libraries. */
const isWhole = ({ imported }: Loaded): boolean => imported === '*' || imported === 'default';

function namesIn(target: Node, from: Loaded | undefined): ImportedName[] {
  if (from === undefined) return [];
  const { module } = from;
  if (target.type === 'Identifier') {
    return [{ local: target.name, module, imported: from.imported }];
  }
  if (target.type !== 'ObjectPattern' || !isWhole(from)) return [];
  return target.properties.flatMap((property): ImportedName[] => {
    if (property.type !== 'ObjectProperty' || property.value.type !== 'Identifier') return [];
    const imported = propertyName(property.key, property.computed);
    return imported === undefined ? [] : [{ module, local: property.value.name, imported }];
  });
}

/** The calls of a library's function, however it was imported. */
export function callsOf(script: Script, { module, owner, name }: Api): CallExpression[] {
  const bindings = importedNames(script).filter((binding) => binding.module === module);
  const direct = new Set(
    bindings.filter(({ imported }) => imported === name).map(({ local }) => local),
  );
  const owners = new Set(
    bindings
      .filter(({ imported }) => ['*', 'default', owner].includes(imported))
      .map(({ local }) => local),
  );
  const found: CallExpression[] = [];
  walk(script.module.program, (node) => {
    if (node.type !== 'CallExpression') return undefined;
    const callee = unwrap(node.callee);
    if (callee.type === 'Identifier' ? direct.has(callee.name) : isMemberOf(callee, owners, name)) {
      found.push(node);
    } else if (callee.type === 'MemberExpression') {
      // (await import('module')).name(…)
      const of = loaded(callee.object, bindings);
      const isIt = of?.module === module && ['*', 'default', owner].includes(of.imported);
      if (isIt && propertyName(callee.property, callee.computed) === name) found.push(node);
    }
    return undefined;
  });
  return found;
}

/** `A.name`, `A.b.name`, and `A().name`. */
function isMemberOf(node: Node, owners: ReadonlySet<string>, name: string): boolean {
  if (node.type !== 'MemberExpression') return false;
  if (propertyName(node.property, node.computed) !== name) return false;
  let object = unwrap(node.object);
  while (object.type === 'MemberExpression' || object.type === 'CallExpression') {
    object = unwrap(object.type === 'CallExpression' ? object.callee : object.object);
  }
  return object.type === 'Identifier' && owners.has(object.name);
}

/** A string literal, or a constant of the file that is one; undefined where it is not known. */
export function textOf(script: Script, node: Node | undefined): string | undefined {
  if (node === undefined) return undefined;
  const value = unwrap(node);
  if (value.type !== 'Identifier') return literalText(value);
  let text: string | undefined;
  for (const statement of script.module.program.body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration' || declaration.kind !== 'const') continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier' && id.name === value.name && init) {
        text = literalText(unwrap(init));
      }
    }
  }
  return text;
}

export type FunctionNode = Extract<
  Node,
  {
    type:
      | 'ArrowFunctionExpression'
      | 'FunctionDeclaration'
      | 'FunctionExpression'
      | 'ObjectMethod'
      | 'ClassMethod';
  }
>;

const FUNCTIONS = new Set([
  'ArrowFunctionExpression',
  'FunctionDeclaration',
  'FunctionExpression',
  'ObjectMethod',
  'ClassMethod',
]);

export const isFunction = (node: Node): node is FunctionNode => FUNCTIONS.has(node.type);

/** The functions that the top level of a file names. */
function namedFunctions({ module }: Script): Map<string, FunctionNode> {
  const found = new Map<string, FunctionNode>();
  for (const statement of module.program.body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? statement.declaration
        : statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id) {
      found.set(declaration.id.name, declaration);
    }
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) {
      const value = init ? unwrap(init) : undefined;
      if (id.type === 'Identifier' && value && isFunction(value)) found.set(id.name, value);
    }
  }
  return found;
}

/** Whether the file gives a global's name to something of its own: an import, a function. */
export const isOwnName = (script: Script, name: string): boolean =>
  importedNames(script).some(({ local }) => local === name) || namedFunctions(script).has(name);

/** The function that an expression is, or names. */
export function functionOf(
  script: Script,
  node: Node | null | undefined,
): FunctionNode | undefined {
  if (!node) return undefined;
  const value = unwrap(node);
  if (isFunction(value)) return value;
  return value.type === 'Identifier' ? namedFunctions(script).get(value.name) : undefined;
}

/** The name that a function is declared, assigned or defined under. */
export function functionName(script: Script, node: FunctionNode): string | undefined {
  if ('key' in node) return propertyName(node.key, node.computed);
  if (node.type !== 'ArrowFunctionExpression' && node.id) return node.id.name;
  const parent = script.parents.get(node);
  if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') {
    return parent.id.name;
  }
  if (parent?.type === 'ObjectProperty' || parent?.type === 'ClassProperty') {
    return propertyName(parent.key, parent.computed);
  }
  return undefined;
}

const LIFECYCLE = /^(?:(?:UNSAFE_)?component\w+|render)$/;

/** @returns what of React a node runs in, such as `the hook useEffect`; undefined where it is nothing of the kind */
export function renderedIn(script: Script, node: Node): string | undefined {
  for (const around of ancestorsOf(script, node)) {
    const place = isFunction(around) ? renderedAs(script, around) : undefined;
    if (place !== undefined) return place;
  }
  return undefined;
}

/** @returns what of React a function itself is; undefined where it is nothing of the kind */
export function renderedAs(script: Script, one: FunctionNode): string | undefined {
  const parent = script.parents.get(one);
  if (parent?.type === 'CallExpression' && parent.callee !== one) {
    const hook = calleeName(parent) ?? '';
    if (/^use[A-Z]/.test(hook)) return `the hook ${hook}`;
    if (/^(?:memo|forwardRef|observer)$/.test(hook) && hasJsx(one)) return 'a component';
  }
  const name = functionName(script, one);
  if (name === undefined) {
    return parent?.type === 'ExportDefaultDeclaration' && hasJsx(one) ? 'a component' : undefined;
  }
  if (/^use[A-Z]/.test(name)) return `the hook ${name}`;
  if (/^[A-Z]/.test(name) && (hasJsx(one) || rendersNothing(one))) return `the component ${name}`;
  if (one.type !== 'ClassMethod') return undefined;
  const isCalled = LIFECYCLE.test(name) || (one.kind === 'constructor' && isComponent(script, one));
  return isCalled ? `the component’s ${name}` : undefined;
}

/** Whether a method’s class extends one of React’s, which nobody makes but React. */
function isComponent(script: Script, method: Node): boolean {
  const body = script.parents.get(method);
  const owner = body && script.parents.get(body);
  const base =
    owner?.type === 'ClassDeclaration' || owner?.type === 'ClassExpression'
      ? owner.superClass
      : undefined;
  const name =
    base?.type === 'MemberExpression' ? propertyName(base.property, base.computed) : undefined;
  return /^(?:Pure)?Component$/.test(base?.type === 'Identifier' ? base.name : (name ?? ''));
}

function hasJsx(node: FunctionNode): boolean {
  let found = false;
  walk(node.body, (below) => {
    found ||= below.type === 'JSXElement' || below.type === 'JSXFragment';
    return !found;
  });
  return found;
}

/** Whether a function calls hooks of React, or gives `null`, as a component does that has nothing to show. */
function rendersNothing(node: FunctionNode): boolean {
  if (node.body.type !== 'BlockStatement') return node.body.type === 'NullLiteral';
  let found = false;
  walk(node.body, (below) => {
    if (isFunction(below)) return false;
    found ||= below.type === 'CallExpression' && /^use[A-Z]/.test(calleeName(below) ?? '');
    found ||= below.type === 'ReturnStatement' && below.argument?.type === 'NullLiteral';
    return !found;
  });
  return found;
}

/** The value of a key of an object literal. */
export function propertyOf(node: Node | undefined, name: string): Node | undefined {
  const object = node && unwrap(node);
  if (object?.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type === 'SpreadElement') continue;
    if (propertyName(property.key, property.computed) !== name) continue;
    return property.type === 'ObjectMethod' ? property : unwrap(property.value);
  }
  return undefined;
}
