import { expect, it } from 'vitest';
import type { Context, SelectOption } from '../../../src/context.ts';
import { chooseDevice } from '../../../src/devices/choose.ts';
import type { Device } from '../../../src/devices/device.ts';
import { CancelError } from '../../../src/errors.ts';
import { testContext } from '../../helpers/test-context.ts';

const device = (id: string, name: string, problem?: string): Device => ({
  platform: 'android',
  kind: 'device',
  id,
  aliases: [],
  name,
  state: problem === undefined ? 'device' : 'offline',
  problem,
});

const DEVICES = [
  device('emulator-5554', 'Pixel 9'),
  device('gone', 'Old', 'Reconnect it.'),
  device('R5', ''),
];

interface Asked {
  readonly message: string;
  readonly options: readonly SelectOption<unknown>[];
}

/** A terminal whose user takes the option of that number, or leaves. */
function terminal(answer: number | 'leave', asked: Asked[], isInteractive = true): Context {
  return testContext({
    cwd: '/',
    prompt: {
      confirm: () => Promise.reject(new Error('an unexpected question')),
      select: (message, options) => {
        asked.push({ message, options });
        const chosen = answer === 'leave' ? undefined : options[answer];
        return chosen === undefined
          ? Promise.reject(new CancelError('Cancelled.'))
          : Promise.resolve(chosen.value);
      },
    },
    isInteractive,
  });
}

it('asks once, for those that can be used', async () => {
  const asked: Asked[] = [];
  const chosen = await chooseDevice(DEVICES, undefined, '', terminal(1, asked), false);
  expect(chosen.id).toBe('R5');
  expect(asked).toHaveLength(1);
  expect(asked[0]?.options.map(({ label, hint }) => [label, hint])).toEqual([
    ['Pixel 9', 'emulator-5554'],
    ['R5', 'device'],
  ]);
});

it('what a device calls itself cannot move the cursor', async () => {
  const asked: Asked[] = [];
  const hostile = [device('a', '\u001b[2J\nPixel'), device('b', '\u202eleXiP')];
  await chooseDevice(hostile, undefined, '', terminal(0, asked), false);
  expect(asked[0]?.options.map(({ label }) => label)).toEqual([
    '\\u001b[2J\\nPixel',
    '\\u202eleXiP',
  ]);
});

it('is not asked where one is named, only one is there, or nobody can answer', async () => {
  const asked: Asked[] = [];
  const ctx = terminal(0, asked);
  expect((await chooseDevice(DEVICES, 'R5', '', ctx, false)).id).toBe('R5');
  expect((await chooseDevice(DEVICES.slice(0, 2), undefined, '', ctx, false)).id).toBe(
    'emulator-5554',
  );
  const refused = { exitCode: 6, hint: 'Name one with --device.' };
  await expect(chooseDevice(DEVICES, undefined, '', ctx, true)).rejects.toMatchObject(refused);
  await expect(
    chooseDevice(DEVICES, undefined, '', terminal(0, asked, false), false),
  ).rejects.toMatchObject(refused);
  expect(asked).toEqual([]);
});

it('leaving the prompt cancels', async () => {
  await expect(
    chooseDevice(DEVICES, undefined, '', terminal('leave', []), false),
  ).rejects.toBeInstanceOf(CancelError);
});
