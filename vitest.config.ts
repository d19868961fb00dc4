import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Vitest's default is one worker less than there are cores, which on two cores is one file after the other.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/{unit,property,queue}/**/*.test.ts'],
          // None of these changes what another one sees, and each file would load the doctor’s whole catalogue anew.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'cli', include: ['tests/cli/**/*.test.ts'] } },
    ],
    clearMocks: true,
    restoreMocks: true,
    // Commands are run as processes, on machines with two cores.
    testTimeout: 60_000,
    setupFiles: ['tests/setup.ts'],
  },
});
