import { isSwift } from './apple-functions.ts';
import type { Handler } from './background-tasks.ts';
import { bracketsOf } from './brackets.ts';
import type { Block } from './brackets.ts';

/**
 * Where a path through a launch handler ends without its task: a branch, a `catch` or a `case` that does not use the task,
 * while the branches beside it do, and nothing behind them does. Whoever gets the task, or keeps it, may complete it, so
 * any use of it counts, but for reading what it is.
 */

/** Reads of a task, and the handler of its expiration, which runs on another path. */
const NO_USE =
  '(?!\\w)(?!\\s*[?!]?\\s*\\.\\s*(?:identifier|progress|expirationHandler)\\b)(?!\\s*:)(?!\\s+(?:expirationHandler|identifier)\\b)';

/** Statements that have blocks of their own. */
const KEYWORD =
  /(?:^|(?<=[\s;{}]))(?:@?(?:try|catch|finally)(?=\s*[({])|if|guard|switch|do|for|while|repeat|defer|else|return|throw|@throw|break|continue|fatalError)\b/g;

/** Before a closure that runs once. */
const ONCE =
  /(?:\bTask(?:\.detached)?\s*(?:\([^{}]*\)\s*)?|\.\s*async(?:After\s*\([^{}]*\))?\s*(?:\([^{}]*\)\s*)?|\bdispatch_async\s*\([^{}]*,\s*\^\s*(?:\(void\)\s*)?|\b(?:dataTask|uploadTask|downloadTask)\s*\([^{}]*\)\s*)$/;

/** Of a launch handler, in characters: far beyond any real one. */
const LONGEST = 20_000;
/** Blocks in each other. */
const DEEPEST = 50;

/** A condition on what has happened: the other path, the expiration's most of all, has answered or will. */
const ANSWERED = /cancel|complet|done|finish|ended|handled|expired|already/i;

/** Whether a branch is taken once the task is answered elsewhere, by the words of its condition. */
export const isAnsweredElsewhere = (condition: string): boolean =>
  ANSWERED.test(condition.replace(/\bsetTaskCompleted\w*/g, ''));

/** A condition that leaves the rest to another path, or on an object that is gone. */
const isExcuse = (condition: string): boolean =>
  isAnsweredElsewhere(condition) ||
  /\b(?:let|var)\s+(?:`?self`?|strongSelf|weakSelf|this)\b|!\s?(?:self|strongSelf|weakSelf)\b(?!\s?[.])|\b(?:self|strongSelf|weakSelf)\s?[!=]=\s?nil/.test(
    condition,
  );

interface Region {
  readonly start: number;
  readonly end: number;
  /** Whether it runs once each time that it is handed on; of others a branch may leave the task to a later call. */
  readonly isOnce: boolean;
}

/** How a block is left. */
interface End {
  /** Undefined where nothing goes on behind it. */
  readonly used: boolean | undefined;
}

/** What a handler does with its task in the end, or with the closure that it has in place of one. */
export const answerOf = ({ isClosure, task = '' }: Handler): RegExp =>
  isClosure === true ? new RegExp(`(?<![\\w.$])${escaped(task)}(?!\\w)`) : /\bsetTaskCompleted/;

/**
 * The first `return` that leaves the task to nobody: of the handler itself, or of a closure that runs once and would have
 * completed it further down.
 *
 * @param isOnce whether a closure, by the place where it opens, is known to run once
 */
export function returnWithoutTask(
  handler: Handler,
  isOnce?: (block: Block) => boolean,
): number | undefined {
  if (handler.task === undefined || handler.end - handler.start > LONGEST) return undefined;
  return new Paths(handler, handler.task, isOnce).left();
}

/** The first branch that leaves the task to nobody; undefined where there is none, or it cannot be told. */
export function branchWithoutTask(handler: Handler): number | undefined {
  if (handler.task === undefined || handler.end - handler.start > LONGEST) return undefined;
  const paths = new Paths(handler, handler.task);
  return paths.first() ?? failureWithoutTask(handler);
}

/** In front of the closure of a call that gets what went wrong, beside the one for what went well. */
const FAILURE =
  /(?<!\w)(?:failure|onFailure|failureBlock|onError|errorBlock|errorHandler|fail|receiveCompletion)\s*:\s*(?:\^\s*(?:\([^()]*\)\s*)?)?$/;

/** The closure of a call for a failure, where the one for a success is all that answers. */
function failureWithoutTask(handler: Handler): number | undefined {
  const { file, start, end, task = '' } = handler;
  const answer = answerOf(handler);
  const use = usesOf(file.code.slice(start, end), task);
  const blocks = bracketsOf(file).blocks.filter(
    ({ kind, open, close }) => kind === '{' && open >= start && close <= end,
  );
  for (const failed of blocks) {
    if (!FAILURE.test(file.code.slice(Math.max(start, failed.open - 120), failed.open))) continue;
    const beside = blocks.find(
      ({ open, close }) =>
        ARGUMENT.test(file.code.slice(close + 1, failed.open)) ||
        ARGUMENT.test(file.code.slice(failed.close + 1, open)),
    );
    if (beside === undefined) continue;
    const [from, to] = [
      Math.min(beside.open, failed.open),
      Math.max(beside.close, failed.close) + 1,
    ];
    const isAnswered = (a: number, b: number): boolean => answer.test(file.code.slice(a, b));
    if (!isAnswered(beside.open, beside.close)) continue;
    if (use.test(file.code.slice(failed.open, failed.close)) || isAnswered(to, end)) continue;
    // Of a publisher that cannot fail by then.
    if (/\bdefer\b|\.\s*(?:catch|replaceError|assertNoFailure)/.test(file.code.slice(start, from)))
      continue;
    return failed.open;
  }
  return undefined;
}

/** Between two closures of one call. */
const ARGUMENT = /^[\s,]{0,90}\w{1,60}\s?:\s?(?:\^\s?(?:\([^()]{0,200}\)\s?)?)?$/;

/**
 * The first `try` of a `Task { … }` whose failure skips the completion that stands behind it: nobody hears what a Task
 * throws, unless it is asked for its value.
 */
export function throwInTask(handler: Handler): number | undefined {
  const { file, start, end, task } = handler;
  if (task === undefined || !isSwift(file) || end - start > LONGEST) return undefined;
  const { code } = file;
  const brackets = bracketsOf(file);
  const use = usesOf(code.slice(start, end), task);
  for (const block of brackets.blocks) {
    if (block.kind !== '{' || block.open < start || block.close > end) continue;
    const before = code.slice(Math.max(0, block.open - 200), block.open).trimEnd();
    const head = /(?:\b(?:let|var)\s+(\w+)\s*=\s*)?\bTask(?:\.detached)?\s*(?:\([^{}()]*\))?$/.exec(
      before,
    );
    if (head === null) continue;
    const [, name] = head;
    if (name !== undefined && new RegExp(`\\b${name}\\s*\\.\\s*(?:value|result)\\b`).test(code))
      continue;
    const inside = code.slice(block.open, block.close);
    const completed = inside.search(answerOf(handler));
    const isOwn = (at: number): boolean =>
      brackets
        .around(at)
        .filter(({ kind, open }) => kind === '{' && open > block.open)
        .every(({ open }) => BRANCH.test(code.slice(Math.max(block.open, open - 200), open)));
    if (completed === -1 || !isOwn(block.open + completed)) continue;
    for (const { index } of inside.slice(0, completed).matchAll(/\btry\b(?![?!])/g)) {
      const at = block.open + index;
      // `defer`, or who gets the task before, completes it.
      if (!isOwn(at) || use.test(code.slice(block.open, at))) continue;
      return at;
    }
  }
  return undefined;
}

/** Before the block of a statement that what is thrown goes out of. */
const BRANCH =
  /(?:^|[;{}\n])[ \t]*(?:\}\s*)?(?:if|else|guard|for|while|switch)\b[^{};]*$|\belse\s*$/;

class Paths {
  private readonly handler: Handler;
  private readonly code: string;
  /** {@link code} without what runs when the time is over. */
  private readonly ordinary: string;
  private readonly use: RegExp;
  private readonly isOnce: ((block: Block) => boolean) | undefined;
  private missing: number | undefined;
  private leaves: number | undefined;
  /** Conditions around which say that the task is answered elsewhere. */
  private excused = 0;
  private depth = 0;
  private region: Region;

  constructor(handler: Handler, task: string, isOnce?: (block: Block) => boolean) {
    this.handler = handler;
    this.isOnce = isOnce;
    this.code = handler.file.code;
    this.ordinary = withoutExpiration(handler);
    this.use = usesOf(this.code.slice(handler.start, handler.end), task);
    this.region = { start: handler.start, end: handler.end, isOnce: true };
  }

  first(): number | undefined {
    for (const region of [this.region, ...this.closures()]) {
      // What only looks at the task leaves it to its caller.
      if (!answerOf(this.handler).test(this.ordinary.slice(region.start, region.end))) continue;
      const missing = this.missingIn(region);
      if (missing !== undefined) return missing;
    }
    return undefined;
  }

  left(): number | undefined {
    for (const region of [this.region, ...this.closures()]) {
      if (!region.isOnce) continue;
      if (!answerOf(this.handler).test(this.ordinary.slice(region.start, region.end))) continue;
      const leaves = this.leavesIn(region);
      if (leaves !== undefined) return leaves;
    }
    return undefined;
  }

  private leavesIn(region: Region): number | undefined {
    this.region = region;
    this.leaves = undefined;
    this.run(region.start, region.end, false);
    return this.leaves;
  }

  private missingIn(region: Region): number | undefined {
    this.region = region;
    this.missing = undefined;
    return this.run(region.start, region.end, false).used === false ? this.missing : undefined;
  }

  private isUsed(start: number, end: number): boolean {
    return this.use.test(this.ordinary.slice(start, end));
  }

  /** The closures that use the task where no other one does. */
  private closures(): Region[] {
    const { file, start, end } = this.handler;
    const all = bracketsOf(file).blocks.filter(
      (block) =>
        block.kind === '{' &&
        block.open >= start &&
        block.close <= end &&
        this.isClosure(block) &&
        this.isUsed(block.open, block.close),
    );
    return all
      .filter((one) => all.every((other) => isAround(one, other) || isAround(other, one)))
      .map((block) => {
        const { open, close } = block;
        const before = this.code.slice(Math.max(0, open - 300), open).trimEnd();
        const isOnce = ONCE.test(before) || this.isOnce?.(block) === true;
        return { start: open + 1, end: close, isOnce };
      });
  }

  private isClosure({ open }: Block): boolean {
    const from = Math.max(this.code.lastIndexOf('\n', open), this.code.lastIndexOf(';', open)) + 1;
    const head = this.code.slice(from, open);
    if (/\bexpirationHandler\s*=\s*(?:\^\s*)?$/.test(head)) return false;
    return !/(?:^|[{};])\s*(?:\}\s*)?(?:@?(?:try|catch|finally)|if|guard|switch|do|for|while|repeat|defer|else)\b|\belse\s*$/.test(
      head,
    );
  }

  /** Follows a block from its start. */
  private run(start: number, end: number, before: boolean): End {
    if (this.depth > DEEPEST) return { used: true };
    this.depth += 1;
    try {
      return this.follow(start, end, before);
    } finally {
      this.depth -= 1;
    }
  }

  private follow(start: number, end: number, before: boolean): End {
    let used = before;
    let at = start;
    const plain = (to: number): void => {
      used ||= this.isUsed(at, to);
      at = to;
    };
    while (at < end) {
      const word = this.nextKeyword(at, end);
      if (word === undefined) {
        plain(end);
        break;
      }
      plain(word.index);
      const { text, index } = word;
      if (/^(?:return|@?throw|break|continue|fatalError)$/.test(text)) {
        if (text === 'break' || text === 'continue') return { used };
        if (text === 'return' && !used && this.excused === 0 && !this.isReturned(index, end)) {
          this.leaves ??= index;
        }
        // What is returned may complete the task.
        return { used: undefined };
      }
      const block = this.blockBehind(index, end);
      if (block === undefined) {
        // Without braces: a statement that may be left out.
        at = index + text.length;
        const stop = this.code.indexOf(';', at);
        const next = stop === -1 || stop > end ? end : stop + 1;
        const statement = this.code.slice(at, next);
        const leaves = text === 'if' ? /^\s*\(.*\)\s*(return\b.*)$/s.exec(statement) : null;
        const [, returned = ''] = leaves ?? [];
        if (leaves !== null && !used && !this.isUsed(at, next) && !isExcuse(statement)) {
          if (this.excused === 0) this.leaves ??= next - returned.length;
        }
        plain(next);
        continue;
      }
      if (text === 'if') {
        const chain = this.chain(index, end, used);
        at = chain.next;
        if (chain.used === undefined) return { used: undefined };
        used = chain.used;
      } else if (text === 'do' || /^@?try$/.test(text)) {
        const tried = this.tried(index, block, end, used);
        at = tried.next;
        if (tried.used === undefined) return { used: undefined };
        used = tried.used;
      } else if (text === 'switch') {
        const some = this.cases(index, block, used);
        at = block.close + 1;
        if (some.used === undefined) return { used: undefined };
        used = some.used;
      } else if (text === 'guard') {
        // The way out of it is one of its own.
        const condition = this.code.slice(index, block.open);
        used ||= this.isUsed(index, block.open) && !/\bas\b/.test(condition);
        this.excusing(isExcuse(condition) || this.isCast(condition), () => this.body(block, used));
        at = block.close + 1;
      } else {
        // A loop may use it, and leave; `defer` does at the end.
        used ||= this.isUsed(index, block.close);
        at = block.close + 1;
      }
    }
    return { used };
  }

  /** The keyword of a statement of the block itself, not of a closure or an argument in it. */
  private nextKeyword(
    from: number,
    end: number,
  ): { readonly index: number; readonly text: string } | undefined {
    const { file } = this.handler;
    KEYWORD.lastIndex = from;
    const base = bracketsOf(file).around(from)[0];
    for (let match = KEYWORD.exec(this.code); match !== null; match = KEYWORD.exec(this.code)) {
      if (match.index >= end) return undefined;
      const [inner] = bracketsOf(file).around(match.index);
      if (inner === base || inner === undefined) return { index: match.index, text: match[0] };
      // Past the closure or the argument list that it stands in.
      let outer = inner;
      while (outer.parent !== undefined && outer.parent !== base) outer = outer.parent;
      KEYWORD.lastIndex = Math.max(KEYWORD.lastIndex, outer.close);
    }
    return undefined;
  }

  /** The block of a statement: the first brace that stands in no bracket, before the statement ends. */
  private blockBehind(from: number, end: number): Block | undefined {
    const brackets = bracketsOf(this.handler.file);
    for (let at = from; at < end; at += 1) {
      const char = this.code.charAt(at);
      if (char === ';' || char === '}') return undefined;
      const block = '([{'.includes(char) ? brackets.at(at) : undefined;
      if (block?.kind === '{') return block;
      if (block !== undefined) at = block.close;
    }
    return undefined;
  }

  private excusing<T>(isExcused: boolean, follow: () => T): T {
    this.excused += isExcused ? 1 : 0;
    try {
      return follow();
    } finally {
      this.excused -= isExcused ? 1 : 0;
    }
  }

  /** Whether a `return` hands the task on, or answers: `return finish(task)`. */
  private isReturned(from: number, end: number): boolean {
    const brackets = bracketsOf(this.handler.file);
    let at = from;
    for (; at < end && !'\n;}'.includes(this.code.charAt(at)); at += 1) {
      const block = '([{'.includes(this.code.charAt(at)) ? brackets.at(at) : undefined;
      if (block !== undefined) at = block.close;
    }
    return this.isUsed(from, Math.min(at + 1, end));
  }

  private body({ open, close }: Block, before: boolean): End {
    return this.run(open + 1, close, before);
  }

  /** `if … else if … else …` */
  private chain(from: number, end: number, before: boolean): End & { readonly next: number } {
    const branches: { readonly at: number; readonly end: End }[] = [];
    let at = from;
    let hasElse = false;
    let condition = '';
    for (;;) {
      const block = this.blockBehind(at, end);
      if (block === undefined) break;
      condition += this.code.slice(at, block.open);
      const branch = at;
      const isExcused =
        isExcuse(condition) || this.isUsedAsOther(condition) || this.isCast(condition);
      const ended = this.excusing(isExcused, () => this.body(block, before));
      branches.push({ at: branch, end: ended });
      at = block.close + 1;
      const next = /^\s*else\b\s*(if\b)?/.exec(this.code.slice(at, at + 200));
      if (next === null || hasElse) break;
      hasElse = next[1] === undefined;
      at += next[0].length - (next[1]?.length ?? 0);
    }
    if (this.isUsedAsOther(condition) || isAnsweredElsewhere(condition))
      return { used: true, next: at };
    if (!hasElse) branches.push({ at: from, end: { used: before } });
    const isTold = this.region.isOnce || (hasElse && /\berr(?:or)?\b/i.test(condition));
    return { ...this.join(branches, before, isTold), next: at };
  }

  /** A condition that asks what the task is: `guard let refresh = task as? BGAppRefreshTask`. */
  private isCast(condition: string): boolean {
    const { task = '' } = this.handler;
    return new RegExp(`(?<![\\w.])${escaped(task)}\\s+(?:as|is)\\b`).test(condition);
  }

  /** A condition that hands the task on: `if finish(task) {`. */
  private isUsedAsOther(condition: string): boolean {
    return this.use.test(condition) && !/\b(?:as|is)\b/.test(condition);
  }

  private tried(
    from: number,
    block: Block,
    end: number,
    before: boolean,
  ): End & { readonly next: number } {
    const branches = [{ at: from, end: this.body(block, before) }];
    const firstTry = /\btry\b|\bawait\b/.exec(this.code.slice(block.open, block.close));
    const until = firstTry === null ? block.close : block.open + firstTry.index;
    const caught = before || this.isUsed(block.open, until);
    let at = block.close + 1;
    for (;;) {
      const next = /^\s*(@?catch|@?finally)\b/.exec(this.code.slice(at, at + 200));
      if (next === null) break;
      const start = at + next[0].search(/\S/);
      const handler = this.blockBehind(start, end);
      if (handler === undefined) break;
      at = handler.close + 1;
      if (next[1]?.endsWith('finally') === true) {
        if (this.isUsed(handler.open, handler.close)) return { used: true, next: at };
        continue;
      }
      // `catch is CancellationError`
      if (isAnsweredElsewhere(this.code.slice(start, handler.open))) continue;
      branches.push({ at: start, end: this.body(handler, caught) });
    }
    return { ...this.join(branches, before, true), next: at };
  }

  private cases(from: number, block: Block, before: boolean): End {
    const head = this.code.slice(from, block.open);
    if (this.use.test(head)) return { used: true };
    const labels: { readonly at: number; readonly start: number; readonly text: string }[] = [];
    for (const match of this.code.slice(block.open + 1, block.close).matchAll(CASE)) {
      const at = block.open + 1 + match.index;
      if (bracketsOf(this.handler.file).around(at)[0] !== block) continue;
      labels.push({ at, start: at + match[0].length, text: match[0] });
    }
    const isResult =
      labels.some(({ text }) => /\.success\b/.test(text)) &&
      labels.some(({ text }) => /\.failure\b/.test(text));
    const branches = labels.flatMap(({ at, start }, index) => {
      const stop = labels[index + 1]?.at ?? block.close;
      // `case A: case B:` of Objective-C.
      if (this.code.slice(start, stop).trim() === '') return [];
      const isExcused = isExcuse(head + this.code.slice(at, start));
      return [{ at, end: this.excusing(isExcused, () => this.run(start, stop, before)) }];
    });
    const isWhole = this.handler.file.path.endsWith('.swift');
    if (!isWhole && !labels.some(({ text }) => text.startsWith('default'))) return { used: true };
    return this.join(branches, before, this.region.isOnce || isResult);
  }

  /** What is known where branches meet; remembers the first that does not use the task while another does. */
  private join(
    branches: readonly { readonly at: number; readonly end: End }[],
    before: boolean,
    isTold: boolean,
  ): End {
    const going = branches.filter(({ end }) => end.used !== undefined);
    if (going.length === 0) return { used: undefined };
    const without = going.find(({ end }) => end.used === false);
    if (without === undefined) return { used: true };
    if (before) return { used: true };
    const isSplit = branches.some(({ end, at }) => end.used !== false && this.isBranchUsed(at));
    if (!isSplit && !going.some(({ end }) => end.used === true)) return { used: false };
    if (!isTold) return { used: true };
    this.missing ??= without.at;
    return { used: false };
  }

  /** Whether a branch that is left by a return uses the task before. */
  private isBranchUsed(at: number): boolean {
    const block = this.blockBehind(at, this.region.end);
    return block !== undefined && this.isUsed(block.open, block.close);
  }
}

const CASE =
  /(?:^|(?<=[\s;{}]))(?:case\b[^:{}]*(?:\([^()]*\)[^:{}]*)?|default\s*|@unknown\s+default\s*):/g;

function withoutExpiration({ file, start, end }: Handler): string {
  let { code } = file;
  const handler = /\bexpirationHandler\s*=\s*(?:\^\s*)?(?=\{)/g;
  handler.lastIndex = start;
  for (let match = handler.exec(code); match !== null; match = handler.exec(code)) {
    const block =
      match.index < end ? bracketsOf(file).at(match.index + match[0].length) : undefined;
    if (block === undefined) break;
    const blank = ' '.repeat(block.close - block.open - 1);
    code = code.slice(0, block.open + 1) + blank + code.slice(block.close);
  }
  return code;
}

const isAround = (outer: Block, inner: Block): boolean =>
  outer.open <= inner.open && inner.close <= outer.close;

/** A use of the task, or of another name for it. */
function usesOf(body: string, task: string): RegExp {
  const names = [task];
  const alias = (name: string): RegExp =>
    new RegExp(
      `\\b(?:let|var)\\s+(\\w+)\\s*=\\s*${escaped(name)}\\s+as\\b|\\*\\s*(\\w+)\\s*=\\s*\\([^()]*\\)\\s*${escaped(name)}\\s*;`,
      'g',
    );
  for (const name of names) {
    for (const [, swift, objc] of body.matchAll(alias(name))) {
      const other = swift ?? objc;
      if (other !== undefined && !names.includes(other)) names.push(other);
    }
  }
  // The alias itself is no use: `let refresh = task as! BGAppRefreshTask`.
  const name = `(?:${names.map(escaped).join('|')})`;
  return new RegExp(`(?<![\\w.$])(?<!\\b(?:let|var)\\s{1,4})${name}${NO_USE}(?!\\s+as[!?]?\\s)`);
}

const escaped = (name: string): string => name.replace('$', '\\$');
