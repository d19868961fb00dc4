/**
 * `npm run test:queue`: the queue on real SQLCipher and under real SIGKILL, its drivers by the types of their
 * libraries, and the faults that its tests must see. Fetches what it needs by name; `npm ci` does not install it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderFile } from '../../src/templates/render.ts';
import { shareOf } from '../share.mjs';
import { exampleModel } from '../helpers/generate.ts';
import { MUTANTS } from './mutants.ts';

const REPO = join(import.meta.dirname, '../..');
const CACHE = join(REPO, '.cache/queue');
const PYTHON = join(CACHE, 'python/bin/python');

/** Two builds of SQLCipher that need no compiler, and the libraries of the drivers, for their types. */
const PACKAGES = [
  '@signalapp/sqlcipher@4.1.0',
  '@op-engineering/op-sqlite@18.2.5',
  'expo-sqlite@57.0.3',
  'react-native-keychain@10.0.0',
  'expo-secure-store@57.0.4',
];
const WHEEL = 'sqlcipher3-wheels==0.5.7';

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): number {
  return (
    spawnSync(command, args, { cwd: REPO, stdio: 'inherit', env: { ...process.env, ...env } })
      .status ?? 1
  );
}

function must(what: string, status: number): void {
  if (status === 0) return;
  console.error(`test:queue: ${what}`);
  process.exit(1);
}

function setUp(): void {
  const stamp = join(CACHE, 'stamp.json');
  const wanted = JSON.stringify([PACKAGES, WHEEL]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(join(CACHE, 'package.json'), '{"private":true}');
  // Their peers are a whole app.
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  must(
    `npm could not install ${PACKAGES.join(', ')}`,
    run('npm', ['install', '--prefix', CACHE, ...flags, ...PACKAGES]),
  );
  must(
    'needs python3 with venv and pip, for a second build of SQLCipher',
    run('python3', ['-m', 'venv', join(CACHE, 'python')]) ||
      run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', WHEEL]),
  );
  writeFileSync(stamp, wanted);
}

/** The user's own file, as `init --queue` makes it. */
function renderOwnFiles(): string[] {
  const model = exampleModel({});
  return (['op-sqlite', 'expo-sqlite', 'custom'] as const).map((driver) => {
    const queue = {
      ...model.queue,
      driver,
      packageImport: "'../../templates/queue'",
      driverImport: `'../../templates/queue/drivers/${driver}'`,
    };
    const name = `sync-queue-${driver}.ts`;
    writeFileSync(join(CACHE, name), renderFile('handler/sync-queue.ejs', { ...model, queue }));
    return name;
  });
}

function checkDrivers(): void {
  const project = join(CACHE, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: '../../tests/typescript/tsconfig.json',
      compilerOptions: {
        lib: ['es2022', 'dom'],
        // The libraries' own declarations import what only an app has.
        skipLibCheck: true,
        paths: {
          '@op-engineering/op-sqlite': [
            './node_modules/@op-engineering/op-sqlite/lib/typescript/src/index.d.ts',
          ],
          'expo-sqlite': ['./node_modules/expo-sqlite/build/index.d.ts'],
        },
      },
      files: [
        '../../templates/queue/index.ts',
        '../../templates/queue/drivers/op-sqlite.ts',
        '../../templates/queue/drivers/expo-sqlite.ts',
        ...renderOwnFiles(),
      ],
    }),
  );
  must('the drivers do not fit their libraries', run('npx', ['tsc', '-p', project]));
}

const REAL = {
  BGSYNC_SQLITE: '@signalapp/sqlcipher',
  BGSYNC_SQLITE_FROM: CACHE,
  BGSYNC_SQLCIPHER_PYTHON: PYTHON,
};

/** What the tests of a mutant need of the repo; packages are found above it. */
const COPIED = [
  'templates/queue',
  // Whole: what its files import of each other changes, and a file that is missing fails only here.
  'src',
  'docs/reference-server.ts',
  'tests/queue',
  'tests/vectors',
  'tests/setup.ts',
  'tsconfig.json',
  'package.json',
];

/** Of its own: the repo's set-up needs more of the repo. */
const VITEST_CONFIG = `export default {
  test: {
    include: ['tests/queue/**/*.test.ts'],
    isolate: false,
    testTimeout: 60_000,
    setupFiles: ['tests/setup.ts'],
  },
};
`;

function killMutants(): void {
  const folder = join(CACHE, 'mutant');
  let survivors = 0;
  const mutants = shareOf(MUTANTS);
  // The first is none: where it does not pass, nothing is proven by the others.
  const control = { fault: 'none', file: 'queue.ts', from: 'SyncQueue {', to: 'SyncQueue {' };
  rmSync(folder, { recursive: true, force: true });
  for (const part of COPIED) {
    cpSync(join(REPO, part), join(folder, part), { recursive: true });
  }
  writeFileSync(join(folder, 'vitest.config.mjs'), VITEST_CONFIG);
  // Starts processes, and asks nothing of the queue.
  rmSync(join(folder, 'tests/queue/wasm-lock.test.ts'));
  for (const { fault, file, from, to } of [control, ...mutants]) {
    const path = join(folder, 'templates/queue', file);
    const text = readFileSync(join(REPO, 'templates/queue', file), 'utf8');
    if (text.split(from).length !== 2) {
      must(`the mutant “${fault}” no longer finds its place in ${file}`, 1);
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const { status, stdout, stderr } = spawnSync('npx', ['vitest', 'run', '--bail', '1'], {
      cwd: folder,
      env: { ...process.env, ...REAL, BGSYNC_SQLITE: undefined, BGSYNC_PROPERTY_RUNS: '90' },
      encoding: 'utf8',
      // A mutant may wait for ever.
      timeout: 300_000,
    });
    const isSeen = status !== 0;
    writeFileSync(path, text);
    if (fault === control.fault) {
      if (isSeen) console.error(`${stdout}\n${stderr}`);
      must('the tests fail without a mutant, so they show nothing', isSeen ? 1 : 0);
      continue;
    }
    if (!isSeen) survivors += 1;
    console.log(`${isSeen ? 'seen    ' : 'SURVIVED'} ${fault}`);
  }
  rmSync(folder, { recursive: true, force: true });
  must(`${survivors} of ${mutants.length} faults are not seen by the tests`, survivors);
}

setUp();
checkDrivers();
must(
  'the queue fails on real SQLCipher',
  run('npx', ['vitest', 'run', '--config', 'tests/queue/vitest.config.ts'], REAL) ||
    run('npx', ['vitest', 'run', '--project', 'trees', 'tests/queue/invariants.test.ts'], {
      ...REAL,
      BGSYNC_PROPERTY_RUNS: '200',
    }),
);
killMutants();
