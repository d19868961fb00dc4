import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import type { Range } from './brackets.ts';
import { dartText } from './dart.ts';

/** An expression, and the file that it stands in. */
export interface DartExpression {
  readonly file: SourceFile;
  readonly range: Range;
}

const DEEPEST = 6;

/**
 * What an expression comes to, followed through constants of the top level, of classes and of extensions, over the app's
 * files: `kTask`, `Tasks.sync`, `tasks.kTask`.
 *
 * @returns the expression itself where it is no name; undefined where a name is declared nowhere, or more than once
 */
export async function resolveDart(
  repo: DoctorRepo,
  { file, range }: DartExpression,
  depth = 0,
): Promise<DartExpression | undefined> {
  if (depth > DEEPEST) return undefined;
  const text = file.code.slice(range.start, range.end).trim();
  const name = /^(?:[A-Za-z_$][\w$]*\s*\.\s*){0,2}([A-Za-z_$][\w$]*)$/.exec(text)?.[1];
  if (name === undefined || /^(?:true|false|null)$/.test(name)) return { file, range };
  const own = declarationsOf(file, name);
  const found =
    own.length > 0
      ? own
      : (await repo.sourcesContaining('dart', [name])).flatMap((one) => declarationsOf(one, name));
  const [first, second] = found;
  if (first === undefined || second !== undefined) return undefined;
  return resolveDart(repo, first, depth + 1);
}

/** The text that an expression comes to; undefined where only a run knows. */
export async function dartConstant(
  repo: DoctorRepo,
  expression: DartExpression,
): Promise<string | undefined> {
  const found = await resolveDart(repo, expression);
  return found && dartText(found.file, found.range);
}

/** Constants of a name, with what they are set to. */
function declarationsOf(file: SourceFile, name: string): DartExpression[] {
  const declared = new RegExp(
    `\\b(?:const|final)\\s+(?:[\\w<>?,]+\\s+)?${name.replaceAll('$', '\\$')}\\s*=(?!=)([^;]*);`,
    'g',
  );
  return [...file.code.matchAll(declared)].map((match) => {
    const start = match.index + match[0].indexOf('=') + 1;
    return { file, range: { start, end: match.index + match[0].length - 1 } };
  });
}
