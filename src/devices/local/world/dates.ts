/**
 * Texts as dates, as Hermes reads them: `npm run test:hermes` holds it to the Hermes that React Native ships. V8 reads much
 * more (`Jan 1, 2020`, `2020/01/01`, `2020-01-01 10:00:00 UTC`), and takes `2020-1-1` for local time.
 */

const ISO =
  /^([+-]?\d+)(?:-(\d+)(?:-(\d+))?)?(?:[T ](\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?(Z|[+-](?:\d\d:?|\d:)\d\d)?)?$/;
const WEEKDAY = /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat)/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_FIRST = /^[^\da-zA-Z]*(\d+)-?\s*(?=([^]{3}))[^\s-]*/;
const WORD = /^[^\da-zA-Z]*(?=([a-zA-Z][^]{2}))[^\s-]*/;
const DAY = /^-?\s*(\d+)/;
const TIME =
  /^-?\s*(\d+)(?:\s*|\s+(\d+):(\d+):(\d+)\s*([A-Z][^]{2})?(?:([+-])(\d\d)(\d\d)(?: \([^)]*\))?)?)$/;
const ZONES: Readonly<Record<string, number>> = {
  EDT: -4,
  EST: -5,
  CDT: -5,
  CST: -6,
  MDT: -6,
  MST: -7,
  PDT: -7,
  PST: -8,
};
/** The global is the app's, once that is there. */
const NodeDate = Date;
const MINUTE = 60_000;
const MOST_INT = 2 ** 31 - 1;

/** @returns milliseconds since the epoch; NaN where Hermes has an Invalid Date */
export function parseAsHermes(text: string): number {
  const iso = parseIso(text);
  return Number.isNaN(iso) ? parseWords(text) : iso;
}

function parseIso(text: string): number {
  const found = ISO.exec(text);
  if (found === null) return NaN;
  const [, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = ''] =
    found;
  const zone = found[8];
  const parts = [year, month, day, hour, minute, second].map(Number);
  if (parts.some((part) => Math.abs(part) > MOST_INT)) return NaN;
  const millis = Number(fraction.padEnd(3, '0').slice(0, 3));
  if (zone === undefined && found[4] !== undefined) return timeOf(parts, millis, true);
  return timeOf(parts, millis, false) - offsetOf(zone ?? 'Z') * MINUTE;
}

/** Of `Z`, `+01:00`, `+0100` or `+1:00`, in minutes. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const [, hours, minutes] = /^.(\d+):?(\d\d)$/.exec(zone) ?? [];
  return (zone.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** @param parts year, month from 1, day, hour, minute, second: what is over runs on */
function timeOf(parts: readonly number[], millis: number, isLocal: boolean): number {
  const [year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN] = parts;
  const date = new NodeDate(0);
  if (!isLocal) {
    // A year below 100 is that year.
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second, millis);
    return date.getTime();
  }
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second, millis);
  return date.getTime();
}

/** `Mon Jul 15 2019 14:33:22 GMT-0700 (PDT)` and `Mon, 15 Jul 2019 14:33:22 GMT`: what toString and toUTCString write. */
function parseWords(text: string): number {
  if (!WEEKDAY.test(text)) return NaN;
  let rest = text.slice(3);
  const [day, month] = takeDay();
  const found = TIME.exec(rest);
  if (day === undefined || month === undefined || found === null) return NaN;
  const [, year, hour = '0', minute = '0', second = '0'] = found;
  const [name, sign, hours = '0', minutes = '0'] = found.slice(5);
  const parts = [Number(year), month, Number(day), Number(hour), Number(minute), Number(second)];
  if (parts.some((part) => part > MOST_INT)) return NaN;
  if (name === undefined && sign === undefined) return timeOf(parts, 0, true);
  const named = ZONES[name ?? ''] ?? 0;
  if (named !== 0 && sign !== undefined) return NaN;
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  return timeOf(parts, 0, false) - (named * 60 + offset) * MINUTE;

  function takeDay(): readonly [day?: string, month?: number] {
    for (;;) {
      const first = DAY_FIRST.exec(rest);
      if (first !== null) {
        rest = rest.slice(first[0].length);
        return [first[1], monthOf(first[2])];
      }
      const word = WORD.exec(rest);
      if (word === null) return [];
      rest = rest.slice(word[0].length);
      const ofWord = monthOf(word[1]);
      if (ofWord === undefined) continue;
      const after = DAY.exec(rest);
      rest = rest.slice(after?.[0].length ?? 0);
      return [after?.[1], ofWord];
    }
  }
}

/** From 1. */
function monthOf(name = ''): number | undefined {
  const index = MONTHS.indexOf(name);
  return index === -1 ? undefined : index + 1;
}

/**
 * The app's `Date`, whose texts Hermes reads. Its instances are the same as those of all other code.
 *
 * @param onMissed gets a text that V8 would have read
 */
export function createDate(onMissed: (text: string) => void): DateConstructor {
  const read = (text: string): number => {
    const time = parseAsHermes(text);
    if (Number.isNaN(time) && !Number.isNaN(NodeDate.parse(text))) onMissed(text);
    return time;
  };
  const parse = (text: unknown): number => read(String(text));
  return new Proxy(NodeDate, {
    construct(node, args: readonly unknown[], target) {
      const [given] = args;
      const values = args.length === 1 && typeof given === 'string' ? [read(given)] : args;
      return Reflect.construct(node, values, target) as object;
    },
    get: (node, key) => (key === 'parse' ? parse : (Reflect.get(node, key) as unknown)),
  });
}
