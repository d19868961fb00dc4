import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import type { Range } from './brackets.ts';
import { kotlinText } from './kotlin-constants.ts';
import { callsOf, codeOf, functionAround, kotlinAndJava } from './kotlin-declarations.ts';
import { parametersOf } from './kotlin-handed.ts';

/** In front of a function that JavaScript calls. */
const OF_JAVASCRIPT = /@(?:ReactMethod|PluginMethod|JavascriptInterface)\b[^{};]*$/;
const DEEPEST = 2;
/** Calls of one helper. */
const MOST = 20;

/**
 * The texts that an argument stands for: a constant, or what the callers of the function around it give for its parameter.
 *
 * @returns undefined where it cannot be told
 */
export async function textsOf(
  repo: DoctorRepo,
  file: SourceFile,
  range: Range,
  depth = 0,
): Promise<readonly string[] | undefined> {
  const code = codeOf(file, range).replace(/^\w+\s*=\s*(?!=)/, '');
  const around = functionAround(file, range.start);
  const index = around === undefined ? -1 : parametersOf(around).indexOf(code);
  if (around !== undefined && index !== -1) {
    const before = around.file.code.slice(Math.max(0, around.start - 200), around.start);
    if (depth >= DEEPEST || OF_JAVASCRIPT.test(before)) return undefined;
    const texts: string[] = [];
    for (const other of await kotlinAndJava(repo, [around.name])) {
      for (const call of callsOf(other, around.name).slice(0, MOST)) {
        // Its own declaration, in Java.
        if (other === around.file && call.start === around.start) continue;
        const named = call.arguments.find((one) =>
          new RegExp(`^${code}\\s*=(?!=)`).test(codeOf(other, one)),
        );
        const given = named ?? call.arguments[index];
        // Another function of that name, unless the parameter has a default.
        const head = around.file.code.slice(around.start, around.body.start);
        if (given === undefined && !new RegExp(`\\b${code}\\s*:[^,()]*=`).test(head)) continue;
        const values = given && (await textsOf(repo, other, given, depth + 1));
        if (values === undefined) return undefined;
        texts.push(...values);
      }
    }
    return texts.length === 0 ? undefined : texts;
  }
  // `work.name`, `Works.SYNC.name`: of an object, or of an entry of an enum.
  if (/^(?!this\.)(?:[a-z]\w*\.|\w+\.\w+\.(?![A-Z\d_]+$))/.test(code)) return undefined;
  const text = await kotlinText(repo, file, range);
  return text === undefined ? undefined : [text];
}

/** Whether JavaScript or Dart has a name: a library may give what they ask for. */
export async function isElsewhere(repo: DoctorRepo, text: string): Promise<boolean> {
  for (const language of ['javascript', 'dart'] as const) {
    if ((await repo.sourcesContaining(language, [text])).length > 0) return true;
  }
  return false;
}
