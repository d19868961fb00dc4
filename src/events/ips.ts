/**
 * Crash reports of iOS, `.ips` files: one line of JSON that says what the report is, and a JSON document of many lines.
 * https://developer.apple.com/documentation/xcode/interpreting-the-json-format-of-a-crash-report
 */

/** Larger ones are none that iOS writes for one process. */
const MOST_BYTES = 8 << 20;
/** More than the first line has. */
const LONGEST_HEAD = 16_384;
const NEWLINE = 0x0a;
const BRACE = 0x7b;

/**
 * Why iOS ends a process by itself, and the check that explains it:
 * https://developer.apple.com/documentation/xcode/sigkill
 */
export const KILL_CODES: readonly {
  readonly code: number;
  readonly means: string;
  readonly check?: string;
}[] = [
  { code: 0x8badf00d, means: 'the watchdog: it did not answer in time' },
  { code: 0xdead10cc, means: 'it held a lock of a file or of SQLite while it was suspended' },
  { code: 0xc00010ff, means: 'the device was too hot' },
  { code: 0x2182bad2, means: 'a background task did not end in time', check: 'I13' },
  { code: 0x2182bad3, means: 'a background URLSession did not end in time', check: 'I41' },
  { code: 0x2182bad4, means: 'a background fetch did not end in time', check: 'I25' },
  { code: 0xbaadca11, means: 'it reported no call for a PushKit notification' },
  { code: 0xbad22222, means: 'a VoIP app was resumed too often' },
  { code: 0xc51bad01, means: 'watchOS: too much CPU time in a background task', check: 'I13' },
  { code: 0xc51bad02, means: 'watchOS: a background task did not end in time', check: 'I13' },
];

/** How the line begins that says why a process was ended. */
export const ENDED = 'termination reason:';

/** The key that the first line gets: what the document says, for people. */
export const REPORT_SAYS = 'bgsyncSays';

type Json = Readonly<Record<string, unknown>>;

const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
const listOf = (value: unknown): readonly Json[] =>
  Array.isArray(value) ? value.map(objectOf) : [];
const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

function parse(text: string): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * Passes a log on; of a crash report of iOS, its first line with what the rest of it says, and a line for why the system
 * ended the process.
 *
 * @param source UTF-8, in chunks that may end anywhere
 */
export async function* readReports(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  /** What may be a report; undefined once it is none. */
  let kept: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of source) {
    if (kept === undefined) {
      yield chunk;
      continue;
    }
    kept = Buffer.concat([kept, chunk]);
    if (kept.length <= MOST_BYTES && mayBeReport(kept)) continue;
    yield kept;
    kept = undefined;
  }
  if (kept !== undefined) yield Buffer.from(summed(kept.toString('utf8')));
}

/** By the beginning of a log, as far as it is there. */
function mayBeReport(bytes: Buffer): boolean {
  if (bytes[0] !== BRACE) return false;
  const end = bytes.indexOf(NEWLINE);
  return end < 0 ? bytes.length <= LONGEST_HEAD : bytes.subarray(0, end).includes('"bug_type"');
}

function summed(text: string): string {
  const end = text.indexOf('\n');
  if (end < 0 || !text.slice(0, end).includes('"bug_type"')) return text;
  const head = parse(text.slice(0, end));
  const body = parse(text.slice(end + 1));
  if (head === undefined || body === undefined) return text;
  const says = textOf(head.bug_type) === '298' ? memoryOf(body) : crashOf(body);
  const lines = [JSON.stringify(says === '' ? head : { ...head, [REPORT_SAYS]: says })];
  const ended = endOf(objectOf(body.termination));
  if (ended !== '') lines.push(ended);
  return `${lines.join('\n')}\n`;
}

/** Who writes that the system, and not a fault of the app, ended a process. */
const ENDED_BY = /^(?:RUNNINGBOARD|FRONTBOARD|SPRINGBOARD|JETSAM|WATCHDOG|COREANIMATION)$/i;

/** Why the system ended the process; empty where it did not, by this report. */
function endOf({ namespace, code, details, reasons, indicator }: Json): string {
  const number = typeof code === 'number' ? `0x${code.toString(16)}` : '';
  const told = [details, reasons]
    .flatMap((list) => (Array.isArray(list) ? list.map(textOf) : []))
    .join(' ');
  const means = KILL_CODES.find((one) => one.code === code)?.means ?? '';
  const isWatchdog = /8badf00d|watchdog/i.test(told);
  if (means === '' && !isWatchdog && !ENDED_BY.test(textOf(namespace))) return '';
  const why = means === '' ? '' : `(${means})`;
  return [`${ENDED} ${textOf(namespace)}`, number, told, textOf(indicator), why]
    .filter((one) => one !== '')
    .join(' ')
    .replaceAll('\n', ' ');
}

/** The exception, and the first frame of the app’s own images. */
function crashOf(body: Json): string {
  const exception = objectOf(body.exception);
  const type = textOf(exception.type);
  const signal = textOf(exception.signal);
  const reason = textOf(objectOf(body.exceptionReason).composed_message);
  const what = [type + (signal === '' ? '' : ` (${signal})`), reason].filter((one) => one !== '');
  const frame = frameOf(body);
  return what.join(': ') + (frame === '' ? '' : `, at ${frame}`);
}

function frameOf(body: Json): string {
  const process = textOf(body.procName);
  const own = new Set(
    listOf(body.usedImages).flatMap(({ path, name }, index) =>
      textOf(path).includes('.app/') || (process !== '' && name === process) ? [index] : [],
    ),
  );
  const faulting = typeof body.faultingThread === 'number' ? body.faultingThread : 0;
  const traces = [
    listOf(body.lastExceptionBacktrace),
    listOf(listOf(body.threads)[faulting]?.frames),
  ];
  for (const frames of traces) {
    const frame = frames.find(({ imageIndex }) => own.has(imageIndex as number));
    if (frame === undefined) continue;
    const { symbol, sourceFile, sourceLine, imageIndex, imageOffset } = frame;
    const image = textOf(listOf(body.usedImages)[imageIndex as number]?.name);
    const name = textOf(symbol) || `${image} + ${textOf(imageOffset)}`;
    const file = textOf(sourceFile);
    return file === '' ? name : `${name} (${file}:${textOf(sourceLine)})`;
  }
  return '';
}

/** Whom memory was taken from. */
function memoryOf({ processes, largestProcess }: Json): string {
  const ended = listOf(processes).filter(({ reason }) => textOf(reason) !== '');
  const told = ended.slice(0, 5).map(({ name, reason }) => `${textOf(name)} (${textOf(reason)})`);
  if (told.length > 0) return `ended ${told.join(', ')}`;
  const largest = textOf(largestProcess);
  return largest === '' ? '' : `the largest process was ${largest}`;
}
