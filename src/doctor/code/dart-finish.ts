import type { SourceFile } from '../source-files.ts';
import { bracketsOf } from './brackets.ts';
import type { Run } from './dart-runs.ts';

/** How a run of Dart comes to no answer. */
export interface UnfinishedRun {
  readonly how: 'never' | 'leaves' | 'end';
  readonly offset: number;
}

/** Whether a place has been answered for: by the answer itself, or by what may give it at any time. */
interface State {
  readonly isOpen: boolean;
  /** Whether it is left: by `return`, or `throw`. */
  readonly isLeft: boolean;
}

/**
 * Follows the paths of a run’s own body; gives the first that comes to its end without the answer. What is thrown is not
 * followed, but into a `catch` of the body.
 *
 * @param answers whether a text of the code may answer: by itself, in a closure, or in a function that it calls
 */
export function unfinishedRun(
  { file, body }: Run,
  answers: (code: string) => boolean,
): UnfinishedRun | undefined {
  if (!answers(file.code.slice(body.start, body.end))) return { how: 'never', offset: body.start };
  const paths = new Paths(file, answers);
  const after = paths.block(body.start, body.end, true, false);
  if (paths.left !== undefined) return { how: 'leaves', offset: paths.left };
  return after.isOpen && !after.isLeft ? { how: 'end', offset: body.start } : undefined;
}

class Paths {
  /** Where it is left without an answer. */
  left: number | undefined;
  private readonly file: SourceFile;
  private readonly answers: (code: string) => boolean;

  constructor(file: SourceFile, answers: (code: string) => boolean) {
    this.file = file;
    this.answers = answers;
  }

  /** @param isAnswered whether a `finally` around answers on each way out */
  block(start: number, end: number, isOpen: boolean, isAnswered: boolean): State {
    let state: State = { isOpen, isLeft: false };
    for (let at = this.skip(start, end); at < end && !state.isLeft;) {
      const next = this.statement(at, end, state.isOpen, isAnswered);
      state = next.state;
      at = this.skip(Math.max(next.end, at + 1), end);
    }
    return state;
  }

  private skip(at: number, end: number): number {
    const space = /^[\s;]*/.exec(this.file.code.slice(at, end))?.[0].length ?? 0;
    return at + space;
  }

  /** What opens at the first bracket of a kind behind a place. */
  private bracket(at: number, end: number, kind: '(' | '{') {
    const open = this.file.code.indexOf(kind, at);
    return open === -1 || open >= end ? undefined : bracketsOf(this.file).at(open);
  }

  private statement(
    at: number,
    end: number,
    isOpen: boolean,
    isAnswered: boolean,
  ): { readonly end: number; readonly state: State } {
    const { code } = this.file;
    const word = /^(?:\{|\w+)/.exec(code.slice(at, Math.min(end, at + 20)))?.[0] ?? '';
    const plain = { isOpen, isLeft: false };
    if (word === '{') {
      const own = this.bracket(at, end, '{');
      if (own === undefined) return { end, state: plain };
      const state = this.block(own.open + 1, own.close, isOpen, isAnswered);
      return { end: own.close + 1, state };
    }
    if (word === 'try') return this.tried(at, end, isOpen, isAnswered);
    if (/^(?:if|for|while)$/.test(word)) {
      const test = this.bracket(at, end, '(');
      if (test === undefined) return { end, state: plain };
      const tested = isOpen && !this.answers(code.slice(test.open, test.close));
      const inner = this.skip(test.close + 1, end);
      const then = this.statement(inner, end, tested, isAnswered);
      const behind = this.skip(then.end, end);
      const hasElse = word === 'if' && /^else\b/.test(code.slice(behind, behind + 5));
      if (!hasElse)
        return { end: then.end, state: either(then.state, { ...plain, isOpen: tested }) };
      const other = this.statement(this.skip(behind + 4, end), end, tested, isAnswered);
      return { end: other.end, state: either(then.state, other.state) };
    }
    if (word === 'switch' || word === 'do') {
      const own = this.bracket(at, end, '{');
      const stop = own === undefined ? end : own.close + 1;
      // Its cases are not followed: one that may answer is taken to.
      return {
        end: stop,
        state: { isOpen: isOpen && !this.answers(code.slice(at, stop)), isLeft: false },
      };
    }
    const stop = this.endOfStatement(at, end);
    const stays = isOpen && !this.answers(code.slice(at, stop));
    const isLeft = word === 'return' || word === 'throw' || word === 'rethrow';
    if (word === 'return' && stays && !isAnswered) this.left ??= at;
    // What is thrown is the way of an error: it is not told of.
    return { end: stop, state: { isOpen: stays, isLeft } };
  }

  private tried(at: number, end: number, isOpen: boolean, isAnswered: boolean) {
    const { code } = this.file;
    const own = this.bracket(at, end, '{');
    if (own === undefined) return { end, state: { isOpen, isLeft: false } };
    const parts: { readonly open: number; readonly close: number; readonly isFinally: boolean }[] =
      [];
    let stop = own.close + 1;
    for (;;) {
      const head = /^\s*(?:on\s+[\w.<>?]+\s*)?(?:catch\s*\([^()]*\)\s*|finally\s*)?/.exec(
        code.slice(stop, Math.min(end, stop + 200)),
      )?.[0];
      if (head === undefined || head.trim() === '') break;
      const part = bracketsOf(this.file).at(stop + head.length);
      if (part?.kind !== '{') break;
      parts.push({ open: part.open, close: part.close, isFinally: head.includes('finally') });
      stop = part.close + 1;
    }
    const last = parts.find(({ isFinally }) => isFinally);
    const finishes = last !== undefined && this.answers(code.slice(last.open, last.close));
    const covered = isAnswered || finishes;
    const body = this.block(own.open + 1, own.close, isOpen, covered);
    let state = body;
    for (const part of parts) {
      // It begins wherever the block was.
      if (!part.isFinally) {
        state = either(state, this.block(part.open + 1, part.close, isOpen, covered));
      }
    }
    return { end: stop, state: finishes ? { isOpen: false, isLeft: state.isLeft } : state };
  }

  /** Of a plain statement: behind its semicolon, those in brackets left out. */
  private endOfStatement(at: number, end: number): number {
    const { code } = this.file;
    const brackets = bracketsOf(this.file);
    for (let place = at; place < end; place += 1) {
      const char = code.charAt(place);
      if (char === ';') return place + 1;
      if ('([{'.includes(char)) place = brackets.at(place)?.close ?? place;
    }
    return end;
  }
}

/** Of two ways: open where one of them is, unless that is left. */
const either = (one: State, other: State): State => ({
  isOpen: (one.isOpen && !one.isLeft) || (other.isOpen && !other.isLeft),
  isLeft: one.isLeft && other.isLeft,
});
