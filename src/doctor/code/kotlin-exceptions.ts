import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import type { Block, Range } from './brackets.ts';
import { contains } from './kotlin-declarations.ts';

/** Blocks that what is thrown inside of them passes through. Of others it is not known: a coroutine may swallow it. */
const TRANSPARENT = new Set([
  'also',
  'apply',
  'catch',
  'coroutineScope',
  'do',
  'else',
  'finally',
  'for',
  'forEach',
  'if',
  'let',
  'repeat',
  'run',
  'supervisorScope',
  'switch',
  'synchronized',
  'use',
  'when',
  'while',
  'with',
  'withContext',
  'withLock',
  'withTimeout',
]);

/** Far beyond any real code. */
const DEEPEST = 64;

interface Catch {
  /** What it catches, as it is written. */
  readonly type: string;
  readonly body: Range;
}

/**
 * Whether what is thrown at an offset surely leaves the function.
 *
 * @param body of the function
 * @param catches whether a catch of this type takes it
 */
export function escapes(
  file: SourceFile,
  body: Range,
  offset: number,
  catches: (type: string) => boolean,
): boolean {
  const around = bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && contains(body, open));
  if (around.length > DEEPEST) return false;
  for (const block of around) {
    const opener = openerOf(file, block);
    if (opener === 'try') {
      const taken = catchesBehind(file, block).find(({ type }) => catches(type));
      if (taken !== undefined && !rethrows(file, taken.body)) return false;
    } else if (opener === 'catch') {
      // Passing on a cancellation, or some of what was caught, is meant.
      const condition = headerOf(file, block);
      if (condition.includes('Cancellation') || isConditional(file, block)) return false;
    } else if (!TRANSPARENT.has(opener)) return false;
  }
  return true;
}

/** The word that a block belongs to: `try`, `if`, or the function that a lambda is given to. */
function openerOf({ code }: SourceFile, block: Block): string {
  const before = code.slice(Math.max(0, block.open - 400), block.open).trimEnd();
  if (before.endsWith('->')) return 'when';
  if (!before.endsWith(')')) return /(?<!\w)(\w+)$/.exec(before)?.[1] ?? '';
  let depth = 0;
  for (let at = before.length - 1; at >= 0; at -= 1) {
    if (before[at] === ')') depth += 1;
    if (before[at] === '(') depth -= 1;
    if (depth === 0) return /(?<!\w)(\w+)\s*$/.exec(before.slice(0, at))?.[1] ?? '';
  }
  return '';
}

/** What stands between the parentheses in front of a block. */
const headerOf = ({ code }: SourceFile, block: Block): string =>
  /\(([^()]*)\)\s*$/.exec(code.slice(Math.max(0, block.open - 400), block.open))?.[1] ?? '';

const isConditional = ({ code }: SourceFile, { open, close }: Block): boolean =>
  /\b(?:if|when|switch)\b/.test(code.slice(open, close));

/** Whether a handler throws again, whatever it was given. */
const rethrows = ({ code }: SourceFile, { start, end }: Range): boolean => {
  const text = code.slice(start, end);
  return /\bthrow\b/.test(text) && !/\b(?:if|when|switch)\b/.test(text);
};

function catchesBehind(file: SourceFile, tried: Block): Catch[] {
  const brackets = bracketsOf(file);
  const found: Catch[] = [];
  const opening = /\s*catch\s*\(/y;
  const brace = /\s*\{/y;
  let from = tried.close + 1;
  for (;;) {
    opening.lastIndex = from;
    const opened = opening.exec(file.code);
    if (opened === null) return found;
    const open = opened.index + opened[0].length - 1;
    const close = brackets.at(open)?.close ?? file.code.length;
    brace.lastIndex = close + 1;
    const braced = brace.exec(file.code);
    if (braced === null) return found;
    const start = braced.index + braced[0].length;
    const end = brackets.at(start - 1)?.close ?? file.code.length;
    found.push({ type: file.code.slice(open + 1, close), body: { start, end } });
    from = end + 1;
  }
}
