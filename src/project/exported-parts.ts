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
  /** A function of the library that gives one which makes it, too: `const mine = configureSynced(synced, {})`. */
  readonly maker?: RegExp;
}

/** What a file exports. */
export interface ExportedPart {
  /** `default` for the default export. */
  readonly name: string;
  /** Its name in the file itself, which two exports of the same share; `default` where it has none. */
  readonly local: string;
  /** Where in it what is wanted is: '' is the whole, `a.b` a property of the object that it is made of. */
  readonly inside: readonly string[];
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
  for (const name of configuredNames(body, wanted)) locals.add(name);
  if (locals.size === 0) return { exported: [], lines: [] };
  const lines: number[] = [];
  walk(module.program, (node) => {
    if (isMade(node, locals)) lines.push(lineOf(module, node));
    return undefined;
  });
  if (lines.length === 0) return { exported: [], lines };

  const matches = (node: Node): boolean =>
    wanted.as === 'value' ? makesOnce(node, locals) : isDrain(node, locals);
  const named = new Map<string, ExportedPart>();
  const exported: ExportedPart[] = [];
  for (const statement of body) {
    const declaration = declarationOf(statement);
    for (const [name, value] of bindingsOf(declaration)) {
      if (!matches(value)) continue;
      const part = { name, local: name, inside: placesIn(value, locals) };
      named.set(name, part);
      if (statement.type === 'ExportNamedDeclaration') exported.push(part);
    }
  }
  for (const statement of body) {
    exported.push(
      ...exportsOf(statement, named, (node) =>
        matches(node)
          ? { name: 'default', local: 'default', inside: placesIn(node, locals) }
          : undefined,
      ),
    );
  }
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

/** Of `const mine = configureSynced(synced, {})` at the top level. */
function configuredNames(body: readonly Statement[], { maker, from }: PartWanted): string[] {
  if (maker === undefined) return [];
  const makers = new Set(
    body.flatMap((statement) => importedNames(statement, { made: maker, from, as: 'value' })),
  );
  return body.flatMap((statement) =>
    bindingsOf(declarationOf(statement)).flatMap(([name, value]) =>
      isMade(value, makers) ? [name] : [],
    ),
  );
}

/** Where it is in what a call is given: `observable({ notes: synced() })` has it in `notes`. */
function placesIn(node: Node, locals: ReadonlySet<string>): string[] {
  if (isMade(node, locals)) return [''];
  if (node.type === 'CallExpression') {
    const [first] = node.arguments;
    return first === undefined ? [''] : placesIn(first, locals);
  }
  if (node.type !== 'ObjectExpression') return [''];
  return node.properties.flatMap((property) => {
    if (property.type !== 'ObjectProperty' || property.computed || !makesOnce(property, locals)) {
      return [];
    }
    if (property.key.type !== 'Identifier') return [''];
    const { name } = property.key;
    return placesIn(property.value, locals).map((inner) =>
      inner === '' ? name : `${name}.${inner}`,
    );
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
  named: ReadonlyMap<string, ExportedPart>,
  unnamed: (node: Node) => ExportedPart | undefined,
): ExportedPart[] {
  if (statement.type === 'ExportNamedDeclaration' && statement.source == null) {
    return statement.specifiers.flatMap((specifier) => {
      if (specifier.type !== 'ExportSpecifier') return [];
      const part = named.get(specifier.local.name);
      return part === undefined ? [] : [{ ...part, name: moduleExportName(specifier.exported) }];
    });
  }
  if (statement.type !== 'ExportDefaultDeclaration') return [];
  const { declaration } = statement;
  const own = declaration.type === 'Identifier' ? named.get(declaration.name) : undefined;
  const part = own === undefined ? unnamed(declaration) : { ...own, name: 'default' };
  return part === undefined ? [] : [part];
}
