import assert from 'node:assert/strict';
import { JavaScript } from './javascript.mjs';

/** Lets everything run that JavaScript has to do now. */
async function turns() {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * A device with the app on it: the native side behind a pipe, and JavaScript here. What differs between the systems is in
 * `swift.mjs` and `kotlin.mjs`.
 */
export class Device {
  /** Epoch milliseconds, by the clock of the native side. */
  now = 0;
  js;
  isSuspended = false;
  /** Of the app: gets a window and its JavaScript. */
  handler;
  /** As `handler`, of the sync photos, where the app has it. */
  photosHandler;
  /** What `onRun` was told. */
  told = [];
  /** Methods of the module that were called so far. */
  called = new Set();

  /** @param core `{ methods, Worker }`: of the generated TypeScript */
  constructor(world, core) {
    this.core = core;
    this.pipe = world.pipe;
    this.pipe.onTime = (now) => (this.now = now);
  }

  world(name, ...args) {
    return this.pipe.world(name, args);
  }

  /** The entry file of the app is evaluated in a new JavaScript. */
  async load() {
    const number = await this.world('load');
    const js = new JavaScript(this, this.pipe, number, this.core.methods, this.core.Worker);
    this.js = js;
    js.worker.start({ drainQueue: (window) => this.handler(window, js) }, (run) =>
      this.told.push(run),
    );
    if (this.photosHandler !== undefined) {
      const drainQueue = (window) => this.photosHandler(window, js);
      js.worker.start({ drainQueue }, null, 'photos');
    }
    return js;
  }

  /** JavaScript is gone, with its native module. */
  async unload() {
    const { js } = this;
    if (js === undefined) return;
    this.js = undefined;
    js.die();
    for (const name of js.called) this.called.add(name);
    await this.world('invalidate', js.number);
  }

  /** The process dies: of JavaScript nobody hears. */
  dies() {
    this.js?.die();
    for (const name of this.js?.called ?? []) this.called.add(name);
    this.js = undefined;
  }

  /** Until neither side has anything to say. */
  async settle() {
    let before;
    do {
      before = this.pipe.traffic;
      await turns();
      await this.world('settle');
      await this.serve();
      await turns();
    } while (this.pipe.traffic !== before);
    await this.look();
  }

  /** What the native side asks of the suite beside JavaScript. */
  async serve() {}

  async look() {
    const state = await this.world('state');
    this.now = state.now;
    this.isSuspended = state.suspended;
    if (state.crashes.length > 0) throw new Error(`the app crashed: ${state.crashes.join('; ')}`);
    return state;
  }

  /** Time passes, on both sides of the border. */
  async pass(millis) {
    let left = millis;
    for (;;) {
      await this.settle();
      if (left <= 0) return;
      const timer = this.isSuspended ? Infinity : (this.js?.nextTimer ?? Infinity);
      const step = Math.max(0, Math.min(left, timer - this.now));
      const before = this.now;
      await this.world('pass', step);
      await this.look();
      left -= this.now - before;
      if (!this.isSuspended) this.js?.fireTimers();
    }
  }

  /**
   * Waits for what other threads do, without time passing on the device.
   *
   * @param look resolves with something, or with undefined where it is not there yet
   * @returns what it found; undefined where it never came
   */
  async eventually(look) {
    for (let attempt = 0; attempt <= this.patience; attempt++) {
      await this.settle();
      const found = await look();
      if (found !== undefined) return found;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return undefined;
  }

  /** What JavaScript asks of the app. @returns the answer */
  async ask(question) {
    let settled;
    question.then(
      (value) => (settled = { value }),
      (error) => (settled = { error }),
    );
    const answer = await this.eventually(() => settled);
    if (answer === undefined) throw new Error('no answer');
    if (answer.error !== undefined) throw answer.error;
    return answer.value;
  }

  /** @returns the event, the nth of its name */
  async until(name, count = 1) {
    const event = await this.eventually(async () => (await this.events(name))[count - 1]);
    if (event === undefined) {
      const names = (await this.events()).map(({ ev }) => ev).join(' ');
      throw new Error(`never: ${count} ${name}; there are ${names}`);
    }
    return event;
  }

  /** Whether the app's schedule is so in the end. */
  async isScheduled(expected) {
    const isIt = async () => ((await this.scheduled()) === expected ? true : undefined);
    assert.equal(await this.eventually(isIt), true, `scheduled is ${!expected}`);
  }

  /** What the system heard of the windows, in the end. */
  async heard(...expected) {
    const is = async () => ((await this.results()).join() === expected.join() ? true : undefined);
    if ((await this.eventually(is)) === undefined) {
      assert.deepEqual(await this.results(), expected);
    }
  }

  /** How many windows have begun, or were turned away. */
  async windows() {
    const { length: skips } = await this.events('run.skip');
    return skips + (await this.events('run.start')).length;
  }

  async events(name) {
    const all = (await this.lines()).map((line) => JSON.parse(line.replace(/^BGSYNC1 /, '')));
    return name === undefined ? all : all.filter(({ ev }) => ev === name);
  }
}
