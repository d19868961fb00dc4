import { pageAt } from './pages.ts';

/** What stands below the options of a command's `--help`: what to type, and what the process ends with. */
interface CommandHelp {
  readonly examples: readonly (readonly [command: string, what: string])[];
  readonly exitCodes: readonly (readonly [code: number, meaning: string])[];
  /** Where the rest is said, from the top of the package; an anchor may follow. */
  readonly more: string;
}

const USAGE = [2, 'usage, or it could not run'] as const;
const DECLINED = [130, 'you said no, or Ctrl-C: nothing was changed'] as const;
const DEVICE = [
  [6, 'no device, several, unauthorised, offline'],
  [7, 'adb or Xcode missing or unusable'],
  [8, 'the app or its debug hook is missing'],
] as const;

const HELP: Readonly<Record<string, CommandHelp>> = {
  init: {
    more: 'docs/commands.md#init',
    examples: [
      ['bgsync init', 'shows the plan, and asks'],
      ['bgsync init --dry-run', 'every file of the plan, and nothing is changed'],
      ['bgsync init --yes --queue op-sqlite', 'in a script, with a queue that lasts'],
      ['bgsync init --yes --drain watermelondb', 'with a handler that drains it'],
    ],
    exitCodes: [
      [0, 'done, or nothing to do'],
      USAGE,
      [3, 'done but for the steps that were printed'],
      DECLINED,
    ],
  },
  doctor: {
    more: 'docs/commands.md#doctor',
    examples: [
      ['bgsync doctor', 'in the app, and in CI'],
      ['bgsync doctor --explain I03', 'the whole story of one check'],
      ['bgsync doctor --all', 'at a monorepo’s root'],
      ['bgsync doctor --log night.txt', 'what a saved log tells'],
      ['bgsync doctor --format sarif > bgsync.sarif', 'for GitHub’s code scanning'],
    ],
    exitCodes: [
      [0, 'no error; with --strict no warning either'],
      [1, 'errors were found'],
      [2, 'usage, or a check could not run'],
      ...DEVICE,
      [130, '--fix: you said no; or Ctrl-C'],
    ],
  },
  diff: {
    more: 'docs/commands.md#diff-update-remove',
    examples: [
      ['bgsync diff', 'each file that differs, and why'],
      ['bgsync diff --json', 'the same for a program'],
    ],
    exitCodes: [[0, 'nothing differs'], USAGE, [4, 'something differs: `bgsync update` follows']],
  },
  update: {
    more: 'docs/commands.md#diff-update-remove',
    examples: [
      ['bgsync update', 'after a change of bgsync.config.json, or a new bgsync'],
      ['bgsync update --dry-run', 'only shows it'],
    ],
    exitCodes: [
      [0, 'done, or nothing to do'],
      USAGE,
      [3, 'done but for the steps that were printed'],
      [4, 'conflicts are marked in files'],
      DECLINED,
    ],
  },
  remove: {
    more: 'docs/commands.md#diff-update-remove',
    examples: [
      ['bgsync remove', 'of an app that never shipped with it'],
      ['bgsync remove --retire', 'of one that did: what is left cancels the job on devices'],
    ],
    exitCodes: [
      [0, 'done, or nothing to do'],
      USAGE,
      [3, 'done but for what was listed'],
      DECLINED,
    ],
  },
  migrate: {
    more: 'docs/migrate.md',
    examples: [
      ['bgsync migrate --dry-run', 'the whole plan, and nothing is changed'],
      ['bgsync migrate', 'shows the plan, and asks'],
    ],
    exitCodes: [
      [0, 'done, or nothing to migrate'],
      USAGE,
      [3, 'nothing was moved, or steps remain: each with its line'],
      DECLINED,
    ],
  },
  trigger: {
    more: 'docs/commands.md#trigger---platform-local',
    examples: [
      ['bgsync trigger --platform local', 'runs the handler here: no phone, no SDK'],
      ['bgsync trigger --platform local --watch --offline', 'again at each save, offline'],
      ['bgsync trigger --platform local --server flaky', 'against a server that fails at times'],
      ['bgsync trigger --platform android --stop-after 5s', 'as when the OS ends it early'],
      ['bgsync trigger --platform ios --device <udid>', 'on that simulator or iPhone'],
    ],
    exitCodes: [
      [0, 'done'],
      [1, 'failed, or the process died'],
      USAGE,
      [3, 'retry: the handler asked for another window'],
      [4, 'expired: the window closed first'],
      [5, 'no outcome in time'],
      ...DEVICE,
      [9, 'the OS refused: constraints, not due'],
      [130, 'interrupted: the job goes on on the device'],
    ],
  },
  logs: {
    more: 'docs/commands.md#logs',
    examples: [
      ['bgsync logs --platform android', 'as it happens'],
      ['bgsync logs --platform ios --history --timeline', 'what the OS gave, as a picture'],
      ['adb logcat -d | bgsync logs --input -', 'of any log'],
      ['bgsync logs --input night.txt --verify', 'that no run was lost or counted twice'],
    ],
    exitCodes: [
      [0, 'shown; with --verify nothing was lost'],
      [1, '--verify: a run was lost'],
      USAGE,
      ...DEVICE,
    ],
  },
  status: {
    more: 'docs/commands.md#status-devices-queue',
    examples: [
      ['bgsync status --platform android', 'when the next window is due, and what it waits for'],
      ['bgsync status --platform ios --json', 'for a program'],
    ],
    exitCodes: [[0, 'shown'], USAGE, ...DEVICE, [9, 'nothing is scheduled']],
  },
  queue: {
    more: 'docs/queue.md',
    examples: [
      ['bgsync queue', 'what the handler left on this machine'],
      ['bgsync queue --platform android', 'of the debug build on a phone'],
      ['bgsync queue --input sync-queue.db --key-file key.txt', 'of an app’s database'],
    ],
    exitCodes: [
      [0, 'shown, or done'],
      [2, 'usage, or there is no queue that can be read'],
      ...DEVICE,
      [9, 'the files of an iPhone, which are not read'],
    ],
  },
  devices: {
    more: 'docs/commands.md#status-devices-queue',
    examples: [['bgsync devices', 'phones, emulators and simulators, and what they lack']],
    exitCodes: [[0, 'listed'], USAGE, [7, 'neither adb nor Xcode can be used']],
  },
  ci: {
    more: 'docs/commands.md#ci',
    examples: [
      ['bgsync ci install', 'a workflow of GitHub’s: doctor, with annotations at the lines'],
      ['bgsync ci install --gitlab', 'a job of GitLab’s: doctor, as a test report'],
      ['bgsync ci remove', 'takes both out again'],
    ],
    exitCodes: [
      [0, 'done, or nothing to do'],
      USAGE,
      [3, 'done but for the steps that were printed'],
      DECLINED,
    ],
  },
  completion: {
    more: 'docs/commands.md#completion',
    examples: [
      ['source <(bgsync completion bash)', 'in ~/.bashrc'],
      ['source <(bgsync completion zsh)', 'in ~/.zshrc, after compinit'],
      ['bgsync completion fish > ~/.config/fish/completions/bgsync.fish', 'once'],
    ],
    exitCodes: [
      [0, 'printed'],
      [2, 'usage'],
    ],
  },
};

/** Below the options of `bgsync --help`. */
export const PROGRAM_HELP = `
Examples:
  bgsync
      where you are, and what comes next
  bgsync init
      shows a plan, asks, applies it
  bgsync trigger --platform local
      runs your handler here: no phone, no SDK
  bgsync doctor
      finds what breaks it; for CI, too

Exit codes, and all else: ${pageAt('docs/commands.md') ?? 'docs/commands.md of the package'}
By symptom: ${pageAt('docs/troubleshooting.md') ?? 'docs/troubleshooting.md'}
One command: bgsync init --help`;

/** @returns undefined for a command that has nothing to add */
export function helpAfter(command: string): string | undefined {
  const help = Object.hasOwn(HELP, command) ? HELP[command] : undefined;
  if (help === undefined) return undefined;
  const lines = ['', 'Examples:'];
  for (const [example, what] of help.examples) lines.push(`  ${example}`, `      ${what}`);
  lines.push('', 'Exit codes:');
  for (const [code, meaning] of help.exitCodes)
    lines.push(`  ${String(code).padEnd(4)} ${meaning}`);
  lines.push('', `More: ${pageAt(help.more) ?? help.more}`);
  return lines.join('\n');
}
