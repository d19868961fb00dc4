import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { defaultConfig } from '../../../src/config.ts';
import { LocalDevice } from '../../../src/devices/local/device.ts';
import { RunWindow } from '../../../src/devices/local/window.ts';
import { createEventWriter } from '../../../src/events/write.ts';
import type { EventWriter } from '../../../src/events/write.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function phone(): { device: LocalDevice; writer: EventWriter; events: string[] } {
  const device = new LocalDevice(
    defaultConfig(),
    { percent: 80, charging: false, saver: false },
    'wifi',
  );
  const events: string[] = [];
  const writer = createEventWriter({ plat: 'local', pid: 1 }, device.now, ({ ev }) => {
    events.push(ev);
  });
  return { device, writer, events };
}

function open(budgetMs: number): { window: RunWindow; events: string[] } {
  const { device, writer, events } = phone();
  const run = device.open(writer, 'local');
  return {
    window: new RunWindow(device, writer, run, { budgetMs, expireAfterMs: undefined }),
    events,
  };
}

test.each([
  [2000, 1800],
  [30_000, 29_000],
  [9000, 8100],
])(
  'of %i ms: the signal comes after %i, a tenth or a second before the end',
  async (budget, at) => {
    const { window, events } = open(budget);
    expect(window.deadline - Date.now()).toBe(at);
    await vi.advanceTimersByTimeAsync(at - 1);
    expect(events).not.toContain('expire');
    await vi.advanceTimersByTimeAsync(1);
    expect(events).toContain('expire');
    expect(window.isOpen).toBe(true);
    await vi.advanceTimersByTimeAsync(budget - at);
    expect(window.isOpen).toBe(false);
  },
);

test.each([
  ['a quarter of an hour', 1, 900],
  ['what is asked for', 1200.4, 1200],
  ['a week, the longest', 604_800, 604_800],
  ['a week, where more is asked for', 604_801, 604_800],
])('scheduleNext arms the window in %s', (_name, asked, seconds) => {
  const { device, writer } = phone();
  expect(device.scheduleNext(writer, asked)).toBe(Date.now() + seconds * 1000);
});
