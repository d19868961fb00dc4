import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device } from './device.mjs';
import { Pipe } from './pipe.mjs';

/** The processes of tests/native/ios/behaviour, one after the other at the end of one pipe. */
export class SwiftWorld {
  #child;
  #said = '';

  /** @param launch `(args) => ChildProcess` starts `behaviour` with these arguments */
  async open(launch) {
    // The device of the first scenario begins with a process of its own.
    this.#child = launch(['--border', tmpdir(), '0']);
    this.#child.stderr.on('data', (text) => (this.#said += text));
    this.ended = new Promise((resolve) => this.#child.on('close', resolve));
    this.pipe = new Pipe(this.#child.stdout, this.#child.stdin);
  }

  /** @returns what it said, where it failed */
  async close() {
    this.#child.stdin.end();
    await this.ended;
    return this.#said === '' ? undefined : this.#said;
  }
}

/** An iPhone of tests/native/ios. */
export class IPhone extends Device {
  system = 'iOS';
  patience = 1000;
  #directory = mkdtempSync(join(tmpdir(), 'bgsync-border-'));
  #isProcess = false;
  /** The system keeps them while no process of the app lives. */
  #pending = [];
  #results = [];

  #asksForRefresh;
  #hasTwo;

  constructor(world, core) {
    super(world, core);
    this.now = Date.now();
  }

  /** @param scenario `refresh`: the app asks for refresh windows as well; `photos`: it has a second sync of that name */
  async begin({ refresh = false, photos = false }) {
    this.#asksForRefresh = refresh;
    this.#hasTwo = photos;
    await this.world('kill', this.#directory);
  }

  async #launch(bySystem) {
    const { now } = this;
    await this.world('launch', now, this.#pending, this.#asksForRefresh, bySystem, this.#hasTwo);
    this.#isProcess = true;
  }

  get isRunning() {
    return this.#isProcess;
  }

  /** The user opens the app. */
  async open() {
    if (!this.isRunning) await this.#launch(false);
    else await this.world('return');
    if (this.js === undefined) await this.load();
    await this.settle();
  }

  /** The user leaves it, and locks the device. */
  async leave() {
    await this.world('leave');
    await this.settle();
  }

  /** The process goes, as the system does it to one that is suspended. */
  async kill() {
    const state = await this.look();
    this.#pending = state.pending;
    this.#results.push(...state.results);
    this.dies();
    this.#isProcess = false;
    await this.world('kill', this.#directory);
  }

  /** The system runs what is due next; without a process it starts one, whose app delegate starts React. */
  async nextWindow() {
    await this.untilDue();
    if (!this.isRunning) await this.#launch(true);
    const begun = (await this.windows()) + (await this.world('take')).length;
    await this.world('deliver');
    if (this.js === undefined) await this.load();
    const isThere = async () => ((await this.windows()) >= begun ? true : undefined);
    if ((await this.eventually(isThere)) === undefined) throw new Error('the window did not come');
    await this.eventually(async () => {
      const starts = (await this.events('run.start')).length;
      return this.js.isBlocked || (await this.events('js.start')).length === starts || undefined;
    });
  }

  /** The windows of all syncs at once: one begins. */
  async allWindows() {
    await this.untilDue();
    if (!this.isRunning) await this.#launch(true);
    const before = await this.windows();
    await this.world('take');
    await this.world('deliver');
    if (this.js === undefined) await this.load();
    await this.until('js.start', before + 1);
  }

  /** What is pending is due, and nothing has run yet. */
  async untilDue() {
    const pending = this.isRunning ? (await this.look()).pending : this.#pending;
    if (pending.length === 0) throw new Error('nothing is pending: there is no next window');
    // Not to the millisecond: a Double of seconds is no exact one, and the system must find the request due.
    const due = Math.max(...pending.map(({ earliest }) => earliest)) + 1;
    if (this.isRunning) await this.pass(Math.max(0, due - this.now));
    else this.now = due + 999;
  }

  /** How many of the two the system hears of. */
  heardOfTwo = 2;

  /** Two windows at once: that of the processing task and that of the refresh task. */
  async twoWindows() {
    await this.nextWindow();
  }

  /** The system needs the device back. */
  async expire() {
    await this.world('expire');
    await this.settle();
  }

  /** What ends a window here, and for how long JavaScript is heard then, in milliseconds. */
  expiry = { why: 'os', grace: 2000 };

  async results() {
    const state = await this.look();
    return [...this.#results, ...state.results].map((success) => (success ? 'success' : 'failure'));
  }

  async scheduled() {
    return (await this.look()).pending.length > 0;
  }

  /** The process is suspended once the system has heard of the end, without a word from here. */
  async sleep() {
    await this.look();
    if (!this.isSuspended) throw new Error('the process is not suspended');
  }

  async lines() {
    const file = join(this.#directory, 'events.log');
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  }

  async quit() {
    for (const name of this.js?.called ?? []) this.called.add(name);
    this.dies();
    await this.world('quit');
  }

  close() {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
