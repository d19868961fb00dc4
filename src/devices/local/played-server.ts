import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { ASKED_URL } from './protocol.ts';
import type { ServerMode } from './server-modes.ts';
import { FileStore } from './stand-ins/store.ts';

const SLOW_MS = 2000;
/** A body beyond that is not read. Bytes. */
const MAX_BODY = 8 << 20;

interface Entity {
  version: number;
  fields: Record<string, unknown>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** It is done, and nobody hears of it. */
  readonly isLost?: boolean;
}

interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a server has stored, as JSON. */
export interface ServerMemory {
  readonly entities: readonly (readonly [path: string, Entity])[];
  readonly answered: readonly (readonly [key: string, { request: string; answer: Answer }])[];
  /** Paths of which somebody else was first, once. */
  readonly disputed: readonly string[];
}

const NOTHING: ServerMemory = { entities: [], answered: [], disputed: [] };

export interface ServerCounts {
  requests: number;
  /** Changes that were carried out. */
  applied: number;
  /** Answers that never arrived. */
  lost: number;
  /** Keys that came again, and were answered as before. */
  repeated: number;
}

/**
 * A server for the handler of the local platform, as a queue needs one: it takes POST, PUT, PATCH and DELETE of any path,
 * names what is created, counts versions (`ETag`, `If-Match`), and answers an `Idempotency-Key` that it has seen with
 * what it answered before. What goes wrong follows from the number of the request, so that a run can be repeated.
 * What it has stored lasts from one command to the next, as the queue of the local platform does: a server that had
 * forgotten all would call the edits of yesterday's notes conflicts, and carry out twice what it did already.
 */
export class PlayedServer {
  readonly counts: ServerCounts = { requests: 0, applied: 0, lost: 0, repeated: 0 };
  private readonly mode: ServerMode;
  private readonly latencyMs: number;
  private readonly entities: Map<string, Entity>;
  private readonly answered: Map<string, { request: string; answer: Answer }>;
  private readonly disputed: Set<string>;
  private server: Server | undefined;

  /**
   * @param memory of one that was there before it
   * @param latencyMs what each answer takes, milliseconds
   */
  constructor(
    mode: ServerMode,
    memory: ServerMemory = NOTHING,
    latencyMs: number = mode === 'slow' ? SLOW_MS : 0,
  ) {
    this.mode = mode;
    this.latencyMs = latencyMs;
    this.entities = new Map(memory.entities);
    this.answered = new Map(memory.answered);
    this.disputed = new Set(memory.disputed);
  }

  /** For the next one. */
  get memory(): ServerMemory {
    return {
      entities: [...this.entities],
      answered: [...this.answered],
      disputed: [...this.disputed],
    };
  }

  /** @returns its address; it listens on this machine only */
  async start(): Promise<string> {
    const server = createServer((request, response) => void this.serve(request, response));
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.counts.requests += 1;
    const number = this.counts.requests;
    const body = await readBody(request);
    if (this.mode === 'offline' || body === undefined) {
      request.socket.destroy();
      return;
    }
    if (this.latencyMs > 0) await delay(this.latencyMs);
    const asked = request.headers[ASKED_URL];
    const { method = 'GET', headers } = request;
    const path = pathOf(typeof asked === 'string' ? asked : (request.url ?? '/'));
    const answer = this.answer({ method, path, headers, body }, number);
    if (answer.isLost === true) {
      this.counts.lost += 1;
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  }

  /** @param number of the request: the first is 1 */
  answer(ask: Ask, number: number): Answer {
    if (this.mode === 'flaky' && number % 3 === 0) {
      return { status: 503, headers: { 'retry-after': '1' }, body: { message: 'try again' } };
    }
    const key = ask.headers['idempotency-key'];
    const text = JSON.stringify([ask.method, ask.path, ask.body]);
    const before = typeof key === 'string' ? this.answered.get(key) : undefined;
    if (before !== undefined) {
      this.counts.repeated += 1;
      return before.request === text
        ? before.answer
        : { status: 422, body: { message: 'this key had another request' } };
    }
    const answer = this.apply(ask);
    if (ask.method === 'GET') return answer;
    if (answer.status < 300) {
      this.counts.applied += 1;
      if (typeof key === 'string') this.answered.set(key, { request: text, answer });
    }
    return this.mode === 'flaky' && number % 5 === 0 ? { ...answer, isLost: true } : answer;
  }

  private apply({ method, path, headers, body }: Ask): Answer {
    if (method === 'POST') {
      const id = randomUUID();
      return this.put(`${path}/${id}`, id, fieldsOf(body), 1);
    }
    const entity = this.entities.get(path);
    const id = path.slice(path.lastIndexOf('/') + 1);
    if (method === 'GET') {
      return entity === undefined
        ? { status: 404, body: { message: `nothing at ${path}` } }
        : {
            status: 200,
            headers: { etag: String(entity.version) },
            body: { id, ...entity.fields },
          };
    }
    if (method === 'DELETE') {
      this.entities.delete(path);
      return { status: 204 };
    }
    const isDisputed = this.mode === 'conflicts' && !this.disputed.has(path);
    this.disputed.add(path);
    const version = (entity?.version ?? 0) + (isDisputed ? 1 : 0);
    const expected = headers['if-match'];
    if (isDisputed || (expected !== undefined && expected !== String(version))) {
      const fields = { ...entity?.fields, changedBy: 'somebody else' };
      if (isDisputed) this.entities.set(path, { version, fields });
      const etag = String(version);
      const status = expected === undefined ? 409 : 412;
      return { status, headers: { etag }, body: { id, version: etag, ...fields } };
    }
    const kept = method === 'PATCH' ? entity?.fields : undefined;
    return this.put(path, id, { ...kept, ...fieldsOf(body) }, version + 1);
  }

  private put(path: string, id: string, fields: Record<string, unknown>, version: number): Answer {
    this.entities.set(path, { version, fields });
    return {
      status: version === 1 ? 201 : 200,
      headers: { etag: String(version) },
      body: { id, version: String(version) },
    };
  }
}

/** Where the local platform keeps what its played server has stored. */
export class ServerMemoryFile {
  private readonly store: FileStore;

  /** @param dataFolder of the local platform, which `--fresh` empties */
  constructor(dataFolder: string) {
    this.store = new FileStore(dataFolder, 'played-server');
  }

  read(): ServerMemory {
    const text = this.store.get('memory');
    return text === undefined ? NOTHING : (JSON.parse(text) as ServerMemory);
  }

  write(memory: ServerMemory): void {
    this.store.clear();
    this.store.set(['memory', JSON.stringify(memory)]);
  }
}

const fieldsOf = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null ? { ...body } : {};

function pathOf(url: string): string {
  try {
    return new URL(url, 'http://server').pathname.replace(/(?<=.)\/$/, '');
  } catch {
    return url;
  }
}

/** @returns undefined where it is too long, or breaks off; text that is no JSON as it is */
async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MAX_BODY) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return text === '' ? {} : (JSON.parse(text) as unknown);
  } catch {
    return text;
  }
}
