import { Command, InvalidArgumentError, Option } from 'commander';
import type { DevicesOptions } from './commands/devices.ts';
import type { DiffOptions } from './commands/diff.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { InitOptions } from './commands/init.ts';
import type { LogsOptions } from './commands/logs.ts';
import type { RemoveOptions } from './commands/remove.ts';
import type { StatusOptions } from './commands/status.ts';
import type { TriggerOptions } from './commands/trigger.ts';
import type { UpdateOptions } from './commands/update.ts';
import type { CommandResult, Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';
import { VERSION } from './version.ts';

/** Declarations only: a command's code is loaded when it runs. */
export function createProgram(setExitCode: (code: ExitCode) => void): Command {
  const run =
    <O extends { cwd?: string }>(
      load: () => Promise<(options: O, ctx: Context) => Promise<CommandResult>>,
    ) =>
    async (options: O): Promise<void> => {
      const [command, { createContext }] = await Promise.all([
        load(),
        import('./create-context.ts'),
      ]);
      const { exitCode } = await command(options, createContext(options));
      setExitCode(exitCode);
    };

  const program = new Command('bgsync')
    .description(
      'Background sync for React Native apps: scaffolds it, keeps it correct, exercises it.',
    )
    .version(VERSION, '-V, --version')
    .exitOverride()
    .showHelpAfterError('(see bgsync --help)')
    .configureHelp({ sortSubcommands: false });

  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .showHelpAfterError(`(see bgsync ${name} --help)`)
      .option('--cwd <dir>', 'work there instead of in the current folder');

  command('init', 'put a background sync into the app in this folder')
    .option('-y, --yes', 'apply the plan without asking')
    .option('--dry-run', 'show the plan, change nothing')
    .option('--json', 'print the plan as one JSON document')
    .option('--allow-dirty', 'change files that have uncommitted changes, too')
    .addOption(
      new Option('--platform <name>', 'only this platform; repeatable')
        .choices(['android', 'ios'])
        .argParser(collectPlatforms),
    )
    .option('--task-id <id>', 'id of the iOS background task (default: "dev.bgsync.processing")')
    .option(
      '--module-dir <dir>',
      'folder of the generated package (default: "modules/background-sync")',
    )
    .option(
      '--handler <file>',
      'your file that drains the queue (default: "src/background-sync.ts")',
    )
    .option('--pin', 'add bgsync, pinned, to devDependencies')
    .option('--no-pin', 'leave devDependencies alone')
    .action(run<InitOptions>(async () => (await import('./commands/init.ts')).init));

  command('doctor', 'find what breaks a background sync, here and in CI')
    .addOption(
      new Option('--format <name>', 'how to report')
        .choices(['text', 'json', 'sarif', 'github', 'junit'])
        .default('text'),
    )
    .option('--json', 'the same as --format json')
    .option('--strict', 'warnings fail, too')
    .option('--only <ids>', 'these checks alone: A01,I03; repeatable', collectIds)
    .option('--skip <ids>', 'all checks but these; repeatable', collectIds)
    .option('--baseline <file>', 'findings that stand there do not count')
    .option('--write-baseline <file>', 'write what is found now as the baseline')
    .option('--explain [id]', 'the whole story of one check; without an id, the list of all')
    .option('--log <file>', 'look into a log instead: a file, - or live (with --platform)')
    .option('--device [id]', 'look at the devices, and the tools for them, instead')
    .addOption(
      new Option('--platform <name>', 'of --device, of --log live').choices(['android', 'ios']),
    )
    .option('--app <id>', 'application id or bundle id (default: the project’s)')
    .option('--adb <path>', 'the adb to use')
    .option('--xcrun <path>', 'the xcrun to use')
    .option('--run-tools', 'also run the app’s own tools, which executes code of the repo')
    .option('--fix', 'apply the fixes that are edits which can be placed with certainty')
    .option('-y, --yes', 'with --fix: apply without asking')
    .option('--dry-run', 'with --fix: show the plan, change nothing')
    .option('--allow-dirty', 'with --fix: change files that have uncommitted changes, too')
    .action(run<DoctorOptions>(async () => (await import('./commands/doctor.ts')).doctor));

  command('diff', 'show what differs from what would be generated today, and why')
    .option('--json', 'print the differences as one JSON document')
    .action(run<DiffOptions>(async () => (await import('./commands/diff.ts')).diff));

  command('update', 'bring what was generated up to date, keeping your own edits')
    .option('-y, --yes', 'apply the plan without asking')
    .option('--dry-run', 'show the plan, change nothing')
    .option('--json', 'print the plan as one JSON document')
    .option('--allow-dirty', 'change files that have uncommitted changes, too')
    .action(run<UpdateOptions>(async () => (await import('./commands/update.ts')).update));

  command('remove', 'take the background sync out again')
    .option('-y, --yes', 'apply the plan without asking')
    .option('--dry-run', 'show the plan, change nothing')
    .option('--json', 'print the plan as one JSON document')
    .option('--allow-dirty', 'change files that have uncommitted changes, too')
    .option('--retire', 'for an app that has shipped: leave what cancels the job on devices')
    .option('--force', 'no device has it: remove all of it without that')
    .action(run<RemoveOptions>(async () => (await import('./commands/remove.ts')).remove));

  command('trigger', 'run the job now and end with its outcome')
    .addOption(
      new Option('--platform <name>', 'where to run it')
        .choices(['local', 'android', 'ios'])
        .makeOptionMandatory(),
    )
    .option('--budget <time>', 'what the handler gets: 30s, 500ms, 2m', parseDuration, 30_000)
    .option('--expire-after <time>', 'the OS closes the window after this', parseDuration)
    .option('--offline', 'no network')
    .option('--battery <percent[,charging]>', 'battery level: 12 or 12,charging', parseBattery)
    .option('--runs <n>', 'that many windows, one after the other', parseCount, 1)
    .option(
      '--kill-after <time>',
      'the process dies after this, then the next run starts',
      parseDuration,
    )
    .option('--device <id>', 'adb serial, or UDID; needed where there are several')
    .option('--app <id>', 'application id or bundle id (default: the project’s)')
    .addOption(
      new Option('--via <way>', 'Android: the debug build’s hook, or the scheduled job itself')
        .choices(['auto', 'hook', 'jobscheduler'])
        .default('auto'),
    )
    .option('--job-id <n>', 'Android: that job of JobScheduler', parseJobId)
    .option('--respect-constraints', 'Android: wait for the network, as the OS would')
    .option('--stop-after <time>', 'Android: end the run this long after its start', parseDuration)
    .option('--timeout <time>', 'how long to wait for the outcome', parseDuration, 600_000)
    .option('--no-wait', 'start the run, and do not wait for its outcome')
    .option('--adb <path>', 'the adb to use')
    .option('--xcrun <path>', 'the xcrun to use')
    .option('--json', 'print one event per line')
    .action(run<TriggerOptions>(async () => (await import('./commands/trigger.ts')).trigger));

  command('logs', 'show the events of a device or a saved log')
    .option('--input <file>', 'a log of any platform; - is standard input')
    .addOption(new Option('--platform <name>', 'a device’s log').choices(['android', 'ios']))
    .option('--device <id>', 'adb serial, or UDID; needed where there are several')
    .option('--app <id>', 'application id or bundle id (default: the project’s)')
    .option('--history', 'the app’s own record: also what happened while nobody listened')
    .option('--no-follow', 'what is there now, then end')
    .option('--run <id>', 'only this run')
    .option('--since <time>', 'only the last 10m, 12h, 2d', parseAge)
    .option('--raw', 'the lines of the device’s log as they are')
    .option('--timeline', 'runs as a picture')
    .option('--adb <path>', 'the adb to use')
    .option('--xcrun <path>', 'the xcrun to use')
    .option('--json', 'print one event per line')
    .option('--verify', 'prove over the log that no run was lost or counted twice')
    .action(run<LogsOptions>(async () => (await import('./commands/logs.ts')).logs));

  command('status', 'show what is scheduled, and what holds it back')
    .addOption(new Option('--platform <name>', 'where').choices(['android', 'ios']))
    .option('--device <id>', 'adb serial, or UDID; needed where there are several')
    .option('--app <id>', 'application id or bundle id (default: the project’s)')
    .option('--adb <path>', 'the adb to use')
    .option('--xcrun <path>', 'the xcrun to use')
    .option('--json', 'print one JSON document')
    .option('--schema', 'print the JSON schema of that document')
    .action(run<StatusOptions>(async () => (await import('./commands/status.ts')).status));

  command('devices', 'list the devices and simulators that bgsync can use')
    .option('--adb <path>', 'the adb to use')
    .option('--xcrun <path>', 'the xcrun to use')
    .option('--json', 'print one JSON document')
    .action(run<DevicesOptions>(async () => (await import('./commands/devices.ts')).devices));

  return program;
}

type Platform = 'android' | 'ios';

function collectPlatforms(value: string, previous: Platform[] | undefined): Platform[] {
  if (value !== 'android' && value !== 'ios') {
    throw new InvalidArgumentError('Allowed choices are android, ios.');
  }
  return [...(previous ?? []).filter((name) => name !== value), value];
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns milliseconds, or undefined where it is no time of at least one */
function durationOf(value: string): number | undefined {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(value) ?? [];
  const ms = Math.round(Number(digits) * UNITS[unit as keyof typeof UNITS]);
  return digits === undefined || ms < 1 ? undefined : ms;
}

function collectIds(value: string, previous: readonly string[] = []): readonly string[] {
  const ids = value.split(/[\s,]+/).filter((id) => id !== '');
  if (ids.length === 0) throw new InvalidArgumentError('Give ids such as A01,I03.');
  return [...previous, ...ids];
}

/** @returns milliseconds */
function parseDuration(value: string): number {
  const ms = durationOf(value);
  if (ms === undefined || ms > UNITS.h) {
    throw new InvalidArgumentError('Give a time between 1ms and 60m, such as 30s, 500ms or 2m.');
  }
  return ms;
}

/** @returns milliseconds */
function parseAge(value: string): number {
  const ms = durationOf(value);
  if (ms === undefined || ms > 30 * UNITS.d) {
    throw new InvalidArgumentError('Give a time of at most 30d, such as 10m, 12h or 2d.');
  }
  return ms;
}

function parseBattery(value: string): { percent: number; charging: boolean } {
  const [, digits, charging] = /^(\d{1,3})(,charging)?$/.exec(value) ?? [];
  const percent = Number(digits);
  if (digits === undefined || percent > 100) {
    throw new InvalidArgumentError('Give 0 to 100, such as 12 or 12,charging.');
  }
  return { percent, charging: charging !== undefined };
}

function parseJobId(value: string): number {
  const id = Number(value);
  if (!/^-?\d{1,10}$/.test(value) || !Number.isSafeInteger(id)) {
    throw new InvalidArgumentError('Give the number that `bgsync status` shows.');
  }
  return id;
}

function parseCount(value: string): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < 1 || count > 100) {
    throw new InvalidArgumentError('Give a number between 1 and 100.');
  }
  return count;
}
