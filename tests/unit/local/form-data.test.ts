import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createFiles } from '../../../src/devices/local/world/form-data.ts';

let file = '';
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-form-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  file = join(folder, 'a b.jpg');
  writeFileSync(file, 'bytes');
});

let notes: string[] = [];
const files = createFiles(
  (uri) => {
    if (!uri.startsWith('file://')) throw new Error('elsewhere');
    return decodeURIComponent(uri.slice('file://'.length));
  },
  (note) => notes.push(note),
);

/** Sends it. @returns what a server would get, and what is noted */
async function send(
  body: unknown,
  headers: Record<string, string> = {},
  isExpo = false,
): Promise<{ text: string; type: string; notes: string[] }> {
  notes = [];
  let request: Request | undefined;
  const fetch = files.sending((input, init) => {
    request = new Request(input, init);
    return Promise.resolve(new Response());
  }, isExpo);
  await fetch('http://a/', { method: 'POST', body: body as never, headers }).catch(
    (error: unknown) => notes.push(String(error)),
  );
  return {
    text: (await request?.text()) ?? '',
    type: request?.headers.get('content-type') ?? '',
    notes,
  };
}

const form = (part: unknown): FormData => {
  const made = new files.FormData();
  made.append('n', 4);
  made.append('photo', part);
  return made;
};

test('sends the bytes of a file that a part names, with its name and type', async () => {
  const uri = `file://${encodeURI(file)}`;
  const { text, notes } = await send(form({ uri, name: 'x.jpg', type: 'image/jpeg' }));
  expect(text).toContain(
    'name="photo"; filename="x.jpg"\r\nContent-Type: image/jpeg\r\n\r\nbytes\r\n',
  );
  expect(text).toContain('name="n"\r\n\r\n4\r\n');
  expect(notes).toEqual([]);
});

test('adds the boundary that an app leaves to the phone, and no other type', async () => {
  const typed = await send(form('a'), { 'Content-Type': 'multipart/form-data', 'X-A': 'b' });
  expect(typed.type).toMatch(/^multipart\/form-data; boundary=\S+/);
  const own = { 'content-type': 'multipart/form-data; boundary=own' };
  expect((await send(form('a'), own)).type).toBe(own['content-type']);
});

test.each([
  [{ uri: 'content://media/1', name: 'a' }, 'its part photo is no file of the app here: elsewhere'],
  [{ uri: 'file:///nowhere/a.jpg' }, 'its part photo is no file of the app here: ENOENT'],
  [{ a: 1 }, 'its part photo is an object without a uri: JSON.stringify it'],
])('fails as a phone does, and says why: %j', async (part, why) => {
  const { text, notes } = await send(form(part));
  expect(text).toBe('');
  expect(notes).toEqual([
    expect.stringContaining(`A form could not be sent: ${why}`),
    'TypeError: Network request failed',
  ]);
});

test.each([[new Blob(['blob'])], [['a', 'b']], [null], ['text']])(
  'sends what is no object: %s',
  async (part) => {
    const { text, notes } = await send(form(part));
    const said = part instanceof Blob ? 'blob' : String(part);
    expect(text).toContain(`\r\n\r\n${said}\r\n`);
    expect(notes).toEqual([]);
  },
);

test("is refused by Expo's fetch where a part names a file, and sent where it is a File of expo-file-system", async () => {
  const uri = `file://${encodeURI(file)}`;
  const refused = await send(form({ uri, name: 'x.jpg', type: 'image/jpeg' }), {}, true);
  expect(refused.text).toBe('');
  expect(refused.notes).toEqual([
    expect.stringContaining("its part photo is { uri, name, type }, which Expo's fetch does not"),
    'Error: Unsupported FormDataPart implementation',
  ]);
  const sent = await send(form({ uri, name: 'x.jpg', bytes: () => undefined }), {}, true);
  expect(sent.text).toContain('filename="x.jpg"');
  expect(sent.notes).toEqual([]);
});

test('reads a file by its address, and says where there is none', async () => {
  notes = [];
  const asked: unknown[] = [];
  const fetch = files.sending((input) => {
    asked.push(input);
    return Promise.resolve(new Response('answer'));
  });
  expect(await (await fetch(`file://${encodeURI(file)}`)).text()).toBe('bytes');
  expect(await (await fetch('http://a/')).text()).toBe('answer');
  await expect(fetch('ph://CC95/L0/001')).rejects.toThrow('Network request failed');
  expect(asked).toEqual(['http://a/']);
  expect(notes).toEqual(['ph://CC95/L0/001 is no file of the app here: elsewhere.']);
});

test('sends a file as a body: by its uri, and of expo-file-system by Expo', async () => {
  const body = { uri: `file://${encodeURI(file)}` };
  expect((await send(body)).text).toBe('bytes');
  expect(await send({ uri: 'content://media/1' })).toMatchObject({
    text: '',
    notes: [
      'content://media/1 is no file of the app here: elsewhere.',
      'TypeError: Network request failed',
    ],
  });
  const photo = { type: 'image/jpeg', arrayBuffer: () => new Blob(['photo']).arrayBuffer() };
  expect(await send(photo, {}, true)).toMatchObject({ text: 'photo', type: 'image/jpeg' });
  expect((await send(photo, { 'Content-Type': 'a/b' }, true)).type).toBe('a/b');
});
