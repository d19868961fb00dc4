import type { DoctorRepo } from '../repo.ts';
import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import { callsOf, classAround, functionAround, kotlinAndJava } from './kotlin-declarations.ts';
import type { KotlinCall, KotlinFunction } from './kotlin-declarations.ts';

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

const STARTS = /^(?:MultiDex)?Application$|Activity$/;

/** The `onCreate` of the Application or an Activity that makes a call, or that calls the function that does. */
export async function startOf(
  repo: DoctorRepo,
  { file, start }: KotlinCall,
): Promise<Start | undefined> {
  const around = functionAround(file, start);
  if (around === undefined) return undefined;
  const isAlways = isUnconditional(file, start, around);
  const own = nameOfStart(around);
  if (own !== undefined) {
    return { file, offset: around.start, name: own, isDirect: true, isAlways };
  }
  const owner = classAround(file, start)?.name ?? '';
  for (const caller of await kotlinAndJava(repo, [around.name])) {
    for (const call of callsOf(caller, around.name)) {
      const from = functionAround(caller, call.start);
      const name = from && nameOfStart(from);
      if (from === undefined || name === undefined || !mayMean(call, owner)) continue;
      return {
        ...{ file: caller, offset: from.start, name, isDirect: false },
        isAlways: isAlways && isUnconditional(caller, call.start, from),
      };
    }
  }
  return undefined;
}

function nameOfStart({ file, name, start }: KotlinFunction): string | undefined {
  if (name !== 'onCreate') return undefined;
  const owner = classAround(file, start);
  const isStart = owner?.supertypes.some((one) => STARTS.test(one)) === true;
  return isStart ? `${owner.name}.onCreate` : undefined;
}

/** Before a block that runs where it stands, or is handed to a thread at once. */
const RUNS =
  /(?:\b(?:try|run|apply|also|let|synchronized|launch|thread|execute)|\bwith)\s*(?:\([^{}]*\)\s*)?(?:\{\s*)?$/;
/** Before a statement that is carried out under a condition, without braces. */
const CONDITION = /(?:\b(?:if|while)\s*\([^;{}\n]*\)|\belse|->|\?:|&&|\|\|)[^;{}\n]*\n?[^;{}\n]*$/;

function isUnconditional(file: SourceFile, offset: number, { body }: KotlinFunction): boolean {
  const { code } = file;
  if (CONDITION.test(code.slice(Math.max(body.start, offset - 300), offset))) return false;
  return bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && open >= body.start)
    .every(({ open }) => RUNS.test(code.slice(Math.max(body.start, open - 200), open)));
}

/** Whether a call may be one of this class: functions called `schedule` or `init` are many. */
function mayMean({ file, start }: KotlinCall, owner: string): boolean {
  const line = file.code.slice(file.code.lastIndexOf('\n', start - 1) + 1, start);
  const receiver = /(?<![\w.()?\s])[\w.()?\s]*\.\s*$/.exec(line)?.[0];
  if (receiver === undefined) return true;
  // Its own, or of an extension function.
  if (/^\s*(?:this|INSTANCE|Companion)\b/.test(receiver) || owner === '') return true;
  const lastWord = /(?:[A-Z]|(?<![a-z\d]))[a-z\d]*$/.exec(owner)?.[0] ?? '';
  return receiver.toLowerCase().includes(lastWord.toLowerCase());
}

/** A start as evidence of what it comes to. */
export const placeOfStart = ({ file, offset, name }: Start) => ({
  file: file.path,
  line: file.line(offset),
  says: `Android calls ${name} at each start of the app`,
});
