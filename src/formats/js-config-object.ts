import type { ObjectExpression } from '@babel/types';
import {
  bindingsOf,
  isModuleExports,
  lineOf,
  literalText,
  moduleExportName,
  propertyName,
  requiredModule,
  unwrap,
  walk,
} from './javascript.ts';
import type { Module, Node } from './javascript.ts';

/** Finds what a react-native.config file exports, and the dependencies in it. */

export type FoundDependency =
  | {
      readonly status: 'found';
      readonly line: number;
      /** Relative to the file, where it can be read. */
      readonly root?: string;
    }
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly reason: string };

export type Located =
  | {
      readonly status: 'found';
      readonly object: ObjectExpression;
      readonly esm: boolean;
    }
  | { readonly status: 'opaque'; readonly reason: string; readonly esm: boolean }
  | { readonly status: 'none'; readonly reason: string };

interface ExportedValue {
  readonly value: Node;
  readonly esm: boolean;
}

/** Finds the object literal that the file exports. */
export function locate(module: Module): Located {
  const exported = exportedValues(module);
  const [only, second] = exported.values;
  if (only === undefined) {
    const reason = exported.isPiecemeal
      ? 'its exports are set one by one, not as one object'
      : 'it exports no object';
    return { status: 'none', reason };
  }
  const { esm } = only;
  if (second !== undefined) return { status: 'opaque', reason: 'it has several exports', esm };
  if (exported.isPiecemeal) {
    return { status: 'opaque', reason: 'it changes its exports after setting them', esm };
  }
  const seen = new Set<string>();
  let value = unwrap(only.value);
  while (value.type === 'Identifier' && !seen.has(value.name)) {
    const { name } = value;
    seen.add(name);
    const initial = initialValue(module, name);
    if (initial === undefined) {
      return { status: 'opaque', reason: `what it exports, ${name}, is no object literal`, esm };
    }
    const change = findChange(module, name);
    if (change !== undefined) {
      const reason = `${name}, which it exports, may be changed (line ${lineOf(module, change)})`;
      return { status: 'opaque', reason, esm };
    }
    value = unwrap(initial);
  }
  if (value.type === 'ObjectExpression') {
    return { status: 'found', object: value, esm };
  }
  const what = value.type.includes('Call')
    ? 'it exports the result of a call'
    : 'what it exports is no object literal';
  return { status: 'opaque', reason: `${what} (line ${lineOf(module, value)})`, esm };
}

function exportedValues({ program }: Module): {
  readonly values: readonly ExportedValue[];
  readonly isPiecemeal: boolean;
} {
  const values: ExportedValue[] = [];
  let isPiecemeal = false;
  walk(program, (node) => {
    if (node.type === 'ExportDefaultDeclaration') {
      values.push({ value: node.declaration, esm: true });
    } else if (node.type === 'TSExportAssignment') {
      values.push({ value: node.expression, esm: false });
    } else if (node.type === 'ExportNamedDeclaration') {
      for (const specifier of node.specifiers) {
        if (specifier.type !== 'ExportSpecifier') continue;
        const { exported } = specifier;
        const name = moduleExportName(exported);
        if (name === 'default') values.push({ value: specifier.local, esm: true });
      }
    } else if (node.type === 'AssignmentExpression') {
      const isWhole = isModuleExports(node.left);
      const isShorthand = node.left.type === 'Identifier' && node.left.name === 'exports';
      const right = unwrap(node.right);
      const goesOn = right.type === 'AssignmentExpression' && isExports(right.left);
      if (isWhole && node.operator !== '=') isPiecemeal = true;
      else if (isWhole && goesOn) values.push({ value: right.right, esm: false });
      else if (isWhole) values.push({ value: node.right, esm: false });
      else if (!isShorthand && isExportsProperty(node.left)) isPiecemeal = true;
      if (isWhole && goesOn && isModuleExports(right.left)) return false;
    }
    return undefined;
  });
  return { values, isPiecemeal };
}

const isExports = (node: Node): boolean =>
  isModuleExports(node) || (node.type === 'Identifier' && node.name === 'exports');

/** `exports.dependencies`, or a property of it, or one whose name is not written down. */
function isExportsProperty(node: Node): boolean {
  if (node.type !== 'MemberExpression') return false;
  if (!isExports(node.object)) return isExportsProperty(node.object);
  return [undefined, 'default', 'dependencies'].includes(
    propertyName(node.property, node.computed),
  );
}

/** What the top level initialises a name with, where nothing else declares it there. */
function initialValue({ program }: Module, name: string): Node | undefined {
  const found: Node[] = [];
  for (const statement of program.body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declaration?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier' && id.name === name && init) found.push(init);
    }
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The first place that may change what `name` holds: an assignment, a deletion, or a call that gets it. */
function findChange({ program }: Module, name: string): Node | undefined {
  let change: Node | undefined;
  const isIt = (node: Node): boolean => {
    const target = unwrap(node);
    return target.type === 'Identifier' && target.name === name;
  };
  const isPartOfIt = (node: Node): boolean => {
    const target = unwrap(node);
    if (isIt(target)) return true;
    return (
      (target.type === 'MemberExpression' || target.type === 'OptionalMemberExpression') &&
      isPartOfIt(target.object)
    );
  };
  const isDependencies = (node: Node): boolean => {
    if (node.type !== 'MemberExpression') return isPartOfIt(node);
    if (!isIt(node.object)) return isDependencies(node.object);
    return [undefined, 'dependencies'].includes(propertyName(node.property, node.computed));
  };
  walk(program, (node) => {
    const isChange =
      (node.type === 'AssignmentExpression' &&
        isPartOfIt(node.left) &&
        isDependencies(node.left)) ||
      (node.type === 'UnaryExpression' &&
        node.operator === 'delete' &&
        isPartOfIt(node.argument)) ||
      ((node.type === 'CallExpression' || node.type === 'OptionalCallExpression') &&
        !isConsole(node.callee) &&
        node.arguments.some(isPartOfIt));
    if (isChange) change ??= node;
    return undefined;
  });
  return change;
}

const isConsole = (callee: Node): boolean =>
  callee.type === 'MemberExpression' &&
  callee.object.type === 'Identifier' &&
  callee.object.name === 'console';

export type Property = ObjectExpression['properties'][number];

/** Whether a property may be, or bring, any key. */
export const isOpaque = (property: Property): boolean =>
  property.type === 'SpreadElement' ||
  [undefined, '__proto__'].includes(propertyName(property.key, property.computed));

export const nameOf = (property: Property): string | undefined =>
  property.type === 'SpreadElement' ? undefined : propertyName(property.key, property.computed);

export type Dependencies =
  | { readonly status: 'found'; readonly object: ObjectExpression }
  | { readonly status: 'absent' }
  | {
      readonly status: 'opaque';
      readonly reason: string;
      /** What `dependencies` is. */
      readonly value?: Node;
      /** What the object spreads, where it has no `dependencies` of its own. */
      readonly spreads?: readonly Node[];
    };

export function findDependencies({ properties }: ObjectExpression): Dependencies {
  const named = properties.filter((property) => nameOf(property) === 'dependencies');
  const [property] = named;
  if (property === undefined) {
    if (!properties.some(isOpaque)) return { status: 'absent' };
    return {
      status: 'opaque',
      reason:
        'the object that it exports has a spread or a computed key, which may be dependencies',
      spreads: properties.flatMap((one) => (one.type === 'SpreadElement' ? [one.argument] : [])),
    };
  }
  if (named.length > 1) return { status: 'opaque', reason: 'dependencies is there twice' };
  if (properties.slice(properties.indexOf(property)).some(isOpaque)) {
    return {
      status: 'opaque',
      reason: 'a spread or a computed key behind dependencies may override it',
    };
  }
  const value = property.type === 'ObjectProperty' ? unwrap(property.value) : undefined;
  if (
    value?.type !== 'ObjectExpression' ||
    (property.type === 'ObjectProperty' && property.computed)
  ) {
    return {
      status: 'opaque',
      reason: 'dependencies is no object literal',
      ...(value !== undefined &&
        property.type === 'ObjectProperty' &&
        !property.computed && { value }),
    };
  }
  return { status: 'found', object: value };
}

export function findEntry(
  module: Module,
  dependencies: ObjectExpression,
  name: string,
): FoundDependency {
  const property = dependencies.properties.findLast((candidate) => nameOf(candidate) === name);
  if (property === undefined) return { status: 'absent' };
  const line = lineOf(module, property);
  const unreadable = (reason: string): FoundDependency => ({
    status: 'unreadable',
    reason: `dependencies has another ${name}, ${reason} (line ${line})`,
  });
  const value = property.type === 'ObjectProperty' ? unwrap(property.value) : undefined;
  if (value?.type !== 'ObjectExpression') return unreadable('which is no object literal');
  const root = value.properties.findLast((candidate) => nameOf(candidate) === 'root');
  if (root === undefined) return unreadable('which has no root');
  const path = root.type === 'ObjectProperty' ? readPath(module, root.value) : undefined;
  return path === undefined ? { status: 'found', line } : { status: 'found', line, root: path };
}

const segments = (path: string): string[] => {
  const result: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment === '..' && result.length > 0 && result.at(-1) !== '..') result.pop();
    else result.push(segment);
  }
  return result;
};

export const samePath = (one: string, other: string): boolean =>
  segments(one).join('/') === segments(other).join('/');

/** The path that an expression stands for, relative to the file's folder, in the forms that are common. */
function readPath(module: Module, expression: Node): string | undefined {
  const path = readRaw(module, expression);
  return path === undefined ? undefined : path.startsWith('/') ? path : segments(path).join('/');
}

function readRaw(module: Module, expression: Node): string | undefined {
  const node = unwrap(expression);
  switch (node.type) {
    case 'StringLiteral':
      return node.value;
    case 'Identifier':
      return node.name === '__dirname' ? '.' : undefined;
    case 'TemplateLiteral':
      return readParts(
        module,
        node.quasis.flatMap((quasi, index) => [
          quasi.value.cooked ?? undefined,
          ...node.expressions.slice(index, index + 1),
        ]),
      );
    case 'BinaryExpression':
      return node.operator === '+' ? readParts(module, [node.left, node.right]) : undefined;
    case 'MemberExpression':
      return isImportMeta(node, 'dirname') ? '.' : undefined;
    case 'CallExpression':
      return isPathCall(module, node.callee, 'path', ['resolve', 'join'])
        ? joinParts(node.arguments.map((argument) => readRaw(module, argument)))
        : isPathCall(module, node.callee, 'url', ['fileURLToPath'])
          ? readUrl(node.arguments[0])
          : undefined;
    default:
      return undefined;
  }
}

function readParts(
  module: Module,
  parts: readonly (Node | string | undefined)[],
): string | undefined {
  const texts = parts.map((part) => (typeof part === 'object' ? readRaw(module, part) : part));
  return texts.every((text) => text !== undefined) ? texts.join('') : undefined;
}

function joinParts(parts: readonly (string | undefined)[]): string | undefined {
  return parts.every((part) => part !== undefined) && parts.length > 0
    ? parts.join('/')
    : undefined;
}

function readUrl(node: Node | undefined): string | undefined {
  if (node?.type !== 'NewExpression') return undefined;
  const [path, base] = node.arguments;
  if (node.callee.type !== 'Identifier' || node.callee.name !== 'URL') return undefined;
  if (path === undefined || base === undefined || !isImportMeta(base, 'url')) return undefined;
  try {
    return decodeURIComponent(literalText(path) ?? '%');
  } catch {
    return undefined;
  }
}

const isImportMeta = (node: Node, property: string): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'MetaProperty' &&
  propertyName(node.property, node.computed) === property;

export const isBuiltIn = (specifier: string | undefined, name: string): boolean =>
  specifier === name || specifier === `node:${name}`;

/** Whether a callee is one of a built-in module's functions. */
function isPathCall(
  module: Module,
  callee: Node,
  builtIn: string,
  names: readonly string[],
): boolean {
  const bindings = bindingsOf(module).filter((binding) => isBuiltIn(binding.module, builtIn));
  if (callee.type === 'Identifier') {
    return bindings.some(
      ({ local, imported }) => local === callee.name && names.includes(imported),
    );
  }
  if (callee.type !== 'MemberExpression') return false;
  if (!names.includes(propertyName(callee.property, callee.computed) ?? '')) return false;
  const { object } = callee;
  if (object.type === 'Identifier') {
    return bindings.some(
      ({ local, imported }) => local === object.name && ['*', 'default'].includes(imported),
    );
  }
  return isBuiltIn(requiredModule(object), builtIn);
}
