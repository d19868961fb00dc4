import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/devices/**/*.test.ts'],
    clearMocks: true,
    restoreMocks: true,
    // Limits run out in these tests, on machines with two cores.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    maxConcurrency: 6,
    // Vitest's default is one worker less than there are cores; these wait for most of their time.
    maxWorkers: 2,
    env: { NO_COLOR: '1', FORCE_COLOR: '', CI: '' },
  },
});
