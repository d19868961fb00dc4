import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PlayedServer, ServerMemoryFile } from '../../../src/devices/local/played-server.ts';

const ask = (method: string, path: string, body: unknown, headers = {}) => ({
  method,
  path,
  headers,
  body,
});

test('an edit on an older version is refused with what is there', () => {
  const server = new PlayedServer('steady');
  expect(server.answer(ask('PUT', '/notes/1', { title: 'a' }), 1)).toMatchObject({ status: 201 });
  const edit = server.answer(ask('PATCH', '/notes/1', { text: 'b' }, { 'if-match': '1' }), 2);
  expect(edit).toMatchObject({ status: 200, headers: { etag: '2' } });
  const late = server.answer(ask('PUT', '/notes/1', { title: 'c' }, { 'if-match': '1' }), 3);
  expect(late).toMatchObject({ status: 412, body: { version: '2', title: 'a', text: 'b' } });
  expect(server.answer(ask('GET', '/notes/1', {}), 4)).toMatchObject({
    status: 200,
    body: { id: '1', title: 'a', text: 'b' },
  });
  expect(server.answer(ask('DELETE', '/notes/1', {}), 5)).toMatchObject({ status: 204 });
  expect(server.answer(ask('GET', '/notes/1', {}), 6)).toMatchObject({ status: 404 });
});

test('conflicts: somebody else was first, once for each entity', () => {
  const server = new PlayedServer('conflicts');
  const first = server.answer(ask('PUT', '/notes/1', { title: 'a' }, { 'if-match': '0' }), 1);
  expect(first).toMatchObject({ status: 412, body: { version: '1', changedBy: 'somebody else' } });
  const second = server.answer(ask('PUT', '/notes/1', { title: 'a' }, { 'if-match': '1' }), 2);
  expect(second).toMatchObject({ status: 200, headers: { etag: '2' } });
  expect(server.answer(ask('PUT', '/notes/2', {}), 3)).toMatchObject({ status: 409 });
});

test('a lost answer is carried out once, however often it is asked for again', () => {
  const server = new PlayedServer('flaky');
  const send = (number: number) =>
    server.answer(ask('POST', '/notes', { n: 1 }, { 'idempotency-key': 'k' }), number);
  expect(send(5)).toMatchObject({ status: 201, isLost: true });
  expect(send(7)).toMatchObject({ status: 201 });
  expect(server.counts).toMatchObject({ applied: 1, repeated: 1 });
});

test('the next server knows what this one has stored', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-server-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = new PlayedServer('conflicts', new ServerMemoryFile(folder).read());
  const create = ask('POST', '/notes', { title: 'a' }, { 'idempotency-key': 'k' });
  const { id } = first.answer(create, 1).body as { id: string };
  first.answer(ask('PUT', '/other', {}), 2);
  new ServerMemoryFile(folder).write(first.memory);

  const second = new PlayedServer('conflicts', new ServerMemoryFile(folder).read());
  expect(second.answer(create, 1)).toMatchObject({ body: { id } });
  expect(second.counts).toMatchObject({ applied: 0, repeated: 1 });
  expect(second.answer(ask('GET', `/notes/${id}`, {}), 2)).toMatchObject({
    body: { title: 'a' },
  });
  expect(second.answer(ask('PUT', '/other', {}, { 'if-match': '1' }), 3)).toMatchObject({
    status: 200,
  });
});
