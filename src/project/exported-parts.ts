import type {
  Declaration,
  Expression,
  FunctionDeclaration,
  ImportDeclaration,
  Node,
  Statement,
} from '@babel/types';
import {
  childrenOf,
  isConditional,
  lineOf,
  moduleExportName,
  walk,
} from '../formats/javascript.ts';
import type { Module } from '../formats/javascript.ts';

/** What a handler imports from the app's own code. */
export interface PartWanted {
  /** The function or class of the library that makes it, as the library exports it. */
  readonly made: RegExp;
  /** The module of the library that it comes from. */
  readonly from: RegExp;
  /**
   * `value`: what a top-level call or `new` of it gives. `function`: an async function without parameters that calls it.
   */
  readonly as: 'value' | 'function';
}

/** What a file exports. */
export interface ExportedPart {
  /** `default` for the default export. */
  readonly name: string;
}

export interface PartsInModule {
  readonly exported: readonly ExportedPart[];
  /** 1-based lines where it is made, exported or not. */
  readonly lines: readonly number[];
}

/** Where a module makes what is wanted, and under which names it exports that. */
export function findParts(module: Module, wanted: PartWanted): PartsInModule {
  const { body } = module.program;
  const locals = new Set(body.flatMap((statement) => importedNames(statement, wanted)));
  if (locals.size === 0) return { exported: [], lines: [] };
  const lines: number[] = [];
  walk(module.program, (node) => {
    if (isMade(node, locals)) lines.push(lineOf(module, node));
    return undefined;
  });
  if (lines.length === 0) return { exported: [], lines };

  const matches = (node: Node): boolean =>
    wanted.as === 'value' ? makesOnce(node, locals) : isDrain(node, locals);
  const named = new Set<string>();
  const exported: ExportedPart[] = [];
  for (const statement of body) {
    const declaration = declarationOf(statement);
    for (const [name, value] of bindingsOf(declaration)) {
      if (!matches(value)) continue;
      named.add(name);
      if (statement.type === 'ExportNamedDeclaration') exported.push({ name });
    }
  }
  for (const statement of body) exported.push(...exportsOf(statement, named, matches));
  return { exported, lines };
}

/** The local names of what is wanted, by ES imports. */
function importedNames(statement: Statement, { made, from }: PartWanted): string[] {
  if (statement.type !== 'ImportDeclaration' || !from.test(statement.source.value)) return [];
  return statement.specifiers.flatMap((specifier) => {
    const name = importedName(specifier);
    return name !== undefined && made.test(name) ? [specifier.local.name] : [];
  });
}

function importedName(specifier: ImportDeclaration['specifiers'][number]): string | undefined {
  if (specifier.type === 'ImportDefaultSpecifier') return specifier.local.name;
  if (specifier.type !== 'ImportSpecifier') return undefined;
  const { imported } = specifier;
  return moduleExportName(imported);
}

const isMade = (node: Node, locals: ReadonlySet<string>): boolean =>
  (node.type === 'NewExpression' || node.type === 'CallExpression') &&
  node.callee.type === 'Identifier' &&
  locals.has(node.callee.name);

/** Whether evaluating the node makes it: not in a function that may never run. */
function makesOnce(node: Node, locals: ReadonlySet<string>): boolean {
  if (isConditional(node)) return false;
  return isMade(node, locals) || childrenOf(node).some((child) => makesOnce(child, locals));
}

/** An async function that can be called without arguments, and calls what is wanted. */
function isDrain(node: Node, locals: ReadonlySet<string>): boolean {
  if (
    node.type !== 'FunctionDeclaration' &&
    node.type !== 'FunctionExpression' &&
    node.type !== 'ArrowFunctionExpression'
  ) {
    return false;
  }
  const needsNone = node.params.every(
    (parameter) =>
      parameter.type === 'AssignmentPattern' ||
      parameter.type === 'RestElement' ||
      (parameter.type === 'Identifier' && parameter.optional === true),
  );
  if (!node.async || node.generator === true || !needsNone) return false;
  let calls = false;
  walk(node.body, (inner) => {
    calls ||= isMade(inner, locals);
    return !calls;
  });
  return calls;
}

const declarationOf = (statement: Statement): Statement | Declaration =>
  statement.type === 'ExportNamedDeclaration' && statement.declaration != null
    ? statement.declaration
    : statement;

function bindingsOf(
  declaration: Statement | Declaration,
): [string, Expression | FunctionDeclaration][] {
  if (declaration.type === 'FunctionDeclaration') {
    return declaration.id == null ? [] : [[declaration.id.name, declaration]];
  }
  if (declaration.type !== 'VariableDeclaration') return [];
  return declaration.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' && init != null ? [[id.name, init]] : [],
  );
}

/** `export { a as b }`, `export default a`, `export default new Database(…)`. */
function exportsOf(
  statement: Statement,
  named: ReadonlySet<string>,
  matches: (node: Node) => boolean,
): ExportedPart[] {
  if (statement.type === 'ExportNamedDeclaration' && statement.source == null) {
    return statement.specifiers.flatMap((specifier) => {
      if (specifier.type !== 'ExportSpecifier' || !named.has(specifier.local.name)) return [];
      const { exported } = specifier;
      return [{ name: moduleExportName(exported) }];
    });
  }
  if (statement.type !== 'ExportDefaultDeclaration') return [];
  const { declaration } = statement;
  const isNamed = declaration.type === 'Identifier' && named.has(declaration.name);
  return isNamed || matches(declaration) ? [{ name: 'default' }] : [];
}
