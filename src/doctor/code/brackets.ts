import type { SourceFile } from '../source-files.ts';

/** A pair of brackets and what is between them. Offsets are those of the opening and the closing bracket. */
export interface Block {
  readonly kind: '{' | '(' | '[';
  readonly open: number;
  /** The end of the text where nothing closes it. */
  readonly close: number;
  /** The block around it. */
  readonly parent: Block | undefined;
}

const CLOSES: Readonly<Record<string, Block['kind']>> = { '}': '{', ')': '(', ']': '[' };

/** The brackets of a file's code, comments and strings left out; matched in one pass. */
export class Brackets {
  /** In the order of their opening brackets. */
  readonly blocks: readonly Block[];
  private readonly byOpen = new Map<number, Block>();

  /** @param code masked: see MaskedSource */
  constructor(code: string) {
    const blocks: {
      kind: Block['kind'];
      open: number;
      close: number;
      parent: Block | undefined;
    }[] = [];
    const stack: (typeof blocks)[number][] = [];
    const open = { '{': 0, '(': 0, '[': 0 };
    const bracket = /[{}()[\]]/g;
    for (let match = bracket.exec(code); match !== null; match = bracket.exec(code)) {
      const kind = CLOSES[match[0]];
      if (kind === undefined) {
        const opened = match[0] as Block['kind'];
        const block = { kind: opened, open: match.index, close: code.length, parent: stack.at(-1) };
        blocks.push(block);
        stack.push(block);
        open[opened] += 1;
      } else if (open[kind] > 0) {
        // What is open inside of it is never closed: a branch of `#if` with half a pair.
        for (let last = stack.pop(); last !== undefined; last = stack.pop()) {
          open[last.kind] -= 1;
          last.close = match.index;
          if (last.kind === kind) break;
        }
      }
    }
    this.blocks = blocks;
    for (const block of blocks) this.byOpen.set(block.open, block);
  }

  /** The block that opens at an offset. */
  at(open: number): Block | undefined {
    return this.byOpen.get(open);
  }

  /** The blocks that an offset is in, the innermost first. */
  around(offset: number): Block[] {
    let low = 0;
    let high = this.blocks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.blocks[middle]?.open ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    const found: Block[] = [];
    for (let block = this.blocks[low - 1]; block !== undefined; block = block.parent) {
      if (block.close >= offset) found.push(block);
    }
    return found;
  }
}

const known = new WeakMap<SourceFile, Brackets>();

export function bracketsOf(file: SourceFile): Brackets {
  const brackets = known.get(file) ?? new Brackets(file.code);
  known.set(file, brackets);
  return brackets;
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits at a separator that is in no bracket.
 *
 * @param code masked, of the whole file
 */
export function splitTopLevel(code: string, { start, end }: Range, separator: string): Range[] {
  const parts: Range[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < end; at += 1) {
    const char = code.charAt(at);
    if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (depth === 0 && code.startsWith(separator, at)) {
      parts.push({ start: from, end: at });
      from = at + separator.length;
      at = from - 1;
    }
  }
  parts.push({ start: from, end });
  return parts;
}
