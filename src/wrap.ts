import { stripVTControlCharacters } from 'node:util';
import { wrapAnsi } from 'fast-wrap-ansi';

/** In narrower terminals an indent leaves no room for words. */
const NARROWEST = 40;

/** What stands before the words of a line, and goes on as blanks below: a word, the number of a step, an exit code. */
const LABEL =
  /^ *(?:(?:why|fix|see|note|app \||not looked at|could not run) +|\d{1,3}\. +|\d{1,3} {2,})?/;

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
  const indent = /^ */.exec(line)?.[0] ?? '';
  const hanging = ' '.repeat(LABEL.exec(plain)?.[0].length ?? 0);
  // One column stays free: some terminals break a line that fills them.
  const broken = wrapAnsi(line.slice(indent.length), width - 1 - hanging.length);
  return indent + broken.replaceAll('\n', `\n${hanging}`);
}
