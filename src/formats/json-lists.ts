import { getNodeValue } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { parseTree } from './jsonc.ts';
import type { EditResult, Insertion, SnippetAction } from './edit.ts';
import { childrenOf, endOf, jsonIndentUnit } from './json-nodes.ts';
import {
  changed,
  editBehindMark,
  isFirstOnLine,
  lineEnding,
  lineIndent,
  withoutMark,
} from './text.ts';

/** A list of a JSON document, and what it has to have. */
export interface JsonList {
  /** The keys that lead to it. */
  readonly path: readonly string[];
  readonly values: readonly string[];
}

/**
 * Makes sure that lists of a JSON file (comments and trailing commas allowed) have some strings: adds what is missing at
 * their end, and makes the lists and the objects around them where there are none. A list in the list that starts with
 * the string counts, as Expo's plugins with options do.
 */
export function ensureJsonLists(source: string, lists: readonly JsonList[]): EditResult {
  return editBehindMark(source, (body) => {
    const snippet = formatLists(lists);
    const manual = (reason: string, action: SnippetAction = 'add'): EditResult => ({
      status: 'manual',
      reason,
      snippet,
      action,
    });
    const root = parse(body);
    if (root === undefined) return manual('it is no JSON object that bgsync can read');

    const additions = new Map<Node, unknown>();
    for (const { path, values } of lists) {
      const place = findPlace(root, path);
      if (place.problem !== undefined) return manual(place.problem, 'replace');
      const present = place.rest.length === 0 ? itemsOf(place.node) : [];
      const missing = values.filter((value) => !present.includes(value));
      if (missing.length === 0) continue;
      if (place.rest.length === 0) additions.set(place.node, missing);
      else {
        const object = (additions.get(place.node) ?? {}) as Record<string, unknown>;
        additions.set(place.node, deepSet(object, place.rest, missing));
      }
    }
    if (additions.size === 0) return { status: 'already' };

    const format = new Formatter(body, root);
    const result = changed(
      body,
      [...additions].map(([node, added]) => format.append(node, added)),
    );
    return result.status === 'changed' && isIntended(root, result.text, lists)
      ? result
      : manual('the edit could not be verified');
  });
}

/** What a JSON file has at a path, comments and trailing commas allowed; undefined where it cannot be read. */
export function readJsonPath(source: string, path: readonly string[]): unknown {
  let node = parse(withoutMark(source));
  for (const key of path) node = node && propertiesNamed(node, key).at(-1)?.children?.[1];
  return node && (getNodeValue(node) as unknown);
}

/** Gives a top-level string of a JSON file (comments and trailing commas allowed) another value, where it has this one. */
export function replaceJsonString(
  source: string,
  { key, from, to }: { readonly key: string; readonly from: string; readonly to: string },
): EditResult {
  return editBehindMark(source, (body) => {
    const root = parse(body);
    const [property, second] = root === undefined ? [] : propertiesNamed(root, key);
    const value = property?.children?.[1];
    if (value?.value !== from || second !== undefined) return { status: 'already' };
    const removed = body.slice(value.offset, endOf(value));
    return changed(body, [{ offset: value.offset, text: JSON.stringify(to), removed }]);
  });
}

/** The lists as a document of their own, for a person to copy from. */
export function formatLists(lists: readonly JsonList[]): string {
  let document: Record<string, unknown> = {};
  for (const { path, values } of lists) document = deepSet(document, path, values);
  return JSON.stringify(document, null, 2);
}

function parse(text: string): Node | undefined {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { allowTrailingComma: true });
    return errors.length === 0 && root?.type === 'object' ? root : undefined;
  } catch (error) {
    // Nested too deep.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const isString = ({ type }: Node): boolean => type === 'string';

const propertiesNamed = (object: Node, name: string): Node[] =>
  object.type === 'object'
    ? childrenOf(object).filter((property) => property.children?.[0]?.value === name)
    : [];

const itemsOf = (list: Node): unknown[] =>
  childrenOf(list).map((item): unknown =>
    item.type === 'array' ? item.children?.[0]?.value : item.value,
  );

type Place =
  | { readonly problem: string }
  | { readonly problem?: undefined; readonly node: Node; readonly rest: readonly string[] };

/** The deepest value on the way that is there, and the keys that are not. */
function findPlace(root: Node, path: readonly string[]): Place {
  let node = root;
  for (const [depth, key] of path.entries()) {
    const [property, second] = propertiesNamed(node, key);
    const name = path.slice(0, depth + 1).join('.');
    if (second !== undefined) return { problem: `${name} is there twice` };
    const value = property?.children?.[1];
    if (value === undefined) return { node, rest: path.slice(depth) };
    const wanted = depth === path.length - 1 ? 'array' : 'object';
    if (value.type !== wanted) {
      return { problem: `${name} is no ${wanted === 'array' ? 'list' : 'object'}` };
    }
    node = value;
  }
  return { node, rest: [] };
}

function deepSet(
  object: Readonly<Record<string, unknown>>,
  [key = '', ...rest]: readonly string[],
  values: readonly string[],
): Record<string, unknown> {
  const inner = (object[key] ?? {}) as Record<string, unknown>;
  return { ...object, [key]: rest.length === 0 ? values : deepSet(inner, rest, values) };
}

/** Writes values as the file writes its own. */
class Formatter {
  private readonly source: string;
  private readonly newline: string;
  private readonly unit: string;
  private readonly inlineLists: boolean;

  constructor(source: string, root: Node) {
    this.source = source;
    this.newline = lineEnding(source);
    this.unit = jsonIndentUnit(source, root);
    this.inlineLists = this.writesListsInline(root);
  }

  /** Adds items to a list, or properties to an object, at its end. */
  append(node: Node, added: unknown): Insertion {
    const last = childrenOf(node).at(-1);
    const isLined =
      last === undefined
        ? this.source.includes('\n') && !(node.type === 'array' && this.inlineLists)
        : isFirstOnLine(this.source, last.offset);
    const indent =
      last !== undefined && isLined
        ? lineIndent(this.source, last.offset)
        : lineIndent(this.source, node.offset) + this.unit;
    const parts = Array.isArray(added)
      ? added.map((value) => JSON.stringify(value))
      : Object.entries(added as object).map(
          ([key, value]) =>
            `${JSON.stringify(key)}: ${isLined ? this.format(value, indent) : this.inline(value)}`,
        );
    if (!isLined) {
      const text = parts.join(', ');
      if (last !== undefined) return { offset: endOf(last), text: `, ${text}` };
      const pad = node.type === 'object' ? ' ' : '';
      return { offset: node.offset + 1, text: `${pad}${text}${pad}` };
    }
    const text = parts.join(`,${this.newline}${indent}`);
    if (last !== undefined) {
      return { offset: endOf(last), text: `,${this.newline}${indent}${text}` };
    }
    const close = endOf(node) - 1;
    if (isFirstOnLine(this.source, close)) {
      return { offset: node.offset + 1, text: `${this.newline}${indent}${text}` };
    }
    const outer = lineIndent(this.source, node.offset);
    return { offset: close, text: `${this.newline}${indent}${text}${this.newline}${outer}` };
  }

  private format(value: unknown, indent: string): string {
    const inner = indent + this.unit;
    if (Array.isArray(value)) {
      if (this.inlineLists) return this.inline(value);
      const items = value.map((item) => inner + JSON.stringify(item));
      return `[${this.newline}${items.join(`,${this.newline}`)}${this.newline}${indent}]`;
    }
    const properties = Object.entries(value as object).map(
      ([key, below]) => `${inner}${JSON.stringify(key)}: ${this.format(below, inner)}`,
    );
    return `{${this.newline}${properties.join(`,${this.newline}`)}${this.newline}${indent}}`;
  }

  private inline(value: unknown): string {
    if (Array.isArray(value)) return `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const properties = Object.entries(value as object).map(
      ([key, below]) => `${JSON.stringify(key)}: ${this.inline(below)}`,
    );
    return `{ ${properties.join(', ')} }`;
  }

  /** As most lists of strings of the file are written. */
  private writesListsInline(root: Node): boolean {
    let [inline, lined] = [0, 0];
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const children = childrenOf(node);
      const [first] = children;
      if (node.type === 'array' && first !== undefined && children.every(isString)) {
        if (isFirstOnLine(this.source, first.offset)) lined += 1;
        else inline += 1;
      }
      stack.push(...children);
    }
    return inline > lined;
  }
}

/** Whether the document after the edit is the one before it, with what was missing. */
function isIntended(before: Node, text: string, lists: readonly JsonList[]): boolean {
  const after = parse(text);
  if (after === undefined) return false;
  const expected = getNodeValue(before) as Record<string, unknown>;
  for (const { path, values } of lists) {
    let holder = expected;
    for (const key of path.slice(0, -1)) {
      holder[key] ??= {};
      holder = holder[key] as Record<string, unknown>;
    }
    const key = path.at(-1) ?? '';
    const present = (holder[key] ?? []) as unknown[];
    const names = present.map((item): unknown => (Array.isArray(item) ? item[0] : item));
    holder[key] = [...present, ...values.filter((value) => !names.includes(value))];
  }
  return JSON.stringify(getNodeValue(after)) === JSON.stringify(expected);
}
