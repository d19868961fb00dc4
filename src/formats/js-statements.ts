import { posix } from 'node:path';
import type { Node } from '@babel/types';
import { moduleExportName } from './javascript.ts';
import type { Module } from './javascript.ts';
import { GLOBALS } from './js-built-ins.ts';
import { APP_ROOT, Expressions } from './js-expressions.ts';
import { Break, Continue, Return, Scope, TooMuch } from './js-scope.ts';
import type { Run } from './js-scope.ts';
import { FunctionValue, ObjectValue, Thrown, Unknown, isPrimitive } from './js-values.ts';
import type { Value } from './js-values.ts';

/** Runs the statements of one module. */
export class ModuleRun extends Expressions {
  private readonly holder: ObjectValue;

  /** @param holder gets the module's `exports` */
  constructor(evaluation: Run, module: Module, path: string, holder: ObjectValue) {
    super(evaluation, module, path);
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

  private exports(): Value {
    return this.holder.get('exports');
  }

  private export(name: string, value: Value): void {
    const exports = this.exports();
    if (exports instanceof ObjectValue) exports.set(name, value);
  }

  protected override block(statements: readonly Node[], scope: Scope): void {
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
          const name = moduleExportName(exported);
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
    return this.importedName(value, moduleExportName(imported));
  }

  /** A CommonJS module is its own default. */
  private importedName(value: Value, name: string): Value {
    if (value === undefined || value === null) return undefined;
    if (name !== 'default') return this.evaluation.get(value, name);
    if (value instanceof Unknown) return value;
    const own = value instanceof ObjectValue ? value.get('default') : undefined;
    return own === undefined ? value : own;
  }
}

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
