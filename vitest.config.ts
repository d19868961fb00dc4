import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/{unit,cli}/**/*.test.ts'],
    clearMocks: true,
    restoreMocks: true,
    // Commands are run as processes, on machines with two cores.
    testTimeout: 60_000,
    // No colour, no CI-dependent behaviour: what is tested is what is written.
    env: { NO_COLOR: '1', FORCE_COLOR: '', CI: '' },
  },
});
