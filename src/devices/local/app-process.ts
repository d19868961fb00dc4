import { join } from 'node:path';
import type { SyncEvent } from '../../events/event.ts';
import { createEventWriter } from '../../events/write.ts';
import type { EventWriter } from '../../events/write.ts';
import type { AppChild, Exit } from './child-process.ts';
import { startChild } from './child-process.ts';
import type { DartProgram } from './dart/program.ts';
import type { LocalDevice } from './device.ts';
import { NativeSide } from './native-side.ts';
import type { FromChild, Prelude } from './protocol.ts';
import { playedOs } from './protocol.ts';
import type { WindowLimits } from './window.ts';

/** How far JavaScript came by itself. */
export type Boot =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly why: 'load-failed' | 'not-registered';
      readonly message: string;
      readonly hint: string;
    };

export interface ProcessOptions {
  /** The app's root, absolute. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tsconfig: string;
  /** Of an app whose handler is in Dart. */
  readonly dart?: DartProgram | undefined;
  /** Where stand-ins keep their files, absolute. */
  readonly server?: string | undefined;
  readonly prelude?: Prelude | undefined;
  readonly dataFolder: string;
  readonly limits: WindowLimits;
  /** What loading and registering may take. Milliseconds. */
  readonly bootMs: number;
  readonly onEvent: (event: SyncEvent) => void;
  readonly onOutput: (line: string) => void;
  /** Told the app's own files that it loads, absolute. */
  readonly onLoaded: (files: readonly string[]) => void;
  /** Something that the user should know of the world that is played. */
  readonly onNote: (text: string) => void;
  /** A package whose native half is played, and where that keeps its data. */
  readonly onStandIn: (name: string, keeps: string) => void;
}

/** One life of the app's process: its own numbering of events, its JavaScript, its end. */
export class AppProcess {
  readonly writer: EventWriter;
  readonly native: NativeSide;
  /** Settles when the process is gone. */
  readonly exited: Promise<Exit>;
  isAlive = true;

  private readonly device: LocalDevice;
  private readonly options: ProcessOptions;
  private readonly child: AppChild;
  private readonly boot: Promise<Boot>;
  private settleBoot: (boot: Boot) => void = () => undefined;
  private isLoaded = false;
  private bootTimer: NodeJS.Timeout | undefined;

  constructor(device: LocalDevice, options: ProcessOptions) {
    this.device = device;
    this.options = options;
    this.boot = new Promise((resolve) => {
      this.settleBoot = (boot) => {
        clearTimeout(this.bootTimer);
        resolve(boot);
      };
    });
    const listener = {
      message: (message: FromChild) => this.receive(message),
      output: options.onOutput,
    };
    this.child = options.dart?.start(listener) ?? startChild(options, listener);
    this.writer = createEventWriter({ plat: 'local', pid: this.child.pid }, device.now, (event) => {
      device.remember(event);
      options.onEvent(event);
    });
    this.native = new NativeSide(device, this.writer, options.limits, (id, value) =>
      this.child.send({ type: 'reply', id, value }),
    );
    this.exited = this.child.exited.then((exit) => {
      this.isAlive = false;
      device.forgetListener();
      this.native.window?.abandon();
      // What does not compile has said nothing of its files, and one of them is to be mended.
      if (options.dart !== undefined) options.onLoaded(options.dart.ownFiles());
      this.settleBoot({
        ok: false,
        why: 'load-failed',
        ...(options.dart?.explainEnd(describeExit(exit)) ?? {
          message: `the process ended (${describeExit(exit)}).`,
          hint: 'Something that the handler imports ends the process; its output is above.',
        }),
      });
      return exit;
    });
  }

  /** Loads the handler and waits until it takes runs. */
  start(): Promise<Boot> {
    const { root, bootMs, tsconfig, dataFolder, server, prelude } = this.options;
    const { config, network, battery } = this.device;
    this.child.send({
      type: 'setup',
      root,
      handler: join(root, config.handler),
      generated: join(root, config.moduleDir),
      prelude,
      os: playedOs(config),
      alias: Object.fromEntries(
        Object.entries(config.local.alias).map(([name, file]) => [name, join(root, file)]),
      ),
      network,
      battery,
      ...(server === undefined ? {} : { server }),
      dataFolder,
      tsconfig,
    });
    this.bootTimer = setTimeout(() => {
      const limit = `${bootMs / 1000} s`;
      this.settleBoot(
        this.isLoaded
          ? this.notRegistered(`within ${limit}`)
          : {
              ok: false,
              why: 'load-failed',
              message: `it was still loading after ${limit}.`,
              hint: 'Something at its top level, or in a file that it imports, never ends.',
            },
      );
    }, bootMs);
    return this.boot;
  }

  async kill(): Promise<Exit> {
    this.child.kill();
    return this.exited;
  }

  private receive(message: FromChild): void {
    if (!this.isAlive) return;
    switch (message.type) {
      case 'loaded':
        this.isLoaded = true;
        break;
      case 'files':
        this.options.onLoaded(message.files);
        break;
      case 'idle':
        this.settleBoot(this.notRegistered('and nothing that it left running can'));
        break;
      case 'load-failed':
        this.settleBoot({
          ok: false,
          why: 'load-failed',
          message: message.message,
          hint: message.hint,
        });
        break;
      case 'stand-in':
        this.options.onStandIn(message.name, message.keeps);
        break;
      case 'note':
        this.options.onNote(message.text);
        break;
      case 'call':
        this.native.answer(message);
        break;
    }
    if (this.isLoaded && this.native.isWaitedFor) this.settleBoot({ ok: true });
  }

  private notRegistered(detail: string): Boot {
    const isDart = this.options.dart !== undefined;
    const call = isDart ? 'runBackgroundSync' : 'registerBackgroundSync';
    return {
      ok: false,
      why: 'not-registered',
      message: `${this.device.config.handler} never called ${call}, ${detail}.`,
      hint: isDart
        ? 'Call runBackgroundSync(queue: …) in its backgroundSyncMain.'
        : 'Call registerBackgroundSync({ queue }) at the top level of that file.',
    };
  }
}

export function describeExit({ code, signal }: Exit): string {
  return signal === null ? `exit code ${code ?? '?'}` : `killed by ${signal}`;
}
