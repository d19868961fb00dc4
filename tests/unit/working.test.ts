import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showWork } from '../../src/working.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ERASE = '\r\u001b[K';

function terminal(isTTY: boolean): {
  written: string[];
  isTTY: boolean;
  write(text: string): boolean;
} {
  const written: string[] = [];
  return { written, isTTY, write: (text) => written.push(text) > 0 };
}

test('says after a second of silence that bgsync works, and takes it back before anything is written', () => {
  const stream = terminal(true);
  const stop = showWork(stream, 'xterm');
  vi.advanceTimersByTime(999);
  expect(stream.written).toEqual([]);
  vi.advanceTimersByTime(1001);
  expect(stream.written).toEqual([`${ERASE}working … 1 s`, `${ERASE}working … 2 s`]);
  stop();
  stop();
  vi.advanceTimersByTime(5000);
  expect(stream.written.slice(2)).toEqual([ERASE]);
});

test.each([
  ['where no one looks', false, 'xterm'],
  ['where a line cannot be taken back', true, 'dumb'],
])('says nothing %s', (_where, isTTY, term) => {
  const stream = terminal(isTTY);
  const stop = showWork(stream, term);
  vi.advanceTimersByTime(5000);
  stop();
  expect(stream.written).toEqual([]);
});

test('says nothing of what is quick', () => {
  const stream = terminal(true);
  showWork(stream, 'xterm')();
  vi.advanceTimersByTime(5000);
  expect(stream.written).toEqual([]);
});
