import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XCODE_27 } from './compile.mjs';
import { Mutants } from './mutants.mjs';
import { NO_INDEX, run, tail } from './shell.mjs';

const CLOSING_LINE = /^(\d+) passed, (\d+) failed$/m;

const placesOf = (context, scratch) => [
  '--package-path',
  context.here,
  '--scratch-path',
  join(context.build, scratch),
  NO_INDEX,
];

/** Builds what {@link runBehaviour} would build and run. */
const buildBehaviour = (context, scratch) =>
  run('swift', ['build', ...placesOf(context, scratch), '--product', 'behaviour'], {
    cwd: context.here,
    seconds: 1200,
  });

/**
 * Builds and runs the behaviour tests; the build folder of SwiftPM is `scratch`, so that variants do not disturb each other.
 *
 * @param by `run`, or `runBeside`, whose promise this returns then
 */
export function runBehaviour(
  context,
  { scratch, out, flags = [], env = {}, tests = [], by = run },
) {
  return by(
    'swift',
    [
      ...['run', ...placesOf(context, scratch), ...flags],
      ...['behaviour', join(context.build, out), ...tests],
    ],
    {
      cwd: context.here,
      env: { BGSYNC_VECTORS: join(context.root, 'tests/vectors/schedule-policy.json'), ...env },
      seconds: 1200,
    },
  );
}

function judge({ status, output }) {
  const closing = CLOSING_LINE.exec(output);
  if (closing === null) return [`no closing line, exit ${status}\n${tail(output, 60)}`];
  console.log(closing[0]);
  const bad = output.split('\n').filter((line) => /^(FAIL|failed:| {2})/.test(line));
  if (status !== 0 || closing[2] !== '0' || Number(closing[1]) < 40) {
    return [`exit ${status}, ${closing[0]}\n${bad.join('\n')}`];
  }
  return [];
}

export function behaviour(context) {
  const result = runBehaviour(context, { scratch: 'swiftpm', out: 'events' });
  console.log(
    result.output
      .split('\n')
      .filter((line) => /^(pass|FAIL|  )/.test(line))
      .join('\n'),
  );
  return judge(result);
}

/** Runs the same tests over another build of the module, of which step behaviour has built all else. */
async function judgeBuild(context, { status, output, scratch }, out) {
  if (status !== 0) return [tail(output)];
  return judge(runBehaviour(context, { scratch, out, flags: ['--skip-build'] }));
}

/** The mutants of what step behaviour builds. */
function builtMutants(context) {
  const { status, output } = buildBehaviour(context, 'swiftpm');
  if (status !== 0) throw new Error(tail(output));
  return new Mutants(context);
}

/** The same tests over the Swift in language mode 5, which checks no isolation at run time. */
export async function behaviourInSwift5(context) {
  return judgeBuild(context, await builtMutants(context).buildInMode5(), 'events-5');
}

/** The same tests on the submission path of iOS 27, whose answer comes later and on another thread. */
export async function behaviourOnIos27(context) {
  const path = join(context.package, 'ios/WindowScheduler.swift');
  const text = readFileSync(path, 'utf8').replaceAll(XCODE_27.guard, XCODE_27.opened);
  return judgeBuild(context, await builtMutants(context).build(path, text), 'events-ios27');
}

const LOG_LOCK = `    lock.withLock {
      sequence += 1`;
const MANY_THREADS = 'many threads write: one line each';

/** ThreadSanitizer ends the process of a test with 66 when it has seen a race. */
export async function threadSanitizer(context) {
  const sanitized = ({ scratch, flags = [], tests = [] }) =>
    runBehaviour(context, {
      scratch,
      out: 'events-tsan',
      flags: ['--sanitize=thread', ...flags],
      env: { TSAN_OPTIONS: 'exitcode=66' },
      tests,
    });
  const countRaces = ({ output }) => output.split('WARNING: ThreadSanitizer').length - 1;

  const result = sanitized({ scratch: 'swiftpm-tsan' });
  const races = countRaces(result);
  console.log(`races in the generated Swift: ${races}`);
  const problems = judge(result);
  if (races > 0) {
    const first = result.output.indexOf('WARNING: ThreadSanitizer');
    problems.push(`${races} races; the first:\n${result.output.slice(first, first + 4000)}`);
  }
  return [...problems, ...(await seesSeededRace(context, sanitized, countRaces))];
}

/** A sanitizer that sees nothing proves nothing: a race that is there, in the same build. */
async function seesSeededRace(context, sanitized, countRaces) {
  const path = join(context.package, 'ios/EventLog.swift');
  const text = readFileSync(path, 'utf8');
  if (!text.includes(LOG_LOCK)) return ['EventLog.swift has no lock to take out'];
  const unlocked = text.replace(LOG_LOCK, '    do {\n      sequence += 1');
  const built = await new Mutants(context, 'swiftpm-tsan').build(path, unlocked);
  if (built.status !== 0)
    return [`EventLog.swift does not compile without its lock\n${built.output}`];
  const seeded = countRaces(
    sanitized({ scratch: built.scratch, flags: ['--skip-build'], tests: [MANY_THREADS] }),
  );
  console.log(`races without the lock of the event log: ${seeded}`);
  return seeded === 0 ? ['ThreadSanitizer does not see a race that is there'] : [];
}

/** The event lines of all behaviour tests, through the CLI's own parser and verifier. */
export function verifyLog(context) {
  const log = join(context.build, 'events/events.log');
  if (!existsSync(log)) return ['There is no log: step behaviour has not run'];
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').length;
  if (!existsSync(join(context.root, 'dist'))) {
    return [`NOT VERIFIED: ${lines} event lines, but the CLI is not built (npm run build)`];
  }
  const { status, output } = run(
    process.execPath,
    [join(context.root, 'bin/bgsync.js'), 'logs', '--input', log, '--verify'],
    { cwd: context.root },
  );
  console.log(`${lines} event lines\n${tail(output, 12)}`);
  return status === 0 ? [] : [`bgsync logs --verify: exit ${status}\n${tail(output)}`];
}
