import type { Node } from '../formats/javascript.ts';
import { ancestorsOf, isFunction, nodesBelow } from '../doctor/code/javascript.ts';
import type { FunctionNode, Script } from '../doctor/code/javascript.ts';

/** A name where it is used, and not where it is given. */
export interface Reference {
  readonly name: string;
  readonly node: Node;
}

/** Whether a node of a name uses it: keys, members, labels and the names of imports do not. */
function isReference({ parents }: Script, node: Node): boolean {
  const parent = parents.get(node);
  if (parent === undefined) return true;
  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return parent.property !== node || parent.computed;
    case 'ObjectProperty':
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassProperty':
      return parent.key !== node || parent.computed;
    case 'TSQualifiedName':
      return parent.left === node;
    case 'TSPropertySignature':
    case 'TSMethodSignature':
    case 'TSEnumMember':
    case 'ObjectTypeProperty':
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
    case 'MetaProperty':
    case 'ImportSpecifier':
    case 'ImportDefaultSpecifier':
    case 'ImportNamespaceSpecifier':
    case 'JSXAttribute':
      return false;
    case 'ExportSpecifier':
      return parent.local === node;
    default:
      return !isGiven(parent, node);
  }
}

/** Whether a declaration gives this name. */
function isGiven(parent: Node, node: Node): boolean {
  switch (parent.type) {
    case 'VariableDeclarator':
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ClassDeclaration':
    case 'ClassExpression':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
    case 'TSImportEqualsDeclaration':
    case 'TypeAlias':
      return parent.id === node;
    default:
      return false;
  }
}

/** Every use of a name at or below a node. Patterns that give names count as uses of them: nothing is missed by it. */
export const referencesIn = (script: Script, root: Node): Reference[] =>
  nodesBelow(root).flatMap((node): Reference[] => {
    if (node.type === 'Identifier') {
      return isReference(script, node) ? [{ name: node.name, node }] : [];
    }
    if (node.type === 'JSXIdentifier') {
      return script.parents.get(node)?.type === 'JSXAttribute' ? [] : [{ name: node.name, node }];
    }
    return [];
  });

/** The names that a pattern, or a parameter, gives. */
export function namesGiven(pattern: Node | null | undefined): string[] {
  if (!pattern) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) =>
        namesGiven(one.type === 'RestElement' ? one.argument : one.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesGiven);
    case 'AssignmentPattern':
      return namesGiven(pattern.left);
    case 'RestElement':
      return namesGiven(pattern.argument);
    case 'TSParameterProperty':
      return namesGiven(pattern.parameter);
    default:
      return [];
  }
}

/** The names that a statement declares. */
export function namesDeclared(statement: Node): string[] {
  if (
    (statement.type === 'ExportNamedDeclaration' ||
      statement.type === 'ExportDefaultDeclaration') &&
    statement.declaration
  ) {
    return namesDeclared(statement.declaration);
  }
  switch (statement.type) {
    case 'VariableDeclaration':
      return statement.declarations.flatMap(({ id }) => namesGiven(id));
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
    case 'TypeAlias':
      return statement.id?.type === 'Identifier' ? [statement.id.name] : [];
    case 'ImportDeclaration':
      return statement.specifiers.map(({ local }) => local.name);
    case 'TSImportEqualsDeclaration':
      return [statement.id.name];
    default:
      return [];
  }
}

/** The names that the scope which a node opens has; `var` counts for its block, which is enough to tell whose a name is. */
function scopeOf(node: Node): string[] {
  if (isFunction(node)) {
    const own = 'id' in node && node.type === 'FunctionExpression' && node.id ? [node.id.name] : [];
    return [...own, ...node.params.flatMap(namesGiven), ...varsIn(node.body)];
  }
  switch (node.type) {
    case 'BlockStatement':
    case 'Program':
      return node.body.flatMap(namesDeclared);
    case 'ForStatement':
      return node.init ? namesDeclared(node.init) : [];
    case 'ForInStatement':
    case 'ForOfStatement':
      return namesDeclared(node.left);
    case 'CatchClause':
      return namesGiven(node.param);
    case 'SwitchStatement':
      return node.cases.flatMap(({ consequent }) => consequent.flatMap(namesDeclared));
    default:
      return [];
  }
}

const varsIn = (body: Node): string[] =>
  nodesBelow(body).flatMap((node) =>
    node.type === 'VariableDeclaration' && node.kind === 'var' ? namesDeclared(node) : [],
  );

/** Where a name that is used comes from: the innermost scope around it that has it; undefined for a global. */
export const declaringScope = (script: Script, { name, node }: Reference): Node | undefined =>
  ancestorsOf(script, node).find((around) => scopeOf(around).includes(name));

/** What a function uses that is not its own. */
export function freeNames(
  script: Script,
  root: FunctionNode,
): (Reference & { readonly scope: Node | undefined })[] {
  const inside = new Set(nodesBelow(root));
  return referencesIn(script, root.body)
    .map((reference) => ({ ...reference, scope: declaringScope(script, reference) }))
    .filter(({ scope }) => scope === undefined || !inside.has(scope));
}
