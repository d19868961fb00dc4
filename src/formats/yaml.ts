/**
 * Reads YAML as data, every scalar as the text that it is written in: `18.20` stays `18.20`. Merge keys and anchors are
 * followed: what several aliases name is one object.
 *
 * @returns undefined where it is no YAML, several documents, or nested deeper than any file of a project
 */
export async function readYaml(source: string): Promise<unknown> {
  if (isTooDeep(source)) return undefined;
  const { parse } = await import('./yaml-library.ts');
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}

const DEEPEST = 200;

/** The parser calls itself for each level, and near the end of the stack Node ends the process: nothing can catch that. */
function isTooDeep(source: string): boolean {
  let depth = 0;
  for (const [bracket] of source.matchAll(/[[\]{}]/g)) {
    depth = bracket === '[' || bracket === '{' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST) return true;
  }
  // A level of a block is a column at least, or a mark in the line of the level above.
  return /^[\t ]{400}|(?:[-?:][\t ]){200}/m.test(source);
}
