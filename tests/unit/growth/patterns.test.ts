/**
 * No regular expression of bgsync takes more than linear time, whatever a repo, a log or a device holds: each literal is
 * found in the sources, so that a new one is tried without being named here.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { analyse } from 'scslre';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { grows } from '../../helpers/growth.ts';

const SRC = fileURLToPath(new URL('../../../src', import.meta.url));

interface Pattern {
  /** The file and the text: a line number would change with every edit. */
  readonly name: string;
  readonly pattern: RegExp;
}

/** What stands for a name that is put into an expression. */
const NAME = 'nameOf';

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.templateSpans.reduce((text, span) => text + NAME + span.literal.text, node.head.text);
}

/** Those that are written out, and those that `new RegExp` makes of a text with names in it. */
function patternsIn(path: string): Pattern[] {
  const file = ts.createSourceFile(
    path,
    readFileSync(join(SRC, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true,
  );
  const found: Pattern[] = [];
  const add = (source: string, flags: string): void => {
    found.push({ name: `${path} /${source}/${flags}`, pattern: new RegExp(source, flags) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      add(node.text.slice(1, end), node.text.slice(end + 1));
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') {
      const [source, flags] = (node.arguments ?? []).map(textOf);
      if (source !== undefined) add(source, flags ?? '');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const patterns = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .flatMap(patternsIn);

test('every one is found', () => {
  expect(patterns.length).toBeGreaterThan(550);
  expect(patterns.filter(({ name }) => name.includes(NAME)).length).toBeGreaterThan(10);
});

/**
 * Where the analysis asks for more than there is: how the pattern begins, and what bounds its text. Write the pattern so
 * that it needs none, if you can: `\s*(?:x\s*)?` for `\s*x?\s*`, `(?<!\w)\w+` for what begins anywhere in a word.
 */
const BOUNDED: Readonly<Record<string, string>> = {
  [String.raw`devices/android/parse-jobs.ts /^\s*-(\S+)\s+STOP`]:
    'a line of at most 8192 characters, and what follows the id is in it twice at most',
  [String.raw`devices/local/load-error.ts /\(?((?:\/|[A-Za-z]:`]:
    'one line of a stack, in the process of the handler, which has a budget',
  [String.raw`devices/local/world/globals.ts /(?:\btypeof\s*`]:
    'one line of the code, in the process of the handler, which has a budget',
  [String.raw`doctor/checks/android/worker-created.ts /[^;{}]*$/`]: '400 characters before a class',
  [String.raw`doctor/code/apple-reach.ts /(?:\.\s*async(?:After`]: '300 characters before a block',
  [String.raw`completion/words.ts /[<[]([^>`]: 'how bgsync declares its own options',
  [String.raw`doctor/checks/ios/interval-seconds.ts /[;}]|\n`]: '300 characters of a statement',
  [String.raw`doctor/checks/ios/interval-seconds.ts /(?:\btimeInterval`]:
    '300 characters of a statement',
  [String.raw`doctor/code/kotlin-conditions.ts /(?:^|[\n{;}])`]: '400 characters before a block',
  [String.raw`doctor/code/kotlin-conditions.ts /[^{};]*$`]: '1000 characters before a statement',
  [String.raw`doctor/code/kotlin-conditions.ts /\n\s*(?=`]: '1000 characters before a statement',
  [String.raw`doctor/code/kotlin-starts.ts /(?:\b(?:if|while)`]: '300 characters before a call',
  [String.raw`doctor/code/js-modules.ts /(?:\.\w+)+$/`]: 'the name of a file that is there',
  [String.raw`doctor/code/js-modules.ts /\)(?:\s*:\s*[`]: '200 characters before a block',
  [String.raw`doctor/reports/report-place.ts /\/+$/`]: 'the name of a folder that is there',
};
const isBounded = (name: string): boolean =>
  Object.keys(BOUNDED).some((begin) => name.startsWith(begin));

const superLinear = ({ pattern }: Pattern): boolean => analyse(pattern).reports.length > 0;

describe('the analysis', () => {
  test.each([/(a*)*$/, /^(a+)+$/, /\s+$/, /^\s*a?\s*$/, /(\w+)\s*\([^)]*$/, /x\s*\^?\s*\{/g])(
    'sees %s',
    (pattern) => {
      expect(superLinear({ name: '', pattern })).toBe(true);
    },
  );

  test('finds no other that is more than linear', () => {
    const found = patterns.filter(superLinear).map(({ name }) => name);
    expect(found.filter((name) => !isBounded(name))).toEqual([]);
    const unused = Object.keys(BOUNDED).filter(
      (begin) => !patterns.some(({ name }) => name.startsWith(begin)),
    );
    expect(unused).toEqual([]);
  });
});

/** Pieces of a pattern's own text: what it looks for, and what it looks over. */
function pumpsFor({ source }: RegExp): string[] {
  const words = source
    .replaceAll(/\\[tnrfv]/g, ' ')
    .replaceAll(/\\[sSdDwWbB]|\{\d*,?\d*\}|\(\?(?:[:=!]|<[=!]|<\w+>)/g, '\0')
    .replaceAll(/\\(.)/g, '$1')
    .split(/[\0|()[\]^$*+?]+/)
    .filter((word) => word !== '' && word.length < 60);
  const marks = [...new Set(source.replaceAll(/[\w\s\\]/g, ''))];
  const all = [' ', '\t', '\n', 'a', '0', ' a', 'a ', '\\', ...words, ...marks];
  for (const mark of marks) all.push(`a${mark}`, `${mark} `, ` ${mark}`, `0${mark}`, `${mark}a `);
  return [...new Set(all)];
}

/** Characters. Long enough that n² is seen, and short enough that 600 patterns take seconds. */
const LENGTH = 1 << 11;

function hostileText(head: string, pump: string, length: number): string {
  return head + pump.repeat(Math.ceil(length / pump.length)) + '\0\n';
}

const use = (pattern: RegExp, text: string): void => {
  // As `matchAll`, `replace` and `exec` in a loop do it: from each place on.
  if (pattern.global) text.replace(pattern, '');
  else pattern.exec(text);
};

/** @returns a text with which a pattern takes more than twice as long as its text gets longer */
function growing(pattern: RegExp): string | undefined {
  const pumps = pumpsFor(pattern);
  const heads = ['', ...pumps.filter((word) => word.length > 2).slice(0, 3)];
  const texts = heads.flatMap((head) => pumps.map((pump) => [head, pump] as const));
  const text = texts.find(([head, pump]) => {
    const prepare = (length: number) => {
      const hostile = hostileText(head, pump, length);
      return () => use(pattern, hostile);
    };
    return grows(prepare, LENGTH, LENGTH);
  });
  return text?.join('');
}

describe('measured', () => {
  test.each([/(\w+)\s*\($/, /handler\s*\^?\s*\{/g, /\s+$/])('%s is seen to grow', (pattern) => {
    expect(growing(pattern)).toBeDefined();
  });

  test('no other grows', { timeout: 240_000 }, () => {
    const found = patterns
      .filter(({ name }) => !isBounded(name))
      .map(({ name, pattern }) => ({ name, text: growing(pattern) }));
    expect(found.filter(({ text }) => text !== undefined)).toEqual([]);
  });
});
