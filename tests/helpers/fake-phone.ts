import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventFields } from '../../src/events/write.ts';
import { createEventWriter, toAsciiJson } from '../../src/events/write.ts';
import type { EventName } from '../../src/events/event.ts';
import { EVENT_MARKER, LOG_TAG } from '../../src/events/event.ts';
import type { FakeAdbdOptions, ShellCall } from './fake-adbd.ts';
import { FakeAdbd } from './fake-adbd.ts';

export const APP = 'com.example.app';
const HOOK = `${APP}/dev.bgsync.BackgroundSyncDebugReceiver`;
const FIRST_JOB = 'dev.bgsync.sync.v1';
const PRIORITIES = 'VDIWEF';

interface LogEntry {
  readonly ts: number;
  readonly pid: number;
  readonly priority: string;
  readonly tag: string;
  readonly message: string;
}

export interface PhoneOptions {
  readonly adbd?: Partial<FakeAdbdOptions>;
  readonly isInstalled?: boolean;
  readonly isDebuggable?: boolean;
  readonly hasHook?: boolean;
  readonly isStopped?: boolean;
  /** What `dumpsys jobscheduler` prints. */
  readonly jobs?: string;
  /** Ports that lead back to the machine. */
  readonly reversed?: readonly string[];
  /** What the app does when the hook is asked for a run. */
  readonly onRun?: (phone: FakePhone, run: string, call: readonly string[]) => void;
  readonly onStop?: (phone: FakePhone) => void;
  /** What `cmd jobscheduler run` answers. */
  readonly onRunJob?: (
    phone: FakePhone,
    argv: readonly string[],
  ) => { readonly out?: string; readonly err?: string; readonly code: number };
  /** What the hook answers to a question for its state. */
  readonly status?: string;
  /** The further syncs of this build, each with what the hook answers for its state. */
  readonly tasks?: Readonly<Record<string, string>>;
  /** Called with each command line before it is answered. */
  readonly onLine?: (phone: FakePhone, line: string) => void;
  /** The app's data folder, a folder of this machine, in which `run-as` runs its commands; without it they read the ring. */
  readonly dataFolder?: string;
  /** What `run-as` itself says, and fails. */
  readonly runAsError?: string;
  /** What other commands print, by the beginning of their line. */
  readonly answers?: Readonly<Record<string, string>>;
}

/** Reads a command line as a shell would, as far as single quotes and backslashes go. */
export function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [text] of line.matchAll(/(?:[^\s'"\\]|'[^']*'|"[^"]*"|\\[^])+/g)) {
    words.push(
      text.replace(
        /'([^']*)'|"([^"]*)"|\\([^])/g,
        (_all, single?: string, double?: string, escaped?: string) =>
          single ?? double ?? escaped ?? '',
      ),
    );
  }
  return words;
}

/** Android's own commands: https://android.googlesource.com/platform/external/toybox/+/refs/heads/main/README */
const TOYBOX = (process.env.PATH ?? '')
  .split(':')
  .map((folder) => join(folder, 'toybox'))
  .find((path) => existsSync(path));
if (TOYBOX === undefined) {
  process.stderr.write(
    '\n*** The fake phone runs this machine’s own commands: toybox is not in PATH (Debian: apt-get install toybox). ***\n\n',
  );
}

function runInFolder(cwd: string, argv: readonly string[], call: ShellCall): void {
  const [program = '', ...args] = TOYBOX === undefined ? argv : [TOYBOX, ...argv];
  const options = { cwd, encoding: 'buffer', maxBuffer: 256 << 20 } as const;
  execFile(program, args, options, (error, stdout, stderr) => {
    call.stdout(stdout);
    call.stderr(stderr.toString());
    call.exit(error === null ? 0 : typeof error.code === 'number' ? error.code : 127);
  });
}

/** An Android phone with the app on it, as far as bgsync asks it for anything. */
export class FakePhone {
  readonly adbd: FakeAdbd;
  /** Every command line that arrived. */
  readonly lines: string[] = [];
  options: PhoneOptions;
  /** The app's process; undefined where it does not run. */
  pid: number | undefined = 4242;
  /** Followers of the log get nothing, and are not told. */
  isLogStalled = false;
  /** How far the phone's clock is off. Milliseconds. */
  clockOffset = 0;
  private bootId = randomUUID();
  private log: LogEntry[] = [];
  private readonly followers = new Set<(entry: LogEntry) => void>();
  private readonly ring: string[] = [];
  private writer = this.createWriter();

  constructor(options: PhoneOptions = {}) {
    this.options = options;
    this.adbd = new FakeAdbd({
      model: 'Fake_Pixel',
      onShell: (call) => this.run(call),
      onService: (name) => this.answer(name),
      ...options.adbd,
    });
  }

  /** The app writes an event: to the log and to its ring file. */
  emit(ev: EventName, fields: EventFields = {}): void {
    this.writer.emit(ev, fields);
  }

  /** A whole run, with the given end. */
  emitRun(run: string, end: EventFields, trig = 'trigger', task = FIRST_JOB): void {
    this.emit('run.start', { run, task, trig, att: 1 });
    this.emit('js.start', { run });
    this.emit('progress', { run, n: 3, of: 10 });
    this.emit('run.end', { run, ms: 120, ...end });
  }

  print(tag: string, message: string, priority = 'D', pid = this.pid ?? 1): void {
    for (const part of message.split('\n')) {
      const entry = { ts: this.now(), pid, priority, tag, message: part };
      this.log.push(entry);
      if (!this.isLogStalled) for (const follow of this.followers) follow(entry);
    }
  }

  /** The app's process ends; the next one counts its events from 1. */
  die(): void {
    this.pid = undefined;
  }

  restartApp(): void {
    this.pid = 4343;
    this.writer = this.createWriter();
  }

  /** Switched off: gone from adb, its log and its processes too. */
  async powerOff(): Promise<void> {
    await this.adbd.drop();
    this.log = [];
    this.followers.clear();
    this.die();
  }

  /** On again, in another boot. @param clockOffset a clock without its network is behind */
  async powerOn(clockOffset = 0): Promise<void> {
    this.clockOffset = clockOffset;
    this.bootId = randomUUID();
    await this.adbd.start();
  }

  /** On the phone's clock. Epoch milliseconds. */
  now(): number {
    return Date.now() + this.clockOffset;
  }

  /** A line of ours as os_log or another logger may leave it. */
  printOurs(message: string): void {
    this.print(LOG_TAG, message, 'I');
  }

  /** As a crash is logged. */
  crash(exception: string): void {
    const pid = this.pid ?? 1;
    this.print(
      'AndroidRuntime',
      `FATAL EXCEPTION: DefaultDispatcher-worker-1\nProcess: ${APP}, PID: ${pid}\n${exception}\n\tat com.example.app.Queue.drain(Queue.kt:12)\n\tat dev.bgsync.SyncRunner.background(SyncRunner.kt:40)`,
      'E',
    );
    this.die();
  }

  private createWriter(): ReturnType<typeof createEventWriter> {
    const pid = this.pid ?? 4242;
    return createEventWriter(
      { plat: 'android', pid },
      () => this.now(),
      (event) => {
        const line = EVENT_MARKER + toAsciiJson(event);
        this.ring.push(line);
        this.print(LOG_TAG, line, 'I', pid);
      },
    );
  }

  private answer(service: string): string | undefined {
    if (service !== 'reverse:list-forward') return undefined;
    const list = (this.options.reversed ?? []).map((port) => `host-1 ${port} ${port}\n`).join('');
    return `OKAY${list.length.toString(16).padStart(4, '0')}${list}`;
  }

  private run(call: ShellCall): void {
    this.lines.push(call.line);
    this.options.onLine?.(this, call.line);
    const logcat = /exec logcat ?([^]*)$/.exec(call.line);
    if (logcat !== null) {
      this.runLogcat(call, splitWords(logcat[1] ?? ''));
      return;
    }
    const argv = splitWords(call.line);
    const out = (text: string, code = 0): void => {
      call.stdout(text);
      call.exit(code);
    };
    const { isInstalled = true, isDebuggable = true } = this.options;
    const [program, verb] = argv;
    const fixed = Object.entries(this.options.answers ?? {}).find(([start]) =>
      call.line.startsWith(start),
    );
    if (fixed !== undefined) {
      out(fixed[1]);
      return;
    }
    switch (`${program ?? ''} ${verb ?? ''}`) {
      case 'pm path':
        out(
          isInstalled && argv[2] === APP ? 'package:/data/app/base.apk\n' : '',
          isInstalled ? 0 : 1,
        );
        return;
      case 'pm list':
        out(isInstalled ? `package:${APP}\n` : '');
        return;
      case 'dumpsys package':
        out(this.packageDump());
        return;
      case 'dumpsys jobscheduler':
        out(this.options.jobs ?? 'Registered 0 jobs:\n  None.\n');
        return;
      case 'am broadcast':
        this.broadcast(argv, out);
        return;
      case 'am get-standby-bucket':
        out('10\n');
        return;
      case 'cmd jobscheduler': {
        const answer = this.options.onRunJob?.(this, argv) ?? { out: 'Running job\n', code: 0 };
        if (answer.err !== undefined) call.stderr(answer.err);
        out(answer.out ?? '', answer.code);
        return;
      }
      case `run-as ${APP}`:
        if (!isDebuggable || this.options.runAsError !== undefined) {
          call.stderr(`run-as: ${this.options.runAsError ?? `package not debuggable: ${APP}`}\n`);
          call.exit(1);
        } else if (this.options.dataFolder !== undefined) {
          runInFolder(this.options.dataFolder, argv.slice(2), call);
        } else out(`${this.ring.join('\n')}\n`);
        return;
      case `pidof ${APP}`:
        out(this.pid === undefined ? '' : `${this.pid}\n`, this.pid === undefined ? 1 : 0);
        return;
      case 'log -t':
        this.print(argv[2] ?? '', argv[3] ?? '', 'I', 9999);
        call.exit(0);
        return;
      case 'date +%s':
        out(`${Math.floor(this.now() / 1000)}\n`);
        return;
      case 'getprop sys.boot_completed':
        out('1\n');
        return;
      case 'cat /proc/sys/kernel/random/boot_id':
        out(`${this.bootId}\n`);
        return;
      default:
        call.stderr(`/system/bin/sh: ${program ?? ''}: inaccessible or not found\n`);
        call.exit(127);
    }
  }

  private packageDump(): string {
    const { isDebuggable = true, isStopped = false, hasHook = true } = this.options;
    const filter = `        123abcd ${HOOK} filter 99aa\n`;
    return [
      'Receiver Resolver Table:\n  Non-Data Actions:\n      dev.bgsync.action.RUN:\n',
      hasHook ? filter : '',
      `Packages:\n  Package [${APP}] (1a2b3c):\n`,
      `    flags=[ ${isDebuggable ? 'DEBUGGABLE ' : ''}HAS_CODE ALLOW_CLEAR_USER_DATA ]\n`,
      `    User 0: ceDataInode=1 installed=true hidden=false stopped=${isStopped} enabled=0\n`,
    ].join('');
  }

  private broadcast(argv: readonly string[], out: (text: string) => void): void {
    const action = argv[argv.indexOf('-a') + 1];
    const done = (result: number, data?: string): void =>
      out(
        `Broadcasting: Intent { act=${action ?? ''} flg=0x10400020 cmp=${HOOK} (has extras) }\nBroadcast completed: result=${result}${data === undefined ? '' : `, data="${data}"`}\n`,
      );
    const { hasHook = true, isDebuggable = true } = this.options;
    if (!hasHook || !isDebuggable) {
      done(0);
      return;
    }
    // As the real receiver: --es job names the unique work, and one that the build does not have is an error.
    const job = argv.includes('job') ? argv[argv.indexOf('job') + 1] : FIRST_JOB;
    const jobs = new Map([[FIRST_JOB, this.options.status ?? '{}']]);
    for (const [name, status] of Object.entries(this.options.tasks ?? {})) {
      jobs.set(`${FIRST_JOB}.${name}`, status);
    }
    const status = jobs.get(job ?? '');
    if (status === undefined && action !== 'dev.bgsync.action.STOP') {
      done(0, 'error v=1 why=job');
      return;
    }
    switch (action) {
      case 'dev.bgsync.action.RUN': {
        const run = argv[argv.indexOf('run') + 1] ?? '';
        this.emit('ack', { run, task: job ?? FIRST_JOB, trig: 'trigger' });
        done(-1, `ok v=1 run=${run} work=6912500b-01c0-4b86-9679-efa7157503cf`);
        setTimeout(() => this.options.onRun?.(this, run, argv), 20);
        return;
      }
      case 'dev.bgsync.action.STOP':
        this.options.onStop?.(this);
        done(-1, 'ok v=1 run=x');
        return;
      case 'dev.bgsync.action.STATUS':
        done(-1, `ok v=1 ${status ?? '{}'}`);
        return;
      default:
        done(0, 'error v=1 why=action');
    }
  }

  private runLogcat(call: ShellCall, argv: readonly string[]): void {
    const since = argv.includes('-T') ? Number(argv[argv.indexOf('-T') + 1]) * 1000 : 0;
    const specs = new Map(
      argv
        .filter((word) => /^[\w-]+:[VDIWEF]$/.test(word))
        .map((word) => [word.slice(0, -2), PRIORITIES.indexOf(word.slice(-1))]),
    );
    const show = ({ ts, pid, priority, tag, message }: LogEntry): void => {
      if (Math.floor(ts) < since) return;
      if (PRIORITIES.indexOf(priority) < (specs.get(tag) ?? Infinity)) return;
      const time = (ts / 1000).toFixed(3).padStart(19);
      const process = String(pid).padStart(5);
      call.stdout(`${time} ${process} ${process} ${priority} ${tag.padEnd(8)}: ${message}\n`);
    };
    if (!this.isLogStalled) {
      call.stdout('--------- beginning of main\n');
      for (const entry of this.log) show(entry);
    }
    if (argv.includes('-d')) {
      call.exit(0);
      return;
    }
    this.followers.add(show);
    void call.closed.then(() => this.followers.delete(show));
  }
}
