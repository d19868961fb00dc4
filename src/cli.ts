import { Argument, Command, Option } from 'commander';
import {
  collectIds,
  collectPlatforms,
  parseAge,
  parseBattery,
  parseCount,
  parseDuration,
  parseJobId,
  parseServer,
  parseTaskName,
  parseNetwork,
} from './cli-arguments.ts';
import { PROGRAM_HELP, helpAfter } from './cli-help.ts';
import { TRIGGER_DEFAULTS } from './devices/trigger-options.ts';
import { PROTOCOL, SYNC_LAYER_IDS } from './facts.ts';
import type { CiOptions } from './commands/ci.ts';
import type { Shell } from './commands/completion.ts';
import type { DevicesOptions } from './commands/devices.ts';
import type { DiffOptions } from './commands/diff.ts';
import type { DoctorOptions } from './commands/doctor.ts';
import type { InitOptions } from './commands/init.ts';
import type { LogsOptions } from './commands/logs.ts';
import type { MigrateOptions } from './commands/migrate.ts';
import type { OverviewOptions } from './commands/overview.ts';
import type { QueueOptions } from './commands/queue.ts';
import type { RemoveOptions } from './commands/remove.ts';
import type { StatusOptions } from './commands/status.ts';
import type { TriggerOptions } from './commands/trigger.ts';
import type { UpdateOptions } from './commands/update.ts';
import type { CommandResult, Context, Report } from './context.ts';
import { UserError } from './errors.ts';
import { VERSION } from './version.ts';
import { wrapText } from './wrap.ts';

/** What `run` looks at, of any command. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly json?: boolean;
  readonly format?: string;
}

type CommandCode<O> = (options: O, ctx: Context) => Promise<CommandResult>;

/**
 * Declarations only: a command's code is loaded when it runs.
 *
 * @param named the first argument: of a command that it names, no other is declared
 */
export function createProgram(
  named: string,
  report: Report,
  start: <O extends CommandOptions>(command: CommandCode<O>, options: O) => Promise<void>,
): Command {
  const run =
    <O extends CommandOptions>(load: () => Promise<CommandCode<O>>) =>
    async (options: O): Promise<void> =>
      start(await load(), options);

  const program = new Command('bgsync')
    .description(
      'Background sync for React Native, Expo and Flutter apps: scaffolds it, keeps it correct, exercises it. Without a command: where you are, and what comes next.',
    )
    .version(VERSION, '-v, --version')
    .option('--no-color', 'no colours; NO_COLOR=1 in the environment does the same')
    .exitOverride()
    // Handed down to each command that is made from it.
    .configureOutput({
      writeOut: (text) => report.raw(text),
      writeErr: (text) => report.warn(text.replace(/\n$/, '')),
    })
    .showHelpAfterError('(see npx bgsync --help)')
    // By commander's own choice texts in less than 40 columns are not broken.
    .configureHelp({ sortSubcommands: false, minWidthToWrap: 16 })
    .addHelpText('after', () => wrapText(PROGRAM_HELP, report.width))
    .helpCommand(false);

  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .exitOverride()
      .showHelpAfterError(`(see npx bgsync ${name} --help)`)
      .addHelpText('after', () => wrapText(helpAfter(name) ?? '', report.width))
      .option('--cwd <dir>', 'work there instead of in the current folder');

  const declared: Readonly<Record<string, () => void>> = {
    overview() {
      program
        .command('overview', { hidden: true })
        .exitOverride()
        .option('--cwd <dir>', 'work there instead of in the current folder')
        .action(
          run<OverviewOptions>(async () => (await import('./commands/overview.ts')).overview),
        );
    },
    init() {
      planned(command('init', 'put a background sync into the app in this folder'))
        .addOption(
          new Option('--platform <name>', 'only this platform; repeatable')
            .choices(['android', 'ios'])
            .argParser(collectPlatforms),
        )
        .option('--task-id <id>', `id of the iOS background task (default: "${PROTOCOL.taskId}")`)
        .option(
          '--module-dir <dir>',
          'folder of the generated package (default: "modules/background-sync")',
        )
        .option(
          '--handler <file>',
          'your file that drains the queue (default: "src/background-sync.ts")',
        )
        .addOption(
          new Option(
            '--queue <driver>',
            'generate a queue, kept in this database (default: none)',
          ).choices(['op-sqlite', 'expo-sqlite', 'drift', 'custom', 'none']),
        )
        .addOption(
          new Option(
            '--drain <library>',
            'the handler drains this library of the app’s (default: the only one that is found)',
          ).choices([...SYNC_LAYER_IDS, 'none']),
        )
        .option('--pin', 'add bgsync, pinned, to devDependencies; planned in a terminal')
        .option('--no-pin', 'leave devDependencies alone')
        .action(run<InitOptions>(async () => (await import('./commands/init.ts')).init));
    },
    doctor() {
      const doctor = command('doctor', 'find what breaks a background sync, here and in CI')
        .addOption(
          new Option('--format <name>', 'how to report')
            .choices(['text', 'json', 'sarif', 'github', 'junit', 'html'])
            .default('text'),
        )
        .option('--json', 'the same as --format json')
        .option('--strict', 'warnings fail, too')
        .option('--all', 'every app of the workspace that this folder is the root of')
        .option('--only <ids>', 'these checks alone: A01,I03; repeatable', collectIds)
        .option('--skip <ids>', 'all checks but these; repeatable', collectIds)
        .option('--baseline <file>', 'findings that stand there do not count')
        .option('--write-baseline <file>', 'write what is found now as the baseline')
        .option('--explain [id]', 'the whole story of one check; without an id, the list of all')
        .option(
          '--run-tools',
          'also ask the app’s own autolinking and Expo CLI, which executes code of the repo',
        )
        .optionsGroup('Mend what is found:')
        .option('--fix', 'apply the fixes that are edits which can be placed with certainty')
        .option('-y, --yes', 'apply them without asking')
        .option('--dry-run', 'show the plan, change nothing')
        .option('--allow-dirty', 'change files that have, or may have, uncommitted changes, too')
        .optionsGroup('Look elsewhere than into the repo:')
        .option('--log <file>', 'into a log: a file, - or live (with --platform)')
        .option('--device [id]', 'at the devices, and the tools for them')
        .addOption(new Option('--platform <name>', 'only this one').choices(['android', 'ios']))
        .option('--app <id>', 'application id or bundle id (default: the project’s)');
      withTools(doctor).action(
        run<DoctorOptions>(async () => (await import('./commands/doctor.ts')).doctor),
      );
    },
    diff() {
      command('diff', 'show what differs from what would be generated today, and why')
        .option('--json', 'print the differences as one JSON document')
        .action(run<DiffOptions>(async () => (await import('./commands/diff.ts')).diff));
    },
    update() {
      planned(command('update', 'bring what was generated up to date, keeping your own edits'))
        .option('--forget-ids', 'no device has a version with an older iOS task id: drop those ids')
        .action(run<UpdateOptions>(async () => (await import('./commands/update.ts')).update));
    },
    remove() {
      planned(command('remove', 'take the background sync out again'))
        .option('--retire', 'for an app that has shipped: leave what cancels the job on devices')
        .option('--force', 'no device has it: remove all of it without that')
        .action(run<RemoveOptions>(async () => (await import('./commands/remove.ts')).remove));
    },
    migrate() {
      planned(command('migrate', 'move an old library’s background task into a background sync'))
        .option(
          '--handler <file>',
          'your file that drains the queue (default: "src/background-sync.ts")',
        )
        .option(
          '--module-dir <dir>',
          'folder of the generated package (default: "modules/background-sync")',
        )
        .action(run<MigrateOptions>(async () => (await import('./commands/migrate.ts')).migrate));
    },
    trigger() {
      const trigger = command('trigger', 'run the job now and end with its outcome')
        .addOption(
          new Option('--platform <name>', 'where to run it; asked in a terminal').choices([
            'local',
            'android',
            'ios',
          ]),
        )
        .option('--json', 'print one event per line')
        .option('--task <name>', 'the sync of that name (default: the first)', parseTaskName)
        .option('--respect-constraints', 'only where what a window needs is there, as the OS would')
        .optionsGroup('On this machine (--platform local):')
        .addOption(
          new Option('--budget <time>', 'what the handler gets: 30s, 500ms, 2m')
            .argParser(parseDuration)
            .default(TRIGGER_DEFAULTS.budget, '30s'),
        )
        .option('--expire-after <time>', 'the OS closes the window after this', parseDuration)
        .addOption(
          new Option('--network <name>', 'the network of the device (default: wifi)')
            .choices(['wifi', 'cellular', 'none'])
            .argParser(parseNetwork),
        )
        .option('--offline', 'the same as --network none')
        .option(
          '--server <kind or URL>',
          'answers all requests: steady, flaky, offline, slow, conflicts, or yours',
          parseServer,
        )
        .option('--fresh', 'start with empty storage, as after an install')
        .option('--watch', 'run again whenever a file that the handler loads is saved')
        .option('--battery <percent[,charging]>', 'battery level: 12 or 12,charging', parseBattery)
        .option(
          '--runs <n>',
          'that many windows, one after the other',
          parseCount,
          TRIGGER_DEFAULTS.runs,
        )
        .option(
          '--kill-after <time>',
          'the process dies after this, then the next run starts',
          parseDuration,
        )
        .optionsGroup('On a device (--platform android, ios):')
        .addOption(
          new Option('--timeout <time>', 'how long to wait for the outcome')
            .argParser(parseDuration)
            .default(TRIGGER_DEFAULTS.timeout, '10m'),
        )
        .option('--no-wait', 'start the run, and do not wait for its outcome');
      forDevice(trigger)
        .optionsGroup('On Android:')
        .addOption(
          new Option('--via <way>', 'the debug build’s hook, or the scheduled job itself')
            .choices(['auto', 'hook', 'jobscheduler'])
            .default(TRIGGER_DEFAULTS.via),
        )
        .option('--job-id <n>', 'that job of JobScheduler', parseJobId)
        .option('--stop-after <time>', 'end the run this long after its start', parseDuration)
        .action(run<TriggerOptions>(async () => (await import('./commands/trigger.ts')).trigger));
    },
    logs() {
      const logs = command('logs', 'show the events of a device or a saved log')
        .option('--input <file>', 'a log of any platform; - is standard input')
        .addOption(
          new Option('--platform <name>', 'a device’s log; asked in a terminal').choices([
            'android',
            'ios',
          ]),
        )
        .option('--run <id>', 'only this run')
        .option('--task <name>', 'only the sync of that name', parseTaskName)
        .option('--timeline', 'runs as a picture')
        .option('--html <file>', 'write the timeline as a page that needs nothing else')
        .option('--json', 'print one event per line')
        .option('--verify', 'prove over the log that no run was lost or counted twice')
        .optionsGroup('On a device:')
        .option('--history', 'the app’s own record: also what happened while nobody listened')
        .option('--no-follow', 'what is there now, then end')
        .option('--since <time>', 'only the last 10m, 12h, 2d', parseAge)
        .option('--raw', 'the lines of the device’s log as they are');
      forDevice(logs).action(
        run<LogsOptions>(async () => (await import('./commands/logs.ts')).logs),
      );
    },
    status() {
      const status = command('status', 'show what is scheduled, and what holds it back')
        .addOption(
          new Option('--platform <name>', 'where; asked in a terminal').choices(['android', 'ios']),
        )
        .option('--task <name>', 'the sync of that name (default: the first)', parseTaskName)
        .option('--json', 'print one JSON document')
        .option('--schema', 'print the JSON schema of that document');
      forDevice(status).action(
        run<StatusOptions>(async () => (await import('./commands/status.ts')).status),
      );
    },
    queue() {
      const queue = command('queue', 'show what waits to be sent, and what is dead')
        .addOption(
          new Option('--platform <name>', 'whose queue (default: local, this machine’s)').choices([
            'local',
            'android',
            'ios',
          ]),
        )
        .option('--input <file>', 'a database file')
        .option('--key-file <file>', 'with its key, where it is encrypted')
        .option('--payloads', 'show what would be sent, too')
        .option('--retry <key>', 'put a dead letter back (local platform)')
        .option('--discard <key>', 'give a dead letter up (local platform)')
        .option('--json', 'print one JSON document')
        .optionsGroup('On a device:')
        .option('--database <name>', 'the name or path of its file there (default: sync-queue.db)');
      forDevice(queue).action(
        run<QueueOptions>(async () => (await import('./commands/queue.ts')).queue),
      );
    },
    devices() {
      withTools(command('devices', 'list the devices and simulators that bgsync can use'))
        .option('--json', 'print one JSON document')
        .action(run<DevicesOptions>(async () => (await import('./commands/devices.ts')).devices));
    },
    ci() {
      const actions = new Argument('<action>', 'put it there, or take it out').choices([
        'install',
        'remove',
      ]);
      planned(command('ci', 'let GitHub or GitLab run doctor on each change'))
        .addArgument(actions)
        .option('--gitlab', 'GitLab in place of GitHub')
        .action(async (action: 'install' | 'remove', options: CiOptions) => {
          const { ci } = await import('./commands/ci.ts');
          await start((own: CiOptions, ctx) => ci(action, own, ctx), options);
        });
    },
    completion() {
      const shells = new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']);
      command('completion', 'print what lets your shell complete commands and options')
        .addArgument(shells)
        .action(async (shell: Shell, options: CommandOptions) => {
          const { completion } = await import('./commands/completion.ts');
          await start((_, ctx) => Promise.resolve(completion(program, shell, ctx)), options);
        });
    },
    help() {
      program
        .command('help [command]')
        .description('show the help of a command')
        .exitOverride()
        .action((name: string | undefined) => {
          const found = program.commands.find((one) => one.name() === name);
          if (name !== undefined && found === undefined) {
            throw new UserError(`There is no command ${name}.`, {
              hint: '`npx bgsync --help` lists them.',
            });
          }
          (found ?? program).help();
        });
    },
  };
  const isAlone = Object.hasOwn(declared, named) && !ASKS_FOR_ALL.has(named);
  for (const [name, declare] of Object.entries(declared)) {
    if (!isAlone || name === named) declare();
  }
  return program;
}

/** They tell of every command. */
const ASKS_FOR_ALL = new Set(['help', 'completion']);

/** The options of a command that shows a plan and applies it. */
const planned = (command: Command): Command =>
  command
    .option('-y, --yes', 'apply the plan without asking')
    .option('--dry-run', 'show the plan, change nothing')
    .option('--json', 'print the plan as one JSON document')
    .option('--allow-dirty', 'change files that have, or may have, uncommitted changes, too');

const withTools = (command: Command): Command =>
  command.option('--adb <path>', 'the adb to use').option('--xcrun <path>', 'the xcrun to use');

/** The options of a command that works with one app on one device. */
const forDevice = (command: Command): Command =>
  withTools(
    command
      .option('--device <id>', 'adb serial, or UDID; needed where there are several')
      .option('--app <id>', 'application id or bundle id (default: the project’s)'),
  );
