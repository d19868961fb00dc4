import { XmlElement, XmlError, parseXml } from '@rgrove/parse-xml';
import { isFirstOnLine, lineEnd, lineStart, nextLine } from './text.ts';
import { readPlistDict } from './plist.ts';

export interface PlistStrings {
  /** Keys of the top-level dict whose arrays are looked through. */
  readonly keys: readonly string[];
  /** Strings to take out of them, each once. */
  readonly values: readonly string[];
  /** Keys that go with their array where nothing else is left in it. */
  readonly emptied: readonly string[];
}

/**
 * Takes strings out of arrays of a plist's top-level dict. Everything else stays as it is, white space included.
 *
 * @returns undefined where the file cannot be read, or none of the strings is there
 */
export function removePlistStrings(source: string, wanted: PlistStrings): string | undefined {
  if (readPlistDict(source).status !== 'ok') return undefined;
  const pairs = pairsOf(source);
  const cuts: Range[] = [];
  for (const { key, value } of pairs) {
    if (!wanted.keys.includes(key.text) || value.name !== 'array') continue;
    const elements = elementsOf(value);
    const ours = wanted.values.flatMap((text) => {
      const found = elements.findLast(({ name, text: own }) => name === 'string' && own === text);
      return found === undefined ? [] : [found];
    });
    if (ours.length === 0) continue;
    const isEmptied = ours.length === elements.length && wanted.emptied.includes(key.text);
    if (isEmptied) cuts.push(rangeOf(source, key.start, value.end));
    else cuts.push(...ours.map(({ start, end }) => rangeOf(source, start, end)));
  }
  if (cuts.length === 0) return undefined;
  let text = source;
  for (const { start, end } of cuts.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + text.slice(end);
  }
  return readPlistDict(text).status === 'ok' ? text : undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Whole lines where nothing else stands on them. */
function rangeOf(source: string, start: number, end: number): Range {
  const isAlone =
    isFirstOnLine(source, start) && source.slice(end, lineEnd(source, end)).trim() === '';
  return isAlone ? { start: lineStart(source, start), end: nextLine(source, end) } : { start, end };
}

const elementsOf = (parent: XmlElement): XmlElement[] =>
  parent.children.filter((child): child is XmlElement => child instanceof XmlElement);

/** The keys and values of the top-level dict. The file has been read before. */
function pairsOf(source: string): { key: XmlElement; value: XmlElement }[] {
  try {
    const { root } = parseXml(source, { includeOffsets: true });
    const [dict] = root === null ? [] : elementsOf(root);
    const elements = dict === undefined ? [] : elementsOf(dict);
    return elements.flatMap((key, index) => {
      const value = elements[index + 1];
      return index % 2 === 0 && value !== undefined ? [{ key, value }] : [];
    });
  } catch (error) {
    if (error instanceof XmlError || error instanceof RangeError) return [];
    throw error;
  }
}
