import { expect, test } from 'vitest';
import { requirePlatform } from '../../../src/commands/ask-platform.ts';
import { testContext } from '../../helpers/test-context.ts';

const CHOICES = ['local', 'android', 'ios'] as const;

test('in a terminal the platform is chosen', async () => {
  const ctx = testContext({
    cwd: '/',
    isInteractive: true,
    prompt: {
      confirm: () => Promise.reject(new Error('asked')),
      select: (_, options) => Promise.resolve(options[1]!.value),
    },
  });
  expect(await requirePlatform(undefined, CHOICES, ctx, false)).toBe('android');
  expect(await requirePlatform('ios', CHOICES, ctx, false)).toBe('ios');
  await expect(requirePlatform(undefined, CHOICES, ctx, true)).rejects.toThrow('--platform');
});

test('elsewhere it is an error that names the flag', async () => {
  await expect(
    requirePlatform(undefined, CHOICES, testContext({ cwd: '/' }), false),
  ).rejects.toThrow('Give --platform local, android or ios.');
});
