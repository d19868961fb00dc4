import { describe, expect, test } from 'vitest';
import type { ResponseLike } from '../../templates/queue/index.ts';
import { resultOf, retryAfterMs } from '../../templates/queue/index.ts';

const response = (status: number, headers: Record<string, string> = {}, body = ''): Response =>
  new Response(status === 204 ? null : body, { status, headers });

describe('resultOf', () => {
  test.each<[number, Record<string, string>, string, object]>([
    [200, {}, '', { status: 'done' }],
    [204, { ETag: '"7"' }, '', { status: 'done', version: '"7"' }],
    [201, {}, '{"id":7,"version":3}', { status: 'done', id: '7', version: '3' }],
    [
      201,
      { ETag: 'W/"1"' },
      '{"id":"x","version":3}',
      { status: 'done', id: 'x', version: 'W/"1"' },
    ],
    [200, {}, '<html>', { status: 'done' }],
    [200, {}, '[1]', { status: 'done' }],
    [401, {}, '', { status: 'stop', outcome: 'failed', message: 'HTTP 401' }],
    [403, {}, '', { status: 'stop', outcome: 'failed', message: 'HTTP 403' }],
    [408, {}, '', { status: 'retry', message: 'HTTP 408' }],
    [425, {}, '', { status: 'retry', message: 'HTTP 425' }],
    [429, { 'Retry-After': '30' }, '', { status: 'retry', message: 'HTTP 429', afterMs: 30_000 }],
    [500, {}, '', { status: 'retry', message: 'HTTP 500' }],
    [503, { 'Retry-After': '0' }, '', { status: 'retry', message: 'HTTP 503', afterMs: 0 }],
    [503, { 'Retry-After': 'soon' }, '', { status: 'retry', message: 'HTTP 503' }],
    [409, { 'Retry-After': '5' }, '', { status: 'retry', message: 'HTTP 409', afterMs: 5000 }],
    [409, {}, '{"id":"9","a":1}', { status: 'conflict', remote: { id: '9', a: 1 }, id: '9' }],
    [412, { ETag: '"4"' }, '{"a":1}', { status: 'conflict', remote: { a: 1 }, version: '"4"' }],
    [422, {}, '{"detail":"no title"}', { status: 'reject', message: 'HTTP 422: no title' }],
    [404, {}, '{"error":{"code":1}}', { status: 'reject', message: 'HTTP 404' }],
    [400, {}, 'took 4000 ms', { status: 'reject', message: 'HTTP 400' }],
    [304, {}, '', { status: 'reject', message: 'HTTP 304' }],
  ])('%d %o %s', async (status, headers, body, expected) => {
    const given: ResponseLike =
      status === 304
        ? { status, headers: new Headers(headers), text: () => Promise.resolve('') }
        : response(status, headers, body);
    expect(await resultOf(given)).toEqual(expected);
  });

  test('reads what the server calls otherwise', async () => {
    const body = '{"data":{"uuid":"u","rev":2,"note":{"a":1}}}';
    interface Body {
      data: { uuid: string; rev: number; note: object };
    }
    const reading = {
      id: (value: unknown) => (value as Body).data.uuid,
      version: (value: unknown) => (value as Body).data.rev,
      remote: (value: unknown) => (value as Body).data.note,
    };
    expect(await resultOf(response(201, {}, body), reading)).toEqual({
      status: 'done',
      id: 'u',
      version: '2',
    });
    expect(await resultOf(response(412, {}, body), reading)).toMatchObject({ remote: { a: 1 } });
  });

  test('a success whose body breaks off is no answer; a refusal’s is not needed', async () => {
    const broken = (status: number): ResponseLike => ({
      status,
      headers: new Headers(),
      text: () => Promise.reject(new TypeError('terminated')),
    });
    await expect(resultOf(broken(201))).rejects.toThrow('terminated');
    expect(await resultOf(broken(422))).toEqual({ status: 'reject', message: 'HTTP 422' });
  });
});

describe('retryAfterMs', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
  const at = Date.parse(date);
  const read = (headers: Record<string, string>): number | undefined =>
    retryAfterMs(response(503, headers), at - 60_000);

  test.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'Retry-After': ' 12 ' }, 12_000],
    [{ 'Retry-After': '-1' }, undefined],
    [{ 'Retry-After': '1.5' }, undefined],
    [{ 'Retry-After': date }, 60_000],
    [{ 'Retry-After': 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
    // By the server's clock, whatever the phone's says.
    [{ 'Retry-After': date, Date: 'Wed, 21 Oct 2026 07:27:30 GMT' }, 30_000],
  ])('%o', (headers, expected) => {
    expect(read(headers)).toBe(expected);
  });
});
