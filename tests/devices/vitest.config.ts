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
    env: { NO_COLOR: '1', FORCE_COLOR: '', CI: '' },
  },
});
