import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{unit,cli,property}/**/*.test.ts'],
    clearMocks: true,
    restoreMocks: true,
    // Commands are run as processes, on machines with two cores.
    testTimeout: 60_000,
    setupFiles: ['tests/setup.ts'],
  },
});
