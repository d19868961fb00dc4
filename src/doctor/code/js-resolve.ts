import {
  bindingsOf,
  calleeName,
  childrenOf,
  literalText,
  propertyName,
  unwrap,
} from '../../formats/javascript.ts';
import type { Node } from '../../formats/javascript.ts';
import type { DoctorRepo } from '../repo.ts';
import { importedNames, isFunction, openScript } from './javascript.ts';
import type { FunctionNode, Script } from './javascript.ts';
import { branchOf } from './js-conditions.ts';
import { resolveImport } from './js-modules.ts';

/** An expression, and the file that it stands in. */
export interface Located {
  readonly script: Script;
  readonly node: Node;
}

const DEEPEST = 12;

/**
 * What an expression comes to, followed through constants, members of objects and enums, and imports of the app's own
 * files: a literal, an object, an enum, a function, a class.
 *
 * @returns undefined where a step cannot be told
 */
export async function resolveNode(
  repo: DoctorRepo,
  script: Script,
  node: Node,
  depth = 0,
): Promise<Located | undefined> {
  if (depth > DEEPEST) return undefined;
  const value = unwrap(node);
  if (value.type === 'Identifier') return resolveName(repo, script, value.name, value, depth + 1);
  if (value.type === 'MemberExpression' || value.type === 'OptionalMemberExpression') {
    const name = propertyName(value.property, value.computed);
    const object = unwrap(value.object);
    if (name === undefined) return undefined;
    if (object.type === 'ThisExpression') return ownMember(repo, script, object, name, depth + 1);
    if (object.type === 'Identifier') {
      const whole = importedNames(script).find(({ local }) => local === object.name);
      if (whole?.imported === '*') {
        const path = await resolveImport(repo, script.path, whole.module);
        return path === undefined ? undefined : exported(repo, path, name, depth + 1);
      }
    }
    const required = await requiredPath(repo, script, object);
    if (required !== undefined) return exported(repo, required, name, depth + 1);
    const holder = await resolveNode(repo, script, object, depth + 1);
    return holder && member(repo, holder, name, depth + 1);
  }
  const whole = await requiredPath(repo, script, value);
  const assignment = whole && (await moduleExports(repo, whole));
  if (assignment) return resolveNode(repo, assignment.script, assignment.node, depth + 1);
  // `Object.freeze({ … })`
  if (
    value.type === 'CallExpression' &&
    value.callee.type === 'MemberExpression' &&
    propertyName(value.callee.property, value.callee.computed) === 'freeze'
  ) {
    const [argument] = value.arguments;
    return argument && resolveNode(repo, script, argument, depth + 1);
  }
  return { script, node: value };
}

/** The file of the app that `require('./sync')` loads; undefined where it is anything else. */
async function requiredPath(
  repo: DoctorRepo,
  script: Script,
  node: Node,
): Promise<string | undefined> {
  if (node.type !== 'CallExpression' || calleeName(node) !== 'require') return undefined;
  const [argument] = node.arguments;
  const specifier = argument && literalText(unwrap(argument));
  return specifier === undefined ? undefined : resolveImport(repo, script.path, specifier);
}

/** What a file assigns to `module.exports`; undefined where it does not. */
async function moduleExports(repo: DoctorRepo, path: string): Promise<Located | undefined> {
  const script = await openScript(repo, path);
  for (const statement of script?.module.program.body ?? []) {
    const node = wholeExports(statement);
    if (script !== undefined && node !== undefined) return { script, node };
  }
  return undefined;
}

/** `this.name`: a method or a property of the class, or of the object, that stands around. */
async function ownMember(
  repo: DoctorRepo,
  script: Script,
  from: Node,
  name: string,
  depth: number,
): Promise<Located | undefined> {
  for (let at = script.parents.get(from); at !== undefined; at = script.parents.get(at)) {
    if (at.type === 'ObjectExpression') return member(repo, { script, node: at }, name, depth);
    // It has a `this` of its own, which nobody knows.
    if (at.type === 'FunctionDeclaration' || at.type === 'FunctionExpression') return undefined;
    if (at.type !== 'ClassBody') continue;
    return inClassBody(repo, script, at.body, name, depth);
  }
  return undefined;
}

/** A method or a property of the objects of a class, or of the class itself. */
async function inClassBody(
  repo: DoctorRepo,
  script: Script,
  body: readonly Node[],
  name: string,
  depth: number,
): Promise<Located | undefined> {
  for (const one of body) {
    if (one.type !== 'ClassMethod' && one.type !== 'ClassProperty') continue;
    if (propertyName(one.key, one.computed) !== name) continue;
    if (one.type === 'ClassMethod') return { script, node: one };
    return one.value ? resolveNode(repo, script, one.value, depth) : undefined;
  }
  return undefined;
}

/** A key of an object, a member of an enum, a static property of a class. */
async function member(
  repo: DoctorRepo,
  { script, node }: Located,
  name: string,
  depth: number,
): Promise<Located | undefined> {
  if (node.type === 'ObjectExpression') {
    const found = await entryOf(repo, { script, node }, name, depth);
    if (found === undefined || found === 'absent') return undefined;
    return isEnd(found.node) ? found : resolveNode(repo, found.script, found.node, depth);
  }
  if (node.type === 'TSEnumDeclaration') {
    let next: number | undefined = 0;
    for (const one of 'body' in node && node.body ? node.body.members : node.members) {
      const id = one.id.type === 'Identifier' ? one.id.name : one.id.value;
      const init = one.initializer ? unwrap(one.initializer) : undefined;
      if (init?.type === 'NumericLiteral') next = init.value;
      if (id === name) {
        if (init !== undefined) return resolveNode(repo, script, init, depth);
        return next === undefined ? undefined : { script, node: numeric(next) };
      }
      next = init === undefined || init.type === 'NumericLiteral' ? (next ?? 0) + 1 : undefined;
    }
  }
  if (node.type === 'NewExpression') {
    const made = await resolveNode(repo, script, node.callee, depth);
    const isClass = made?.node.type === 'ClassDeclaration' || made?.node.type === 'ClassExpression';
    return isClass ? inClassBody(repo, made.script, made.node.body.body, name, depth) : undefined;
  }
  if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    for (const one of node.body.body) {
      if (one.type === 'ClassProperty' && one.value && one.static) {
        if (propertyName(one.key, one.computed) === name) {
          return resolveNode(repo, script, one.value, depth);
        }
      }
      if (
        one.type === 'ClassMethod' &&
        one.static &&
        propertyName(one.key, one.computed) === name
      ) {
        return { script, node: one };
      }
    }
  }
  return undefined;
}

/**
 * What an object literal, or one that is spread into it, has under a key: an expression that is not followed any further.
 *
 * @returns undefined where there is none, or it cannot be told
 */
export async function propertyAt(
  repo: DoctorRepo,
  holder: Located | undefined,
  name: string,
): Promise<Located | undefined> {
  const found = holder && (await entryOf(repo, holder, name, 0));
  return found === 'absent' ? undefined : found;
}

/** The same, where `absent` says that there is surely none. */
export const entryAt = (
  repo: DoctorRepo,
  holder: Located,
  name: string,
): Promise<Located | 'absent' | undefined> => entryOf(repo, holder, name, 0);

async function entryOf(
  repo: DoctorRepo,
  { script, node }: Located,
  name: string,
  depth: number,
): Promise<Located | 'absent' | undefined> {
  if (node.type !== 'ObjectExpression' || depth > DEEPEST) return undefined;
  // Of two, the last one counts.
  for (const property of [...node.properties].reverse()) {
    if (property.type === 'SpreadElement') {
      const spread = await resolveNode(repo, script, property.argument, depth + 1);
      const found = spread && (await entryOf(repo, spread, name, depth + 1));
      if (found !== 'absent') return found;
    } else if (propertyName(property.key, property.computed) === name) {
      return { script, node: property.type === 'ObjectMethod' ? property : property.value };
    }
  }
  return 'absent';
}

/**
 * The expressions that one may come to in a build for users: both sides of a ternary, what stands behind `??` and `||`.
 * The side of development alone is left out.
 */
export async function choicesOf(
  repo: DoctorRepo,
  script: Script,
  node: Node,
  depth = 0,
): Promise<readonly Located[]> {
  const found = depth > DEEPEST ? undefined : await resolveNode(repo, script, node);
  if (found === undefined) return [];
  const { node: value } = found;
  const sides =
    value.type === 'ConditionalExpression'
      ? [value.consequent, value.alternate]
      : value.type === 'LogicalExpression' && value.operator !== '&&'
        ? [value.left, value.right]
        : undefined;
  if (sides === undefined) return [found];
  const released = sides.filter((side) => branchOf(value, side) === undefined);
  const all = await Promise.all(
    released.map((side) => choicesOf(repo, found.script, side, depth + 1)),
  );
  return all.flat();
}

const numeric = (value: number): Node => ({ type: 'NumericLiteral', value });

async function resolveName(
  repo: DoctorRepo,
  script: Script,
  name: string,
  from: Node,
  depth: number,
): Promise<Located | undefined> {
  // The blocks around the place first, then the file.
  let at: Node | undefined = from;
  while (at !== undefined) {
    at = script.parents.get(at);
    const body = at === undefined ? script.module.program.body : blockOf(at);
    for (const statement of body) {
      const found = declared(statement, name);
      if (found === 'opaque') return undefined;
      if (found !== undefined)
        return isEnd(found) ? { script, node: found } : resolveNode(repo, script, found, depth);
    }
    if (at !== undefined && isFunction(at) && at.params.some((one) => names(one, name))) {
      return undefined;
    }
  }
  const binding = bindingsOf(script.module).find(({ local }) => local === name);
  if (binding === undefined) return undefined;
  const path = await resolveImport(repo, script.path, binding.module);
  if (path === undefined || binding.imported === '*') return undefined;
  return exported(repo, path, binding.imported, depth);
}

const blockOf = (node: Node): readonly Node[] =>
  node.type === 'BlockStatement' || node.type === 'Program' ? node.body : [];

const isEnd = (node: Node): boolean =>
  isFunction(node) || node.type === 'TSEnumDeclaration' || node.type === 'ClassDeclaration';

const names = (parameter: Node, name: string): boolean =>
  (parameter.type === 'Identifier' && parameter.name === name) ||
  (!isFunction(parameter) && childrenOf(parameter).some((one) => names(one, name)));

/** What a statement declares under a name; `opaque` for one that may change. */
function declared(statement: Node, name: string): Node | 'opaque' | undefined {
  const declaration =
    statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
      ? statement.declaration
      : statement;
  if (!declaration) return undefined;
  if (
    declaration.type === 'FunctionDeclaration' ||
    declaration.type === 'ClassDeclaration' ||
    declaration.type === 'TSEnumDeclaration'
  ) {
    return declaration.id?.name === name ? declaration : undefined;
  }
  if (declaration.type !== 'VariableDeclaration') return undefined;
  for (const { id, init } of declaration.declarations) {
    if (id.type !== 'Identifier') {
      const key = declaration.kind === 'const' ? destructured(id, name) : undefined;
      if (
        key !== undefined &&
        init &&
        (isRequire(init) || unwrap(init).type !== 'CallExpression')
      ) {
        const property: Node = { type: 'Identifier', name: key };
        return { type: 'MemberExpression', object: init, property, computed: false };
      }
      if (names(id, name) && init && unwrap(init).type !== 'CallExpression') return 'opaque';
      continue;
    }
    if (id.name !== name) continue;
    return declaration.kind === 'const' && init ? init : 'opaque';
  }
  return undefined;
}

const isRequire = (node: Node): boolean => {
  const value = unwrap(node);
  return value.type === 'CallExpression' && calleeName(value) === 'require';
};

/** The key of an object that a pattern gives a name to: `{ SYNC }`, `{ SYNC: name }`. */
function destructured(pattern: Node, name: string): string | undefined {
  if (pattern.type !== 'ObjectPattern') return undefined;
  for (const one of pattern.properties) {
    if (one.type !== 'ObjectProperty' || one.value.type !== 'Identifier') continue;
    if (one.value.name === name) return propertyName(one.key, one.computed);
  }
  return undefined;
}

type Assignment = Extract<Node, { type: 'AssignmentExpression' }>;

/** `exports.name = …` */
function assignmentIn(
  statement: Node,
):
  | (Pick<Assignment, 'right'> & { readonly left: Extract<Node, { type: 'MemberExpression' }> })
  | undefined {
  if (statement.type !== 'ExpressionStatement') return undefined;
  const { expression } = statement;
  if (expression.type !== 'AssignmentExpression' || expression.operator !== '=') return undefined;
  const { left, right } = expression;
  return left.type === 'MemberExpression' ? { left, right } : undefined;
}

/** What stands behind `module.exports =`. */
function wholeExports(statement: Node): Assignment['right'] | undefined {
  const { left, right } = assignmentIn(statement) ?? {};
  if (left?.object.type !== 'Identifier' || left.object.name !== 'module') return undefined;
  return propertyName(left.property, left.computed) === 'exports' ? right : undefined;
}

/** `module.exports = { … }`, `exports.name = …`: what a statement gives a name to. */
function assigned(statement: Node, name: string): Node | undefined {
  const whole = wholeExports(statement);
  if (whole !== undefined) {
    const property: Node = { type: 'Identifier', name };
    return { type: 'MemberExpression', object: whole, property, computed: false };
  }
  const assignment = assignmentIn(statement);
  if (assignment === undefined) return undefined;
  const { left, right } = assignment;
  const key = propertyName(left.property, left.computed);
  const isExports =
    (left.object.type === 'Identifier' && left.object.name === 'exports') ||
    (left.object.type === 'MemberExpression' &&
      propertyName(left.object.property, left.object.computed) === 'exports');
  return isExports && key === name ? right : undefined;
}

/** What a file exports under a name. */
export async function exported(
  repo: DoctorRepo,
  path: string,
  name: string,
  depth = 0,
): Promise<Located | undefined> {
  if (depth > DEEPEST) return undefined;
  const script = await openScript(repo, path);
  if (script === undefined) return undefined;
  const stars: string[] = [];
  for (const statement of script.module.program.body) {
    if (statement.type === 'ExportAllDeclaration') stars.push(statement.source.value);
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      const { declaration } = statement;
      return isEnd(declaration)
        ? { script, node: declaration }
        : resolveNode(repo, script, declaration, depth + 1);
    }
    const given = assigned(statement, name);
    if (given !== undefined) return resolveNode(repo, script, given, depth + 1);
    if (statement.type !== 'ExportNamedDeclaration') continue;
    for (const specifier of statement.specifiers) {
      const outer =
        specifier.exported.type === 'Identifier'
          ? specifier.exported.name
          : specifier.exported.value;
      if (outer !== name || specifier.type !== 'ExportSpecifier') continue;
      if (!statement.source) return resolveNode(repo, script, specifier.local, depth + 1);
      const from = await resolveImport(repo, path, statement.source.value);
      return from === undefined ? undefined : exported(repo, from, specifier.local.name, depth + 1);
    }
    const found = declared(statement, name);
    if (found === 'opaque') return undefined;
    if (found !== undefined) {
      return isEnd(found) ? { script, node: found } : resolveNode(repo, script, found, depth + 1);
    }
  }
  for (const source of stars) {
    const from = await resolveImport(repo, path, source);
    const found = from === undefined ? undefined : await exported(repo, from, name, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The function that an expression is, or names, in whatever file of the app. */
export async function resolveFunction(
  repo: DoctorRepo,
  script: Script,
  node: Node | null | undefined,
): Promise<{ readonly script: Script; readonly node: FunctionNode } | undefined> {
  const found = node ? await resolveNode(repo, script, node) : undefined;
  return found !== undefined && isFunction(found.node)
    ? { script: found.script, node: found.node }
    : undefined;
}

/**
 * The string or number that an expression comes to, sums, products and template strings included.
 *
 * @returns undefined where only a run would know
 */
export async function constantOf(
  repo: DoctorRepo,
  script: Script,
  node: Node | undefined,
  depth = 0,
): Promise<string | number | undefined> {
  if (node === undefined || depth > DEEPEST) return undefined;
  const found = await resolveNode(repo, script, node, depth);
  if (found === undefined) return undefined;
  const { node: value } = found;
  const read = (one: Node): Promise<string | number | undefined> =>
    constantOf(repo, found.script, one, depth + 1);
  if (value.type === 'NumericLiteral') return value.value;
  const text = literalText(value);
  if (text !== undefined) return text;
  if (value.type === 'TemplateLiteral') {
    let joined = '';
    for (const [index, quasi] of value.quasis.entries()) {
      joined += quasi.value.cooked ?? '';
      const expression = value.expressions[index];
      if (expression === undefined) continue;
      const part = await read(expression);
      if (part === undefined) return undefined;
      joined += String(part);
    }
    return joined;
  }
  if (value.type === 'CallExpression') {
    return (await joined(value, read)) ?? resultOf(repo, found, value, depth + 1);
  }
  if (value.type !== 'BinaryExpression') return undefined;
  return calculated(value.operator, await read(value.left), await read(value.right));
}

/** `prefix.concat('.sync')`, `['com', 'sync'].join('.')`; undefined where it is neither, or not known. */
async function joined(
  { callee, arguments: given }: Extract<Node, { type: 'CallExpression' }>,
  read: (node: Node) => Promise<string | number | undefined>,
): Promise<string | undefined> {
  if (callee.type !== 'MemberExpression') return undefined;
  const name = propertyName(callee.property, callee.computed);
  const object = unwrap(callee.object);
  if (name === 'concat') {
    const parts = await Promise.all([object, ...given].map(read));
    return typeof parts[0] === 'string' && !parts.includes(undefined) ? parts.join('') : undefined;
  }
  if (name !== 'join' || object.type !== 'ArrayExpression') return undefined;
  const separator = given[0] === undefined ? ',' : await read(given[0]);
  const parts = await Promise.all(
    object.elements.map(async (one) => (one ? read(one) : undefined)),
  );
  return separator === undefined || parts.includes(undefined)
    ? undefined
    : parts.join(String(separator));
}

/** What a function of the app that only calculates gives for arguments that are known: `minutes(15)`. */
async function resultOf(
  repo: DoctorRepo,
  { script }: Located,
  call: Extract<Node, { type: 'CallExpression' }>,
  depth: number,
): Promise<string | number | undefined> {
  const called = await resolveFunction(repo, script, call.callee);
  if (called === undefined || called.node.async) return undefined;
  const { body, params } = called.node;
  const [only] = body.type === 'BlockStatement' ? body.body : [];
  const result =
    body.type !== 'BlockStatement'
      ? body
      : body.body.length === 1 && only?.type === 'ReturnStatement'
        ? only.argument
        : undefined;
  if (!result) return undefined;
  const given = new Map<string, string | number | undefined>();
  for (const [index, parameter] of params.entries()) {
    if (parameter.type !== 'Identifier') return undefined;
    given.set(parameter.name, await constantOf(repo, script, call.arguments[index], depth + 1));
  }
  const read = async (node: Node): Promise<string | number | undefined> => {
    const value = unwrap(node);
    if (value.type === 'Identifier' && given.has(value.name)) return given.get(value.name);
    return value.type === 'BinaryExpression'
      ? calculated(value.operator, await read(value.left), await read(value.right))
      : constantOf(repo, called.script, value, depth + 1);
  };
  return read(result);
}

function calculated(
  operator: string,
  left: string | number | undefined,
  right: string | number | undefined,
): string | number | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (typeof left === 'string' || typeof right === 'string') {
    return operator === '+' ? `${left}${right}` : undefined;
  }
  if (operator === '*') return left * right;
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  return operator === '/' ? left / right : undefined;
}
