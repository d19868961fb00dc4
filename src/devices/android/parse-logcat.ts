/** One record of `logcat -v epoch`. A message of several lines is as many records. */
export interface LogRecord {
  /** Device time, epoch seconds as printed: `-T` takes it back. */
  readonly time: string;
  readonly pid: number;
  readonly tid: number;
  readonly priority: string;
  readonly tag: string;
  readonly message: string;
}

const HEAD = /^\s*(\d{1,12}\.\d{3,9})\s+(?:\S+\s+)?(\d{1,10})\s+(\d{1,10})\s([VDIWEFS])\s/;

/**
 * Reads a line of `logcat -v epoch`, with `-v uid` or without.
 *
 * @returns undefined for what is no record: dividers, `read: unexpected EOF!`
 */
export function parseLogcatLine(line: string): LogRecord | undefined {
  const [head, time, pid, tid, priority] = HEAD.exec(line) ?? [];
  if (head === undefined || time === undefined || priority === undefined) return undefined;
  const rest = line.slice(head.length);
  // The tag is padded to 8 columns: the first `: ` ends it.
  const end = rest.indexOf(': ');
  const colon = end >= 0 ? end : rest.endsWith(':') ? rest.length - 1 : -1;
  if (colon < 0) return undefined;
  return {
    time,
    pid: Number(pid),
    tid: Number(tid),
    priority,
    tag: rest.slice(0, colon).trim(),
    message: rest.slice(colon + 2),
  };
}
