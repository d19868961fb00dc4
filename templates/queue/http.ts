import type { SendResult } from './types';

/** What `resultOf` reads of a `Response` of fetch. */
export interface ResponseLike {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export interface ResponseReading {
  /** The server's id of what was created. Default: the body's `id`. */
  id?(body: unknown): string | number | undefined;
  /** The entity's version. Default: the `ETag`, else the body's `version`. */
  version?(body: unknown): string | number | undefined;
  /** The entity as the server has it, in the body of a conflict. Default: the whole body. */
  remote?(body: unknown): unknown;
}

/** The server refuses us, not the item: https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2 */
const SIGNED_OUT = [401, 403, 407];
/** Timeout, too early, too many: each says that the same request may go through later. */
const LATER = [408, 425, 429];

/**
 * What a response means for the mutation that it answers.
 *
 * | status | result |
 * | --- | --- |
 * | 2xx | done, with id and version |
 * | 401, 403, 407 | stop, failed: signed out |
 * | 408, 425, 429, 5xx; 409 with Retry-After | retry, not before Retry-After |
 * | 409, 412 | conflict, with the body as the server's state |
 * | all else | reject: a dead letter |
 *
 * @throws where the body of a success cannot be read to its end: the mutation is then sent again, under its key
 */
export async function resultOf(
  response: ResponseLike,
  reading: ResponseReading = {},
): Promise<SendResult> {
  const { status } = response;
  const isDone = status >= 200 && status < 300;
  const body = await bodyOf(response, isDone);
  const version = textOf(
    reading.version?.(body) ??
      response.headers.get('ETag') ??
      field(body, 'version'),
  );
  const id = textOf(reading.id?.(body) ?? field(body, 'id'));
  const named = {
    ...(id !== undefined && { id }),
    ...(version !== undefined && { version }),
  };
  if (isDone) {
    return { status: 'done', ...named };
  }
  const message = describe(status, body);
  const afterMs = retryAfterMs(response);
  if (SIGNED_OUT.includes(status)) {
    return { status: 'stop', outcome: 'failed', message: `HTTP ${status}` };
  }
  if (
    LATER.includes(status) ||
    status >= 500 ||
    (status === 409 && afterMs !== undefined)
  ) {
    return {
      status: 'retry',
      message,
      ...(afterMs !== undefined && { afterMs }),
    };
  }
  if (status === 409 || status === 412) {
    return {
      status: 'conflict',
      remote: reading.remote === undefined ? body : reading.remote(body),
      ...named,
    };
  }
  return { status: 'reject', message };
}

/**
 * @returns how long the server asks to wait, milliseconds; undefined where it does not, or where nobody can read it
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterMs(
  response: Pick<ResponseLike, 'headers'>,
  now: number = Date.now(),
): number | undefined {
  const text = response.headers.get('Retry-After')?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  // Engines read a date into many a text that is none, '-1' for instance.
  const until = /^[A-Za-z]+,? .*GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(until)) {
    return undefined;
  }
  // By the server's own clock: a phone's may be hours off.
  const there = Date.parse(response.headers.get('Date') ?? '');
  return Math.max(0, until - (Number.isNaN(there) ? now : there));
}

async function bodyOf(
  response: ResponseLike,
  mustBeWhole: boolean,
): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (error) {
    if (mustBeWhole) {
      throw error;
    }
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const field = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null
    ? new Map(Object.entries(body)).get(name)
    : undefined;

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== ''
    ? value
    : typeof value === 'number'
      ? String(value)
      : undefined;

/** The fields in which servers say why, RFC 9457's among them. */
function describe(status: number, body: unknown): string {
  const why = ['detail', 'message', 'error', 'title']
    .map(name => field(body, name))
    .find(value => typeof value === 'string' && value !== '');
  return typeof why === 'string'
    ? `HTTP ${status}: ${why.slice(0, 200)}`
    : `HTTP ${status}`;
}
