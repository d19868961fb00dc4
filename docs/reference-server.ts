/**
 * What a server needs for the queue, and no more: it answers an idempotency key that it has seen with what it answered
 * before, names what is created, and refuses an edit made on an older version. Run it: npx tsx docs/reference-server.ts
 */
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

export interface Request {
  readonly method: string;
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

interface Note {
  readonly version: number;
  readonly fields: Record<string, unknown>;
}

export class ReferenceServer {
  readonly notes = new Map<string, Note>();
  /** In a real server: in the same transaction as the change, and kept longer than any phone is offline. */
  private readonly answered = new Map<string, { request: string; answer: Answer }>();
  private nextId = 100;

  answer(request: Request): Answer {
    const key = request.headers['idempotency-key'];
    if (key === undefined) return failure(400, 'Idempotency-Key is missing');
    const text = JSON.stringify([request.method, request.path, request.body]);
    const before = this.answered.get(key);
    if (before !== undefined) {
      return before.request === text ? before.answer : failure(422, 'this key had another request');
    }
    const answer = this.apply(request);
    if (answer.status < 300) this.answered.set(key, { request: text, answer });
    return answer;
  }

  private apply({ method, path, headers, body }: Request): Answer {
    if (method === 'POST' && path === '/notes') {
      return this.put(String((this.nextId += 1)), body, 1);
    }
    const id = /^\/notes\/([^/]+)$/.exec(path)?.[1] ?? '';
    const note = this.notes.get(id);
    if (method !== 'PUT' || note === undefined) return failure(404, `nothing at ${path}`);
    const expected = headers['if-match'];
    if (expected !== undefined && expected !== String(note.version)) {
      const etag = String(note.version);
      return { status: 412, headers: { etag }, body: { id, version: etag, ...note.fields } };
    }
    return this.put(id, body, note.version + 1);
  }

  private put(id: string, fields: Record<string, unknown>, version: number): Answer {
    this.notes.set(id, { version, fields });
    return {
      status: version === 1 ? 201 : 200,
      headers: { etag: String(version) },
      body: { id, version: String(version) },
    };
  }
}

const failure = (status: number, message: string): Answer => ({
  status,
  headers: {},
  body: { message },
});

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const server = new ReferenceServer();
  createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const body = JSON.parse(text || '{}') as Record<string, unknown>;
      const answer = server.answer({ method, path, headers: headers as Request['headers'], body });
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
      response.end(JSON.stringify(answer.body));
    });
  }).listen(Number(process.env.PORT ?? 8080), () => console.log('http://localhost:8080/notes'));
}
