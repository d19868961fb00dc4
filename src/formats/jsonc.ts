import { createScanner, parse as parseAny, parseTree as parseAnyTree } from 'jsonc-parser';
import type { Node, ParseError, ParseErrorCode, ParseOptions } from 'jsonc-parser';

/** No file of a project is as deep; the parser calls itself for each level, and ends the program beyond some thousand. */
const MAX_DEPTH = 500;

// Of SyntaxKind and ParseErrorCode, which are const enums: compiled file by file, their names are not there.
const INVALID_SYMBOL = 1 as ParseErrorCode.InvalidSymbol;
const OPEN = [1, 3];
const CLOSE = [2, 4];
const END = 17;

/** @returns the offset where it is too deep, or undefined */
function tooDeepAt(text: string): number | undefined {
  // The scanner takes longer than this look does, and hardly a file needs it.
  if (text.split(/[[{]/, MAX_DEPTH + 2).length <= MAX_DEPTH) return undefined;
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let token: number = scanner.scan(); token !== END; token = scanner.scan()) {
    if (OPEN.includes(token)) depth += 1;
    else if (CLOSE.includes(token)) depth -= 1;
    if (depth > MAX_DEPTH) return scanner.getTokenOffset();
  }
  return undefined;
}

/**
 * JSON with comments, as jsonc-parser reads it, and deeper than 500 levels as what is none: an error where it becomes too
 * deep.
 */
export function parse(text: string, errors: ParseError[] = [], options?: ParseOptions): unknown {
  const offset = tooDeepAt(text);
  if (offset === undefined) return parseAny(text, errors, options);
  errors.push(tooDeep(offset));
  return undefined;
}

/** {@link parse}, with the places of all that is read. */
export function parseTree(
  text: string,
  errors: ParseError[] = [],
  options?: ParseOptions,
): Node | undefined {
  const offset = tooDeepAt(text);
  if (offset === undefined) return parseAnyTree(text, errors, options);
  errors.push(tooDeep(offset));
  return undefined;
}

const tooDeep = (offset: number): ParseError => ({
  error: INVALID_SYMBOL,
  offset,
  length: 1,
});
