import type { SourceFile } from '../source-files.ts';

/**
 * Where a string of a file calls a function in what it interpolates: `"next: ${scheduleNext()}"`. Masked code has blanks
 * there; that the call is there at all is enough to say no more of who calls the function.
 *
 * @param opens what begins an interpolation; undefined where the language has none
 * @returns the offset of the string's text; undefined where no string calls it
 */
export function inInterpolation(
  { strings }: SourceFile,
  name: string,
  opens: string | undefined,
): number | undefined {
  if (opens === undefined) return undefined;
  return strings.find(({ text }) => {
    const begin = text.indexOf(opens);
    if (begin === -1) return false;
    const at = text.indexOf(name, begin);
    return at !== -1 && new RegExp(`\\b${name}\\s*[({]`).test(text.slice(begin));
  })?.offset;
}
