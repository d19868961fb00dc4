/**
 * The app's process in a local run: loads the handler file for real, with react-native's native side played by the
 * parent over IPC. Its own bundle entry, `dist/local-child.js`.
 */
import { openRequests } from './world/open-requests.ts';
import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { explainLack, explainLoadError, explainMissingModules } from './load-error.ts';
import { PARENT_PIPE } from './protocol.ts';
import type { FromChild, NativeCall, Prelude, Setup, ToChild } from './protocol.ts';
import type { NativeModule } from './react-native-stub.ts';
import type { Phone } from './world/phone.ts';
import { UnplayedError } from './unplayed.ts';
import { becomePhone } from './world/phone.ts';

/** How many progress messages may be on their way: a loop that reports each item must not fill the memory. */
const MAX_PROGRESS_IN_FLIGHT = 64;

// Taken before the app's code runs, which may do anything to `process`.
const sendToParent = process.send?.bind(process);
const channel = process.channel;

function send(message: FromChild, sent?: () => void): void {
  sendToParent?.(message, undefined, undefined, () => sent?.());
}

const waiting = new Map<number, (value: unknown) => void>();
let calls = 0;
let isWaitingForRun = false;
let isLoaded = false;

/**
 * Once the handler is loaded and neither waits for a run nor for an answer, the channel is taken out of what keeps the
 * process alive: an event loop that is empty then means that nothing can register any more.
 */
function updateChannel(): void {
  if (isLoaded && !isWaitingForRun && waiting.size === 0) channel?.unref();
  else channel?.ref();
}

process.on('beforeExit', () => {
  channel?.ref();
  if (!isWaitingForRun) send({ type: 'idle' });
});

function call(method: NativeCall['method'], ...args: unknown[]): Promise<unknown> {
  const id = (calls += 1);
  const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve));
  updateChannel();
  send({ type: 'call', id, method, args });
  return answer;
}

const tell = (method: NativeCall['method'], args: unknown[], sent?: () => void): void =>
  send({ type: 'call', id: 0, method, args }, sent);

let progressInFlight = 0;
let heldProgress: unknown[] | undefined;

function tellProgress(args: unknown[]): void {
  if (progressInFlight >= MAX_PROGRESS_IN_FLIGHT) {
    heldProgress = args;
    return;
  }
  progressInFlight += 1;
  tell('progress', args, () => {
    progressInFlight -= 1;
    flushProgress();
  });
}

function flushProgress(): void {
  const args = heldProgress;
  heldProgress = undefined;
  if (args !== undefined) tellProgress(args);
}

/** When the run that is open began, of `performance.now()`. */
let runBegan = 0;

const native: NativeModule = {
  registerTask: (switchOn, name) => call('registerTask', switchOn, name),
  cancel: (name) => call('cancel', name),
  scheduleNext: (delaySeconds, name) => call('scheduleNext', delaySeconds, name),
  configure: (settings, name) => call('configure', settings, name),
  getStatus: (name) => call('getStatus', name),
  getHistory: (limit) => call('getHistory', limit),
  nextRun() {
    isWaitingForRun = true;
    return call('nextRun').then((run) => {
      runBegan = performance.now();
      phone?.beginRun();
      return run;
    });
  },
  endedRun: (after) => call('endedRun', after),
  whenExpired: (runId) => call('whenExpired', runId),
  progress: (runId, done, total) => tellProgress([runId, done, total]),
  complete(runId, outcome, remaining, message) {
    if (heldProgress !== undefined) tell('progress', heldProgress);
    heldProgress = undefined;
    const text = missingGlobal(message);
    if (text !== undefined) send({ type: 'note', text });
    const lack = phone?.lackingIn(message);
    if (lack !== undefined) {
      send({ type: 'note', text: explainLack(lack.packageName, lack.member) });
    }
    const isLost = / of (?:undefined|null)\b/.test(message);
    const missing = (phone?.missingModules() ?? []).filter(
      ({ isIdle, name, packageName = '' }) =>
        isLost || !isIdle || message.includes(`${name || packageName}.`),
    );
    for (const note of explainMissingModules(missing)) {
      send({ type: 'note', text: note });
    }
    const requests = openRequests(runBegan);
    if (requests.length > 0 && outcome !== 'expired') {
      const [first = ''] = requests;
      const which = requests.length === 1 ? 'A request' : `${requests.length} requests`;
      const where = requests.length === 1 ? first : `${first} and others`;
      send({
        type: 'note',
        text: `${which} of this run had no answer yet when it ended (${where}): a phone freezes the app there. Await what drainQueue starts (doctor: J18).`,
      });
    }
    tell('complete', [runId, outcome, remaining, message]);
  },
  beginForeground: (name) => call('beginForeground', name),
};

/** What nobody catches ends the app, as on a phone, with what to do about it. */
function dieOfExceptions(): void {
  process.on('uncaughtException', (error: unknown) => {
    // A phone has what this asked for; the end of the run names it.
    if (error instanceof UnplayedError) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Uncaught ${text}\n`);
    const hint = missingGlobal(String(error)) ?? missingModule(String(error), error);
    const end = (): void => process.exit(1);
    if (hint === undefined) end();
    else send({ type: 'note', text: hint }, end);
  });
}

/** React Native warns of a rejection that nobody handles; Node would end the process. */
function keepAliveOnRejections(): void {
  process.on('unhandledRejection', (reason) => {
    if (reason instanceof UnplayedError) return;
    process.stderr.write(
      `Unhandled promise rejection: ${reason instanceof Error ? (reason.stack ?? reason.message) : String(reason)}\n`,
    );
  });
}

/**
 * Ends this process, and what it started, when its parent is gone, however the parent went: on a thread of its own, as
 * the app's code may never let this one's loop turn. Resolves once it watches.
 */
function watchParent(): Promise<void> {
  const watch = `
    const { parentPort } = require('node:worker_threads');
    const end = () => {
      try { process.kill(${process.platform === 'win32' ? '' : '-'}${process.pid}, 'SIGKILL'); } catch {}
      process.kill(${process.pid}, 'SIGKILL');
    };
    const pipe = new (require('node:net').Socket)({ fd: ${PARENT_PIPE}, readable: true, writable: false });
    pipe.on('error', end).on('close', end).resume();
    parentPort.postMessage('watching');
  `;
  return new Promise((resolve) => {
    const worker = new Worker(watch, { eval: true, execArgv: [], env: {} });
    worker.unref();
    worker.once('message', () => resolve());
    worker.once('error', () => resolve());
  });
}

/** Each word is on its way before the next line of code runs: what is said last is said, whatever ends the process. */
function writeAtOnce(): void {
  for (const stream of [process.stdout, process.stderr]) {
    // What Node does by itself on Windows (https://nodejs.org/api/process.html#a-note-on-process-io).
    const { _handle: handle } = stream as { _handle?: { setBlocking?: (on: boolean) => void } };
    handle?.setBlocking?.(true);
  }
}

let phone: Phone | undefined;

async function load(setup: Setup): Promise<void> {
  writeAtOnce();
  await watchParent();
  keepAliveOnRejections();
  dieOfExceptions();
  const made = becomePhone({
    ...setup,
    platform: setup.os,
    tsconfig: readFileSync(setup.tsconfig, 'utf8'),
    native,
    hasRun: () => runBegan > 0,
    note: (text) => send({ type: 'note', text }),
    onFile: (file) => send({ type: 'files', files: [file] }),
    onStandIn: (name, keeps) => send({ type: 'stand-in', name, keeps }),
  });
  phone = made;
  await made.readMetroConfig();
  if (setup.prelude !== undefined) runPrelude(setup.prelude, made, setup.root);
  try {
    made.loader.load(setup.handler);
  } catch (error) {
    const culprit = made.loader.blame(error);
    const { message, hint } = explainLoadError(error, culprit, setup.root, declaredIn(setup.root));
    // A package that cannot be loaded has its own hint.
    const thrown = culprit === undefined ? error : undefined;
    send({
      type: 'load-failed',
      message,
      hint: missingGlobal(message) ?? missingModule(message, thrown) ?? hint,
    });
    return;
  }
  send({ type: 'loaded' });
  isLoaded = true;
  updateChannel();
}

/** The packages that the app's package.json names; none where it cannot be read. */
function declaredIn(root: string): ReadonlySet<string> {
  try {
    const text = readFileSync(join(root, 'package.json'), 'utf8').replace(/^\uFEFF/, '');
    const { dependencies, devDependencies } = JSON.parse(text) as Record<string, object>;
    return new Set(Object.keys({ ...devDependencies, ...dependencies }));
  } catch {
    return new Set();
  }
}

/** What registers the app’s screens brings all of them along, which no window needs. */
const IS_APP = /\bregister(?:Root)?Component\b/;

/** What fails of it may be of no use to the handler, which goes on without it. */
function runPrelude({ file, parts }: Prelude, { loader }: Phone, root: string): void {
  const name = relative(root, file).replaceAll('\\', '/');
  for (const { text, module } of parts) {
    if (module !== undefined && IS_APP.test(loader.textOf(module, file) ?? '')) continue;
    try {
      loader.run(text, file);
    } catch (error) {
      const { message } = explainLoadError(error, loader.blame(error), root);
      const what = text.trim().split('\n', 1)[0] ?? '';
      send({
        type: 'note',
        text: `${name} has \`${what}\` before it loads the handler, which comes to nothing here: ${message}`,
      });
    }
  }
}

/** @returns what to say where an error's text names a native module that is not here, or code of its package threw it */
function missingModule(message: string, error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const lack = phone?.lackingIn(message);
  if (lack !== undefined) return explainLack(lack.packageName, lack.member);
  const named = (phone?.missingModules() ?? []).filter(
    ({ name, packageName }) =>
      message.includes(`${name}.`) ||
      (packageName === undefined
        ? / of (?:undefined|null)\b/.test(message)
        : stack.includes(['', 'node_modules', ...packageName.split('/'), ''].join(sep))),
  );
  return explainMissingModules(named)[0];
}

/** @returns what to say where an error's text names a global, or a member of one, that Node has and a phone has not */
function missingGlobal(message: string): string | undefined {
  const name = /\bReferenceError: (\w+) is not defined/.exec(message)?.[1];
  return name === undefined ? phone?.explainMember(message) : phone?.explainMissing(name);
}

process.on('message', (message: ToChild) => {
  if (message.type === 'setup') {
    void load(message);
    return;
  }
  waiting.get(message.id)?.(message.value);
  waiting.delete(message.id);
  updateChannel();
});
// The parent kills us when it is done. On Windows Ctrl-C comes here, too, and the parent must be first to know.
process.on('SIGINT', () => undefined);
