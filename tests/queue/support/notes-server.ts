import type { Answer, Request } from '../../../docs/reference-server.ts';
import { ReferenceServer } from '../../../docs/reference-server.ts';
import type { ResponseLike } from '../../../templates/queue/index.ts';

/** The reference server, with an eye on what it is asked and on what each request did. */
export class NotesServer {
  private readonly server = new ReferenceServer();
  /** Each change, in order, by the `intent` that its body names. */
  readonly effects: string[] = [];
  /** What no request may be. */
  readonly offences: string[] = [];
  private readonly writtenByOthers = new Set<string>();
  private others = 0;

  answer(request: Request): Answer {
    const text = JSON.stringify([request.path, request.body]);
    if (text.includes('tmp_')) this.offences.push(`a temporary id: ${text}`);
    for (const ref of (request.body.refs ?? []) as string[]) {
      if (!this.server.notes.has(ref)) this.offences.push(`unknown reference ${ref}: ${text}`);
    }
    const before = this.sum();
    const answer = this.server.answer(request);
    if (this.sum() !== before) this.effects.push(String(request.body.intent));
    if (answer.status === 404 || answer.status === 422) {
      this.offences.push(`${answer.status}: ${text}`);
    }
    if (answer.status === 412 && !this.writtenByOthers.has(request.path.slice('/notes/'.length))) {
      this.offences.push(`a conflict with oneself: ${text}`);
    }
    return answer;
  }

  /** Another phone changes a field that ours knows nothing of. */
  writeAsOther(id: string): void {
    const note = this.server.notes.get(id);
    if (note === undefined) return;
    this.others += 1;
    this.writtenByOthers.add(id);
    const fields = { ...note.fields, theirs: this.others };
    this.server.notes.set(id, { version: note.version + 1, fields });
    this.lastOfOthers.set(id, this.others);
  }

  readonly lastOfOthers = new Map<string, number>();

  fieldsOf(id: string): Record<string, unknown> | undefined {
    return this.server.notes.get(id)?.fields;
  }

  private sum(): number {
    return [...this.server.notes.values()].reduce((sum, { version }) => sum + version, 0);
  }
}

export function responseOf({ status, headers, body }: Answer): ResponseLike {
  const lower = new Map(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    status,
    headers: { get: (name) => lower.get(name.toLowerCase()) ?? null },
    text: () => Promise.resolve(JSON.stringify(body)),
  };
}
