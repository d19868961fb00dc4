import { createGunzip } from 'node:zlib';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const BOM = { utf8: [0xef, 0xbb, 0xbf], le: [0xff, 0xfe], be: [0xfe, 0xff] } as const;

const startsWith = (bytes: Buffer, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

type Wide = 'le' | 'be' | undefined;

/** UTF-16 by its mark, or by the zeros that ASCII text has in it. */
function wideness(head: Buffer): Wide {
  if (startsWith(head, BOM.le)) return 'le';
  if (startsWith(head, BOM.be)) return 'be';
  const some = head.subarray(0, 64);
  const zeros = [0, 0];
  for (const [index, byte] of some.entries())
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (some.length < 8) return undefined;
  if (odd * 3 > some.length && even === 0) return 'le';
  return even * 3 > some.length && odd === 0 ? 'be' : undefined;
}

/** Enough to tell any of the encodings, and to see how a JSON document starts. */
export const HEAD_BYTES = 512;

/** What a log can come packed in that is not unpacked here, by its first bytes, and what unpacks it to standard output. */
const PACKED: readonly {
  readonly start: readonly number[];
  readonly kind: string;
  readonly tool: string;
}[] = [
  { start: [0x50, 0x4b, 0x03, 0x04], kind: 'a zip archive', tool: 'unzip -p' },
  // `BZh`, its level, and the mark of a block
  ...Array.from({ length: 9 }, (_, level) => ({
    start: [0x42, 0x5a, 0x68, 0x31 + level, 0x31, 0x41, 0x59],
    kind: 'packed with bzip2',
    tool: 'bzip2 -dc',
  })),
  { start: [0xfd, 0x37, 0x7a, 0x58, 0x5a], kind: 'packed with xz', tool: 'xz -dc' },
  { start: [0x28, 0xb5, 0x2f, 0xfd], kind: 'packed with zstd', tool: 'zstd -dc' },
  { start: [0x37, 0x7a, 0xbc, 0xaf], kind: 'a 7z archive', tool: '7z x -so' },
];

/** A log is in an archive of a kind that has to be unpacked first: whether it shows something is not known. */
export class PackedLogError extends Error {
  /** `a zip archive`, and the command that writes what is in it. */
  readonly kind: string;
  readonly tool: string;

  constructor({ kind, tool }: { readonly kind: string; readonly tool: string }) {
    super(`the log is ${kind}`);
    this.name = 'PackedLogError';
    this.kind = kind;
    this.tool = tool;
  }
}

/** Yields the chunks again, the first at least {@link HEAD_BYTES} long where the stream is. */
export async function* withHead(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const bytes of source) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (head === undefined) yield chunk;
    else {
      head = Buffer.concat([head, chunk]);
      if (head.length < HEAD_BYTES) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}

async function* narrow(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  let wide: Wide;
  let odd = Buffer.alloc(0);
  let decoder: StringDecoder | undefined;
  let isFirst = true;
  for await (const bytes of source) {
    let chunk = bytes;
    if (isFirst) {
      isFirst = false;
      wide = wideness(chunk);
      if (startsWith(chunk, BOM.utf8)) chunk = chunk.subarray(3);
      if (startsWith(chunk, BOM.le) || startsWith(chunk, BOM.be)) chunk = chunk.subarray(2);
      if (wide !== undefined) decoder = new StringDecoder('utf16le');
    }
    if (decoder === undefined) {
      yield chunk;
      continue;
    }
    if (wide === 'be') {
      const whole = Buffer.concat([odd, chunk]);
      const even = whole.length - (whole.length % 2);
      odd = Buffer.from(whole.subarray(even));
      chunk = Buffer.from(whole.subarray(0, even)).swap16();
    }
    yield Buffer.from(decoder.write(chunk));
  }
  if (decoder !== undefined) yield Buffer.from(decoder.end());
}

/** A log that is one JSON document, and may be in one line, where a tool wrote it anew (`jq -c`, JSON.stringify). */
interface Document {
  /** By the beginning of the log. */
  readonly isIt: (head: Buffer) => boolean;
  /** Begins a line with each message. */
  readonly split: (text: string) => string;
  /** What a place to split begins with; the end of a chunk may be so many characters of one. */
  readonly first: '{' | '}';
  readonly most: number;
}

const ENTRY = '{"header":';

const DOCUMENTS: readonly Document[] = [
  {
    // An export of Android Studio’s Logcat: https://developer.android.com/studio/debug/logcat
    isIt: (head) =>
      /^\s*\{/.test(head.toString('latin1', 0, 64)) && head.includes('"logcatMessages"'),
    split: (text) => text.replaceAll(ENTRY, `\n${ENTRY}`),
    first: '{',
    most: ENTRY.length - 1,
  },
  {
    // An array. In a text a quote has a backslash in front of it.
    isIt: (head) => /^\s*\[\s*\{\s*"/.test(head.toString('latin1', 0, 64)),
    split: (text) => text.replaceAll(/\}, ?\{"/g, '},\n{"'),
    first: '}',
    most: 4,
  },
];

/** A line for each message of a document. */
async function* splitMessages(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let document: Document | undefined;
  let isFirst = true;
  let rest = '';
  for await (const chunk of source) {
    if (isFirst) document = DOCUMENTS.find(({ isIt }) => isIt(chunk));
    isFirst = false;
    if (document === undefined) {
      yield chunk;
      continue;
    }
    const text = rest + chunk.toString('latin1');
    // What may be the beginning of a place to split waits for its end.
    const at = text.lastIndexOf(document.first);
    rest = at >= 0 && text.length - at <= document.most ? text.slice(at) : '';
    yield Buffer.from(document.split(text.slice(0, text.length - rest.length)), 'latin1');
  }
  if (rest !== '') yield Buffer.from(rest, 'latin1');
}

/**
 * The bytes of a log as UTF-8: unpacked where they are gzip, and out of UTF-16, which PowerShell writes for `>`.
 *
 * @param source the bytes in chunks that may end anywhere; each may be gone when the next is asked for
 * @throws PackedLogError where it is packed in another way
 * @throws what zlib throws on a file that is cut or damaged
 */
export async function* decodeLog(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = withHead(source);
  const first = await chunks.next();
  if (first.done === true) return;
  const packed = PACKED.find(({ start }) => startsWith(first.value, start));
  if (packed !== undefined) throw new PackedLogError(packed);
  const whole = (async function* () {
    yield first.value;
    yield* chunks;
  })();
  const isGzip = startsWith(first.value, [0x1f, 0x8b]);
  const plain = isGzip ? unzip(whole) : whole;
  yield* splitMessages(narrow(isGzip ? withHead(plain) : plain));
}

async function* unzip(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const copies = (async function* () {
    // A stream takes some before it hands on the first.
    for await (const chunk of source) yield Buffer.from(chunk);
  })();
  const input = Readable.from(copies);
  const gunzip = createGunzip();
  input.on('error', (error) => gunzip.destroy(error));
  for await (const chunk of input.pipe(gunzip)) yield chunk as Buffer;
}
