import { parse } from '@babel/parser';
import type { ParserOptions, ParserPlugin } from '@babel/parser';
import type {
  CallExpression,
  Comment,
  Expression,
  Identifier,
  Node,
  Program,
  Statement,
  StringLiteral,
} from '@babel/types';
import type { Insertion } from './edit.ts';
import { isFirstOnLine, lineEnd, lineEnding, lineIndent, lineNumber, nextLine } from './text.ts';

/** Shared by the editors of JavaScript and TypeScript files. Sources come without a byte order mark. */

export interface Module {
  readonly source: string;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

export type ParsedModule =
  | { readonly ok: true; readonly module: Module }
  | { readonly ok: false; readonly reason: string };

const DIALECTS = {
  flow: ['flow', 'jsx'],
  tsx: ['typescript', 'jsx'],
  ts: ['typescript'],
} satisfies Record<string, ParserPlugin[]>;

function dialectsOf(file: string): ParserPlugin[][] {
  if (/\.[cm]?ts$/.test(file)) return [DIALECTS.ts, DIALECTS.tsx];
  if (file.endsWith('.tsx')) return [DIALECTS.tsx, DIALECTS.ts];
  if (/\.[cm]?jsx?$/.test(file)) return [DIALECTS.flow, DIALECTS.tsx, DIALECTS.ts];
  return [DIALECTS.tsx, DIALECTS.flow, DIALECTS.ts];
}

/** Parses as the file's name suggests, and else as any of Flow, TypeScript, JSX, module, script. */
export function parseModule(source: string, file = ''): ParsedModule {
  let reason: string | undefined;
  for (const sourceType of ['module', 'script'] as const) {
    for (const dialect of dialectsOf(file)) {
      const options: ParserOptions = {
        sourceType,
        plugins: [...dialect, 'decorators-legacy', 'exportDefaultFrom'],
        allowReturnOutsideFunction: true,
      };
      try {
        const { program, comments } = parse(source, options);
        return { ok: true, module: { source, program, comments: comments ?? [] } };
      } catch (error) {
        // Code that is nested too deep overflows the parser's stack.
        if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
        reason ??= `it cannot be parsed: ${error.message}`;
      }
    }
  }
  return { ok: false, reason: reason ?? 'it cannot be parsed' };
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

const NOT_CHILDREN = new Set([
  'loc',
  'extra',
  'leadingComments',
  'trailingComments',
  'innerComments',
]);

/** The nodes right below this one. */
export function childrenOf(node: Node): Node[] {
  return Object.entries(node).flatMap(([key, value]: [string, unknown]): Node[] => {
    if (NOT_CHILDREN.has(key)) return [];
    if (Array.isArray(value)) return value.filter(isNode);
    return isNode(value) ? [value] : [];
  });
}

/** Visits the node and all below it; what `visit` answers `false` for is not entered. */
export function walk(root: Node, visit: (node: Node) => boolean | undefined): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (visit(node) !== false) stack.push(...childrenOf(node).reverse());
  }
}

/** Code below these runs later, or only sometimes, or more than once. */
const CONDITIONAL = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
  'ClassProperty',
  'ClassPrivateProperty',
  'ClassAccessorProperty',
  'IfStatement',
  'SwitchStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
  'DoWhileStatement',
  'CatchClause',
  'ConditionalExpression',
  'LogicalExpression',
  'OptionalCallExpression',
  'TSModuleDeclaration',
]);

export const isConditional = (node: Node): boolean => CONDITIONAL.has(node.type);

/** Visits what runs once, when the module is loaded. */
export function walkTopLevel(root: Node, visit: (node: Node) => void): void {
  walk(root, (node) => {
    if (isConditional(node)) return false;
    visit(node);
    return undefined;
  });
}

export const startOf = (node: Node): number => node.start ?? 0;
export const endOf = (node: Node): number => node.end ?? 0;
export const lineOf = ({ source }: Module, node: Node): number => lineNumber(source, startOf(node));

/** The expression inside casts, `satisfies`, `!` and parentheses. */
export function unwrap(node: Node): Node {
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'TypeCastExpression':
    case 'ParenthesizedExpression':
      return unwrap(node.expression);
    default:
      return node;
  }
}

/** The text of a string literal, or of a template literal without expressions. */
export function literalText(node: Node): string | undefined {
  if (node.type === 'StringLiteral') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) {
    return node.quasis[0]?.value.cooked ?? undefined;
  }
  return undefined;
}

/** What `require('…')` requires. */
export function requiredModule(node: Node): string | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const { callee, arguments: args } = node;
  const [argument] = args;
  if (callee.type !== 'Identifier' || callee.name !== 'require' || argument === undefined) {
    return undefined;
  }
  return literalText(argument);
}

/** The name that a call goes by: `f` of `f()`, `a.f()` and `a?.f()`. */
export function calleeName({ callee }: Pick<CallExpression, 'callee'>): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  if (callee.type !== 'MemberExpression' && callee.type !== 'OptionalMemberExpression') {
    return undefined;
  }
  return propertyName(callee.property, callee.computed);
}

/** How an import or an export names something of a module: `a`, or `'a'` (https://tc39.es/ecma262/#prod-ModuleExportName). */
export const moduleExportName = (name: Identifier | StringLiteral): string =>
  name.type === 'Identifier' ? name.name : name.value;

/** The name of a property, where it is written down. */
export function propertyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'Identifier') return computed ? undefined : key.name;
  if (key.type === 'NumericLiteral') return String(key.value);
  return literalText(key);
}

/** `module.exports` */
export const isModuleExports = (node: Node): boolean =>
  node.type === 'MemberExpression' &&
  node.object.type === 'Identifier' &&
  node.object.name === 'module' &&
  propertyName(node.property, node.computed) === 'exports';

export interface Binding {
  readonly local: string;
  readonly module: string;
  /** The export that the name stands for: its name, `default`, or `*` for the whole module. */
  readonly imported: string;
  readonly isImport: boolean;
  readonly end: number;
}

/** Names that the top level binds to other modules, or to what they export. */
export function bindingsOf({ program }: Module): Binding[] {
  return program.body.flatMap((statement): Binding[] => {
    const end = endOf(statement);
    if (statement.type === 'ImportDeclaration') {
      if (isTypeOnly(statement)) return [];
      const module = statement.source.value;
      return statement.specifiers.map((specifier) => {
        const local = specifier.local.name;
        if (specifier.type === 'ImportNamespaceSpecifier') {
          return { local, module, imported: '*', isImport: true, end };
        }
        if (specifier.type === 'ImportDefaultSpecifier') {
          return { local, module, imported: 'default', isImport: true, end };
        }
        const { imported } = specifier;
        const name = moduleExportName(imported);
        return { local, module, imported: name, isImport: true, end };
      });
    }
    if (statement.type === 'TSImportEqualsDeclaration') {
      const reference = statement.moduleReference;
      if (reference.type !== 'TSExternalModuleReference') return [];
      const module = reference.expression.value;
      return [{ local: statement.id.name, module, imported: '*', isImport: true, end }];
    }
    if (statement.type !== 'VariableDeclaration') return [];
    return statement.declarations.flatMap(({ id, init }): Binding[] => {
      const module = init ? requiredModule(unwrap(init)) : undefined;
      if (module === undefined) return [];
      if (id.type === 'Identifier') {
        return [{ local: id.name, module, imported: '*', isImport: false, end }];
      }
      if (id.type !== 'ObjectPattern') return [];
      return id.properties.flatMap((property): Binding[] => {
        if (property.type !== 'ObjectProperty' || property.value.type !== 'Identifier') return [];
        const imported = propertyName(property.key, property.computed);
        if (imported === undefined) return [];
        return [{ local: property.value.name, module, imported, isImport: false, end }];
      });
    });
  });
}

/** Whether nothing is left of an import once the types are gone. */
export function isTypeOnly(statement: Statement): boolean {
  if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration') {
    return statement.exportKind === 'type';
  }
  if (statement.type !== 'ImportDeclaration') return false;
  const isType = (kind: string | null | undefined): boolean => kind === 'type' || kind === 'typeof';
  return (
    isType(statement.importKind) ||
    (statement.specifiers.length > 0 &&
      statement.specifiers.every(
        (specifier) => specifier.type === 'ImportSpecifier' && isType(specifier.importKind),
      ))
  );
}

export const isImport = (statement: Statement): boolean =>
  statement.type === 'ImportDeclaration' || statement.type === 'TSImportEqualsDeclaration';

export interface CodeStyle {
  readonly quote: "'" | '"';
  readonly semicolons: boolean;
  readonly newline: string;
}

/** The habits of a file: those of its imports, else those of the whole. */
export function styleOf(module: Module): CodeStyle {
  const { source, program } = module;
  const imports = program.body.filter(
    (statement) => isImport(statement) || requireOf(statement) !== undefined,
  );
  const ended = (imports.length > 0 ? imports : program.body).filter((statement) =>
    ['ImportDeclaration', 'VariableDeclaration', 'ExpressionStatement'].includes(statement.type),
  );
  const withSemicolon = ended.filter((statement) => source[codeEnd(source, statement) - 1] === ';');
  const quotes = (roots: readonly Node[]): string[] => {
    const found: string[] = [];
    for (const root of roots) {
      walk(root, (node) => {
        if (node.type === 'StringLiteral') found.push(source[startOf(node)] ?? '');
        return node.type !== 'JSXAttribute';
      });
    }
    return found;
  };
  const own = quotes(imports);
  const seen = own.length > 0 ? own : quotes(program.body);
  const double = seen.filter((quote) => quote === '"').length;
  return {
    quote: double * 2 > seen.length ? '"' : "'",
    semicolons: ended.length === 0 || withSemicolon.length * 2 >= ended.length,
    newline: lineEnding(source),
  };
}

/** The module that a statement requires when the file is loaded. */
export function requireOf(statement: Statement): string | undefined {
  if (statement.type !== 'ExpressionStatement' && statement.type !== 'VariableDeclaration') {
    return undefined;
  }
  let found: string | undefined;
  walkTopLevel(statement, (node) => {
    found ??= requiredModule(node);
  });
  return found;
}

/** A string literal. */
export function quoteText(text: string, quote: "'" | '"'): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  return quote + escaped + quote;
}

/** Where a statement ends; a semicolon at the start of a later line is there for the sake of that line. */
function codeEnd(source: string, statement: Statement): number {
  const end = endOf(statement);
  return source[end - 1] === ';' && isFirstOnLine(source, end - 1)
    ? Math.max(...childrenOf(statement).map(endOf))
    : end;
}

/** Puts a line of code below a statement: below the comments that end its line, too. */
export function insertBelow(module: Module, statement: Statement, line: string): Insertion {
  const { source } = module;
  const codeEnds = codeEnd(source, statement);
  const end = skipTrailing(module, codeEnds);
  if (lineEnd(source, end) !== end) {
    // Code follows on the same line.
    return { offset: codeEnds, text: ` ${line.endsWith(';') ? line : `${line};`}` };
  }
  const newline = lineEnding(source);
  const indent = isFirstOnLine(source, startOf(statement))
    ? lineIndent(source, startOf(statement))
    : '';
  if (end === source.length) return { offset: end, text: `${newline}${indent}${line}` };
  return { offset: nextLine(source, end), text: `${indent}${line}${newline}` };
}

/** Passes blanks and comments up to the end of the line, or to the code that follows on it. */
export function skipTrailing({ source, comments }: Module, offset: number): number {
  let end = offset;
  for (;;) {
    while (source[end] === ' ' || source[end] === '\t') end += 1;
    const comment = comments.find((candidate) => candidate.start === end);
    if (comment?.end === undefined) return end;
    end = comment.end;
  }
}

/** Comments that speak of the file, wherever they stand in its head. */
export const ABOUT_THE_FILE =
  /@(?:no)?flow\b|@format\b|@jsx|@ts-(?:no)?check\b|@licen[cs]e\b|@preserve\b|@generated\b|@lint\b|copyright|eslint-(?:disable|enable|env)(?!-)|eslint [\w-]+:|@file(?:overview)?\b|@prettier\b|^global /i;

/**
 * Puts a line of code at the top: below a hashbang, directives, and the comments that speak of the file; above the
 * first statement and the comments that speak of it.
 */
export function insertAtTop(module: Module, line: string): Insertion {
  const { source, program, comments } = module;
  const newline = lineEnding(source);
  const first = program.body[0];
  const limit = first === undefined ? source.length : startOf(first);
  const lastDirective = program.directives.at(-1);
  let end = 0;
  if (program.interpreter) end = endOf(program.interpreter);
  if (lastDirective !== undefined) end = endOf(lastDirective);

  const head = comments.filter(
    (comment) => (comment.start ?? 0) >= end && (comment.end ?? 0) <= limit,
  );
  for (const [index, comment] of head.entries()) {
    const commentEnd = comment.end ?? 0;
    const isOpening = index === 0 && end === 0 && comment.type === 'CommentBlock';
    const isApart = /^[\t ]*\r?\n[\t ]*\r?\n/.test(source.slice(commentEnd));
    const isTrailing = end > 0 && !source.slice(end, comment.start ?? 0).includes('\n');
    if (
      first === undefined ||
      isOpening ||
      isApart ||
      isTrailing ||
      ABOUT_THE_FILE.test(comment.value.trim())
    ) {
      end = commentEnd;
    }
  }

  if (end === 0) {
    const before = source.slice(0, limit);
    const blank = /^(?:[\t ]*\r?\n)*/.exec(before)?.[0].length ?? 0;
    if (first === undefined && source.trim() === '') {
      return { offset: source.length, text: line + newline };
    }
    return { offset: blank, text: `${line}${newline}${newline}` };
  }
  if (lineEnd(source, end) !== end && !/^[\t ]*\r?(?:\n|$)/.test(source.slice(end))) {
    // Code follows on the same line.
    return { offset: end, text: ` ${line.endsWith(';') ? line : `${line};`}` };
  }
  let offset = nextLine(source, end);
  if (offset === source.length && !source.endsWith('\n')) {
    return { offset, text: newline + line };
  }
  const blanks = /^(?:[\t ]*\r?\n)+/.exec(source.slice(offset, limit))?.[0].length ?? 0;
  offset += blanks;
  const isLast = first === undefined && source.slice(offset).trim() === '';
  return { offset, text: isLast ? line + newline : `${line}${newline}${newline}` };
}

/** Where it stands and which comments are around it does not count; how strings are written does. */
const LAYOUT = new Set([
  ...NOT_CHILDREN,
  'start',
  'end',
  'errors',
  'tokens',
  'comments',
  'trailingComma',
  'parenStart',
]);

/** What a node says, without its layout. */
export function meaningOf(node: Node | readonly Node[]): string {
  return JSON.stringify(node, (key, value: unknown) => {
    if (key === 'extra' && typeof value === 'object' && value !== null) {
      return 'raw' in value ? value.raw : undefined;
    }
    return LAYOUT.has(key) ? undefined : value;
  });
}

/** The top level's statements; a semicolon by itself is none. */
export const statementsOf = ({ program }: Module): Statement[] =>
  program.body.filter((statement) => statement.type !== 'EmptyStatement');

export const commentTexts = (module: Module): string =>
  JSON.stringify(module.comments.map((comment) => comment.value));

export type { CallExpression, Expression, Node, Statement };

/** The offset of the comma between `from` and `to`, comments passed over. */
export function commaBehind(
  { source, comments }: Module,
  from: number,
  to: number,
): number | undefined {
  for (let at = from; at < to; at += 1) {
    const comment = comments.find((candidate) => candidate.start === at);
    if (typeof comment?.end === 'number') at = comment.end - 1;
    else if (source[at] === ',') return at;
  }
  return undefined;
}
