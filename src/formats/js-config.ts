import type { ObjectExpression, ObjectProperty } from '@babel/types';
import type { EditResult, Insertion } from './edit.ts';
import {
  bindingsOf,
  commentTexts,
  endOf,
  insertAtTop,
  insertBelow,
  isImport,
  lineOf,
  literalText,
  meaningOf,
  parseModule,
  propertyName,
  quoteText,
  requiredModule,
  startOf,
  statementsOf,
  styleOf,
  unwrap,
  walk,
} from './javascript.ts';
import type { CodeStyle, Module, Node } from './javascript.ts';
import {
  changed,
  editBehindMark,
  indentUnit,
  isFirstOnLine,
  lineEnd,
  lineIndent,
  lineStart,
  withoutMark,
} from './text.ts';
import type { LineEnding } from './text.ts';

export interface ReactNativeDependency {
  /** Key in `dependencies`. */
  readonly name: string;
  /** The package's folder, relative to the file, with `/`. */
  readonly root: string;
  /** Whether a new file, or one that does not show it, is an ES module. */
  readonly esm: boolean;
}

export type FoundDependency =
  | {
      readonly status: 'found';
      readonly line: number;
      /** Relative to the file, where it can be read. */
      readonly root?: string;
    }
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly reason: string };

/**
 * Makes sure that a react-native.config file links a folder of the app as a dependency. The exported object literal is
 * extended, and the literal `dependencies` in it; everything that could override the entry, or be overridden by it
 * unseen (a spread, a call, a computed key), is left to the user, as is another entry of that name.
 */
export function ensureReactNativeDependency(
  source: string,
  dependency: ReactNativeDependency & { readonly file: string },
): EditResult {
  return editBehindMark(source, (body) => {
    const parsed = parseModule(body, dependency.file);
    if (!parsed.ok) {
      const snippet = formatProperty(dependency, dependency.esm);
      return { status: 'manual', reason: parsed.reason, snippet };
    }
    const { module } = parsed;
    const config = locate(module);
    if (config.status === 'none') {
      const snippet = createReactNativeConfig({ ...dependency, lineEnding: '\n' });
      return { status: 'manual', reason: config.reason, snippet };
    }
    const snippet = formatProperty(dependency, config.esm);
    const manual = (reason: string): EditResult => ({ status: 'manual', reason, snippet });
    if (config.status === 'opaque') return manual(config.reason);

    const list = findDependencies(config.object);
    if (list.status === 'opaque') return manual(list.reason);
    const entry =
      list.status === 'found' ? findEntry(module, list.object, dependency.name) : undefined;
    if (entry?.status === 'found') {
      if (entry.root === undefined || samePath(entry.root, dependency.root)) {
        return { status: 'already' };
      }
      return manual(
        `dependencies has another ${dependency.name}, with the root ${entry.root} (line ${entry.line})`,
      );
    }
    if (entry?.status === 'unreadable') return manual(entry.reason);

    const edit = new ConfigEdit(module, config, dependency);
    const result = changed(
      body,
      list.status === 'found' ? edit.extendDependencies(list.object) : edit.addDependencies(),
    );
    return result.status === 'changed' && isIntended(module, dependency, result.text)
      ? result
      : manual('the edit could not be verified');
  });
}

/** The text of a new react-native.config file. */
export function createReactNativeConfig({
  name,
  root,
  esm,
  lineEnding,
}: ReactNativeDependency & { readonly lineEnding: LineEnding }): string {
  const rootText = esm
    ? `fileURLToPath(${urlExpression(root, "'")})`
    : `path.resolve(__dirname, ${quoteText(root, "'")})`;
  return [
    esm ? "import { fileURLToPath } from 'node:url';" : "const path = require('path');",
    '',
    esm ? 'export default {' : 'module.exports = {',
    '  dependencies: {',
    `    ${formatKey(name, "'")}: {`,
    `      root: ${rootText},`,
    '    },',
    '  },',
    '};',
    '',
  ].join(lineEnding);
}

/** Which root a react-native.config file gives a dependency. */
export function findReactNativeDependency(
  source: string,
  name: string,
  file = '',
): FoundDependency {
  const parsed = parseModule(withoutMark(source), file);
  if (!parsed.ok) return { status: 'unreadable', reason: parsed.reason };
  const config = locate(parsed.module);
  if (config.status !== 'found') return { status: 'unreadable', reason: config.reason };
  const list = findDependencies(config.object);
  if (list.status === 'opaque') return { status: 'unreadable', reason: list.reason };
  if (list.status === 'absent') return { status: 'absent' };
  const entry = findEntry(parsed.module, list.object, name);
  if (entry.status === 'absent' && list.object.properties.some(isOpaque)) {
    return { status: 'unreadable', reason: 'dependencies has a spread or a computed key' };
  }
  return entry;
}

type Located =
  | {
      readonly status: 'found';
      readonly object: ObjectExpression;
      readonly esm: boolean;
      /** The export statement, or the declaration that has the object. */
      readonly offset: number;
    }
  | { readonly status: 'opaque'; readonly reason: string; readonly esm: boolean }
  | { readonly status: 'none'; readonly reason: string };

interface ExportedValue {
  readonly value: Node;
  readonly esm: boolean;
}

/** Finds the object literal that the file exports. */
function locate(module: Module): Located {
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
    return { status: 'found', object: value, esm, offset: startOf(value) };
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
        const name = exported.type === 'Identifier' ? exported.name : exported.value;
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

const isModuleExports = (node: Node): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === 'module' &&
  propertyName(node.property, node.computed) === 'exports';

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

type Property = ObjectExpression['properties'][number];

/** Whether a property may be, or bring, any key. */
const isOpaque = (property: Property): boolean =>
  property.type === 'SpreadElement' ||
  [undefined, '__proto__'].includes(propertyName(property.key, property.computed));

const nameOf = (property: Property): string | undefined =>
  property.type === 'SpreadElement' ? undefined : propertyName(property.key, property.computed);

type Dependencies =
  | { readonly status: 'found'; readonly object: ObjectExpression }
  | { readonly status: 'absent' }
  | { readonly status: 'opaque'; readonly reason: string };

function findDependencies({ properties }: ObjectExpression): Dependencies {
  const named = properties.filter((property) => nameOf(property) === 'dependencies');
  const [property] = named;
  if (property === undefined) {
    if (!properties.some(isOpaque)) return { status: 'absent' };
    return {
      status: 'opaque',
      reason:
        'the object that it exports has a spread or a computed key, which may be dependencies',
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
    return { status: 'opaque', reason: 'dependencies is no object literal' };
  }
  return { status: 'found', object: value };
}

function findEntry(module: Module, dependencies: ObjectExpression, name: string): FoundDependency {
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

const samePath = (one: string, other: string): boolean =>
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

const isBuiltIn = (specifier: string | undefined, name: string): boolean =>
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

const formatKey = (name: string, quote: CodeStyle['quote']): string =>
  /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoteText(name, quote);

/** `fileURLToPath` decodes what a URL has encoded. */
function urlExpression(root: string, quote: CodeStyle['quote']): string {
  const relative = /^\.\.?(?:\/|$)/.test(root) ? root : `./${root}`;
  const encoded = encodeURI(relative).replaceAll('?', '%3F').replaceAll('#', '%23');
  return `new URL(${quoteText(encoded, quote)}, import.meta.url)`;
}

/** What a person adds to the object that the file exports. */
function formatProperty({ name, root }: ReactNativeDependency, esm: boolean): string {
  const rootText = esm
    ? `fileURLToPath(${urlExpression(root, "'")})`
    : `require('path').resolve(__dirname, ${quoteText(root, "'")})`;
  return [
    ...(esm ? ["import { fileURLToPath } from 'node:url';", ''] : []),
    'dependencies: {',
    `  ${formatKey(name, "'")}: {`,
    `    root: ${rootText},`,
    '  },',
    '},',
  ].join('\n');
}

interface ObjectStyle {
  readonly unit: string;
  readonly trailingComma: boolean;
  readonly padding: string;
}

/** Builds the insertions for one file. */
class ConfigEdit {
  private readonly module: Module;
  private readonly config: Extract<Located, { status: 'found' }>;
  private readonly dependency: ReactNativeDependency;
  private readonly style: CodeStyle;

  constructor(
    module: Module,
    config: Extract<Located, { status: 'found' }>,
    dependency: ReactNativeDependency,
  ) {
    this.module = module;
    this.config = config;
    this.dependency = dependency;
    this.style = styleOf(module);
  }

  /** Adds the entry to the `dependencies` that are there. */
  extendDependencies(dependencies: ObjectExpression): Insertion[] {
    return this.build(dependencies, (root, style, indent) => this.entry(root, style, indent));
  }

  /** Adds `dependencies` with the entry. */
  addDependencies(): Insertion[] {
    return this.build(this.config.object, (root, style, indent) => {
      const inner = indent === undefined ? undefined : indent + style.unit;
      return `dependencies: ${this.object(this.entry(root, style, inner), style, indent)}`;
    });
  }

  private build(
    object: ObjectExpression,
    property: (root: string, style: ObjectStyle, indent: string | undefined) => string,
  ): Insertion[] {
    const { root, imports } = this.root();
    return [
      ...imports,
      ...this.insertProperty(object, (style, indent) => property(root, style, indent)),
    ];
  }

  private entry(root: string, style: ObjectStyle, indent: string | undefined): string {
    const key = formatKey(this.dependency.name, this.style.quote);
    return `${key}: ${this.object(`root: ${root}`, style, indent)}`;
  }

  /** An object literal with one property, in one line where `indent` is undefined. */
  private object(property: string, style: ObjectStyle, indent: string | undefined): string {
    if (indent === undefined) return `{${style.padding}${property}${style.padding}}`;
    const { newline } = this.style;
    const comma = style.trailingComma ? ',' : '';
    return `{${newline}${indent}${style.unit}${property}${comma}${newline}${indent}}`;
  }

  /** The expression for the package's absolute folder, and the import that it needs. */
  private root(): { root: string; imports: Insertion[] } {
    const { quote, semicolons } = this.style;
    const bindings = bindingsOf(this.module).filter(
      ({ isImport: isHoisted, end }) => isHoisted || end <= this.config.offset,
    );
    const findLocal = (builtIn: string, imported: readonly string[]): string | undefined =>
      bindings.find(
        (binding) => isBuiltIn(binding.module, builtIn) && imported.includes(binding.imported),
      )?.local;

    if (!this.config.esm) {
      const path = quoteText(this.dependency.root, quote);
      const whole = findLocal('path', ['*', 'default']);
      const resolve = findLocal('path', ['resolve']);
      const callee =
        whole !== undefined
          ? `${whole}.resolve`
          : (resolve ?? `require(${quoteText('path', quote)}).resolve`);
      return { root: `${callee}(__dirname, ${path})`, imports: [] };
    }
    const url = urlExpression(this.dependency.root, quote);
    const direct = findLocal('url', ['fileURLToPath']);
    if (direct !== undefined) return { root: `${direct}(${url})`, imports: [] };
    const whole = findLocal('url', ['*', 'default']);
    if (whole !== undefined) return { root: `${whole}.fileURLToPath(${url})`, imports: [] };

    const module = quoteText('node:url', quote);
    const line = `import { fileURLToPath } from ${module}${semicolons ? ';' : ''}`;
    const last = this.module.program.body.findLast(isImport);
    const insertion =
      last === undefined ? insertAtTop(this.module, line) : insertBelow(this.module, last, line);
    return { root: `fileURLToPath(${url})`, imports: [insertion] };
  }

  /**
   * Adds a property at the object's end; in an object of several lines without a trailing comma at its start, where
   * no line has to change, unless a spread there could override it.
   */
  private insertProperty(
    object: ObjectExpression,
    property: (style: ObjectStyle, indent: string | undefined) => string,
  ): Insertion[] {
    const { source, comments } = this.module;
    const { newline } = this.style;
    const open = startOf(object) + 1;
    const close = endOf(object) - 1;
    const inside = source.slice(open, close);
    const outer = lineIndent(source, startOf(object));
    const last = object.properties.at(-1);
    const padding = /^[\t ]/.test(inside) || inside === '' ? ' ' : '';

    if (last === undefined) {
      const style = { unit: this.unit(object), trailingComma: true, padding: ' ' };
      const indent = outer + style.unit;
      if (isFirstOnLine(source, close)) {
        const text = `${indent}${property(style, indent)},${newline}`;
        return [{ offset: lineStart(source, close), text }];
      }
      if (inside === '' && !this.isInOneLine(object)) {
        const text = `${newline}${indent}${property(style, indent)},${newline}${outer}`;
        return [{ offset: close, text }];
      }
      const text = property({ ...style, padding: ' ' }, undefined);
      return [
        { offset: open + inside.trimEnd().length, text: ` ${text}${inside === '' ? ' ' : ''}` },
      ];
    }

    const comma = commaBehind(this.module, endOf(last), close);
    const isMultiline = inside.includes('\n') && isFirstOnLine(source, startOf(last));
    if (!isMultiline) {
      const style = { unit: '', trailingComma: false, padding };
      const text = property(style, undefined);
      const isTight =
        comma === undefined && padding === '' && inside.includes(',') && !/,\s/.test(inside);
      return comma === undefined
        ? [{ offset: endOf(last), text: `,${isTight ? '' : ' '}${text}` }]
        : [{ offset: comma + 1, text: ` ${text},` }];
    }

    const style = { unit: this.unit(object), trailingComma: comma !== undefined, padding };
    const indent = lineIndent(source, startOf(last));
    const text = property(style, indent);
    // Comments that end the line belong to what stands on it.
    const behind = (offset: number): number => {
      let end = offset;
      for (;;) {
        while (source[end] === ' ' || source[end] === '\t') end += 1;
        const comment = comments.find((candidate) => candidate.start === end);
        if (typeof comment?.end !== 'number') return end;
        end = comment.end;
      }
    };
    if (comma !== undefined) {
      const end = behind(comma + 1);
      const isLineEnd = lineEnd(source, end) === end;
      return [{ offset: isLineEnd ? end : comma + 1, text: `${newline}${indent}${text},` }];
    }
    const top = behind(open);
    if (lineEnd(source, top) === top && !object.properties.some(isOpaque)) {
      return [{ offset: top, text: `${newline}${indent}${text},` }];
    }
    return [{ offset: endOf(last), text: `,${newline}${indent}${text}` }];
  }

  /** Whether an object stands inside a configuration that is written in one line. */
  private isInOneLine(object: ObjectExpression): boolean {
    const config = this.config.object;
    const text = this.module.source.slice(startOf(config), endOf(config));
    return object !== config && !text.includes('\n');
  }

  /** How much deeper a property stands than the brace that it is in, taken from the object, else from the file. */
  private unit(object: ObjectExpression): string {
    const { source } = this.module;
    for (const candidate of [object, this.config.object]) {
      const outer = lineIndent(source, startOf(candidate));
      for (const property of candidate.properties) {
        const indent = lineIndent(source, startOf(property));
        const isDeeper = indent.length > outer.length && indent.startsWith(outer);
        if (isDeeper && isFirstOnLine(source, startOf(property))) return indent.slice(outer.length);
      }
    }
    return indentUnit(source);
  }
}

/** The offset of the comma between `from` and `to`, comments passed over. */
function commaBehind({ source, comments }: Module, from: number, to: number): number | undefined {
  for (let at = from; at < to; at += 1) {
    const comment = comments.find((candidate) => candidate.start === at);
    if (typeof comment?.end === 'number') at = comment.end - 1;
    else if (source[at] === ',') return at;
  }
  return undefined;
}

/** Whether the file after the edit is the one before it, with the entry, and with the import that it needs. */
function isIntended(
  before: Module,
  dependency: ReactNativeDependency & { readonly file: string },
  text: string,
): boolean {
  const parsed = parseModule(text, dependency.file);
  if (!parsed.ok) return false;
  const { module } = parsed;
  const config = locate(module);
  const original = locate(before);
  if (config.status !== 'found' || original.status !== 'found') return false;
  const list = findDependencies(config.object);
  if (list.status !== 'found') return false;
  const entry = findEntry(module, list.object, dependency.name);
  if (entry.status !== 'found' || !samePath(entry.root ?? '', dependency.root)) return false;

  const isNew = (property: Property): property is ObjectProperty =>
    property.type === 'ObjectProperty' && nameOf(property) === dependency.name;
  if (list.object.properties.filter(isNew).length !== 1) return false;
  // Takes out of the new tree what was put in; the rest has to be the old one.
  list.object.properties = list.object.properties.filter((property) => !isNew(property));
  if (findDependencies(original.object).status === 'absent') {
    if (list.object.properties.length > 0) return false;
    config.object.properties = config.object.properties.filter(
      (property) => nameOf(property) !== 'dependencies',
    );
  }
  const statements = statementsOf(module);
  const had = statementsOf(before);
  const body =
    statements.length === had.length
      ? statements
      : statements.filter(
          (statement) =>
            !(
              statement.type === 'ImportDeclaration' &&
              statement.source.value === 'node:url' &&
              statement.specifiers.length === 1 &&
              statement.specifiers[0]?.local.name === 'fileURLToPath'
            ),
        );
  return (
    meaningOf(body) === meaningOf(had) &&
    meaningOf(module.program.directives) === meaningOf(before.program.directives) &&
    commentTexts(module) === commentTexts(before)
  );
}
