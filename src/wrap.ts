import { stripVTControlCharacters } from 'node:util';
import { wrapAnsi } from 'fast-wrap-ansi';

/** In narrower terminals an indent leaves no room for words. */
const NARROWEST = 40;

/**
 * What stands before the words of a line, and goes on as blanks below: a word, the number of a step, an exit code, what a
 * plan does to which file, the name of a fact, a command, a check, when and where an event was.
 */
const LABEL =
  /^ *(?:[A-Z]\d+ +(?:error|warning|info) +|\+[\d.]+ [a-z]+ {2}|\d{4}-\d\d-\d\d [\d:.]+ {2}\S+ +(?:\S{8} {2})?|(?:why|fix|see|note|app \||not looked at|could not run) +|\d{1,3}\. +|\d{1,3} {2,}|(?:create|replace|delete|edit|kept) +\S+ {2,}|[A-Za-z]+(?: [^ ]+)* {2,})?/;

/** What becomes of a file, whose path stays beside it where that fits. */
const VERB = /^ *(?:create|replace|delete|edit|kept) +(?=(\S+))/;

const COLOUR_OR_CHARACTER = /(\u001B\[[\d;]*m)|[^]/g;

/** Columns that a label must leave for words to go on beside it. */
const ROOM = 20;

/** How far below a label that leaves less its words stand: not as far left as the label of the next line. */
const BELOW = 4;

/**
 * Breaks lines between words so that none is wider than the terminal. A line goes on below its first word; a word alone
 * that is wider (an address, a path) stays whole, so that it can be copied.
 *
 * @param text may have colours
 * @param width of the terminal in columns; undefined where there is none: then nothing is broken
 */
export function wrapText(text: string, width: number | undefined): string {
  if (width === undefined || width < NARROWEST) return text;
  return text
    .split('\n')
    .map((line) => wrapLine(line, width))
    .join('\n');
}

function wrapLine(line: string, width: number): string {
  const plain = stripVTControlCharacters(line);
  if (plain.length < width) return line;
  const hanging = hangingOf(plain, width);
  const start = indexAt(line, hanging);
  // One column stays free: some terminals break a line that fills them.
  const broken = wrapAnsi(line.slice(start), width - 1 - hanging);
  return line.slice(0, start) + broken.replaceAll('\n', `\n${' '.repeat(hanging)}`);
}

/** @returns the column at which a line goes on */
function hangingOf(plain: string, width: number): number {
  const label = LABEL.exec(plain)?.[0].length ?? 0;
  if (width - label >= ROOM) return label;
  const [verb = '', path = ''] = VERB.exec(plain) ?? [];
  if (verb !== '' && verb.length + path.length < width) return verb.length;
  const indent = /^ */.exec(plain)?.[0].length ?? 0;
  return verb === '' ? indent + BELOW : indent;
}

/** Where the character of a column stands in a text with colours. */
function indexAt(line: string, column: number): number {
  let left = column;
  for (const { 0: part, 1: colour, index } of line.matchAll(COLOUR_OR_CHARACTER)) {
    if (colour !== undefined) continue;
    if (left === 0) return index;
    left -= part.length;
  }
  return line.length;
}
