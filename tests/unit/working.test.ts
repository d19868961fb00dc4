import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createReport } from '../../src/report.ts';
import { showWork } from '../../src/working.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const ERASE = '\r\u001b[K';

function terminal(): { written: string[]; write(text: string): boolean } {
  const written: string[] = [];
  return { written, write: (text) => written.push(text) > 0 };
}

test('says after a second of silence that bgsync works, and takes it back before anything is written', () => {
  const stream = terminal();
  const work = showWork(stream, true);
  vi.advanceTimersByTime(999);
  expect(stream.written).toEqual([]);
  vi.advanceTimersByTime(1001);
  expect(stream.written).toEqual([`${ERASE}working … 1 s`, `${ERASE}working … 2 s`]);
  work.pause();
  work.pause();
  vi.advanceTimersByTime(5000);
  expect(stream.written.slice(2)).toEqual([ERASE]);
});

test('says it again in each later silence, counted from its start', () => {
  const stream = terminal();
  const work = showWork(stream, true);
  vi.advanceTimersByTime(1500);
  work.pause();
  work.resume();
  work.resume();
  stream.written.length = 0;
  vi.advanceTimersByTime(2000);
  expect(stream.written).toEqual([`${ERASE}working … 1 s`, `${ERASE}working … 2 s`]);
});

test('says nothing while somebody else is waited for', () => {
  const stream = terminal();
  const work = showWork(stream, true);
  vi.advanceTimersByTime(1000);
  work.idle(true);
  expect(stream.written.splice(0)).toEqual([`${ERASE}working … 1 s`, ERASE]);
  work.resume();
  vi.advanceTimersByTime(5000);
  expect(stream.written).toEqual([]);
  work.idle(false);
  vi.advanceTimersByTime(1000);
  expect(stream.written).toEqual([`${ERASE}working … 1 s`]);
});

test('says nothing where no one looks', () => {
  const stream = terminal();
  const work = showWork(stream, false);
  vi.advanceTimersByTime(5000);
  work.resume();
  work.idle(false);
  vi.advanceTimersByTime(5000);
  work.pause();
  expect(stream.written).toEqual([]);
});

test('says nothing of what is quick', () => {
  const stream = terminal();
  showWork(stream, true).pause();
  vi.advanceTimersByTime(5000);
  expect(stream.written).toEqual([]);
});

test('what a report says ends a silence, but half a line does not begin one', () => {
  const stream = terminal();
  const report = createReport(
    new PassThrough(),
    new PassThrough(),
    undefined,
    showWork(stream, true),
  );
  const says = (milliseconds: number): string[] => {
    vi.advanceTimersByTime(milliseconds);
    return stream.written.splice(0);
  };
  expect(says(1000)).toEqual([`${ERASE}working … 1 s`]);
  report.line('found');
  expect(says(1000)).toEqual([ERASE, `${ERASE}working … 1 s`]);
  report.raw('half of');
  expect(says(5000)).toEqual([ERASE]);
  report.raw(' a line\n');
  expect(says(1000)).toEqual([`${ERASE}working … 1 s`]);
  report.warn('a word');
  report.idle(true);
  expect(says(5000)).toEqual([ERASE]);
});
