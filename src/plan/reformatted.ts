import type { Node } from '@babel/types';
import { childrenOf, endOf, parseModule, startOf } from '../formats/javascript.ts';
import type { Module } from '../formats/javascript.ts';
import { isUntouched, withNewlines } from './line-endings.ts';
import { decodeBase } from './lock-file.ts';
import type { LockedFile } from './lock-file.ts';

/**
 * Whether a file that bgsync made says what it said when it was made: a formatter that runs at each commit may have
 * rewritten its white space, quotes, semicolons and trailing commas.
 *
 * @param path with the extension that tells the language
 */
export function isAsGenerated(
  path: string,
  text: string,
  generated: Pick<LockedFile, 'sha256'> & Partial<LockedFile>,
): boolean {
  if (isUntouched(text, generated.sha256)) return true;
  if (!READABLE.test(path)) return false;
  const { sha256, base: encoded } = generated;
  const base = encoded === undefined ? undefined : decodeBase({ sha256, base: encoded });
  return base !== undefined && saysTheSame(path, text, base);
}

const READABLE = /\.(?:[cm]?[jt]sx?|json|md)$/;

/**
 * Whether two texts of TypeScript, JavaScript or JSON are the same code with the same comments at the same places, or two
 * of Markdown the same words in the same paragraphs, tables and blocks of code.
 * What cannot be parsed is the same as nothing.
 *
 * @param path with the extension that tells the language; in any other language, no two texts are the same
 */
export function saysTheSame(path: string, a: string, b: string): boolean {
  if (!READABLE.test(path)) return false;
  const meaning = meaningOf(path, a);
  return meaning !== undefined && meaning === meaningOf(path, b);
}

function meaningOf(path: string, text: string): string | undefined {
  const source = withNewlines(text);
  if (path.endsWith('.md')) return meaningOfMarkdown(source);
  const isJson = path.endsWith('.json');
  // A comma or a comment that JavaScript takes and JSON does not is a change that breaks the file.
  if (isJson && !isStrictJson(source)) return undefined;
  const parsed = isJson ? parseModule(`(${source}\n)`) : parseModule(source, path);
  if (!parsed.ok) return undefined;
  const { module } = parsed;
  try {
    return JSON.stringify([meaningOfValue(module.program), placedComments(module)]);
  } catch (error) {
    // Nested too deep for a walk.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Prettier wraps paragraphs (`proseWrap`) and pads tables; the code in a fence that it does not know, it leaves. */
function meaningOfMarkdown(source: string): string {
  const parts = source.split(/^(```[^`]*^```)$/m);
  const blocks = parts.flatMap((part, index) =>
    index % 2 === 1 ? [part] : part.split(/\n(?:[ \t]*\n)+/).map(meaningOfBlock),
  );
  return JSON.stringify(blocks.filter((block) => block !== ''));
}

function meaningOfBlock(block: string): string {
  const text = block.trim();
  if (!text.startsWith('|')) return text.replaceAll(/\s+/g, ' ');
  const rows = text
    .split('\n')
    .map((row) => row.replaceAll(/\s+/g, ' ').replaceAll(/-{3,}/g, '---'));
  return rows.join('\n');
}

function isStrictJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What the parser notes of the form, not of the meaning. Comments are compared on their own. */
const FORM = new Set([
  'start',
  'end',
  'loc',
  'extra',
  'leadingComments',
  'trailingComments',
  'innerComments',
]);

/** A part of the syntax tree without its form. The keys are sorted: `x => x` and `(x) => x` set them in two orders. */
function meaningOfValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaningOfValue);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' || value === undefined ? String(value) : value;
  }
  const parts = new Map(Object.entries(value));
  const entries = [...parts.keys()]
    .filter((key) => !FORM.has(key))
    .sort()
    .map((key) => [key, meaningOfValue(parts.get(key))]);
  // A number of more digits than a double holds would equal its neighbours.
  const { type, extra } = value as { type?: string; extra?: { raw?: unknown } };
  const digits = type === 'NumericLiteral' ? [['raw', String(extra?.raw).toLowerCase()]] : [];
  return [...entries, ...digits];
}

/** Each comment, and how much of the code starts and ends before it. */
function placedComments({ program, comments }: Module): unknown[] {
  if (comments.length === 0) return [];
  const nodes: Node[] = [];
  const stack: Node[] = [program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    nodes.push(node);
    stack.push(...childrenOf(node));
  }
  // Whether a program starts at its first comment is a matter of form.
  const code = nodes.filter((node) => node !== program);
  const starts = code.map(startOf).sort((a, b) => a - b);
  const ends = code.map(endOf).sort((a, b) => a - b);
  let started = 0;
  let ended = 0;
  // Comments come in the file's order.
  return comments.map(({ type, value, start }) => {
    const at = start ?? 0;
    while ((starts[started] ?? Infinity) < at) started += 1;
    while ((ends[ended] ?? Infinity) <= at) ended += 1;
    const lines = value.split('\n').map((line) => line.trim());
    return [type, lines.join('\n'), started, ended];
  });
}
