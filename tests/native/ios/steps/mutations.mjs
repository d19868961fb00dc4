import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runBehaviour } from './behaviour.mjs';
import { tail } from './shell.mjs';

const EXECUTE_IN_ORDER = `    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }
    runs.begin(run)`;

/** The mistakes that the proof must see. Each replaces text that stands exactly once in the generated file. */
const MUTATIONS = [
  {
    name: 'completion guard removed: the task is kept after its completion',
    file: 'SyncRun.swift',
    from: '      defer { self.task = nil }\n',
    to: '',
  },
  {
    name: 'completion guard removed: a second decision counts',
    file: 'SyncRun.swift',
    from: '      guard verdict == nil else { return false }\n',
    to: '',
  },
  {
    name: 'expiration handler set after the work starts',
    file: 'BackgroundSyncWorker.swift',
    from: EXECUTE_IN_ORDER,
    to: `    runs.begin(run)
    // As after an await: the rest comes when the work is on its way.
    Thread.sleep(forTimeInterval: 0.2)
    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }`,
  },
  {
    name: 'expiration handler missing',
    file: 'BackgroundSyncWorker.swift',
    from: '    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }\n',
    to: '',
  },
  {
    name: 'submit after the drain',
    file: 'RunCoordinator.swift',
    from: '      guard run.trigger == .os else { return check(run) }\n',
    to: '      if run.trigger == .os { return check(run) }\n',
  },
  {
    name: 'registration in a @MainActor closure, in language mode 6',
    file: 'WindowScheduler.swift',
    from: '{ @Sendable task in\n      launch(task)',
    to: '{ @MainActor task in\n      launch(task)',
    by: 'compiler or test',
  },
  {
    name: 'setTaskCompleted missing on the skip path',
    file: 'RunCoordinator.swift',
    from: `      run.hand?("")
      release(run)`,
    to: `      run.hand?("")
      current = nil`,
  },
  {
    name: 'setTaskCompleted missing where the gate is busy',
    file: 'RunCoordinator.swift',
    from: `      run.hand?("")
      run.report()
`,
    to: `      run.hand?("")
`,
  },
  {
    name: 'completion that waits for the main queue',
    file: 'SyncRun.swift',
    from: '    task?.setTaskCompleted(success: success)',
    to: `    nonisolated(unsafe) let completed = task
    DispatchQueue.main.async { completed?.setTaskCompleted(success: success) }`,
  },
  {
    name: 'completion that waits for the queue of the runs',
    file: 'RunCoordinator.swift',
    from: `    run.report()
    guard first else { return }`,
    to: `    queue.sync { run.report() }
    guard first else { return }`,
  },
  {
    name: 'a low battery is not at its limit',
    file: 'SchedulePolicy.swift',
    from: 'battery.percent <= config.lowBatteryPercent',
    to: 'battery.percent < config.lowBatteryPercent',
  },
  {
    name: 'a locked device is not asked',
    file: 'RunCoordinator.swift',
    from: '    if !conditions.protectedDataAvailable { return skip(run, why: "locked") }\n',
    to: '',
  },
  {
    name: 'a run that died is not closed',
    file: 'StateStore.swift',
    from: '    abandonedRun = state.openRun\n',
    to: '',
  },
  {
    name: 'the log hides its text',
    file: 'EventLog.swift',
    from: ', privacy: .public',
    to: '',
  },
];

const runMutant = (context, env) =>
  runBehaviour(context, {
    scratch: 'swiftpm',
    out: 'events-mutants',
    env: { BGSYNC_FAIL_FAST: '1', ...env },
  });

function mutate(context, mutation) {
  const path = join(context.package, 'ios', mutation.file);
  const original = readFileSync(path, 'utf8');
  const count = original.split(mutation.from).length - 1;
  if (count !== 1) {
    return { problem: `${mutation.name}: its text stands ${count} times in ${mutation.file}` };
  }
  writeFileSync(
    path,
    original.replace(mutation.from, () => mutation.to),
  );
  try {
    return { result: runMutant(context, {}) };
  } finally {
    writeFileSync(path, original);
  }
}

/** The suite must turn red on each of them: by a test, unless the compiler is named as the one that sees it. */
function judge(mutation, { status, output }) {
  const compilerSaw = / error: /.test(output);
  const test = /^failed: (.*)$/m.exec(output)?.[1];
  if (status === 0) return `survived: ${mutation.name}`;
  if (compilerSaw && mutation.by === undefined) {
    return `${mutation.name}: does not compile, so it proves nothing\n${tail(output, 10)}`;
  }
  if (!compilerSaw && test === undefined) {
    return `${mutation.name}: red, but no test says so\n${tail(output, 10)}`;
  }
  console.log(`red: ${mutation.name} (${compilerSaw ? 'the compiler' : test})`);
  return undefined;
}

function changedVector(context) {
  const mutation = { name: 'a policy vector changed' };
  const vectors = JSON.parse(
    readFileSync(join(context.root, 'tests/vectors/schedule-policy.json'), 'utf8'),
  );
  vectors.cases.at(-1).expect += 1;
  const file = join(context.build, 'changed-vectors.json');
  writeFileSync(file, JSON.stringify(vectors));
  return judge(mutation, runMutant(context, { BGSYNC_VECTORS: file }));
}

export function mutations(context) {
  const problems = [changedVector(context)];
  for (const mutation of MUTATIONS) {
    const { problem, result } = mutate(context, mutation);
    problems.push(problem ?? judge(mutation, result));
  }
  const found = problems.filter((problem) => problem !== undefined);
  console.log(
    `${problems.length - found.length} of ${problems.length} mutations turn the suite red`,
  );
  return found;
}
