import { posix } from 'node:path';
import type { Node } from '@babel/types';
import { lineOf, propertyName } from './javascript.ts';
import type { Module } from './javascript.ts';
import { binary } from './js-operators.ts';
import { Return, Scope, TooMuch } from './js-scope.ts';
import type { Run } from './js-scope.ts';
import {
  ArrayValue,
  FunctionValue,
  ObjectValue,
  Thrown,
  Unknown,
  isPrimitive,
  taint,
} from './js-values.ts';
import type { Value } from './js-values.ts';

/** The folder that stands for the app's root in `__dirname` and in absolute paths. */
export const APP_ROOT = '/app';

/** Undefined in an ES module. */
const COMMON_JS = new Set(['require', 'module', 'exports', '__dirname', '__filename']);

const IDENTITY = new Set(['defineConfig', 'defineExpoConfig']);

/** The expressions of one module, and the patterns that take their values. */
export abstract class Expressions {
  protected readonly evaluation: Run;
  protected readonly module: Module;
  /** Relative to the app's root. */
  protected readonly path: string;

  constructor(evaluation: Run, module: Module, path: string) {
    this.evaluation = evaluation;
    this.module = module;
    this.path = path;
  }

  /** Runs the body of a function. */
  protected abstract block(statements: readonly Node[], scope: Scope): void;

  protected unknown(node: Node, what: string): Unknown {
    return new Unknown(`${what} (${this.path}:${lineOf(this.module, node)})`);
  }

  protected lookUp(node: Node, name: string, scope: Scope): Value {
    if (scope.has(name)) return scope.get(name);
    if (COMMON_JS.has(name)) throw new Thrown();
    return this.unknown(node, `${name} is not known`);
  }

  protected closure(
    node: Extract<
      Node,
      {
        type:
          | 'FunctionDeclaration'
          | 'FunctionExpression'
          | 'ArrowFunctionExpression'
          | 'ObjectMethod';
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
  protected bind(pattern: Node, value: Value, scope: Scope): void {
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
  protected items(value: Value): readonly Value[] {
    if (value instanceof ArrayValue && value.open === undefined) return value.items;
    if (value === null || value === undefined) throw new Thrown();
    throw new TooMuch();
  }

  protected assign(target: Node, value: Value, scope: Scope): void {
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

  protected expression(node: Node, scope: Scope): Value {
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
