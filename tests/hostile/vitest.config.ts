import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/hostile/**/*.test.ts'],
    testTimeout: 120_000,
    setupFiles: ['tests/setup.ts'],
  },
});
