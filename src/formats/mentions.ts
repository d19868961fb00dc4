import type { Node } from '@babel/types';
import { endOf, literalText, parseModule, propertyName, startOf, walk } from './javascript.ts';
import { parseTree } from './jsonc.ts';
import { lineNumber, withoutMark } from './text.ts';

/** A place in a file that names something. */
export interface Mention {
  /** 1-based. */
  readonly line: number;
  /** The whole lines, as they stand. */
  readonly text: string;
}

/** What is asked of the strings of a file. */
export interface Wanted {
  /** Of any string: a path, most of the time. */
  readonly isNamed: (text: string) => boolean;
  /** Of what `import`, `export … from`, `require` and Jest's calls name. */
  readonly isImported: (specifier: string) => boolean;
  /** Of a property that stands for a package, by its name. */
  readonly isEntry?: (name: string, value: Node) => boolean;
}

/** The mentions in JavaScript or TypeScript. An import is one with all its lines; what cannot be parsed is read by line. */
export function javaScriptMentions(
  text: string,
  path: string,
  { isNamed, isImported, isEntry }: Wanted,
): Mention[] {
  const source = withoutMark(text);
  const parsed = parseModule(source, path);
  if (!parsed.ok) {
    return lineMentions(source, (line) =>
      [...line.matchAll(/(['"`])([^'"`]+)\1/g)].some(
        ([, , value = '']) => isImported(value) || isNamed(value),
      ),
    );
  }
  const found: Mention[] = [];
  const note = (node: Node): false => {
    found.push(linesOf(source, startOf(node), endOf(node)));
    return false;
  };
  walk(parsed.module.program, (node) => {
    if (
      node.type === 'ImportDeclaration' ||
      node.type === 'ExportAllDeclaration' ||
      node.type === 'ExportNamedDeclaration'
    ) {
      const specifier = node.source?.value;
      if (specifier === undefined) return undefined;
      return isImported(specifier) ? note(node) : false;
    }
    if (node.type === 'ObjectProperty') {
      const name = propertyName(node.key, node.computed);
      if (name !== undefined && isEntry?.(name, node.value) === true) return note(node);
    }
    const joined = joinedPath(node);
    if (joined !== undefined && isNamed(joined)) return note(node);
    const imported = importedBy(node);
    if (imported !== undefined && isImported(imported.value)) return note(imported.node);
    const value = literalText(node);
    if (value !== undefined) return isNamed(value) ? note(node) : undefined;
    const isPart =
      node.type === 'TemplateLiteral' && node.quasis.some(({ value: { raw } }) => isNamed(raw));
    return isPart ? note(node) : undefined;
  });
  return inOrder(found);
}

/** What a call imports: `require(…)`, `import(…)`, `require.resolve(…)`, `jest.mock(…)`. */
function importedBy(node: Node): { readonly value: string; readonly node: Node } | undefined {
  if (node.type === 'ImportExpression') {
    const value = literalText(node.source);
    return value === undefined ? undefined : { value, node: node.source };
  }
  if (node.type === 'TSExternalModuleReference') {
    return { value: node.expression.value, node };
  }
  if (node.type !== 'CallExpression') return undefined;
  const [argument] = node.arguments;
  const value = argument && literalText(argument);
  if (argument === undefined || value === undefined) return undefined;
  const { callee } = node;
  const object = callee.type === 'MemberExpression' ? callee.object : callee;
  const isImport =
    object.type === 'Import' ||
    (object.type === 'Identifier' && ['require', 'jest', 'vi'].includes(object.name));
  return isImport ? { value, node: argument } : undefined;
}

/** What is written down of `path.join(__dirname, 'a', 'b')`: `a/b`. */
function joinedPath(node: Node): string | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const { callee, arguments: args } = node;
  if (callee.type !== 'MemberExpression') return undefined;
  const name = propertyName(callee.property, callee.computed);
  if (name !== 'join' && name !== 'resolve') return undefined;
  const parts = args.flatMap((argument) => literalText(argument) ?? []);
  return parts.length > 1 ? parts.join('/') : undefined;
}

/** The mentions in JSON, comments allowed: in its values, and in the names of its entries. */
export function jsonMentions(
  text: string,
  isMeant: (value: string, path: readonly string[]) => boolean,
): Mention[] {
  const source = withoutMark(text);
  const found: Mention[] = [];
  const root = parseTree(source);
  const open = root === undefined ? [] : [{ node: root, path: [] as readonly string[] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, path } = next;
    const { children = [] } = node;
    if (node.type === 'property') {
      const [key, value] = children;
      if (key === undefined || value === undefined) continue;
      open.push({ node: value, path: [...path, String(key.value)] });
    } else if (node.type === 'string' && isMeant(String(node.value), path)) {
      found.push(linesOf(source, node.offset, node.offset + node.length));
    } else open.push(...children.map((child) => ({ node: child, path })));
  }
  return inOrder(found);
}

/** The lines that are meant; `code` is the text with what is no code as spaces. */
export function lineMentions(
  text: string,
  isMeant: (line: string) => boolean,
  code: string = text,
): Mention[] {
  const lines = text.split(/\r?\n/);
  return code
    .split(/\r?\n/)
    .flatMap((line, index) =>
      isMeant(line) ? [{ line: index + 1, text: lines[index] ?? '' }] : [],
    );
}

function linesOf(source: string, start: number, end: number): Mention {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const newline = source.indexOf('\n', Math.max(start, end - 1));
  const to = newline === -1 ? source.length : newline;
  return { line: lineNumber(source, start), text: source.slice(from, to).replace(/\r$/, '') };
}

/** By line, each line once. */
function inOrder(mentions: readonly Mention[]): Mention[] {
  const sorted = mentions.toSorted((a, b) => a.line - b.line);
  return sorted.filter(({ line }, index) => line !== sorted[index - 1]?.line);
}
