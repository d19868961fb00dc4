import type { Node } from 'jsonc-parser';
import { parseTree } from './jsonc.ts';
import type { EditResult } from './edit.ts';
import { childrenOf, endOf, jsonIndentUnit } from './json-nodes.ts';
import {
  changed,
  editBehindMark,
  isFirstOnLine,
  lineEnding,
  lineIndent,
  lineStart,
} from './text.ts';

export interface PackageVersion {
  readonly name: string;
  /** As it is to stand in package.json. */
  readonly version: string;
}

/**
 * Makes sure that package.json has a package in `devDependencies`: in its place where the list is sorted, else at its
 * end. One that is there in another version, here or in `dependencies`, is left to the user.
 */
export function ensureDevDependency(source: string, wanted: PackageVersion): EditResult {
  return editBehindMark(source, (body) => {
    const entry = `${JSON.stringify(wanted.name)}: ${JSON.stringify(wanted.version)}`;
    const manual = (reason: string): EditResult => ({
      status: 'manual',
      reason,
      snippet: `"devDependencies": {\n  ${entry}\n}`,
    });

    const parsed = parse(body);
    if (parsed === undefined) return manual('it is not valid JSON');
    const { root } = parsed;
    const lists = new Map<string, Node>();
    for (const name of ['dependencies', 'devDependencies']) {
      const [property, second] = findProperties(root, name);
      if (property === undefined) continue;
      if (second !== undefined) return manual(`${name} is there twice: make one list of them`);
      const value = valueOf(property);
      if (value?.type !== 'object') return manual(`${name} is no object`);
      lists.set(name, value);
      const [present] = findProperties(value, wanted.name);
      if (present === undefined) continue;
      const version: unknown = valueOf(present)?.value;
      if (version === wanted.version) return { status: 'already' };
      return {
        status: 'manual',
        reason: `${name} has ${wanted.name} in version ${String(version)}`,
        snippet: entry,
        action: 'replace',
      };
    }

    const format = new JsonInsertion(body, root);
    const list = lists.get('devDependencies');
    const result = changed(
      body,
      list === undefined
        ? [format.addObject(findProperties(root, 'dependencies')[0], 'devDependencies', wanted)]
        : [format.addSorted(list, wanted)],
    );
    return result.status === 'changed' && isIntended(parsed.document, result.text, wanted)
      ? result
      : manual('the edit could not be verified');
  });
}

function parse(text: string): { root: Node; document: unknown } | undefined {
  try {
    // What npm reads: no comments, no trailing commas.
    const document: unknown = JSON.parse(text);
    const root = parseTree(text);
    return root?.type === 'object' ? { root, document } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const valueOf = (property: Node): Node | undefined => childrenOf(property)[1];
const nameOf = (property: Node): string => String(childrenOf(property)[0]?.value);

const findProperties = (object: Node, name: string): Node[] =>
  childrenOf(object).filter((property) => nameOf(property) === name);

/** The orders that npm, yarn and pnpm write, and that people sort by. */
const ORDERS: readonly ((a: string, b: string) => number)[] = [
  (a, b) => a.localeCompare(b, 'en'),
  (a, b) => (a < b ? -1 : a > b ? 1 : 0),
];

/** Formats what is put into one file as the file is formatted. */
class JsonInsertion {
  private readonly source: string;
  private readonly newline: string;
  private readonly unit: string;
  private readonly colon: string;

  constructor(source: string, root: Node) {
    this.source = source;
    this.newline = lineEnding(source);
    const [first] = childrenOf(root);
    this.unit = jsonIndentUnit(source, root);
    this.colon = ':';
    if (first === undefined || this.isSpaced(first)) this.colon = ': ';
  }

  /** Adds a property whose value is an object with one entry. */
  addObject(
    after: Node | undefined,
    name: string,
    entry: PackageVersion,
  ): { offset: number; text: string } {
    const { source, newline, unit } = this;
    const root = after?.parent ?? parseTree(source);
    const last = after ?? (root === undefined ? undefined : childrenOf(root).at(-1));
    const key = JSON.stringify(name) + this.colon;
    if (last === undefined) {
      const close = source.lastIndexOf('}');
      const text = `${unit}${key}${this.object(entry, unit)}${newline}`;
      return isFirstOnLine(source, close) && lineStart(source, close) > 1
        ? { offset: lineStart(source, close), text }
        : { offset: close, text: newline + text };
    }
    if (isFirstOnLine(source, last.offset)) {
      const indent = lineIndent(source, last.offset);
      const text = `,${newline}${indent}${key}${this.object(entry, indent)}`;
      return { offset: endOf(last), text };
    }
    const space = this.colon === ':' ? '' : ' ';
    const text = `,${space}${key}{${space}${this.entry(entry)}${space}}`;
    return { offset: endOf(last), text };
  }

  /** Adds an entry to a list of packages. */
  addSorted(list: Node, entry: PackageVersion): { offset: number; text: string } {
    const { source, newline, unit } = this;
    const properties = childrenOf(list);
    const names = properties.map(nameOf);
    const order = ORDERS.find((compare) =>
      names.every((name, index) => index === 0 || compare(names[index - 1] ?? '', name) <= 0),
    );
    const next =
      order === undefined
        ? undefined
        : properties.find((property) => order(entry.name, nameOf(property)) < 0);
    const text = this.entry(entry);
    const last = properties.at(-1);

    if (next !== undefined) {
      if (isFirstOnLine(source, next.offset)) {
        const indent = lineIndent(source, next.offset);
        return { offset: lineStart(source, next.offset), text: `${indent}${text},${newline}` };
      }
      return { offset: next.offset, text: `${text},${this.colon === ':' ? '' : ' '}` };
    }
    if (last !== undefined) {
      const separator = isFirstOnLine(source, last.offset)
        ? newline + lineIndent(source, last.offset)
        : this.colon === ':'
          ? ''
          : ' ';
      return { offset: endOf(last), text: `,${separator}${text}` };
    }
    const close = endOf(list) - 1;
    const isMinified = !source.slice(0, list.offset).includes('\n');
    if (isMinified) return { offset: close, text };
    if (isFirstOnLine(source, close)) {
      const indent = lineIndent(source, close) + unit;
      return { offset: lineStart(source, close), text: `${indent}${text}${newline}` };
    }
    const outer = lineIndent(source, list.offset);
    return { offset: close, text: `${newline}${outer}${unit}${text}${newline}${outer}` };
  }

  private isSpaced(property: Node): boolean {
    const colon = property.colonOffset ?? property.offset;
    return /\s/.test(this.source.charAt(colon + 1));
  }

  private entry({ name, version }: PackageVersion): string {
    return JSON.stringify(name) + this.colon + JSON.stringify(version);
  }

  private object(entry: PackageVersion, indent: string): string {
    return `{${this.newline}${indent}${this.unit}${this.entry(entry)}${this.newline}${indent}}`;
  }
}

/** Whether the document after the edit is the one before it, keys in their order, with the package. */
function isIntended(before: unknown, text: string, { name, version }: PackageVersion): boolean {
  const after = parse(text)?.document as
    | { devDependencies?: Readonly<Record<string, unknown>> }
    | undefined;
  const list = after?.devDependencies;
  if (after === undefined || list?.[name] !== version) return false;
  const had = Object.hasOwn(before as object, 'devDependencies');
  const rest = had
    ? Object.fromEntries(Object.entries(list).filter(([key]) => key !== name))
    : undefined;
  const expected = Object.entries(after)
    .filter(([key]) => had || key !== 'devDependencies')
    .map(([key, value]): [string, unknown] => [key, key === 'devDependencies' ? rest : value]);
  return JSON.stringify(Object.fromEntries(expected)) === JSON.stringify(before);
}
