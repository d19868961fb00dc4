import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shareOf } from '../../../share.mjs';
import { inLanes } from '../../lanes.mjs';
import { runBehaviour } from './behaviour.mjs';
import { Mutants } from './mutants.mjs';
import { runBeside, tail } from './shell.mjs';

/**
 * The mistakes that the proof must see. Each replaces text that stands exactly once in the generated file; where `tests` is
 * there, those tests must see it (by the beginning of their names), else any.
 */
export const MUTATIONS = [
  {
    name: 'completion guard removed: the task is kept after its completion',
    file: 'SyncRun.swift',
    from: '        self.holds = []\n',
    to: '',
  },
  {
    name: 'completion guard removed: a second decision counts',
    file: 'SyncRun.swift',
    from: '      guard verdict == nil else { return false }\n',
    to: '',
    tests: ['JavaScript goes while'],
  },
  {
    name: 'expiration handler missing',
    file: 'BackgroundSyncWorker.swift',
    from: '    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }\n',
    to: '',
  },
  {
    name: 'expiration handler set after the work starts',
    file: 'BackgroundSyncWorker.swift',
    from: '    task?.expirationHandler = { @Sendable [self] in handleExpiration(run) }\n',
    to: `    let late = task.map { Unchecked($0) }
    // As after an await: the rest comes when the work is on its way.
    DispatchQueue.global().asyncAfter(deadline: .now() + 0.2) {
      late?.value.expirationHandler = { @Sendable [self] in handleExpiration(run) }
    }
`,
  },
  {
    name: 'submit after the drain',
    file: 'RunCoordinator.swift',
    from: '      guard run.trigger == .os else { return isFree ? check(run) : meet(run) }\n',
    to: '      if run.trigger == .os { return isFree ? check(run) : meet(run) }\n',
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
    file: 'RunCoordinator+End.swift',
    from: `      run.asker?.hand("")
      release(run)`,
    to: `      run.asker?.hand("")
      current = nil`,
    tests: ['before the first unlock', 'E4 '],
  },
  {
    name: 'completion that waits for the main queue',
    file: 'BackgroundSyncWorker.swift',
    from: 'run.hold { task.value.setTaskCompleted(success: $0) }',
    to: 'run.hold { success in DispatchQueue.main.async { task.value.setTaskCompleted(success: success) } }',
    tests: ['a main thread that is blocked', 'C1 F2'],
  },
  {
    name: 'a report that waits for the disk',
    file: 'RunCoordinator+End.swift',
    from: '    clock.after(limits.lastResortSeconds) { run.report() }\n',
    to: '',
    tests: ['a disk that hangs'],
  },
  {
    name: 'a run whose window has closed is opened when the scheduler answers',
    file: 'RunCoordinator.swift',
    from: '    guard run.outcome == nil else { return }\n    guard let open',
    to: '    guard let open',
    tests: ['expiration before the scheduler'],
  },
  {
    name: 'what scheduleNext asked for in a run dies with its process',
    file: 'RunLedger.swift',
    from: '{ $0.openRun?.requested = requested }',
    to: '{ _ = requested }',
    tests: ['process death in mid-run: what scheduleNext'],
  },
  {
    name: 'a run that the app itself has cancelled went wrong',
    file: 'SyncState.swift',
    from: '    if outcome == .expired, expiry == "cancelled" { return consecutiveFailures }\n',
    to: '',
    tests: ["process death after the app's cancel"],
  },
  {
    name: 'a low battery is not at its limit',
    file: 'SchedulePolicy.swift',
    from: 'battery.percent <= config.lowBatteryPercent',
    to: 'battery.percent < config.lowBatteryPercent',
    tests: ['the schedule policy'],
  },
  {
    name: 'a run that died is not closed',
    file: 'StateStore.swift',
    from: '    abandonedRun = state.openRun\n',
    to: '',
    tests: ['process death in mid-run: '],
  },
  {
    name: 'the log hides its text',
    file: 'EventLog.swift',
    from: ', privacy: .public',
    to: '',
  },
  {
    name: 'a locked device is refused',
    file: 'RunCoordinator.swift',
    from: 'if conditions.locked, run.ledger.state.isSealed {',
    to: 'if conditions.locked {',
    tests: ['S01 '],
  },
  {
    name: 'a device that was never unlocked is not asked',
    file: 'RunCoordinator.swift',
    from: 'if conditions.locked, run.ledger.state.isSealed {',
    to: 'if false {',
    tests: ['before the first unlock'],
  },
  {
    name: 'a pending request is healthy whatever its date',
    file: 'WindowRequests.swift',
    from: '? "date" : nil',
    to: '? nil : nil',
    tests: ['S02 ', 'a clock that was'],
  },
  {
    name: 'a pending request is healthy whatever it requires',
    file: 'WindowRequests.swift',
    from: 'if ours.contains(where: { ($0?.requirements ?? wanted) != wanted }) { return "requirements" }',
    to: '_ = wanted',
    tests: ['S03 '],
  },
  {
    name: 'a constraint that the app has set is dropped when the next window is asked for',
    file: 'WindowScheduler.swift',
    from: 'submit(WindowRequests.make(task, asked.settings, earliest: earliest))',
    to: 'submit(WindowRequests.make(task, SyncSettings(), earliest: earliest))',
    tests: ['constraints set at run time'],
  },
  {
    name: 'what the system cannot be asked for is not checked in the window',
    file: 'RunCoordinator.swift',
    from: 'if !unmet.isEmpty { return holdBack(run, unmet) }',
    to: '_ = unmet',
    tests: ['a metered network in a window'],
  },
  {
    name: 'a window that is held back is a failure for the system',
    file: 'RunCoordinator+End.swift',
    from: 'skip(run, "constraint", success: true',
    to: 'skip(run, "constraint", success: false',
    tests: ['a metered network in a window'],
  },
  {
    name: 'an acknowledged run is told again',
    file: 'EndedRuns.swift',
    from: 'content.runs.removeAll { $0.n <= number }',
    to: 'content.runs.removeAll { $0.n < number }',
    tests: ['onRun'],
  },
  {
    name: 'the promise of a second JavaScript takes that of the first',
    file: 'EndedRuns.swift',
    from: 'waiting[javaScript] = answer',
    to: 'waiting = [javaScript: answer]',
    tests: ['onRun: of two'],
  },
  {
    name: 'a run that two JavaScripts hear of',
    file: 'EndedRuns.swift',
    from: 'guard hearer == nil, let run',
    to: 'guard let run',
    tests: ['onRun: two'],
  },
  {
    name: 'what a JavaScript that is gone has heard stays with it',
    file: 'EndedRuns.swift',
    from: '      waiting[javaScript] = nil\n      if hearer == javaScript { hearer = nil }\n',
    to: '      waiting[javaScript] = nil\n',
    tests: ['onRun: two'],
  },
  {
    name: 'ended runs that cannot be read are none',
    file: 'EndedRuns.swift',
    from: '      } catch { return nil }\n',
    to: '      } catch { loaded = Content() }\n',
    tests: ['onRun: runs that end'],
  },
  {
    name: 'books that cannot be read are empty ones',
    file: 'StateStore.swift',
    from: '      return nil\n    }\n    // Not of this process',
    to: '      if isRefused { return nil }\n    }\n    // Not of this process',
    tests: ['an error of the disk'],
  },
  {
    name: 'what is changed while the books cannot be read is lost',
    file: 'StateStore.swift',
    from: '    for change in early { change(&state) }\n',
    to: '',
    tests: ['an error of the disk'],
  },
  {
    name: 'a file that cannot be reached is none',
    file: 'SyncDisk.swift',
    from: '    do { return try Data(contentsOf: file) } catch {\n      guard isMissing(error) else { throw error }\n',
    to: '    do { return try Data(contentsOf: file) } catch {\n',
    tests: ['a file that is there and cannot be reached'],
  },
  {
    name: 'a stale drain keeps the window',
    file: 'RunCoordinator.swift',
    from: 'let isOver = open.deadline <= clock.now() || open.phase == .expiring || open.phase == .ending',
    to: 'let isOver = false',
    tests: ['S04 '],
  },
  {
    name: 'a torn line swallows the next one',
    file: 'SyncDisk.swift',
    from: 'if last != Data(',
    to: 'if last == Data(',
    tests: ['S05 '],
  },
  {
    name: 'a run outlives its JavaScript',
    file: 'RunCoordinator+JavaScript.swift',
    from: 'run.owner == number',
    to: 'run.owner == number + 1000',
    tests: ['S06 '],
  },
  {
    name: 'ids that were shipped have no handler',
    file: 'BackgroundSyncWorker.swift',
    from: '      first.scheduler.registerLaunchHandler(for: identifier) { [self] task in endRetired(task) }\n',
    to: '      _ = identifier\n',
    tests: ['S07 '],
  },
  {
    name: 'what the drain asked for is overwritten by the policy',
    file: 'RunCoordinator+JavaScript.swift',
    from: 'run.requested = requested',
    to: '_ = requested',
    tests: ['S11 '],
  },
  {
    name: 'what the drain asked for goes away with a clock that is set back',
    file: 'SyncState.swift',
    from: 'min(next, now.milliseconds + delay)',
    to: 'next',
    tests: ['S11b '],
  },
  {
    name: 'a window after cancel drains',
    file: 'RunCoordinator.swift',
    from: 'if run.trigger == .os, run.ledger.isSwitchedOff {',
    to: 'if false {',
    tests: ['S12 '],
  },
  {
    name: 'the system hears of the end before JavaScript',
    file: 'RunCoordinator+End.swift',
    from: '      mark(run, why)\n    case .expiring:',
    to: '      run.report()\n      mark(run, why)\n    case .expiring:',
    tests: ['S13b '],
  },
  {
    name: 'an expiry is not kept',
    file: 'RunLedger.swift',
    from: '$0.openRun?.expiry = why',
    to: '_ = why',
    tests: ['the process dies after its window'],
  },
  {
    name: 'the start of JavaScript switches on what was switched off',
    file: 'BackgroundSyncWorker.swift',
    from: 'if switchOn || $0.armed == nil { $0.armed = true }',
    to: '$0.armed = true',
    tests: ['S14 '],
  },
  {
    name: 'one run ends twice when the state cannot be written',
    file: 'RunLedger.swift',
    from: 'if log.hasEnd(ofRun: abandoned.run) {',
    to: 'if false {',
    tests: ['S16 '],
  },
  {
    name: 'a skip is an attempt',
    file: 'SyncState.swift',
    from: 'case .skipped: skips += 1',
    to: 'case .skipped: (consecutiveFailures, skips) = (consecutiveFailures + 1, skips + 1)',
    tests: ['S24 '],
  },
  {
    name: 'a host that was started for a run stays',
    file: 'RunCoordinator+End.swift',
    from: '      host.stopIfUnused()\n',
    to: '',
    tests: ['a scene-based app that hands its factory over'],
  },
  {
    name: 'a second sync shares the state of the first',
    file: 'SyncTask.swift',
    from: 'name.isEmpty ? "state.json" : "state.\\(name).json"',
    to: '"state.json"',
    tests: ['each run names its sync'],
  },
  {
    name: 'a window that comes while another sync runs ends with that run',
    file: 'RunCoordinator.swift',
    from: 'if open.isOfSync(of: run) {',
    to: 'if open !== run {',
    tests: ['windows of two syncs at once'],
  },
  {
    name: 'cancel ends the runs of all syncs',
    file: 'RunCoordinator+End.swift',
    from: ' where run.ledger.task.name == task.name {',
    to: ' {',
    tests: ['cancel and configure are of one sync alone'],
  },
  {
    name: 'no time is asked for as the user leaves',
    file: 'BackgroundSyncWorker+Health.swift',
    from: 'let giveBack = BackgroundTime.begin {}',
    to: 'let giveBack = Once<Void> {}',
    tests: ['a clock that was a day ahead'],
  },
  {
    name: 'the time to leave is kept',
    file: 'BackgroundSyncWorker+Health.swift',
    from: '{ giveBack.call(()) }',
    to: '{ _ = giveBack }',
    tests: ['entering the background leaves'],
  },
  {
    name: 'each look at the network goes on watching it',
    file: 'DeviceConditions.swift',
    from: '      monitor.value.cancel()\n',
    to: '',
    tests: ['the network is not watched'],
  },
];

/** Runs a mutant, or what SwiftPM makes of the package as it is. */
const runMutant = (context, { lane, scratch, flags = [], env = {}, tests = [] }) =>
  runBehaviour(context, {
    scratch,
    out: `events-mutants-${lane}`,
    flags,
    env: { BGSYNC_FAIL_FAST: '1', ...env },
    tests,
    by: runBeside,
  });

async function mutate(context, mutants, mutation, lane) {
  const path = join(context.package, 'ios', mutation.file);
  const original = readFileSync(path, 'utf8');
  const count = original.split(mutation.from).length - 1;
  if (count !== 1) {
    return { problem: `${mutation.name}: its text stands ${count} times in ${mutation.file}` };
  }
  const text = original.replace(mutation.from, () => mutation.to);
  const built = await mutants.build(path, text, lane);
  if (built.status !== 0) return { result: built };
  const { scratch } = built;
  const flags = ['--skip-build'];
  return { result: await runMutant(context, { lane, scratch, flags, tests: mutation.tests }) };
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

async function changedVector(context) {
  const mutation = { name: 'a policy vector changed' };
  const vectors = JSON.parse(
    readFileSync(join(context.root, 'tests/vectors/schedule-policy.json'), 'utf8'),
  );
  vectors.cases.at(-1).expect += 1;
  const file = join(context.build, 'changed-vectors.json');
  writeFileSync(file, JSON.stringify(vectors));
  const env = { BGSYNC_VECTORS: file };
  const tests = ['the schedule policy'];
  return judge(mutation, await runMutant(context, { lane: 0, scratch: 'swiftpm', env, tests }));
}

export async function mutations(context) {
  // Builds what the mutants differ from, where it is not there yet.
  const problems = [await changedVector(context)];
  const mutants = new Mutants(context);
  const wanted = new RegExp(process.env.MUTATION ?? '');
  problems.push(
    ...(await inLanes(
      shareOf(MUTATIONS.filter(({ name }) => wanted.test(name))),
      async (mutation, lane) => {
        const { problem, result } = await mutate(context, mutants, mutation, lane);
        return problem ?? judge(mutation, result);
      },
    )),
  );
  const found = problems.filter((problem) => problem !== undefined);
  console.log(
    `${problems.length - found.length} of ${problems.length} mutations turn the suite red`,
  );
  return found;
}
