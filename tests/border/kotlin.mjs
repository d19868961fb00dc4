import { createServer } from 'node:net';
import { Device } from './device.mjs';
import { Pipe } from './pipe.mjs';

/** The world of tests/native/android at the other end of a socket: one for all scenarios of a set of classes. */
export class KotlinWorld {
  #server;
  #ended;

  /** @param run starts the suite on the JVM, which connects to the port */
  async open(run) {
    const connected = new Promise((resolve) => {
      this.#server = createServer(resolve);
    });
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.#ended = run(this.#server.address().port);
    const socket = await Promise.race([
      connected,
      this.#ended.then(({ output }) => {
        throw new Error(`the suite did not connect:\n${output}`);
      }),
    ]);
    socket.setNoDelay(true);
    this.socket = socket;
    this.pipe = new Pipe(socket, socket);
  }

  /** @returns what the suite said, where it failed */
  async close() {
    this.socket?.end();
    this.#server?.close();
    const { ok, output } = await this.#ended;
    return ok ? undefined : output;
  }
}

/** An Android device: the real WorkManager and BackgroundSyncModule, under Robolectric. */
export class Android extends Device {
  system = 'Android';
  /** One thread: what is not there now will not come by itself. */
  patience = 3;
  #boots = 0;
  #isProcess = false;

  constructor(world, core) {
    super(world, core);
    this.pipe.onMessage = ({ boot }) => {
      if (boot) this.#boots++;
    };
  }

  /** @param scenario `photos`: the app has a second sync of that name */
  async begin({ photos = false }) {
    await this.world('world', photos);
  }

  get isRunning() {
    return this.#isProcess;
  }

  async #launch() {
    await this.world('launch');
    this.#isProcess = true;
    await this.look();
  }

  async open() {
    if (!this.isRunning) await this.#launch();
    await this.world('return');
    if (this.js === undefined) await this.load();
    await this.settle();
  }

  async leave() {
    await this.world('leave');
  }

  async kill() {
    this.dies();
    this.#isProcess = false;
    await this.world('kill');
  }

  /** React Native starts for a run, and evaluates the entry file. */
  async serve() {
    for (; this.#boots > 0; this.#boots--) if (this.js === undefined) await this.load();
  }

  /** Until the worker runs; without a process the system starts one. */
  async nextWindow() {
    const before = await this.windows();
    await this.untilDue();
    // The system thaws an app to run its job.
    await this.world('thaw');
    for (let step = 0; step < 40 && (await this.windows()) === before; step++) await this.pass(100);
    if ((await this.windows()) === before) throw new Error('the window did not come');
    // React Native takes its time to start, and JavaScript is asked then.
    for (let tenth = 0; tenth < 30 && this.js === undefined; tenth++) await this.pass(100);
    await this.settle();
  }

  /** The windows of all syncs at once: one begins. */
  async allWindows() {
    const before = (await this.events('js.start')).length;
    await this.untilDue(({ nexts }) => Math.max(...nexts));
    await this.world('thaw');
    const isThere = async () => (await this.events('js.start')).length > before;
    for (let step = 0; step < 60 && !(await isThere()); step++) await this.pass(100);
    if (!(await isThere())) throw new Error('no window came');
  }

  /** The window begins within a second. @param nextOf of which sync; the first where it is left out */
  async untilDue(nextOf = ({ next }) => next) {
    if (!this.isRunning) await this.#launch();
    const state = await this.look();
    const { now } = state;
    const next = nextOf(state);
    if (next > now + 86_400_000) throw new Error('nothing is enqueued: there is no next window');
    await this.pass(Math.max(0, next - now - 1000));
  }

  /** How many of the two are of the work whose results are looked at. */
  heardOfTwo = 1;

  /** The window of the schedule, and one of `bgsync trigger`. */
  async twoWindows() {
    await this.untilDue();
    await this.world('trigger');
    await this.nextWindow();
  }

  /** The budget is over. A stop of WorkManager's gives JavaScript no time at all. */
  async expire() {
    const [start] = (await this.events('js.start')).slice(-1);
    await this.pass(start.ts + 180_000 - this.now);
  }

  expiry = { why: 'budget', grace: 5000 };

  async results() {
    return (await this.look()).results.map((result) => (result === 'success' ? result : 'failure'));
  }

  async scheduled() {
    return (await this.look()).scheduled;
  }

  /** The system freezes an app that nobody sees and that has no job. */
  async sleep() {
    await this.world('freeze');
    await this.look();
  }

  async lines() {
    return this.world('log');
  }

  async quit() {
    for (const name of this.js?.called ?? []) this.called.add(name);
    this.dies();
    await this.world('quit');
  }

  close() {}
}
