import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * The device's side of adb's protocol, enough for the real client and server.
 * https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/protocol.txt
 */

const command = (name: string): number => Buffer.from(name, 'latin1').readUInt32LE();
const CNXN = command('CNXN');
const AUTH = command('AUTH');
const OPEN = command('OPEN');
const OKAY = command('OKAY');
const WRTE = command('WRTE');
const CLSE = command('CLSE');

const HEADER = 24;
/** From this version on, checksums are not looked at. */
const VERSION = 0x01000001;
const MAX_PAYLOAD = 1 << 20;
/** shell_v2: https://android.googlesource.com/platform/packages/modules/adb/+/refs/heads/main/shell_protocol.h */
const STDOUT = 1;
const STDERR = 2;
const EXIT = 3;

/** A command that the device runs for adb. */
export interface ShellCall {
  /** As it arrived, in the device shell's syntax. */
  readonly line: string;
  stdout(text: string | Buffer): void;
  stderr(text: string): void;
  exit(code: number): void;
  /** The client went away, or the call has ended. */
  readonly closed: Promise<void>;
}

export interface FakeAdbdOptions {
  readonly model: string;
  /** `unauthorized`: asks for a key, and never accepts one. */
  readonly state?: 'device' | 'recovery' | 'unauthorized';
  /** False: as before Android 7, exit codes are lost and standard error is merged. */
  readonly hasShellV2?: boolean;
  onShell(call: ShellCall): void;
  /** Answers to services other than a shell: `reverse:list-forward`. Undefined refuses. */
  onService?(name: string): string | undefined;
}

/** How the device misbehaves on the wire. */
export type Fault = 'none' | 'stall' | 'garbage' | 'partial-frame';

interface Stream {
  readonly remote: number;
  readonly queue: Buffer[];
  isWaiting: boolean;
  isEnding: boolean;
  close(): void;
}

export class FakeAdbd {
  fault: Fault = 'none';
  private readonly options: FakeAdbdOptions;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(options: FakeAdbdOptions) {
    this.options = options;
  }

  get serial(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Listens, on the port that it had before where there was one. */
  async start(): Promise<void> {
    const server = createServer((socket) => this.accept(socket));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (server.address() as AddressInfo).port;
  }

  /** The device is gone: nothing listens, and every connection breaks. */
  async drop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    const { server } = this;
    this.server = undefined;
    await new Promise<void>((resolve) => {
      if (server === undefined) resolve();
      else server.close(() => resolve());
    });
  }

  private accept(socket: Socket): void {
    this.sockets.add(socket);
    const connection = new Connection(socket, this.options, () => this.fault);
    let pending = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= HEADER) {
        const size = HEADER + pending.readUInt32LE(12);
        if (pending.length < size) break;
        connection.receive(pending.subarray(0, size));
        pending = pending.subarray(size);
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      connection.close();
    });
  }
}

class Connection {
  private readonly socket: Socket;
  private readonly options: FakeAdbdOptions;
  private readonly fault: () => Fault;
  private readonly streams = new Map<number, Stream>();
  private nextId = 1;

  constructor(socket: Socket, options: FakeAdbdOptions, fault: () => Fault) {
    this.socket = socket;
    this.options = options;
    this.fault = fault;
  }

  receive(packet: Buffer): void {
    const arg0 = packet.readUInt32LE(4);
    const arg1 = packet.readUInt32LE(8);
    switch (packet.readUInt32LE(0)) {
      case CNXN:
        if (this.options.state === 'unauthorized') this.send(AUTH, 1, 0, Buffer.alloc(20, 7));
        else this.greet();
        break;
      case OPEN:
        this.open(arg0, packet.toString('utf8', HEADER).replace(/\0+$/, ''));
        break;
      case WRTE:
        // What a client types is not read; it goes on only when it is acknowledged.
        this.send(OKAY, arg1, arg0);
        break;
      case OKAY:
        this.acknowledge(arg1);
        break;
      case CLSE:
        this.streams.get(arg1)?.close();
        break;
      default:
    }
  }

  close(): void {
    for (const stream of this.streams.values()) stream.close();
  }

  private greet(): void {
    const { model, hasShellV2 = true, state = 'device' } = this.options;
    const features = hasShellV2 ? 'shell_v2,cmd' : 'cmd';
    const banner = `${state}::ro.product.name=fake;ro.product.model=${model};ro.product.device=fake;features=${features}`;
    this.send(CNXN, VERSION, MAX_PAYLOAD, Buffer.from(banner));
  }

  private open(remote: number, service: string): void {
    const shell = /^shell(,v2)?(?:,[^:]*)?:([^]*)$/.exec(service);
    if (shell === null) {
      const answer = this.options.onService?.(service);
      if (answer === undefined) {
        this.send(CLSE, 0, remote);
        return;
      }
      const { id, stream } = this.accept(remote, () => undefined);
      this.push(id, stream, Buffer.from(answer));
      this.finish(id, stream);
      return;
    }
    this.runShell(remote, shell[1] !== undefined, shell[2] ?? '');
  }

  private runShell(remote: number, isV2: boolean, line: string): void {
    let onClosed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (onClosed = resolve));
    const { id, stream } = this.accept(remote, () => onClosed());
    const write = (kind: number, text: string | Buffer): void => {
      const data = Buffer.from(text as string);
      if (!isV2) {
        if (kind !== EXIT && data.length > 0) this.push(id, stream, data);
        return;
      }
      for (let at = 0; at < data.length; at += 60_000) {
        const part = data.subarray(at, at + 60_000);
        const head = Buffer.alloc(5);
        head.writeUInt8(kind);
        head.writeUInt32LE(part.length, 1);
        this.push(id, stream, Buffer.concat([head, part]));
      }
    };
    this.options.onShell({
      line,
      stdout: (text) => write(STDOUT, text),
      stderr: (text) => write(STDERR, text),
      exit: (code) => {
        write(EXIT, Buffer.from([code]));
        this.finish(id, stream);
      },
      closed,
    });
  }

  private accept(remote: number, onClosed: () => void): { id: number; stream: Stream } {
    const id = this.nextId++;
    const stream: Stream = {
      remote,
      queue: [],
      isWaiting: false,
      isEnding: false,
      close: () => {
        this.streams.delete(id);
        onClosed();
      },
    };
    this.streams.set(id, stream);
    this.send(OKAY, id, remote);
    return { id, stream };
  }

  /** One packet at a time: the next goes when the last was acknowledged. */
  private push(id: number, stream: Stream, data: Buffer): void {
    if (!this.streams.has(id)) return;
    stream.queue.push(data);
    this.flush(id, stream);
  }

  private finish(id: number, stream: Stream): void {
    stream.isEnding = true;
    this.flush(id, stream);
  }

  private acknowledge(id: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    stream.isWaiting = false;
    this.flush(id, stream);
  }

  private flush(id: number, stream: Stream): void {
    if (stream.isWaiting) return;
    const data = stream.queue.shift();
    if (data !== undefined) {
      stream.isWaiting = true;
      this.send(WRTE, id, stream.remote, data);
    } else if (stream.isEnding && this.streams.has(id)) {
      this.send(CLSE, id, stream.remote);
      stream.close();
    }
  }

  private send(name: number, arg0: number, arg1: number, data: Buffer = Buffer.alloc(0)): void {
    const fault = this.fault();
    if (fault === 'stall' || this.socket.destroyed) return;
    const header = Buffer.alloc(HEADER);
    for (const [index, value] of [name, arg0, arg1, data.length, 0].entries()) {
      header.writeUInt32LE(value, index * 4);
    }
    header.writeUInt32LE((name ^ 0xffffffff) >>> 0, 20);
    const packet = Buffer.concat([header, data]);
    if (fault === 'garbage') this.socket.write(Buffer.from(packet.map((byte) => byte ^ 0x5a)));
    else if (fault === 'partial-frame') this.socket.end(packet.subarray(0, HEADER - 3));
    else this.socket.write(packet);
  }
}
