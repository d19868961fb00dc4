/** The values of the interpreter in js-evaluate.ts. */

export type Primitive = string | number | boolean | null | undefined;
export type Value = Primitive | ObjectValue | ArrayValue | FunctionValue | Unknown;

/** What functions need of the interpreter that calls them. */
export interface Calls {
  call(callee: Value, args: readonly Value[]): Value;
  truthy(value: Value): boolean;
  get(object: Value, key: string): Value;
}

/** Ends the run of a statement, or of all of it. */
export class Abrupt extends Error {}

/** The configuration throws. */
export class Thrown extends Abrupt {}

/** A value that only a run would know. */
export class Unknown {
  /** Why, in words that follow "it cannot be told:". */
  readonly reason: string;

  constructor(reason: string) {
    this.reason = reason;
  }
}

export class ObjectValue {
  private readonly properties = new Map<string, Value>();
  /** Set where keys that are not in `properties` may be there, too: why. */
  private open: string | undefined;
  private isShared = false;

  /** What all runs have in common stays as it is. */
  share(): this {
    this.isShared = true;
    return this;
  }

  get(key: string): Value {
    if (this.properties.has(key)) return this.properties.get(key);
    return this.open === undefined ? undefined : new Unknown(this.open);
  }

  /** Whether the key is known to be there. */
  has(key: string): boolean {
    return this.properties.has(key);
  }

  set(key: string, value: Value): void {
    if (this.isShared) return;
    this.properties.delete(key);
    this.properties.set(key, value);
  }

  delete(key: string): void {
    if (this.isShared) return;
    if (this.open === undefined) this.properties.delete(key);
    else this.properties.set(key, undefined);
  }

  /** Undefined where not all of them are known. */
  entries(): [string, Value][] | undefined {
    return this.open === undefined ? [...this.properties] : undefined;
  }

  values(): Value[] {
    return [...this.properties.values()];
  }

  /** Any of its keys may have any value. */
  loosen(reason: string): void {
    if (this.isShared) return;
    this.properties.clear();
    this.open ??= reason;
  }

  /** Keys besides those that are set may be there. */
  leaveOpen(reason: string): void {
    this.open ??= reason;
  }

  /** `...value` in an object literal. */
  spread(value: Value): void {
    if (value instanceof Unknown) this.loosen(value.reason);
    else if (value instanceof ObjectValue) {
      if (value.open !== undefined) this.loosen(value.open);
      for (const [key, one] of value.properties) this.set(key, one);
    } else if (value instanceof ArrayValue) {
      for (const [index, one] of value.items.entries()) this.set(String(index), one);
    }
  }
}

export class ArrayValue {
  readonly items: Value[];
  /** Set where there may be more items than those, anywhere: why. */
  open: string | undefined;

  constructor(items: readonly Value[], open?: string) {
    this.items = [...items];
    this.open = open;
  }

  /** `...value` in a list. */
  spread(value: Value): void {
    if (value instanceof ArrayValue) {
      this.items.push(...value.items);
      this.open ??= value.open;
    } else if (value instanceof Unknown) this.open ??= value.reason;
    else if (typeof value === 'string') this.items.push(...Array.from(value));
    else throw new Thrown();
  }
}

export class FunctionValue {
  readonly run: (args: readonly Value[], calls: Calls) => Value;
  readonly properties = new ObjectValue();

  constructor(run: (args: readonly Value[], calls: Calls) => Value) {
    this.run = run;
  }
}

export const isPrimitive = (value: Value): value is Primitive =>
  value === null || (typeof value !== 'object' && typeof value !== 'function');

/** Whoever got the value may have changed it, and all in it. */
export function taint(value: Value, reason: string, seen = new Set<Value>()): void {
  if (seen.has(value)) return;
  seen.add(value);
  if (value instanceof ArrayValue) {
    for (const item of value.items) taint(item, reason, seen);
    value.items.length = 0;
    value.open ??= reason;
  } else if (value instanceof ObjectValue) {
    for (const one of value.values()) taint(one, reason, seen);
    value.loosen(reason);
  }
}
