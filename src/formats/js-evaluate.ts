import { posix } from 'node:path';
import { importCandidates } from './import-candidates.ts';
import { parseModule } from './javascript.ts';
import { ARRAY_METHODS, STRING_METHODS, builtInModule } from './js-built-ins.ts';
import { TooMuch } from './js-scope.ts';
import type { Run } from './js-scope.ts';
import { ModuleRun } from './js-statements.ts';
import {
  Abrupt,
  ArrayValue,
  FunctionValue,
  ObjectValue,
  Thrown,
  Unknown,
  isPrimitive,
  taint,
} from './js-values.ts';
import type { Calls, Value } from './js-values.ts';

export { APP_ROOT } from './js-expressions.ts';

/**
 * Says what a configuration in JavaScript exports, without running it: an interpreter of the part of the language that
 * configurations are written in. What it cannot know (the environment, a package, a file on disk) is a value of its own,
 * and a branch on such a value is taken both ways. It never runs code of the repo, and it ends: steps are counted.
 */

export interface ModuleFiles {
  /** Texts by path relative to the app's root, the module itself and what it imports by relative path. */
  readonly files: ReadonlyMap<string, string>;
  /** Values of modules that are not read: by path relative to the app's root. */
  readonly known?: ReadonlyMap<string, Value>;
  /** Those that Node loads as ES modules: what CommonJS has is not there. */
  readonly modules?: ReadonlySet<string>;
}

/** A run on one way through the branches. */
export type Outcome =
  | { readonly status: 'value'; readonly value: Value }
  /** The module throws: what reads it fails on this way. */
  | { readonly status: 'throws' }
  | { readonly status: 'unknown'; readonly reason: string };

/** Ways that are followed; a configuration with more branches on what is unknown is not judged. */
const MOST_WAYS = 64;
const MOST_STEPS = 20_000;
const DEEPEST = 60;

/**
 * What `use` makes of the exports of a module, on each way through it.
 *
 * @param use gets `module.exports` (of an ES module: an object with its exports), and calls functions in it
 */
export function evaluateModule(
  files: ModuleFiles,
  path: string,
  use: (exported: Value, calls: Calls) => Value,
): Outcome[] {
  const outcomes: Outcome[] = [];
  const open: boolean[][] = [[]];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    if (outcomes.length >= MOST_WAYS) {
      return [...outcomes, { status: 'unknown', reason: 'it has too many variants' }];
    }
    const run = new Evaluation(files, prefix);
    outcomes.push(run.outcome(path, use));
    for (let at = prefix.length; at < run.taken.length; at += 1) {
      open.push([...run.taken.slice(0, at), false]);
    }
  }
  return outcomes;
}

class Evaluation implements Run {
  readonly taken: boolean[];
  private readonly files: ModuleFiles;
  private readonly prefix: readonly boolean[];
  private readonly decided = new Map<Unknown, boolean>();
  private readonly modules = new Map<string, ObjectValue>();
  private steps = 0;
  private depth = 0;

  constructor(files: ModuleFiles, prefix: readonly boolean[]) {
    this.files = files;
    this.prefix = prefix;
    this.taken = [];
  }

  outcome(path: string, use: (exported: Value, calls: Calls) => Value): Outcome {
    try {
      return { status: 'value', value: use(this.require(path), this) };
    } catch (error) {
      if (error instanceof Thrown) return { status: 'throws' };
      if (error instanceof RangeError || error instanceof Abrupt) {
        return { status: 'unknown', reason: 'it does too much to be followed' };
      }
      throw error;
    }
  }

  truthy(value: Value): boolean {
    if (!(value instanceof Unknown)) return isPrimitive(value) ? Boolean(value) : true;
    const known = this.decided.get(value);
    if (known !== undefined) return known;
    const decision = this.prefix[this.taken.length] ?? true;
    this.taken.push(decision);
    this.decided.set(value, decision);
    return decision;
  }

  call(callee: Value, args: readonly Value[]): Value {
    if (callee instanceof FunctionValue) {
      this.depth += 1;
      if (this.depth > DEEPEST) throw new TooMuch();
      const result = callee.run(args, this);
      this.depth -= 1;
      return result;
    }
    if (callee instanceof Unknown) {
      // It may change what it gets.
      for (const arg of args) taint(arg, callee.reason);
      return new Unknown(callee.reason);
    }
    throw new Thrown();
  }

  get(object: Value, key: string): Value {
    if (object === null || object === undefined) throw new Thrown();
    if (object instanceof Unknown) return new Unknown(object.reason);
    if (object instanceof ObjectValue) return object.get(key);
    if (object instanceof FunctionValue) return object.properties.get(key);
    if (object instanceof ArrayValue) {
      if (key === 'length') {
        return object.open === undefined ? object.items.length : new Unknown(object.open);
      }
      if (/^\d+$/.test(key)) {
        if (object.open === undefined || Number(key) < object.items.length)
          return object.items[Number(key)];
        return new Unknown(object.open);
      }
      const method = ARRAY_METHODS[key];
      return method === undefined
        ? new Unknown(`it calls ${key} of a list`)
        : new FunctionValue((args, calls) => method(object, args, calls));
    }
    if (typeof object === 'string') {
      if (key === 'length') return object.length;
      const method = STRING_METHODS[key];
      return method === undefined
        ? new Unknown(`it calls ${key} of a text`)
        : new FunctionValue((args) => method(object, args));
    }
    return new Unknown(`it reads ${key} of a value`);
  }

  isEsModule(path: string): boolean {
    return this.files.modules?.has(path) === true;
  }

  private require(path: string): Value {
    const known = this.files.known;
    if (known?.has(path) === true) return known.get(path);
    const done = this.modules.get(path);
    if (done !== undefined) return done.get('exports');
    const text = this.files.files.get(path);
    if (text === undefined) return new Unknown(`${path} is not read`);
    const holder = new ObjectValue();
    holder.set('exports', new ObjectValue());
    this.modules.set(path, holder);
    if (path.endsWith('.json')) {
      holder.set('exports', parseJson(text));
      return holder.get('exports');
    }
    const parsed = parseModule(text.replace(/^\uFEFF/, ''), path);
    if (!parsed.ok) return new Unknown(`${path}: ${parsed.reason}`);
    new ModuleRun(this, parsed.module, path, holder).run();
    return holder.get('exports');
  }

  /** What an import of a path or a package is. */
  import(from: string, specifier: string): Value {
    if (!specifier.startsWith('.')) {
      return builtInModule(specifier) ?? new Unknown(`it uses the package ${specifier}`);
    }
    const path = posix.join(posix.dirname(from), specifier);
    const candidates = importCandidates(path);
    const found = candidates.find(
      (one) => this.files.files.has(one) || this.files.known?.has(one) === true,
    );
    return found === undefined
      ? new Unknown(`it imports ${specifier}, which was not read`)
      : this.require(found);
  }

  step(): void {
    this.steps += 1;
    if (this.steps > MOST_STEPS) throw new TooMuch();
  }
}

function parseJson(text: string): Value {
  try {
    return fromJson(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return new Unknown('a JSON file that it imports cannot be read');
  }
}

/** Data as the interpreter's own values. */
export function fromJson(data: unknown): Value {
  if (Array.isArray(data)) return new ArrayValue(data.map(fromJson));
  if (typeof data === 'object' && data !== null) {
    const object = new ObjectValue();
    for (const [key, value] of Object.entries(data)) object.set(key, fromJson(value));
    return object;
  }
  return data as Value;
}
