import { Abrupt } from './js-values.ts';
import type { Calls, Value } from './js-values.ts';

/** What statements and expressions ask of the run that they are part of. */
export interface Run extends Calls {
  /** Whether a branch is taken; on what is unknown, one way in this run and the other in another. */
  truthy(value: Value): boolean;
  /** A property of a value, those of built-in lists and texts included. */
  get(object: Value, key: string): Value;
  /** What an import of a path or a package is. */
  import(from: string, specifier: string): Value;
  isEsModule(path: string): boolean;
  /** @throws TooMuch after more of them than a configuration has */
  step(): void;
}

/** The names that code sees. */
export class Scope {
  private readonly names = new Map<string, Value>();
  private readonly parent: Scope | undefined;

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  declare(name: string, value: Value): void {
    this.names.set(name, value);
  }

  has(name: string): boolean {
    return this.names.has(name) || this.parent?.has(name) === true;
  }

  get(name: string): Value {
    return this.names.has(name) ? this.names.get(name) : this.parent?.get(name);
  }

  set(name: string, value: Value): void {
    if (this.names.has(name) || this.parent === undefined) this.names.set(name, value);
    else this.parent.set(name, value);
  }
}

export class Break extends Abrupt {}
export class Continue extends Abrupt {}
export class Return extends Abrupt {
  readonly value: Value;

  constructor(value: Value) {
    super();
    this.value = value;
  }
}
/** The run is given up. */
export class TooMuch extends Abrupt {}
