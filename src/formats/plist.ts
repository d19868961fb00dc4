import { XmlElement, XmlError, XmlText, parseXml } from '@rgrove/parse-xml';
import type { EditResult, Insertion, SnippetAction } from './edit.ts';
import {
  changed,
  indentUnit,
  isFirstOnLine,
  lineEnding,
  lineIndent,
  lineNumber,
  lineStart,
  withoutMark,
} from './text.ts';

export interface PlistArrayEntry {
  readonly key: string;
  readonly values: readonly string[];
}

export type PlistStrings =
  | {
      readonly status: 'ok';
      /** The array's `<string>` elements; others are left out. */
      readonly values: readonly { readonly text: string; readonly line: number }[];
      /** Line of the key. */
      readonly line: number;
    }
  | { readonly status: 'absent' }
  | { readonly status: 'invalid'; readonly reason: string };

export type PlistDict =
  | { readonly status: 'ok'; readonly keys: readonly PlistKey[] }
  | { readonly status: 'invalid'; readonly reason: string };

export interface PlistKey {
  readonly key: string;
  /** The value's element: string, array, dict, true, false, integer, real, date or data. */
  readonly kind: string;
  readonly line: number;
}

/**
 * Makes sure that each key of an Info.plist's top-level dict is an array that contains each of the strings. What is
 * there stays as it is: other values, their order, comments, white space. A key that has another type, that is there
 * twice, and a file that is not an XML property list are left to the user.
 */
export function ensurePlistArrays(source: string, entries: readonly PlistArrayEntry[]): EditResult {
  const wanted = mergeEntries(entries);
  const layout = { newline: lineEnding(source), unit: indentUnit(source, '\t') };
  const manual = (
    reason: string,
    missing: readonly PlistArrayEntry[],
    action: SnippetAction = 'add',
  ): EditResult => ({
    status: 'manual',
    reason,
    snippet: formatPlistArrays(missing, layout.unit),
    action,
  });

  const plist = parsePlist(source);
  if ('reason' in plist) return manual(plist.reason, wanted);
  layout.unit = unitOf(source, plist.dict) ?? layout.unit;

  const missing: PlistArrayEntry[] = [];
  const insertions: Insertion[] = [];
  const added: PlistArrayEntry[] = [];
  const problems: string[] = [];
  for (const { key, values } of wanted) {
    const found = findKey(plist, key);
    if (found.status === 'invalid') {
      problems.push(found.reason);
      missing.push({ key, values });
    } else if (found.status === 'absent') {
      missing.push({ key, values });
      added.push({ key, values });
    } else {
      const present = new Set(stringsOf(found.array).map((element) => element.text));
      const lacking = values.filter((value) => !present.has(value));
      if (lacking.length === 0) continue;
      missing.push({ key, values: lacking });
      insertions.push(...extendArray(source, found.array, lacking, layout));
    }
  }
  if (problems.length > 0) return manual(problems.join('; '), missing, 'replace');
  if (missing.length === 0) return { status: 'already' };

  insertions.push(...extendDict(source, plist, added, layout));
  const result = changed(source, insertions);
  const verified =
    result.status === 'changed' && isIntended(plist.dict, parsePlist(result.text), missing);
  return verified
    ? result
    : manual('the edit could not be verified: the file is laid out in an unusual way', missing);
}

/** Reads the array of strings that a key of the top-level dict has. */
export function readPlistStrings(source: string, key: string): PlistStrings {
  const plist = parsePlist(source);
  if ('reason' in plist) return { status: 'invalid', reason: plist.reason };
  const found = findKey(plist, key);
  if (found.status !== 'found') return found;
  return {
    status: 'ok',
    values: stringsOf(found.array).map((element) => ({
      text: element.text,
      line: lineNumber(source, element.start),
    })),
    line: lineNumber(source, found.keyOffset),
  };
}

/** @returns the `<string>` that a key of the top-level dict has, with the line of the key; undefined where it has none */
export function readPlistString(
  source: string,
  key: string,
): { readonly text: string; readonly line: number } | undefined {
  const plist = parsePlist(source);
  if ('reason' in plist) return undefined;
  const pair = plist.pairs.find((candidate) => candidate.key.text === key);
  if (pair?.value.name !== 'string') return undefined;
  return { text: pair.value.text, line: lineNumber(source, pair.key.start) };
}

/** Reads the keys of the top-level dict, in the file's order. */
export function readPlistDict(source: string): PlistDict {
  const plist = parsePlist(source);
  if ('reason' in plist) return { status: 'invalid', reason: plist.reason };
  return {
    status: 'ok',
    keys: plist.pairs.map(({ key, value }) => ({
      key: key.text,
      kind: value.name,
      line: lineNumber(source, key.start),
    })),
  };
}

/** Whether a property list is closed: of one that was cut keys are missing. */
export const endsAsPlist = (text: string): boolean =>
  text.trimEnd().endsWith('>') && (text.includes('</plist>') || /<plist\b[^<>]*\/>/.test(text));

interface Layout {
  readonly newline: string;
  readonly unit: string;
}

interface Pair {
  readonly key: XmlElement;
  readonly value: XmlElement;
}

interface Plist {
  readonly dict: XmlElement;
  readonly pairs: readonly Pair[];
}

function parsePlist(source: string): Plist | { readonly reason: string } {
  if (withoutMark(source).startsWith('bplist')) {
    return {
      reason:
        'it is a binary property list; convert it with `plutil -convert xml1 FILE` and run again',
    };
  }
  let root: XmlElement | null;
  try {
    root = parseXml(source, { includeOffsets: true }).root;
  } catch (error) {
    // Markup that is nested too deep overflows the parser's stack.
    if (!(error instanceof XmlError) && !(error instanceof RangeError)) throw error;
    const [what] = error.message.split('\n');
    return { reason: `it is not well-formed XML: ${what ?? error.message}` };
  }
  if (root !== null && isDeeper(root, DEEPEST)) return { reason: 'it is nested too deep' };
  if (root?.name !== 'plist') return { reason: 'its root element is not <plist>' };
  const [dict, ...rest] = elementsOf(root);
  if (dict?.name !== 'dict' || rest.length > 0) return { reason: 'its top level is not a <dict>' };

  const elements = elementsOf(dict);
  const pairs: Pair[] = [];
  for (let index = 0; index < elements.length; index += 2) {
    const key = elements[index];
    const value = elements[index + 1];
    if (key?.name !== 'key' || value === undefined || value.name === 'key') {
      const line = lineNumber(source, (key ?? dict).start);
      return { reason: `its top-level <dict> does not alternate keys and values (line ${line})` };
    }
    pairs.push({ key, value });
  }
  return { dict, pairs };
}

type FoundArray =
  | { readonly status: 'found'; readonly array: XmlElement; readonly keyOffset: number }
  | { readonly status: 'absent' }
  | { readonly status: 'invalid'; readonly reason: string };

function findKey({ pairs }: Plist, key: string): FoundArray {
  const [pair, second] = pairs.filter((candidate) => candidate.key.text === key);
  if (pair === undefined) return { status: 'absent' };
  if (second !== undefined) return { status: 'invalid', reason: `${key} is there twice` };
  if (pair.value.name !== 'array') {
    return { status: 'invalid', reason: `${key} is <${pair.value.name}>, not an array` };
  }
  return { status: 'found', array: pair.value, keyOffset: pair.key.start };
}

/** Far beyond any real file, and far below what overflows the stack. */
const DEEPEST = 256;

const isDeeper = (element: XmlElement, levels: number): boolean =>
  levels === 0 || elementsOf(element).some((child) => isDeeper(child, levels - 1));

const elementsOf = (parent: XmlElement): XmlElement[] =>
  parent.children.filter((child): child is XmlElement => child instanceof XmlElement);

const stringsOf = (array: XmlElement): XmlElement[] =>
  elementsOf(array).filter((element) => element.name === 'string');

function mergeEntries(entries: readonly PlistArrayEntry[]): PlistArrayEntry[] {
  const merged = new Map<string, Set<string>>();
  for (const { key, values } of entries) {
    const known = merged.get(key) ?? new Set();
    for (const value of values) known.add(value);
    merged.set(key, known);
  }
  return [...merged].map(([key, values]) => ({ key, values: [...values] }));
}

/** How much deeper a child stands than its parent, taken from the file. */
function unitOf(source: string, parent: XmlElement): string | undefined {
  const outer = isFirstOnLine(source, parent.start) ? lineIndent(source, parent.start) : undefined;
  for (const child of elementsOf(parent)) {
    if (outer !== undefined && isFirstOnLine(source, child.start)) {
      const indent = lineIndent(source, child.start);
      if (indent.length > outer.length && indent.startsWith(outer)) {
        return indent.slice(outer.length);
      }
    }
    const deeper = unitOf(source, child);
    if (deeper !== undefined) return deeper;
  }
  return undefined;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const formatString = (value: string): string => `<string>${escapeXml(value)}</string>`;

/** The entries as a person pastes them into the top-level dict of an Info.plist. */
export const formatPlistArrays = (entries: readonly PlistArrayEntry[], unit = '\t'): string =>
  entries.map((entry) => formatEntry(entry, { newline: '\n', unit }, '')).join('\n');

/** A whole Info.plist that has these entries alone. */
export const formatPlistFile = (entries: readonly PlistArrayEntry[]): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    '<dict>',
    ...entries.map((entry) => formatEntry(entry, { newline: '\n', unit: '\t' }, '\t')),
    '</dict>',
    '</plist>',
    '',
  ].join('\n');

function formatEntry({ key, values }: PlistArrayEntry, layout: Layout, indent: string): string {
  return [
    `<key>${escapeXml(key)}</key>`,
    '<array>',
    ...values.map((value) => `${layout.unit}${formatString(value)}`),
    '</array>',
  ]
    .map((line) => indent + line)
    .join(layout.newline);
}

const isSelfClosing = (source: string, element: XmlElement): boolean =>
  source.slice(element.start, element.end).endsWith('/>');

const closingTag = (source: string, element: XmlElement): number =>
  source.lastIndexOf('</', element.end - 1);

/** Where what is inside the element ends, its trailing white space left out. */
function contentEnd(source: string, element: XmlElement): number {
  return source.slice(0, closingTag(source, element)).trimEnd().length;
}

/** Puts content between `<name` and `/>`, out of which grows `<name>content</name>`: by insertion only. */
function expand(element: XmlElement, content: string): Insertion[] {
  const slash = element.end - 2;
  return [
    { offset: slash, text: `>${content}<` },
    { offset: slash + 1, text: element.name },
  ];
}

function extendArray(
  source: string,
  array: XmlElement,
  values: readonly string[],
  { newline, unit }: Layout,
): Insertion[] {
  const strings = values.map(formatString);
  const outer = lineIndent(source, array.start);
  const ownLines = (indent: string): string =>
    strings.map((line) => `${newline}${indent}${line}`).join('');
  const isOnOwnLine = isFirstOnLine(source, array.start);

  if (isSelfClosing(source, array)) {
    const content = isOnOwnLine ? `${ownLines(outer + unit)}${newline}${outer}` : strings.join('');
    return expand(array, content);
  }
  const last = elementsOf(array).at(-1);
  const lastIndent =
    last !== undefined && isFirstOnLine(source, last.start)
      ? lineIndent(source, last.start)
      : undefined;
  const closing = closingTag(source, array);
  if (isFirstOnLine(source, closing)) {
    const indent = lastIndent ?? lineIndent(source, closing) + unit;
    const text = strings.map((line) => `${indent}${line}${newline}`).join('');
    return [{ offset: lineStart(source, closing), text }];
  }
  if (lastIndent !== undefined) {
    return [{ offset: contentEnd(source, array), text: ownLines(lastIndent) }];
  }
  if (last === undefined && isOnOwnLine) {
    return [{ offset: closing, text: `${ownLines(outer + unit)}${newline}${outer}` }];
  }
  return [{ offset: contentEnd(source, array), text: strings.join('') }];
}

function extendDict(
  source: string,
  { dict, pairs }: Plist,
  added: readonly PlistArrayEntry[],
  layout: Layout,
): Insertion[] {
  if (added.length === 0) return [];
  const { newline, unit } = layout;
  const outer = lineIndent(source, dict.start);
  const lines = (indent: string): string =>
    added.map((entry) => formatEntry(entry, layout, indent)).join(newline);
  const inline = added.map((entry) => formatEntry(entry, { newline: '', unit: '' }, '')).join('');
  const isOnOwnLine = isFirstOnLine(source, dict.start);

  if (isSelfClosing(source, dict)) {
    const content = isOnOwnLine ? `${newline}${lines(outer + unit)}${newline}${outer}` : inline;
    return expand(dict, content);
  }
  const lastOnOwnLine = pairs.findLast(({ key }) => isFirstOnLine(source, key.start));
  const keyIndent =
    lastOnOwnLine === undefined ? undefined : lineIndent(source, lastOnOwnLine.key.start);
  const closing = closingTag(source, dict);
  if (isFirstOnLine(source, closing)) {
    const indent = keyIndent ?? lineIndent(source, closing) + unit;
    return [{ offset: lineStart(source, closing), text: lines(indent) + newline }];
  }
  if (keyIndent !== undefined) {
    return [{ offset: contentEnd(source, dict), text: newline + lines(keyIndent) }];
  }
  if (pairs.length === 0 && isOnOwnLine) {
    return [{ offset: closing, text: `${newline}${lines(outer + unit)}${newline}${outer}` }];
  }
  return [{ offset: contentEnd(source, dict), text: inline }];
}

/** What a property list says, without its layout: white space counts inside the leaves only. */
type Meaning = readonly [name: string, attributes: string, content: string | readonly Meaning[]];

function meaningOf(element: XmlElement): Meaning {
  const attributes = JSON.stringify(element.attributes);
  if (!['plist', 'dict', 'array'].includes(element.name)) {
    return [element.name, attributes, element.text];
  }
  const content = element.children.flatMap((child): Meaning[] => {
    if (child instanceof XmlElement) return [meaningOf(child)];
    return child instanceof XmlText && child.text.trim() !== '' ? [['#text', '', child.text]] : [];
  });
  return [element.name, attributes, content];
}

/** Whether the dict after the edit is the one before it, with the missing strings at the end of their arrays. */
function isIntended(
  before: XmlElement,
  after: ReturnType<typeof parsePlist>,
  missing: readonly PlistArrayEntry[],
): boolean {
  if ('reason' in after) return false;
  const [name, attributes, content] = meaningOf(before);
  const expected = [...(content as readonly Meaning[])];
  const noAttributes = '{}';
  for (const { key, values } of missing) {
    const strings = values.map((value): Meaning => ['string', noAttributes, value]);
    const at = expected.findIndex((child) => child[0] === 'key' && child[2] === key);
    if (at === -1) {
      expected.push(['key', noAttributes, key], ['array', noAttributes, strings]);
      continue;
    }
    // Stray text may stand between a key and its value.
    const value = expected.findIndex((child, index) => index > at && child[0] === 'array');
    const array = expected[value];
    if (array === undefined) return false;
    expected[value] = [array[0], array[1], [...(array[2] as readonly Meaning[]), ...strings]];
  }
  return JSON.stringify([name, attributes, expected]) === JSON.stringify(meaningOf(after.dict));
}
