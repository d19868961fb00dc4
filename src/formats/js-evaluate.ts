import { posix } from 'node:path';
import type { Node } from '@babel/types';
import { lineOf, parseModule, propertyName } from './javascript.ts';
import type { Module } from './javascript.ts';
import { ARRAY_METHODS, GLOBALS, STRING_METHODS, builtInModule } from './js-built-ins.ts';
import {
  Abrupt,
  ArrayValue,
  FunctionValue,
  ObjectValue,
  Thrown,
  Unknown,
  isPrimitive,
  taint,
} from './js-values.ts';
import type { Calls, Value } from './js-values.ts';

/**
 * Says what a configuration in JavaScript exports, without running it: an interpreter of the part of the language that
 * configurations are written in. What it cannot know (the environment, a package, a file on disk) is a value of its own,
 * and a branch on such a value is taken both ways. It never runs code of the repo, and it ends: steps are counted.
 */

/** The folder that stands for the app's root in `__dirname` and in absolute paths. */
export const APP_ROOT = '/app';

export interface ModuleFiles {
  /** Texts by path relative to the app's root, the module itself and what it imports by relative path. */
  readonly files: ReadonlyMap<string, string>;
  /** Values of modules that are not read: by path relative to the app's root. */
  readonly known?: ReadonlyMap<string, Value>;
  /** Those that Node loads as ES modules: what CommonJS has is not there. */
  readonly modules?: ReadonlySet<string>;
}

/** A run on one way through the branches. */
export type Outcome =
  | { readonly status: 'value'; readonly value: Value }
  /** The module throws: what reads it fails on this way. */
  | { readonly status: 'throws' }
  | { readonly status: 'unknown'; readonly reason: string };

/** Ways that are followed; a configuration with more branches on what is unknown is not judged. */
const MOST_WAYS = 64;
const MOST_STEPS = 20_000;
const DEEPEST = 60;

/**
 * What `use` makes of the exports of a module, on each way through it.
 *
 * @param use gets `module.exports` (of an ES module: an object with its exports), and calls functions in it
 */
export function evaluateModule(
  files: ModuleFiles,
  path: string,
  use: (exported: Value, calls: Calls) => Value,
): Outcome[] {
  const outcomes: Outcome[] = [];
  const open: boolean[][] = [[]];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    if (outcomes.length >= MOST_WAYS) {
      return [...outcomes, { status: 'unknown', reason: 'it has too many variants' }];
    }
    const run = new Evaluation(files, prefix);
    outcomes.push(run.outcome(path, use));
    for (let at = prefix.length; at < run.taken.length; at += 1) {
      open.push([...run.taken.slice(0, at), false]);
    }
  }
  return outcomes;
}

class Scope {
  private readonly names = new Map<string, Value>();
  private readonly parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  declare(name: string, value: Value): void {
    this.names.set(name, value);
  }

  has(name: string): boolean {
    return this.names.has(name) || this.parent?.has(name) === true;
  }

  get(name: string): Value {
    return this.names.has(name) ? this.names.get(name) : this.parent?.get(name);
  }

  set(name: string, value: Value): void {
    if (this.names.has(name) || this.parent === undefined) this.names.set(name, value);
    else this.parent.set(name, value);
  }
}

class Break extends Abrupt {}
class Continue extends Abrupt {}
class Return extends Abrupt {
  readonly value: Value;

  constructor(value: Value) {
    super();
    this.value = value;
  }
}
/** The run is given up. */
class TooMuch extends Abrupt {}

class Evaluation implements Calls {
  readonly taken: boolean[];
  private readonly files: ModuleFiles;
  private readonly prefix: readonly boolean[];
  private readonly decided = new Map<Unknown, boolean>();
  private readonly modules = new Map<string, ObjectValue>();
  private steps = 0;
  private depth = 0;

  constructor(files: ModuleFiles, prefix: readonly boolean[]) {
    this.files = files;
    this.prefix = prefix;
    this.taken = [];
  }

  outcome(path: string, use: (exported: Value, calls: Calls) => Value): Outcome {
    try {
      return { status: 'value', value: use(this.require(path), this) };
    } catch (error) {
      if (error instanceof Thrown) return { status: 'throws' };
      if (error instanceof RangeError || error instanceof Abrupt) {
        return { status: 'unknown', reason: 'it does too much to be followed' };
      }
      throw error;
    }
  }

  truthy(value: Value): boolean {
    if (!(value instanceof Unknown)) return isPrimitive(value) ? Boolean(value) : true;
    const known = this.decided.get(value);
    if (known !== undefined) return known;
    const decision = this.prefix[this.taken.length] ?? true;
    this.taken.push(decision);
    this.decided.set(value, decision);
    return decision;
  }

  call(callee: Value, args: readonly Value[]): Value {
    if (callee instanceof FunctionValue) {
      this.depth += 1;
      if (this.depth > DEEPEST) throw new TooMuch();
      const result = callee.run(args, this);
      this.depth -= 1;
      return result;
    }
    if (callee instanceof Unknown) {
      // It may change what it gets.
      for (const arg of args) taint(arg, callee.reason);
      return new Unknown(callee.reason);
    }
    throw new Thrown();
  }

  get(object: Value, key: string): Value {
    if (object === null || object === undefined) throw new Thrown();
    if (object instanceof Unknown) return new Unknown(object.reason);
    if (object instanceof ObjectValue) return object.get(key);
    if (object instanceof FunctionValue) return object.properties.get(key);
    if (object instanceof ArrayValue) {
      if (key === 'length') {
        return object.open === undefined ? object.items.length : new Unknown(object.open);
      }
      if (/^\d+$/.test(key)) {
        if (object.open === undefined || Number(key) < object.items.length)
          return object.items[Number(key)];
        return new Unknown(object.open);
      }
      const method = ARRAY_METHODS[key];
      return method === undefined
        ? new Unknown(`it calls ${key} of a list`)
        : new FunctionValue((args, calls) => method(object, args, calls));
    }
    if (typeof object === 'string') {
      if (key === 'length') return object.length;
      const method = STRING_METHODS[key];
      return method === undefined
        ? new Unknown(`it calls ${key} of a text`)
        : new FunctionValue((args) => method(object, args));
    }
    return new Unknown(`it reads ${key} of a value`);
  }

  isEsModule(path: string): boolean {
    return this.files.modules?.has(path) === true;
  }

  private require(path: string): Value {
    const known = this.files.known;
    if (known?.has(path) === true) return known.get(path);
    const done = this.modules.get(path);
    if (done !== undefined) return done.get('exports');
    const text = this.files.files.get(path);
    if (text === undefined) return new Unknown(`${path} is not read`);
    const holder = new ObjectValue();
    holder.set('exports', new ObjectValue());
    this.modules.set(path, holder);
    if (path.endsWith('.json')) {
      holder.set('exports', parseJson(text));
      return holder.get('exports');
    }
    const parsed = parseModule(text.replace(/^\uFEFF/, ''), path);
    if (!parsed.ok) return new Unknown(`${path}: ${parsed.reason}`);
    new ModuleRun(this, parsed.module, path, holder).run();
    return holder.get('exports');
  }

  /** What an import of a path or a package is. */
  import(from: string, specifier: string): Value {
    if (!specifier.startsWith('.')) {
      return builtInModule(specifier) ?? new Unknown(`it uses the package ${specifier}`);
    }
    const path = posix.join(posix.dirname(from), specifier);
    const candidates = importCandidates(path);
    const found = candidates.find(
      (one) => this.files.files.has(one) || this.files.known?.has(one) === true,
    );
    return found === undefined
      ? new Unknown(`it imports ${specifier}, which was not read`)
      : this.require(found);
  }

  step(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new TooMuch();
  }
}

const EXTENSIONS = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.json'];

/** The files that an import of a path without its extension may mean, the likely ones first. */
export const importCandidates = (path: string): string[] => [
  ...EXTENSIONS.map((extension) => path + extension),
  ...EXTENSIONS.slice(1).map((extension) => posix.join(path, `index${extension}`)),
  // TypeScript names the file that its compiler would write.
  ...(/\.[cm]?js$/.test(path) ? [path.replace(/js$/, 'ts')] : []),
];

function parseJson(text: string): Value {
  try {
    return fromJson(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return new Unknown('a JSON file that it imports cannot be read');
  }
}

/** Data as the interpreter's own values. */
export function fromJson(data: unknown): Value {
  if (Array.isArray(data)) return new ArrayValue(data.map(fromJson));
  if (typeof data === 'object' && data !== null) {
    const object = new ObjectValue();
    for (const [key, value] of Object.entries(data)) object.set(key, fromJson(value));
    return object;
  }
  return data as Value;
}

/** Runs the statements of one module. */
class ModuleRun {
  private readonly evaluation: Evaluation;
  private readonly module: Module;
  private readonly path: string;
  private readonly holder: ObjectValue;

  constructor(evaluation: Evaluation, module: Module, path: string, holder: ObjectValue) {
    this.evaluation = evaluation;
    this.module = module;
    this.path = path;
    this.holder = holder;
  }

  run(): void {
    const scope = new Scope();
    const folder = posix.join(APP_ROOT, posix.dirname(this.path));
    for (const [name, value] of Object.entries(GLOBALS)) scope.declare(name, value);
    if (this.evaluation.isEsModule(this.path)) {
      this.block(this.module.program.body, scope);
      return;
    }
    scope.declare('module', this.holder);
    scope.declare('exports', this.holder.get('exports'));
    scope.declare('__dirname', folder);
    scope.declare('__filename', posix.join(APP_ROOT, this.path));
    const { path, evaluation } = this;
    const requires = new FunctionValue(([specifier]) =>
      typeof specifier === 'string'
        ? evaluation.import(path, specifier)
        : new Unknown('it requires a module whose name it computes'),
    );
    requires.properties.set(
      'resolve',
      new FunctionValue(([specifier]) =>
        typeof specifier === 'string' && specifier.startsWith('.')
          ? posix.join(folder, specifier)
          : new Unknown('it asks Node where a package is'),
      ),
    );
    scope.declare('require', requires);
    this.block(this.module.program.body, scope);
  }

  private unknown(node: Node, what: string): Unknown {
    return new Unknown(`${what} (${this.path}:${lineOf(this.module, node)})`);
  }

  private exports(): Value {
    return this.holder.get('exports');
  }

  private export(name: string, value: Value): void {
    const exports = this.exports();
    if (exports instanceof ObjectValue) exports.set(name, value);
  }

  private block(statements: readonly Node[], scope: Scope): void {
    for (const statement of statements) {
      const declaration = this.declarationIn(statement);
      if (declaration?.type === 'FunctionDeclaration' && declaration.id) {
        scope.declare(declaration.id.name, this.closure(declaration, scope));
      }
    }
    for (const statement of statements) this.statement(statement, scope);
  }

  private declarationIn(statement: Node): Node | undefined {
    const isExport =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    return isExport ? (statement.declaration ?? undefined) : statement;
  }

  private statement(node: Node, scope: Scope): void {
    this.evaluation.step();
    switch (node.type) {
      case 'ImportDeclaration': {
        if (node.importKind === 'type' || node.importKind === 'typeof') return;
        const value = this.evaluation.import(this.path, node.source.value);
        for (const specifier of node.specifiers) {
          scope.declare(specifier.local.name, this.imported(value, specifier));
        }
        return;
      }
      case 'TSImportEqualsDeclaration': {
        const { moduleReference: reference } = node;
        const value =
          reference.type === 'TSExternalModuleReference'
            ? this.evaluation.import(this.path, reference.expression.value)
            : this.unknown(node, 'an alias');
        scope.declare(node.id.name, value);
        return;
      }
      case 'ExportDefaultDeclaration': {
        const { declaration } = node;
        if (declaration.type === 'FunctionDeclaration') {
          this.export('default', this.closure(declaration, scope));
        } else {
          this.export('default', this.expression(declaration, scope));
        }
        return;
      }
      case 'ExportNamedDeclaration': {
        const { declaration, source } = node;
        if (declaration) {
          this.statement(declaration, scope);
          for (const name of declaredNames(declaration)) this.export(name, scope.get(name));
        }
        const from = source ? this.evaluation.import(this.path, source.value) : undefined;
        for (const specifier of node.specifiers) {
          if (specifier.type !== 'ExportSpecifier') continue;
          const { exported, local } = specifier;
          const name = exported.type === 'Identifier' ? exported.name : exported.value;
          this.export(
            name,
            source ? this.importedName(from, local.name) : this.lookUp(local, local.name, scope),
          );
        }
        return;
      }
      case 'ExportAllDeclaration': {
        const all = this.evaluation.import(this.path, node.source.value);
        const exports = this.exports();
        if (exports instanceof ObjectValue) exports.spread(all);
        return;
      }
      case 'TSExportAssignment':
        this.holder.set('exports', this.expression(node.expression, scope));
        return;
      case 'VariableDeclaration':
        for (const { id, init } of node.declarations) {
          this.bind(id, init ? this.expression(init, scope) : undefined, scope);
        }
        return;
      case 'FunctionDeclaration':
      case 'EmptyStatement':
      case 'DebuggerStatement':
        return;
      case 'ClassDeclaration':
      case 'TSEnumDeclaration':
        if (node.id)
          scope.declare(node.id.name, this.unknown(node, `${node.id.name} is no literal`));
        return;
      case 'ExpressionStatement':
        this.expression(node.expression, scope);
        return;
      case 'ReturnStatement':
        throw new Return(node.argument ? this.expression(node.argument, scope) : undefined);
      case 'BlockStatement':
        this.block(node.body, new Scope(scope));
        return;
      case 'IfStatement':
        if (this.evaluation.truthy(this.expression(node.test, scope))) {
          this.statement(node.consequent, scope);
        } else if (node.alternate) this.statement(node.alternate, scope);
        return;
      case 'ForOfStatement': {
        const items = this.items(this.expression(node.right, scope));
        this.loop(items, (item) => {
          const inner = new Scope(scope);
          const { left } = node;
          if (left.type === 'VariableDeclaration') {
            for (const { id } of left.declarations) this.bind(id, item, inner);
          } else this.assign(left, item, inner);
          this.statement(node.body, inner);
        });
        return;
      }
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForInStatement':
      case 'LabeledStatement':
      case 'WithStatement':
        throw new TooMuch();
      case 'BreakStatement':
        throw new Break();
      case 'ContinueStatement':
        throw new Continue();
      case 'ThrowStatement':
        throw new Thrown();
      case 'TryStatement':
        try {
          this.statement(node.block, scope);
        } catch (error) {
          if (!(error instanceof Thrown) || !node.handler) throw error;
          const inner = new Scope(scope);
          if (node.handler.param) {
            this.bind(node.handler.param, this.unknown(node, 'an error'), inner);
          }
          this.statement(node.handler.body, inner);
        } finally {
          if (node.finalizer) this.statement(node.finalizer, scope);
        }
        return;
      case 'SwitchStatement': {
        this.switch(node, scope);
        return;
      }
      default:
        // Types are gone when it runs.
        if (/^TS|^Flow|^Declare|^Interface|^TypeAlias|^OpaqueType/.test(node.type)) return;
        throw new TooMuch();
    }
  }

  private switch(node: Extract<Node, { type: 'SwitchStatement' }>, scope: Scope): void {
    const value = this.expression(node.discriminant, scope);
    const inner = new Scope(scope);
    const matches = (test: Node): boolean => {
      const wanted = this.expression(test, inner);
      const isKnown = isPrimitive(value) && isPrimitive(wanted);
      return isKnown ? value === wanted : this.evaluation.truthy(this.unknown(test, 'a case'));
    };
    const hit = node.cases.findIndex(({ test }) => test && matches(test));
    const start = hit === -1 ? node.cases.findIndex(({ test }) => !test) : hit;
    if (start === -1) return;
    try {
      for (const { consequent } of node.cases.slice(start)) this.block(consequent, inner);
    } catch (error) {
      if (!(error instanceof Break)) throw error;
    }
  }

  private loop(items: readonly Value[], body: (item: Value) => void): void {
    for (const item of items) {
      try {
        body(item);
      } catch (error) {
        if (error instanceof Break) return;
        if (!(error instanceof Continue)) throw error;
      }
    }
  }

  private imported(value: Value, specifier: Node): Value {
    if (specifier.type === 'ImportNamespaceSpecifier') return value;
    if (specifier.type === 'ImportDefaultSpecifier') return this.importedName(value, 'default');
    if (specifier.type !== 'ImportSpecifier') return undefined;
    const { imported } = specifier;
    return this.importedName(
      value,
      imported.type === 'Identifier' ? imported.name : imported.value,
    );
  }

  /** A CommonJS module is its own default. */
  private importedName(value: Value, name: string): Value {
    if (value === undefined || value === null) return undefined;
    if (name !== 'default') return this.evaluation.get(value, name);
    if (value instanceof Unknown) return value;
    const own = value instanceof ObjectValue ? value.get('default') : undefined;
    return own === undefined ? value : own;
  }

  private lookUp(node: Node, name: string, scope: Scope): Value {
    if (scope.has(name)) return scope.get(name);
    if (COMMON_JS.has(name)) throw new Thrown();
    return this.unknown(node, `${name} is not known`);
  }

  private closure(
    node: Extract<
      Node,
      {
        type:
          'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' | 'ObjectMethod';
      }
    >,
    scope: Scope,
  ): FunctionValue {
    return new FunctionValue((args) => {
      if (node.generator) return this.unknown(node, 'a generator');
      const inner = new Scope(scope);
      for (const [index, parameter] of node.params.entries()) {
        if (parameter.type === 'RestElement') {
          this.bind(parameter.argument, new ArrayValue(args.slice(index)), inner);
        } else this.bind(parameter, args[index], inner);
      }
      if (node.async) return this.unknown(node, 'a function that is async');
      if (node.body.type !== 'BlockStatement') return this.expression(node.body, inner);
      try {
        this.block(node.body.body, inner);
      } catch (error) {
        if (error instanceof Return) return error.value;
        throw error;
      }
      return undefined;
    });
  }

  /** Declares the names of a pattern. */
  private bind(pattern: Node, value: Value, scope: Scope): void {
    this.destructure(pattern, value, scope, (name, part) => {
      scope.declare(name, part);
    });
  }

  private destructure(
    pattern: Node,
    value: Value,
    scope: Scope,
    put: (name: string, part: Value) => void,
  ): void {
    switch (pattern.type) {
      case 'Identifier':
        put(pattern.name, value);
        return;
      case 'AssignmentPattern': {
        const isMissing =
          value instanceof Unknown
            ? !this.evaluation.truthy(this.unknown(pattern, 'a default'))
            : value === undefined;
        const part = isMissing ? this.expression(pattern.right, scope) : value;
        this.destructure(pattern.left, part, scope, put);
        return;
      }
      case 'ObjectPattern': {
        const named: string[] = [];
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            const rest = new ObjectValue();
            rest.spread(value);
            for (const name of named) rest.delete(name);
            this.destructure(property.argument, rest, scope, put);
            continue;
          }
          const name = this.keyOf(property, scope);
          if (name !== undefined) named.push(name);
          const part =
            name === undefined
              ? this.unknown(property, 'a computed key')
              : this.evaluation.get(value, name);
          this.destructure(property.value, part, scope, put);
        }
        return;
      }
      case 'ArrayPattern': {
        const items = this.items(value);
        for (const [index, element] of pattern.elements.entries()) {
          if (element === null) continue;
          if (element.type === 'RestElement') {
            this.destructure(element.argument, new ArrayValue(items.slice(index)), scope, put);
          } else this.destructure(element, items[index], scope, put);
        }
        return;
      }
      default:
        throw new TooMuch();
    }
  }

  /** The items of a list that is known as a whole. */
  private items(value: Value): readonly Value[] {
    if (value instanceof ArrayValue && value.open === undefined) return value.items;
    if (value === null || value === undefined) throw new Thrown();
    throw new TooMuch();
  }

  private assign(target: Node, value: Value, scope: Scope): void {
    if (target.type === 'Identifier') {
      if (scope.has(target.name)) scope.set(target.name, value);
      return;
    }
    if (target.type === 'MemberExpression') {
      const object = this.expression(target.object, scope);
      const key = this.memberKey(target, scope);
      if (object === null || object === undefined) throw new Thrown();
      if (key === undefined) taint(object, `a computed key is set (${this.path})`);
      else if (object instanceof ObjectValue) object.set(key, value);
      else if (object instanceof FunctionValue) object.properties.set(key, value);
      else if (object instanceof ArrayValue) taint(object, 'an item of a list is set');
      return;
    }
    this.destructure(target, value, scope, (name, part) => {
      scope.set(name, part);
    });
  }

  private memberKey(
    node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
    scope: Scope,
  ): string | undefined {
    if (!node.computed) return propertyName(node.property, false);
    const key = this.expression(node.property, scope);
    return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
  }

  private keyOf(
    property: Extract<Node, { type: 'ObjectProperty' | 'ObjectMethod' }>,
    scope: Scope,
  ): string | undefined {
    if (!property.computed) return propertyName(property.key, false);
    const key = this.expression(property.key, scope);
    return typeof key === 'string' || typeof key === 'number' ? String(key) : undefined;
  }

  private expression(node: Node, scope: Scope): Value {
    this.evaluation.step();
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return node.value;
      case 'NullLiteral':
        return null;
      case 'Identifier':
        return node.name === 'undefined' ? undefined : this.lookUp(node, node.name, scope);
      case 'TemplateLiteral': {
        let text = node.quasis[0]?.value.cooked ?? '';
        for (const [index, part] of node.expressions.entries()) {
          const value = this.expression(part, scope);
          if (!isPrimitive(value)) return this.unknown(node, 'a text with an unknown part');
          text += String(value) + (node.quasis[index + 1]?.value.cooked ?? '');
        }
        return text;
      }
      case 'ObjectExpression':
        return this.object(node, scope);
      case 'ArrayExpression': {
        const list = new ArrayValue([]);
        for (const element of node.elements) {
          if (element === null) list.items.push(undefined);
          else if (element.type === 'SpreadElement') {
            list.spread(this.expression(element.argument, scope));
          } else list.items.push(this.expression(element, scope));
        }
        return list;
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        if (node.object.type === 'MetaProperty') return this.meta(node);
        if (node.object.type === 'Super') return this.unknown(node, 'a class');
        const object = this.expression(node.object, scope);
        const isShort = node.type === 'OptionalMemberExpression' || node.optional === true;
        if (isShort && (object === null || object === undefined)) return undefined;
        const key = this.memberKey(node, scope);
        if (key !== undefined) return this.evaluation.get(object, key);
        return this.unknown(node, 'a computed key');
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.callOf(node, scope);
      case 'NewExpression':
        return this.newOf(node, scope);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return this.closure(node, scope);
      case 'ConditionalExpression':
        return this.evaluation.truthy(this.expression(node.test, scope))
          ? this.expression(node.consequent, scope)
          : this.expression(node.alternate, scope);
      case 'LogicalExpression':
        return this.logical(node.operator, node.left, node.right, scope);
      case 'UnaryExpression': {
        const value = this.expression(node.argument, scope);
        if (node.operator === '!') return !this.evaluation.truthy(value);
        if (node.operator === 'void') return undefined;
        if (node.operator === 'typeof' && !(value instanceof Unknown)) {
          if (isPrimitive(value)) return value === null ? 'object' : typeof value;
          return value instanceof FunctionValue ? 'function' : 'object';
        }
        if (node.operator === '-' && typeof value === 'number') return -value;
        if (node.operator === 'delete' && node.argument.type === 'MemberExpression') {
          const object = this.expression(node.argument.object, scope);
          const key = this.memberKey(node.argument, scope);
          if (object instanceof ObjectValue && key !== undefined) object.delete(key);
          return true;
        }
        return this.unknown(node, node.operator);
      }
      case 'BinaryExpression': {
        const left = this.expression(node.left, scope);
        const right = this.expression(node.right, scope);
        return binary(node.operator, left, right) ?? this.unknown(node, 'a comparison');
      }
      case 'AssignmentExpression': {
        const { operator, left, right } = node;
        if (operator === '=') {
          const value = this.expression(right, scope);
          this.assign(left, value, scope);
          return value;
        }
        if (['||=', '&&=', '??='].includes(operator)) {
          const value = this.logical(operator.slice(0, -1), left, right, scope);
          this.assign(left, value, scope);
          return value;
        }
        const sum = binary(
          operator.slice(0, -1),
          this.expression(left, scope),
          this.expression(right, scope),
        );
        const value = sum ?? this.unknown(node, operator);
        this.assign(left, value, scope);
        return value;
      }
      case 'UpdateExpression':
        this.assign(node.argument, this.unknown(node, 'a count'), scope);
        return this.unknown(node, 'a count');
      case 'SequenceExpression':
        return node.expressions.map((one) => this.expression(one, scope)).at(-1);
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TypeCastExpression':
      case 'ParenthesizedExpression':
      case 'TSInstantiationExpression':
        return this.expression(node.expression, scope);
      default:
        return this.unknown(node, 'code that cannot be followed');
    }
  }

  /** `import.meta.url`, `.dirname`, `.filename`: https://nodejs.org/api/esm.html#importmeta */
  private meta(
    node: Extract<Node, { type: 'MemberExpression' | 'OptionalMemberExpression' }>,
  ): Value {
    const file = posix.join(APP_ROOT, this.path);
    switch (propertyName(node.property, node.computed)) {
      case 'url':
        return `file://${file}`;
      case 'dirname':
        return posix.dirname(file);
      case 'filename':
        return file;
      default:
        return this.unknown(node, 'import.meta');
    }
  }

  private object(node: Extract<Node, { type: 'ObjectExpression' }>, scope: Scope): ObjectValue {
    const object = new ObjectValue();
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        object.spread(this.expression(property.argument, scope));
        continue;
      }
      const key = this.keyOf(property, scope);
      const value =
        property.type !== 'ObjectMethod'
          ? this.expression(property.value, scope)
          : property.kind === 'method'
            ? this.closure(property, scope)
            : this.unknown(property, 'a getter');
      if (key === undefined) object.spread(this.unknown(property, 'a computed key'));
      else object.set(key, value);
    }
    return object;
  }

  private logical(operator: string, left: Node, right: Node, scope: Scope): Value {
    const value = this.expression(left, scope);
    if (operator === '??') {
      if (value instanceof Unknown) {
        const isThere = this.evaluation.truthy(this.unknown(left, 'whether it is there'));
        return isThere ? value : this.expression(right, scope);
      }
      return value ?? this.expression(right, scope);
    }
    const isTrue = this.evaluation.truthy(value);
    if (operator === '||') return isTrue ? value : this.expression(right, scope);
    if (isTrue) return this.expression(right, scope);
    // What is unknown and false spreads nothing.
    return value instanceof Unknown ? false : value;
  }

  private callOf(
    node: Extract<Node, { type: 'CallExpression' | 'OptionalCallExpression' }>,
    scope: Scope,
  ): Value {
    const { callee } = node;
    if (callee.type === 'Import') return this.unknown(node, 'an import when it runs');
    if (callee.type === 'Super') return this.unknown(node, 'a class');
    const target = this.expression(callee, scope);
    const isShort =
      node.type === 'OptionalCallExpression' || callee.type === 'OptionalMemberExpression';
    if (isShort && (target === undefined || target === null)) return undefined;
    const args: Value[] = [];
    for (const argument of node.arguments) {
      if (argument.type === 'SpreadElement') {
        args.push(...this.items(this.expression(argument.argument, scope)));
      } else args.push(this.expression(argument, scope));
    }
    const name =
      callee.type === 'Identifier'
        ? callee.name
        : callee.type === 'MemberExpression'
          ? propertyName(callee.property, callee.computed)
          : undefined;
    if (target instanceof Unknown) {
      // They type what they get: https://docs.expo.dev/workflow/configuration/
      if (name !== undefined && IDENTITY.has(name)) return args[0];
      const called = this.unknown(node, `what ${name ?? 'a function'} makes of it is not known`);
      return this.evaluation.call(called, args);
    }
    return this.evaluation.call(target, args);
  }

  private newOf(node: Extract<Node, { type: 'NewExpression' }>, scope: Scope): Value {
    const args = node.arguments.map((argument) =>
      argument.type === 'SpreadElement' ? undefined : this.expression(argument, scope),
    );
    const [path, base] = args;
    const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
    if (isUrl && typeof path === 'string' && typeof base === 'string') {
      try {
        return new URL(path, base).href;
      } catch {
        throw new Thrown();
      }
    }
    for (const arg of args) taint(arg, 'an object gets it');
    return this.unknown(node, 'an object of a class');
  }
}

/** Undefined in an ES module. */
const COMMON_JS = new Set(['require', 'module', 'exports', '__dirname', '__filename']);

const IDENTITY = new Set(['defineConfig', 'defineExpoConfig']);

function declaredNames(node: Node): string[] {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    return node.id ? [node.id.name] : [];
  }
  if (node.type !== 'VariableDeclaration') return [];
  return node.declarations.flatMap(({ id }) => namesIn(id));
}

function namesIn(pattern: Node): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) =>
        namesIn(one.type === 'RestElement' ? one.argument : one.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one === null ? [] : namesIn(one)));
    default:
      return [];
  }
}

function binary(operator: string, left: Value, right: Value): Value {
  if (!isPrimitive(left) || !isPrimitive(right)) {
    const areKnown = !(left instanceof Unknown) && !(right instanceof Unknown);
    if (areKnown && operator === '===') return left === right;
    if (areKnown && operator === '!==') return left !== right;
    return undefined;
  }
  switch (operator) {
    case '===':
      return left === right;
    case '!==':
      return left !== right;
    case '==':
      return left == right;
    case '!=':
      return left != right;
    case '+':
      return typeof left === 'string' || typeof right === 'string'
        ? String(left) + String(right)
        : Number(left) + Number(right);
    default:
      return undefined;
  }
}
