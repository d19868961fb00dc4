import { defineConfig } from 'vitest/config';

/**
 * Whole repos taken through many commands each, bgsync, git and handlers in processes of their own, inputs of a megabyte, and
 * properties: they take longer than all other tests together. `npm test` leaves them to `npm run test:trees`, and CI runs both.
 */
const TREES = [
  'tests/cli/{real-world,crash,crash-points,hostile-files,hostile-git,hostile-journal,hostile-lock}.test.ts',
  'tests/cli/{app-root,by-hand,doctor-situations,expo,flutter,flutter-local,flutter-queue,formatted,ignored,locks,migrate,migrate-native,remove-by-hand,tasks,typescript-projects}.test.ts',
  'tests/cli/{handler-process,trigger-local,trigger-local-constraints,trigger-local-metro,trigger-local-world}.test.ts',
  'tests/cli/{agents,ci,diff,doctor-options,first-minute,flutter-tasks,init,moved-projects,pin,process,queue,queue-command,readme,recipes,remove,update}.test.ts',
  'tests/property/{apple-reach,doctor,js-reach,kotlin-reach}.test.ts',
  'tests/queue/invariants.test.ts',
  'tests/unit/{commands/init,commands/init-layer,commands/remove,doctor/gate,growth/doctor-code,growth/parsers,growth/source,local/session,plan/reformatted,typescript/lint-header}.test.ts',
];

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
          exclude: TREES,
          // None of these changes what another one sees, and each file would load the doctor’s whole catalogue anew.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'cli',
          include: ['tests/cli/**/*.test.ts'],
          exclude: TREES,
          // Each makes its own apps; the thread that runs the CLI for all of them stays warm.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'trees', include: TREES, isolate: false } },
    ],
    globalSetup: ['tests/helpers/memory-folder.ts'],
    clearMocks: true,
    restoreMocks: true,
    // Commands are run as processes, on machines with two cores.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ['tests/setup.ts'],
  },
});
