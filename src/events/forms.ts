import { StringDecoder } from 'node:string_decoder';
import { HEAD_BYTES, withHead } from './decode.ts';
import { readReports } from './ips.ts';

/**
 * Forms of logcat that tell in lines of their own who wrote a message: they become `-v threadtime`, where each line tells
 * it. Lines keep their numbers, and a message of an export of Android Studio has the number of its first.
 */

type Header = readonly [time: string, pid: number, tid: number, level: string, tag: string];

const headed = ([time, pid, tid, level, tag]: Header, text: string): string =>
  `${time} ${pid} ${tid} ${level} ${tag}: ${text}`;

/** Longer ones are no message of Android’s, which cuts at 4 kB. */
const MOST_ENTRY = 1 << 20;

/** Turns text into other text, piece by piece. */
interface Form {
  /** By the beginning of a log. */
  readonly isIt: (head: string) => boolean;
  readonly create: () => {
    /** @returns what is whole of all that came */
    readonly push: (text: string) => string;
    readonly end: () => string;
  };
}

/** `[ 10-11 15:33:48.000  4242: 4262 E/Tag ]`, with `-v year,zone,uid` as well; the message is in the lines behind it. */
const LONG =
  /^\[ ((?:\d{4}-)?\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9})(?: [+-]\d{4})?\s+(?:\w{1,20}:\s*)?(\d+):\s*(\d+)\s+([VDIWEFA])\/(.{0,200}?)\s*\]\r?$/;

const long: Form = {
  isIt: (head) => head.split('\n', 8).some((line) => LONG.test(line)),
  create() {
    let rest = '';
    let header: Header | undefined;
    const line = (text: string): string => {
      const [, time = '', pid, tid, level = '', tag = ''] = LONG.exec(text) ?? [];
      if (pid !== undefined) {
        header = [time, Number(pid), Number(tid), level, tag];
        return '';
      }
      return header === undefined || text.trim() === '' ? text : headed(header, text);
    };
    return {
      push(text) {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        const out = lines.map((one) => `${line(one)}\n`).join('');
        if (rest.length <= MOST_ENTRY) return out;
        const raw = rest;
        rest = '';
        return out + raw;
      },
      end: () => line(rest),
    };
  },
};

/** Where an entry of an export of Android Studio’s Logcat begins. */
const ENTRY = /\{\s{0,64}"header"\s{0,8}:/g;

type StudioHeader = Readonly<
  Record<'logLevel' | 'pid' | 'tid' | 'tag', unknown> & { timestamp?: { seconds?: unknown } | null }
>;

interface StudioEntry {
  readonly header?: Partial<StudioHeader> | null;
  readonly message?: unknown;
}

function entryIn(text: string): StudioEntry | undefined {
  let end = text.length;
  // Behind the last entry stand the brackets of the document.
  for (let tries = 0; tries < 4; tries += 1) {
    end = text.lastIndexOf('}', end - 1);
    if (end < 0) return undefined;
    try {
      return JSON.parse(text.slice(0, end + 1)) as StudioEntry;
    } catch {
      // One bracket less.
    }
  }
  return undefined;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** `10-11 15:33:48.000`, in UTC; of what is no time, the first there is. */
function timeOf(seconds: number): string {
  const date = new Date(seconds * 1000);
  const at = (Number.isNaN(date.getTime()) ? new Date(0) : date).toISOString();
  return `${at.slice(-19, -14)} ${at.slice(-13, -1)}`;
}

function linesOf(text: string): string {
  const entry = entryIn(text);
  if (typeof entry?.message !== 'string') return text;
  const { logLevel, pid, tid, tag, timestamp } = entry.header ?? {};
  const header: Header = [
    timeOf(numberOf(timestamp?.seconds)),
    numberOf(pid),
    numberOf(tid),
    textOf(logLevel).slice(0, 1) || 'I',
    textOf(tag),
  ];
  const lines = entry.message.split('\n').map((line) => headed(header, line));
  const more = text.split('\n').length - lines.length;
  return lines.join('\n') + '\n'.repeat(Math.max(1, more));
}

const studio: Form = {
  isIt: (head) => /^\s*\{/.test(head) && head.includes('"logcatMessages"'),
  create() {
    let rest = '';
    const take = (isEnd: boolean): string => {
      const starts = [...rest.matchAll(ENTRY)].map(({ index }) => index);
      const first = starts[0];
      if (first === undefined) return '';
      const whole = isEnd ? starts : starts.slice(0, -1);
      const out = [rest.slice(0, first)];
      for (const [at, start] of whole.entries())
        out.push(linesOf(rest.slice(start, starts[at + 1])));
      rest = isEnd ? '' : rest.slice(starts.at(-1));
      return out.join('');
    };
    return {
      push(text) {
        rest += text;
        const out = take(false);
        if (rest.length <= MOST_ENTRY) return out;
        const raw = rest;
        rest = '';
        return out + raw;
      },
      end: () => take(true) + rest,
    };
  },
};

const FORMS = [long, studio];

async function* oneForm(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const chunks = withHead(source);
  const first = await chunks.next();
  if (first.done === true) return;
  const head = first.value.toString('latin1', 0, HEAD_BYTES);
  const form = FORMS.find(({ isIt }) => isIt(head))?.create();
  if (form === undefined) {
    yield first.value;
    yield* chunks;
    return;
  }
  const decoder = new StringDecoder('utf8');
  yield Buffer.from(form.push(decoder.write(first.value)));
  for await (const chunk of chunks) yield Buffer.from(form.push(decoder.write(chunk)));
  yield Buffer.from(form.push(decoder.end()) + form.end());
}

/**
 * A log in whatever form it is handed in, as lines that say by themselves who wrote them.
 *
 * @param source UTF-8, in chunks that may end anywhere
 */
export const unified = (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> =>
  oneForm(readReports(source));
