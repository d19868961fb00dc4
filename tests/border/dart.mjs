import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** The Dart VM with `border.dart`, whose isolates are the engines of all devices, one device after the other. */
export class DartProcess {
  #child;
  #socket;
  #server;
  #said = '';
  /** Its engines get numbers of their own: those of the native side begin anew with each of its processes. */
  last = 0;
  onMessage = () => {};

  /** @param dart `{ vm, packages, program }`: see dart-vm.mjs, lay-out.mjs; what was compiled of `border.dart` */
  async open({ vm, packages, program }) {
    const connected = new Promise((resolve) => {
      this.#server = createServer(resolve);
    });
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address();
    const args = [...vm.args, `--packages=${packages}`, program, String(port)];
    this.#child = spawn(vm.command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (text) => (this.#said += text));
    }
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
    this.#socket = await Promise.race([
      connected,
      this.ended.then(() => {
        throw new Error(`Dart did not connect:\n${this.#said}`);
      }),
    ]);
    this.#socket.setNoDelay(true);
    createInterface(this.#socket).on('line', (line) => this.onMessage(JSON.parse(line)));
  }

  send(message) {
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  /** @returns what it said, which it does where it failed */
  async close() {
    this.#socket?.end();
    this.#server.close();
    await this.ended;
    return this.#said === '' ? undefined : this.#said;
  }
}

/** The method of a call, as the standard codec writes it: a string of less than 254 bytes. */
function methodOf(message) {
  const bytes = Buffer.from(message, 'base64');
  assert.equal(bytes[0], 7);
  return bytes.subarray(2, 2 + bytes[1]).toString();
}

/** The Dart of a device: an isolate for each engine that the native side has. Its timers tick in the device's time. */
export class Dart {
  #process;
  #device;
  /** By the number of the native side: the number here. */
  #engines = new Map();
  #pings = new Map();
  #waiting = new Map();
  #timers = [];
  #last = 0;
  /** How many messages have come and gone. */
  traffic = 0;
  warnings = [];
  strays = [];
  /** The names of the methods that it called. */
  called = new Set();
  isBlocked = false;

  constructor(process, device) {
    this.#process = process;
    this.#device = device;
    process.onMessage = (message) => this.#hear(message);
  }

  /** An engine enters Dart. */
  enter(number, entry) {
    const engine = ++this.#process.last;
    this.#engines.set(number, engine);
    this.#process.send({ engine, start: entry });
    this.traffic++;
    return engine;
  }

  /** Not one more instruction runs in it. */
  leave(number) {
    const engine = this.#engines.get(number);
    if (engine === undefined) return;
    this.#engines.delete(number);
    this.#timers = this.#timers.filter((timer) => timer.engine !== engine);
    this.#process.send({ engine, kill: true });
    for (const [id, ping] of this.#pings) {
      if (ping.engine !== engine) continue;
      this.#pings.delete(id);
      ping.resolve();
    }
    this.traffic++;
  }

  die() {
    for (const number of [...this.#engines.keys()]) this.leave(number);
  }

  /** The app does something. @returns what comes of it */
  does(number, name, value = null, sync = '') {
    const engine = this.#engines.get(number);
    if (engine === undefined) throw new Error('the app is not open');
    const id = ++this.#last;
    this.traffic++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#process.send({ engine, do: name, id, value, sync });
    });
  }

  /** Until each engine has done what it has to do now. */
  async rests() {
    await Promise.all(
      [...this.#engines.values()].map((engine) => {
        const id = ++this.#last;
        return new Promise((resolve) => {
          this.#pings.set(id, { engine, resolve });
          this.#process.send({ engine, ping: id });
        });
      }),
    );
  }

  /** When the next timer is due, in the device's epoch milliseconds. */
  get nextTimer() {
    return Math.min(...this.#timers.map(({ at }) => at));
  }

  fireTimers() {
    const due = this.#timers.filter(({ at }) => at <= this.#device.now);
    this.#timers = this.#timers.filter(({ at }) => at > this.#device.now);
    for (const { engine, id } of due.sort((one, other) => one.at - other.at)) {
      this.#answer(engine, id, null);
    }
  }

  #answer(engine, id, value) {
    if (![...this.#engines.values()].includes(engine)) return;
    this.traffic++;
    this.#process.send({ engine, answer: id, value });
  }

  #hear(message) {
    const { engine } = message;
    const ping = this.#pings.get(message.pong);
    if (ping !== undefined) {
      this.#pings.delete(message.pong);
      ping.resolve();
      return;
    }
    const found = [...this.#engines].find(([, one]) => one === engine);
    // What was on its way when the engine went.
    if (found === undefined) return;
    const [number] = found;
    this.traffic++;
    if (message.stray !== undefined) this.strays.push(message.stray);
    else if (message.warning !== undefined) this.warnings.push(message.warning);
    else if (message.did !== undefined) {
      this.#waiting.get(message.did)?.(message.value);
      this.#waiting.delete(message.did);
    } else if (message.ask !== undefined) this.#asked(engine, message);
    else {
      this.called.add(methodOf(message.message));
      this.#call(number, message);
    }
  }

  #call(number, { engine, call, channel, message }) {
    try {
      this.#device.pipe.call(number, channel, [message], (value) =>
        this.#answer(engine, call, value),
      );
    } catch (error) {
      // The native side has gone: the scenario says so, which waits for it.
      this.strays.push(String(error));
    }
  }

  #asked(engine, { ask: id, name, value }) {
    if (name === 'sleep') this.#timers.push({ at: this.#device.now + value, engine, id });
    else this.#answer(engine, id, this.#device.asked(name, value, engine) ?? null);
  }
}

/**
 * A phone with a Flutter app in place of a React Native one: the app's engine is that of its user interface, and each run has
 * one of its own.
 */
export const withFlutter = (Phone) =>
  class extends Phone {
    /** What waits to be sent, and what the handler does. */
    queue = { items: 0, act: 'drain', windows: [], atOnce: 0, open: new Set() };
    /** As `queue`, of the sync photos: what drains at once is one count of both. */
    photos = { ...this.queue, windows: [] };
    /** By the engine that drains it. */
    #drained = new Map();
    /** The entries of the engines of runs. */
    entries = [];
    /** The number of the app's engine, while the app is open. */
    #app;

    constructor(world, core) {
      super(world, core);
      this.dart = new Dart(world.dart, this);
      this.js = this.dart;
      this.pipe.onMessage = ({ engine, entry, gone }) => {
        if (engine !== undefined) {
          this.dart.enter(engine, entry);
          if (entry === 'main') this.#app = engine;
          else this.entries.push(entry);
        } else if (gone !== undefined) {
          this.dart.leave(gone);
          if (gone === this.#app) this.#app = undefined;
        }
      };
    }

    async load() {
      this.js = this.dart;
      await this.world('load');
    }

    /** The user opens the app. */
    async open() {
      this.js = this.#app === undefined ? undefined : this.dart;
      await super.open();
    }

    /** The user closes it; its process lives on. */
    async closeApp() {
      await this.world('close');
      await this.settle();
    }

    dies() {
      for (const name of this.dart.called) this.called.add(name);
      this.dart.die();
      this.js = this.dart;
      this.#app = undefined;
      this.queue.open.clear();
    }

    /** What the app's own Dart is asked to do. */
    app(name, value, sync) {
      return this.ask(this.dart.does(this.#app, name, value, sync));
    }

    /** As `app`, where the answer is not waited for. */
    starts(name, value, sync) {
      return this.dart.does(this.#app, name, value, sync);
    }

    /** What the app's code in Dart needs of what outlives it. */
    asked(name, value, engine) {
      if (name === 'begin')
        this.#drained.set(engine, value.name === null ? this.queue : this.photos);
      const queue = this.#drained.get(engine) ?? this.queue;
      const [seen] = queue.windows.slice(-1);
      switch (name) {
        case 'told':
          this.told.push(value);
          return undefined;
        case 'begin':
          queue.open.add(engine);
          this.queue.atOnce = Math.max(this.queue.atOnce, queue.open.size);
          queue.windows.push({ window: value, sent: 0, expired: false, settled: false });
          return { items: queue.items, act: queue.act };
        case 'sent':
          seen.sent++;
          return --queue.items;
        case 'expired':
          seen.expired = true;
          return queue.items;
        case 'settled':
          seen.settled = true;
          queue.open.delete(engine);
          return undefined;
        default:
          throw new Error(`no ${name} in this app`);
      }
    }

    async settle() {
      let before;
      const traffic = () => this.pipe.traffic + this.dart.traffic;
      do {
        before = traffic();
        await this.dart.rests();
        await this.world('settle');
        await this.dart.rests();
      } while (traffic() !== before);
      await this.look();
    }

    async nextWindow() {
      const before = await this.windows();
      await super.nextWindow();
      if ((await this.windows()) === before) throw new Error('the window did not come');
      const isHanded = async () =>
        (await this.events('js.start')).length + (await this.events('run.skip')).length > 0 &&
        (await this.events('js.start')).length === (await this.events('run.start')).length;
      for (let tenth = 0; tenth < 30 && !(await isHanded()); tenth++) await this.pass(100);
    }
  };
