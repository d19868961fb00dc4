import type { SourceFile } from '../source-files.ts';
import { functionAround } from './apple-functions.ts';
import { bracketsOf } from './brackets.ts';
import type { Range } from './brackets.ts';

/** What one branch of an `#if` holds. */
export interface Branch extends Range {
  /** Whether it is compiled in debug builds or for the simulator alone, or never. */
  readonly isDebug: boolean;
}

const NO_RELEASE =
  '(?:(?:defined\\s*(?:\\(\\s*)?)?(?:DEBUG|RCT_DEV|TARGET_OS_SIMULATOR|TARGET_IPHONE_SIMULATOR)\\b|targetEnvironment\\s*\\(\\s*simulator\\s*\\))';
const DEBUG = new RegExp(`^(?:${NO_RELEASE}(?!.*\\|\\|)|(?:false|0)$)`);
const NOT_DEBUG = new RegExp(`^(?:!\\s*${NO_RELEASE}\\s*(?:\\)\\s*)?|true|1)$`);

const branches = new WeakMap<SourceFile, readonly Branch[]>();

/** The branches of `#if`, `#ifdef` and `#ifndef` in Swift and Objective-C. */
export function branchesOf(file: SourceFile): readonly Branch[] {
  const known = branches.get(file);
  if (known !== undefined) return known;
  const found: Branch[] = [];
  /** `others`: what the branches before were for, of which `#else` is the opposite. */
  const stack: { start: number; isDebug: boolean; isRelease: boolean }[] = [];
  const directive = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elseif|elif|else|endif)\b(.*)$/gm;
  for (let match = directive.exec(file.code); match !== null; match = directive.exec(file.code)) {
    const [text, word, rest = ''] = match;
    const condition = rest.trim();
    const end = match.index;
    const start = match.index + text.length;
    if (word === 'if' || word === 'ifdef' || word === 'ifndef') {
      const isDebug = word === 'ifndef' ? false : DEBUG.test(condition);
      const isRelease = word === 'ifndef' ? DEBUG.test(condition) : NOT_DEBUG.test(condition);
      stack.push({ start, isDebug, isRelease });
      continue;
    }
    const last = stack.pop();
    if (last === undefined) continue;
    found.push({ start: last.start, end, isDebug: last.isDebug });
    if (word === 'else') stack.push({ start, isDebug: last.isRelease, isRelease: last.isDebug });
    else if (word !== 'endif') {
      stack.push({ start, isDebug: DEBUG.test(condition), isRelease: NOT_DEBUG.test(condition) });
    }
  }
  branches.set(file, found);
  return found;
}

/** Whether code is in no build that users get: compiled in debug builds or for the simulator alone, or not at all. */
export const isDebugOnly = (file: SourceFile, offset: number): boolean =>
  branchesOf(file).some(({ start, end, isDebug }) => isDebug && start <= offset && offset < end);

/** Whether it depends on a condition if the code is compiled. */
export const isConditional = (file: SourceFile, offset: number): boolean =>
  branchesOf(file).some(({ start, end }) => start <= offset && offset < end);

const STATEMENT = /\b(?:if|guard|else|switch|while|for|case)\b[^{}\n]*$/;

/** Whether it depends on a condition, of the build or of the code, if what stands there is carried out when its function is. */
export function hasCondition(file: SourceFile, offset: number): boolean {
  if (isConditional(file, offset)) return true;
  const body = functionAround(file, offset)?.body.start ?? 0;
  const line = file.code.slice(file.code.lastIndexOf('\n', offset) + 1, offset);
  if (STATEMENT.test(line.replace(/\{[^{}]*$/, ''))) return true;
  return bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && open >= body)
    .some(({ open }) => STATEMENT.test(file.code.slice(Math.max(body, open - 200), open)));
}
