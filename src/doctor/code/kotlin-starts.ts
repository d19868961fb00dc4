import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import { functionAround } from './kotlin-declarations.ts';
import type { KotlinCall, KotlinFunction } from './kotlin-declarations.ts';
import { released, waysTo } from './kotlin-reach.ts';

/** Where the app's start comes to a call. */
export interface Start {
  readonly file: SourceFile;
  /** Of the function that Android calls. */
  readonly offset: number;
  /** For people: `MainApplication.onCreate`. */
  readonly name: string;
  /** Whether it makes the call itself, and not a function that it calls. */
  readonly isDirect: boolean;
  /** Whether each start comes to the call: no condition and no listener stands between. */
  readonly isAlways: boolean;
}

/** Methods of a screen that each start by the user calls. */
const SHOWS =
  /^on(?:Create|Start|Resume|PostCreate|CreateView|ViewCreated|Activity(?:Created|Started|Resumed))$/;

/** The start of the process, or of a screen, whose way a release goes to a call; one that is always gone comes first. */
export async function startOf(
  repo: DoctorRepo,
  { file, start }: KotlinCall,
): Promise<Start | undefined> {
  const starts = released(await waysTo(repo, file, start)).flatMap(
    ({ kind, entry, calls }): Start[] => {
      const last = calls.at(-1);
      if (entry === undefined || last === undefined) return [];
      if (kind !== 'process' && !(kind === 'screen' && SHOWS.test(entry.name))) return [];
      const owner = entry.owner === undefined ? '' : `${entry.owner.name}.`;
      const isAlways = calls.every((call) => {
        const around = functionAround(call.file, call.offset);
        return around !== undefined && isUnconditional(call.file, call.offset, around);
      });
      return [
        {
          file: last.file,
          offset: functionAround(last.file, last.offset)?.start ?? last.offset,
          name: `${owner}${entry.name}`,
          isDirect: calls.length === 1,
          isAlways,
        },
      ];
    },
  );
  return starts.find(({ isAlways }) => isAlways) ?? starts[0];
}

/** Before a block that runs where it stands, or is handed to a thread at once. */
const RUNS =
  /(?:\b(?:try|run|apply|also|let|synchronized|launch|thread|execute|\w{1,20}Scope)|\bwith(?:Context)?)\s*(?:\([^{}]*\)\s*)?(?:\{\s*)?$/;
/** Before a statement that is carried out under a condition, without braces. */
const CONDITION = /(?:\b(?:if|while)\s*\([^;{}\n]*\)|\belse|->|\?:|&&|\|\|)[^;{}\n]*\n?[^;{}\n]*$/;

/** Whether each call of a function comes to a place in it, exceptions left aside. */
export function isUnconditional(
  file: SourceFile,
  offset: number,
  { body }: KotlinFunction,
): boolean {
  const { code } = file;
  if (CONDITION.test(code.slice(Math.max(body.start, offset - 300), offset))) return false;
  return bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && open >= body.start)
    .every(({ open }) => RUNS.test(code.slice(Math.max(body.start, open - 200), open)));
}

/** A start as evidence of what it comes to. */
export const placeOfStart = ({ file, offset, name }: Start) => ({
  file: file.path,
  line: file.line(offset),
  says: `Android calls ${name} at each start of the app`,
});
