import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import type { Range } from './brackets.ts';
import { dartCalls, dartFunctions } from './dart.ts';
import type { DartFunction } from './dart.ts';

/** A function with a block that a background run calls. */
export interface Run {
  readonly file: SourceFile;
  readonly body: Range;
  /** What its first parameter is called; undefined where it has none. */
  readonly parameter: string | undefined;
}

/** The function that an argument is, or names; undefined for one that is an expression alone. */
export function runOf(
  file: SourceFile,
  { start, end }: Range,
  files: readonly SourceFile[],
): Run | undefined {
  const text = file.code.slice(start, end);
  const closure = /^\s*(?:<[^<>]*>)?\(/.exec(text);
  if (closure !== null) {
    const parameters = bracketsOf(file).at(start + closure[0].length - 1);
    if (parameters === undefined) return undefined;
    const opening = /^\s*(?:async\s*)?(\{|=>)/.exec(file.code.slice(parameters.close + 1, end));
    // `=> work()` gives the Future back.
    if (opening?.[1] !== '{') return undefined;
    const block = bracketsOf(file).at(parameters.close + opening[0].length);
    const parameter = nameIn(file.code.slice(parameters.open + 1, parameters.close));
    return block && { file, body: { start: block.open + 1, end: block.close }, parameter };
  }
  const name = /^\s*(?:\w+\s*\.\s*)?([A-Za-z_$][\w$]*)\s*$/.exec(text)?.[1];
  const named = files.flatMap(dartFunctions).filter((one) => one.name === name);
  const [found] = named;
  if (found === undefined || named.length > 1 || !isBlock(found)) return undefined;
  const list = bracketsOf(found.file).at(
    found.file.code.indexOf('(', found.offset + found.name.length),
  );
  const parameter = list && nameIn(found.file.code.slice(list.open + 1, list.close));
  return { file: found.file, body: found.body, parameter };
}

const isBlock = ({ file, body }: DartFunction): boolean => file.code.charAt(body.start - 1) === '{';

/** `String taskId, int count`: the first one’s. */
function nameIn(parameters: string): string | undefined {
  const name = parameters.split(',')[0]?.trim().split(/\s/).at(-1);
  return name === '' ? undefined : name;
}

/** Those of `BackgroundFetch.configure`, without what is called when the time is over, and of a headless task. */
export function fetchRuns(file: SourceFile, files: readonly SourceFile[]): Run[] {
  return givenTo(file, [configured(file, 1), headless(file)].flat(), files);
}

/** What `BackgroundFetch.configure` has called when the time is over. */
export const fetchTimeouts = (file: SourceFile, files: readonly SourceFile[]): Run[] =>
  givenTo(file, configured(file, 2), files);

const configured = (file: SourceFile, argument: number) =>
  dartCalls(file, /\bBackgroundFetch\s*\.\s*configure/).map(
    ({ positional }) => positional[argument],
  );
const headless = (file: SourceFile) =>
  dartCalls(file, /\bBackgroundFetch\s*\.\s*registerHeadlessTask/).map(
    ({ positional }) => positional[0],
  );

const givenTo = (
  file: SourceFile,
  ranges: readonly (Range | undefined)[],
  files: readonly SourceFile[],
): Run[] => ranges.flatMap((range) => (range && runOf(file, range, files)) ?? []);
