/**
 * The methods of the native module, from its specification: what React Native's bridge would let through.
 *
 * @param {string} text `NativeBackgroundSync.ts`
 * @returns {Map<string, { types: string[], isVoid: boolean }>}
 */
export function methodsOf(text) {
  const methods = new Map();
  const body = /interface Spec extends TurboModule \{([\s\S]*?)\n\}/.exec(text)?.[1] ?? '';
  for (const [, name, parameters, result] of body.matchAll(/(\w+)\(([^)]*)\): ([^;]+);/g)) {
    const types = [...parameters.matchAll(/\w+: (\w+)/g)].map(([, type]) => type);
    methods.set(name, { types, isVoid: result === 'void' });
  }
  if (methods.size < 10) throw new Error(`the specification has ${methods.size} methods`);
  return methods;
}

/** One JavaScript of the app, from its load to a reload or the end of its process. Its timers tick in the device's time. */
export class JavaScript {
  #device;
  #isDead = false;
  #inbox;
  #timers = [];
  warnings = [];
  /** The names of the methods that it called. */
  called = new Set();

  /**
   * @param device whose clock the timers follow
   * @param pipe to the native side
   * @param number of this JavaScript, by its native module
   * @param methods see {@link methodsOf}
   * @param Worker the class of `core.ts`
   */
  constructor(device, pipe, number, methods, Worker) {
    this.#device = device;
    this.number = number;
    const native = {};
    for (const [name, { types, isVoid }] of methods) {
      native[name] = (...args) => {
        this.#check(name, types, args);
        this.called.add(name);
        const isLive = !this.#isDead;
        if (isVoid) {
          if (isLive) pipe.call(number, name, args);
          return undefined;
        }
        return new Promise((resolve) => {
          if (isLive) pipe.call(number, name, args, (value) => this.#hear(() => resolve(value)));
        });
      };
    }
    this.worker = new Worker(native, (message) => this.warnings.push(message));
  }

  /** The bridge rejects what is not of the specification's types. */
  #check(name, types, args) {
    const given = args.map((value) => typeof value);
    if (given.join() !== types.join()) {
      throw new TypeError(`${name}(${types.join()}) was called with (${given.join()})`);
    }
  }

  #hear(act) {
    if (this.#isDead) return;
    if (!this.isBlocked) act();
    else this.#inbox.push(act);
  }

  /** `setTimeout`, in milliseconds of the device. */
  sleep(millis) {
    return new Promise((resolve) => {
      this.#timers.push({ at: this.#device.now + millis, resolve });
    });
  }

  /** When the next timer is due, in the device's epoch milliseconds. */
  get nextTimer() {
    return !this.isBlocked && !this.#isDead
      ? Math.min(...this.#timers.map(({ at }) => at))
      : Infinity;
  }

  get isBlocked() {
    return this.#inbox !== undefined;
  }

  fireTimers() {
    if (this.isBlocked) return;
    const due = this.#timers.filter(({ at }) => at <= this.#device.now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#device.now);
    for (const { resolve } of due.sort((one, other) => one.at - other.at)) resolve();
  }

  /** A loop without an end: it hears nothing, and its timers do not fire. */
  block() {
    this.#inbox = [];
  }

  unblock() {
    const inbox = this.#inbox ?? [];
    this.#inbox = undefined;
    for (const act of inbox) act();
  }

  /** Of it, not one more instruction runs. */
  die() {
    this.#isDead = true;
  }
}
