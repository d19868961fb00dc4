/** The regular expressions of bgsync: each literal is found in the sources, so that a new one is tried without being named. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

export interface Pattern {
  /** The file and the text: a line number would change with every edit. */
  readonly name: string;
  readonly pattern: RegExp;
}

/** What stands for a name that is put into an expression. */
export const NAME = 'nameOf';

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

export const PATTERNS = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .flatMap(patternsIn);

/**
 * Where the analysis asks for more than there is: how the pattern begins, and what bounds its text. Write the pattern so
 * that it needs none, if you can: `\s*(?:x\s*)?` for `\s*x?\s*`, `(?<!\w)\w+` for what begins anywhere in a word.
 */
export const BOUNDED: Readonly<Record<string, string>> = {
  [String.raw`devices/android/parse-jobs.ts /^\s*-(\S+)\s+STOP`]:
    'a line of at most 8192 characters, and what follows the id is in it twice at most',
  [String.raw`devices/local/load-error.ts /\(?((?:\/|[A-Za-z]:`]:
    'one line of a stack, in the process of the handler, which has a budget',
  [String.raw`devices/local/world/globals.ts /(?:\btypeof\s*`]:
    'one line of the code, in the process of the handler, which has a budget',
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
export const isBounded = (name: string): boolean =>
  Object.keys(BOUNDED).some((begin) => name.startsWith(begin));
