/**
 * Hostile repos from a grammar of attacks, and commands in each: nothing outside the repo is read or changed, no program
 * that the repo names is run, no secret and nothing that a terminal obeys is printed; every command ends within ten
 * seconds of a processor and 512 MB, with an answer that is no bug report. What `init` does to an app without a sync is
 * undone by `remove`, to the byte, and leaves a pubspec that says what it said, and the plugin.
 *
 *     npm run test:hostile [-- --trees 1000] [--seed 1|random] [--tree 42] [--all] [--keep] [--cli DIR]
 *
 * Each tree has a seed of its own, which a finding names: `--tree SEED` makes that one alone. With `--all`, which is for the
 * night, each gets every command; else three of them, and in a run of a thousand each kind of attack meets each. As root, a third of the trees are tried as
 * another user, whom permissions bind. Before the trees come the properties themselves: each must see its own fault.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asAnother, canBeAnother } from '../helpers/another-user.ts';
import { REPO } from '../helpers/cli.ts';
import { shareOf } from '../share.mjs';
import { KINDS, attack } from './attacks.ts';
import type { Done, World } from './attacks.ts';
import { makeBases } from './bases.ts';
import type { Base } from './bases.ts';
import {
  changesOf,
  difference,
  filesWith,
  gitSnapshot,
  outputOf,
  pubspecFault,
  repoEntries,
  snapshot,
  strays,
} from './evidence.ts';
import { Random } from './random.ts';
import { Server } from './server.ts';
import type { Answer } from './server.ts';

/** More would show in no report; a fault of a kind is one. */
const MAX_FINDINGS = 200;

/** Of how many trees one is watched by strace as well. */
const TRACED = 50;

/** From how many trees on each kind of attack must have met each command. */
const WHOLE_RUN = 1000;

/** From how many trees on `init` must have been undone in some: in one of thirty it applies to an app without a sync. */
const SOME_UNDONE = 300;

const { values: options } = parseArgs({
  options: {
    trees: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    tree: { type: 'string' },
    all: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    cli: { type: 'string', default: REPO },
  },
});
const baseSeed = options.seed === 'random' ? Date.now() % 1_000_000 : Number(options.seed);
const seeds =
  options.tree === undefined
    ? shareOf(
        Array.from({ length: Number(options.trees) }, (_, n) => baseSeed * 1_000_000 + n),
        'repos',
      )
    : [Number(options.tree)];

interface Limits {
  /** Of a processor, as the machine may be busy with others. */
  readonly seconds: number;
  readonly megabytes: number;
  /** Then it hangs, however busy the machine. */
  readonly hangsMs: number;
}
const LIMITS: Limits = { seconds: 10, megabytes: 512, hangsMs: 90_000 };

/** What must be found for each of `faults.mjs`, by how its finding begins. */
const FAULTS: Readonly<Record<string, RegExp>> = {
  writesOutside: /^something outside changed/,
  runsProgram: /^something outside changed/,
  writesHook: /^what git obeys changed/,
  readsOutside: /^asked the system/,
  printsSecret: /^it printed a secret/,
  copiesSecret: /has the secret now$/,
  obeys: /^it printed what a terminal obeys/,
  bug: /^it ended with 70/,
  silent: /^it ended with 2 and without a word/,
  dies: /^it did not end/,
  hangs: /^it did not end/,
  slow: /^it took/,
  large: /^its process has had/,
  splicesPubspec: /^pubspec\.yaml says something else/,
  leavesExport: /^remove left .* not as it was: lib\/main\.dart:/,
  writesLock: /^remove left .* not as it was: /,
  cutsPlist: /^remove left .* not as it was: ios\/HelloWorld\/Info\.plist:/,
};

/** Faults of what `init` does, and the base that each is done in; the others are done by `diff`, anywhere. */
const OF_INIT: Readonly<Record<string, string>> = {
  splicesPubspec: 'flutter',
  leavesExport: 'flutter-plain',
  writesLock: 'flutter-plain',
  cutsPlist: 'plain',
};

interface Finding {
  readonly seed: number;
  readonly command: string;
  readonly text: string;
  readonly attacks: readonly Done[];
}

interface Way {
  readonly limits: Limits;
  readonly fault?: string;
}

const canaryOf = (seed: number): string => `CANARY${seed}CANARY`;

/** What lies beside the repo. */
function makeOutside(folder: string, canary: string): void {
  mkdirSync(join(folder, 'empty'), { recursive: true });
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  write('.npmrc', `//registry/:_authToken=${canary}\n`);
  write('.zshenv', `export TOKEN=${canary}\n`);
  write('.gitignore', `# ${canary}\nnode_modules\n`);
  write('App.tsx', `export const secret = '${canary}';\n`);
  write(
    'Info.plist',
    `<plist version="1.0"><dict><key>CFBundleIdentifier</key><string>${canary}</string></dict></plist>\n`,
  );
  write(
    'package.json',
    JSON.stringify({ name: canary, version: canary, dependencies: { 'react-native': canary } }),
  );
  execFileSync('mkfifo', [join(folder, 'fifo')]);
}

/** What a terminal obeys, or shows in another order than it is. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const CODES = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130]);

/** How many of the commands a tree gets. */
const COMMANDS = 3;

/** Commands, with options that the seed chooses; those that write last, so that others meet the attack, too. */
function commandsFor(random: Random, adb: string): string[][] {
  const format = random.pick(['json', 'sarif', 'github', 'junit', 'text']);
  const all = [
    random.pick([
      ['doctor', '--format', format],
      ['doctor', '--baseline', 'bgsync.baseline.json'],
    ]),
    ['diff', ...random.pick([[], ['--json']])],
    ['overview'],
    ['queue', ...random.pick([[], ['--json'], ['--payloads']])],
    random.pick([
      ['status', '--platform', 'android', '--adb', adb],
      ['status', '--platform', 'ios', '--xcrun', adb],
    ]),
    random.pick([
      ['logs', '--platform', 'android', '--adb', adb, '--history'],
      ['devices', '--adb', adb],
    ]),
    random.pick([
      ['trigger', '--platform', 'android', '--adb', adb, '--timeout', '1s'],
      ['trigger', '--platform', 'local', '--budget', '500ms'],
    ]),
    random.pick([
      ['init', '--yes', '--allow-dirty'],
      ['init', '--yes'],
      ['init', '--dry-run'],
      ['init', '--dry-run', '--json'],
      ['init', '--yes', '--allow-dirty', '--module-dir', 'modules/other'],
    ]),
    random.pick([
      ['update', '--yes', '--allow-dirty'],
      ['update', '--dry-run'],
      ['update', '--yes', '--json'],
    ]),
    random.pick([
      ['doctor', '--fix', '--yes', '--allow-dirty'],
      ['doctor', '--fix', '--dry-run'],
    ]),
    random.pick([
      ['remove', '--yes', '--force', '--allow-dirty'],
      ['remove', '--dry-run'],
      ['remove', '--retire', '--yes', '--allow-dirty'],
    ]),
  ];
  while (!options.all && all.length > COMMANDS) all.splice(random.below(all.length), 1);
  return all;
}

/** The handler is the user's own code: what it reads and prints is its own. */
const runsHandler = (args: readonly string[]): boolean => args.includes('local');

class Suite {
  findings: Finding[] = [];
  commands = 0;
  trees = 0;
  traced = 0;
  /** Trees that `remove` was tried in after `init`. */
  undone = 0;
  /** `kind command`: what met what. */
  readonly met = new Map<string, number>();
  readonly names = new Set<string>();
  readonly hasOther: boolean;
  readonly hasStrace: boolean;
  private readonly top: string;
  private readonly cli: string;
  private readonly adb: string;
  private readonly bases: readonly Base[];
  private readonly servers: { readonly own: Server; readonly other: Server }[];

  constructor() {
    this.top = mkdtempSync(join(tmpdir(), 'bgsync-hostile-'));
    chmodSync(this.top, 0o755);
    // A build meanwhile takes no file away, and another user may read it.
    this.cli = join(this.top, 'cli');
    for (const part of ['bin', 'dist', 'templates', 'package.json']) {
      cpSync(join(options.cli, part), join(this.cli, part), { recursive: true });
    }
    symlinkSync(join(REPO, 'node_modules'), join(this.cli, 'node_modules'));
    this.bases = makeBases(this.top);
    this.adb = join(this.top, 'adb');
    writeFileSync(
      this.adb,
      `#!/bin/sh\ncase "$*" in\n  version) echo 'Android Debug Bridge version 1.0.41' ;;\n  'devices -l') printf 'List of devices attached\\nphone device product:p\\n' ;;\n  *sys.boot_completed*) echo 1 ;;\nesac\n`,
    );
    chmodSync(this.adb, 0o755);
    const isRoot = process.getuid?.() === 0;
    this.hasOther = isRoot && canBeAnother();
    this.hasStrace = spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;
    const home = (name: string, { uid = 0, gid = 0 }: { uid?: number; gid?: number }): string => {
      const folder = join(this.top, name);
      mkdirSync(folder, { mode: 0o700 });
      if (uid !== 0) execFileSync('chown', [`${uid}:${gid}`, folder]);
      return folder;
    };
    this.servers = Array.from({ length: availableParallelism() }, (_, n) => ({
      own: new Server(this.cli, home(`home-${n}`, {}), {}),
      other: new Server(this.cli, home(`other-${n}`, asAnother()), asAnother()),
    }));
  }

  /** @returns the faults that no property saw */
  async tryFaults(): Promise<string[]> {
    const missed: string[] = [];
    const waiting = Object.entries(FAULTS).filter(
      ([fault]) => this.hasStrace || fault !== 'readsOutside',
    );
    await this.eachServer(waiting, async ([fault, expected], servers) => {
      const found = await this.tryTree(0, servers, {
        limits: { ...LIMITS, seconds: 3, hangsMs: fault === 'hangs' ? 8000 : LIMITS.hangsMs },
        fault,
      });
      if (!found.some(({ text }) => expected.test(text))) missed.push(fault);
    });
    return missed;
  }

  async run(): Promise<void> {
    await this.eachServer(seeds, async (seed, servers) => {
      if (this.findings.length >= MAX_FINDINGS) return;
      const found = await this.tryTree(seed, servers, { limits: LIMITS });
      for (const { command, text } of found) {
        const [first = ''] = text.split('\n');
        process.stdout.write(`FOUND tree ${seed}: bgsync ${command}: ${first.slice(0, 300)}\n`);
      }
      this.findings.push(...found);
      this.trees += 1;
    });
  }

  /** @returns pairs of a kind of attack and a command that never met */
  unmet(): string[] {
    const kinds = KINDS.filter(
      (kind) => kind !== 'permission' || this.hasOther || process.getuid?.() !== 0,
    );
    return kinds.flatMap((kind) =>
      [...this.names].map((name) => `${kind} ${name}`).filter((pair) => !this.met.has(pair)),
    );
  }

  stop(): void {
    for (const { own, other } of this.servers) {
      own.stop();
      other.stop();
    }
    if (!options.keep) rmSync(this.top, { recursive: true, force: true });
  }

  private async eachServer<T>(
    items: readonly T[],
    use: (item: T, servers: Suite['servers'][number]) => Promise<void>,
  ): Promise<void> {
    const waiting = items.values();
    await Promise.all(
      this.servers.map(async (servers) => {
        for (const item of waiting) await use(item, servers);
      }),
    );
  }

  /** @param seed 0: a plain tree, for a fault */
  private async tryTree(
    seed: number,
    servers: Suite['servers'][number],
    { limits, fault }: Way,
  ): Promise<Finding[]> {
    const found: Finding[] = [];
    const random = new Random(seed);
    const folder = join(this.top, `w${seed}${fault ?? ''}`);
    const isOther = random.chance(0.33) && this.hasOther && fault === undefined;
    const canary = canaryOf(seed);
    const picked = random.pick(this.bases);
    const place = OF_INIT[fault ?? ''];
    const base = this.bases.find(({ name }) => name === place) ?? picked;
    const world: World = {
      root: join(folder, 'repo'),
      layout: base.layout,
      outside: join(folder, 'outside'),
      pwned: join(folder, 'outside/pwned'),
      isBound: isOther || process.getuid?.() !== 0,
    };
    mkdirSync(join(folder, 'home'), { recursive: true });
    makeOutside(world.outside, canary);
    for (const [path, bytes] of base.files) {
      mkdirSync(dirname(join(world.root, path)), { recursive: true });
      writeFileSync(join(world.root, path), bytes);
    }
    if (random.chance(0.6) || fault !== undefined)
      cpSync(base.git, join(world.root, '.git'), { recursive: true });
    const attacks = fault === undefined ? attack(world, random) : [];
    if (isOther) {
      const { uid = 0, gid = 0 } = asAnother();
      await outputOf('chown', ['-R', '-h', `${uid}:${gid}`, folder], {});
    }
    const before = snapshot(world.outside);
    const gitBefore = gitSnapshot(world.root);
    const env = {
      PATH: process.env.PATH,
      HOME: join(folder, 'home'),
      XDG_CACHE_HOME: join(folder, 'home/cache'),
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
      GIT_CEILING_DIRECTORIES: folder,
    };
    const server = isOther ? servers.other : servers.own;
    const ask = (args: readonly string[]): Promise<Answer> =>
      server.run(
        { args, cwd: world.root, env, fault: fault === 'readsOutside' ? undefined : fault },
        limits.hangsMs,
      );
    const commands =
      fault === undefined
        ? commandsFor(random, this.adb)
        : [place === undefined ? ['diff'] : ['init', '--yes', '--allow-dirty']];
    for (const args of commands) {
      // A journal is of a command that was interrupted, whose changes `init` takes back first.
      const isUndone =
        args[0] === 'init' &&
        !args.includes('--dry-run') &&
        !base.hasSync &&
        !attacks.some(({ kind }) => kind === 'journal' || kind === 'lock');
      const atFirst = isUndone ? repoEntries(world.root) : undefined;
      const command = args.join(' ').replace(this.top, '<top>');
      const report = (text: string): void => void found.push({ seed, command, text, attacks });
      const answer = await ask(args);
      this.commands += 1;
      const [name = ''] = args;
      this.names.add(name);
      for (const { kind } of attacks) {
        this.met.set(`${kind} ${name}`, (this.met.get(`${kind} ${name}`) ?? 0) + 1);
      }
      judge(answer, runsHandler(args) ? undefined : canary, limits, report);
      if (answer.megabytes > limits.megabytes) {
        server.stop();
        report(`its process has had ${Math.round(answer.megabytes)} MB`);
      }
      const after = snapshot(world.outside);
      if (after !== before) {
        report(`something outside changed:\n${difference(before, after)}`);
        break;
      }
      if (gitSnapshot(world.root) !== gitBefore) {
        report(`what git obeys changed:\n${difference(gitBefore, gitSnapshot(world.root))}`);
        break;
      }
      if (atFirst !== undefined && isDone(answer)) {
        this.undone += 1;
        await tryUndoing(world, args, { atFirst, ask, report });
      }
    }
    // A secret that was copied into the repo is one that the next commit gives away.
    for (const path of await filesWith(world.root, canary)) {
      found.push({ seed, command: '(all)', text: `${path} has the secret now`, attacks });
    }
    const isTraced =
      fault === undefined
        ? seed % TRACED === 0 || options.tree !== undefined
        : fault === 'readsOutside';
    if (this.hasStrace && !isOther && isTraced) {
      const args = random.pick([
        ['doctor'],
        ['diff'],
        ['init', '--dry-run'],
        ['update', '--dry-run'],
        ['remove', '--dry-run'],
      ]);
      const hook = fileURLToPath(new URL('faults.mjs', import.meta.url));
      const lines = await strays(
        [
          process.execPath,
          ...(fault === undefined ? [] : ['--import', hook]),
          join(this.cli, 'bin/bgsync.js'),
          ...args,
        ],
        {
          root: world.root,
          outside: world.outside,
          env: { ...env, BGSYNC_HOSTILE_FAULT: fault },
          log: join(folder, 'trace'),
        },
      );
      this.traced += 1;
      for (const line of lines.slice(0, 3)) {
        found.push({ seed, command: args.join(' '), text: `asked the system: ${line}`, attacks });
      }
    }
    if (!options.keep) {
      await outputOf('sh', ['-c', 'chmod -R u+rwX "$1"; rm -rf "$1"', 'sh', folder], {});
    }
    return found;
  }
}

const isDone = ({ code }: Answer): boolean => code === 0 || code === 3;

interface Undoing {
  /** Of the repo before `init`. */
  readonly atFirst: ReadonlyMap<string, string>;
  readonly ask: (args: readonly string[]) => Promise<Answer>;
  readonly report: (text: string) => void;
}

/** Whether what `init` did is what was meant, and `remove` takes it back; `init` does it once more for what comes next. */
async function tryUndoing(
  { root, layout }: World,
  args: readonly string[],
  { atFirst, ask, report }: Undoing,
): Promise<void> {
  const pubspec = join(layout.app, 'pubspec.yaml');
  const module = args.includes('--module-dir') ? args.at(-1) : relative(layout.app, layout.module);
  const textIn = (entries: ReadonlyMap<string, string>): string =>
    entries.get(pubspec)?.replace(/^\d+ /, '') ?? '';
  const fault = pubspecFault(textIn(atFirst), textIn(repoEntries(root)), module ?? '');
  if (fault !== undefined) report(`pubspec.yaml says something else: ${fault}`);
  const answer = await ask(['remove', '--yes', '--force', '--allow-dirty']);
  if (!isDone(answer)) report(`remove ended with ${answer.code ?? 'null'}:\n${answer.stderr}`);
  const left = changesOf(atFirst, repoEntries(root));
  if (left.length > 0)
    report(`remove left ${left.length} not as it was: ${left.join('\n').slice(0, 2000)}`);
  await ask(args);
}

/** @param canary undefined where it may be printed */
function judge(
  { code, stdout, stderr, seconds }: Answer,
  canary: string | undefined,
  limits: Limits,
  report: (text: string) => void,
): void {
  const output = stdout + stderr;
  if (code === undefined) report(`it did not end, or not within its memory: ${stderr}`);
  else if (code === null || !CODES.has(code))
    report(`it ended with ${code ?? 'null'}:\n${stderr.slice(0, 2000)}`);
  if (seconds > limits.seconds) report(`it took ${Math.round(seconds)} s`);
  const secret = canary === undefined ? -1 : output.indexOf(canary);
  if (secret >= 0)
    report(`it printed a secret: …${output.slice(Math.max(0, secret - 200), secret + 40)}`);
  const at = OBEYED.exec(output);
  if (at !== null)
    report(
      `it printed what a terminal obeys: ${JSON.stringify(output.slice(Math.max(0, at.index - 80), at.index + 40))}`,
    );
  if (code !== 0 && code !== undefined && output.trim() === '')
    report(`it ended with ${code ?? 'null'} and without a word`);
}

/** Findings with one cause show once, with how often they were met. */
function printFindings(findings: readonly Finding[]): void {
  const kinds = new Map<string, Finding[]>();
  for (const finding of findings) {
    const lines = finding.text.replaceAll(/\d+/g, 'N').split('\n');
    const kind = lines.slice(0, 4).join('\n').slice(0, 300);
    kinds.set(kind, [...(kinds.get(kind) ?? []), finding]);
  }
  for (const [first, ...more] of kinds.values()) {
    if (first === undefined) continue;
    const { seed, command, text, attacks } = first;
    process.stdout.write(
      `\n${more.length + 1} times: ${text}\n  in: bgsync ${command}\n  tree: ${attacks.map((done) => JSON.stringify(done.text)).join('\n        ')}\n  again: npm run test:hostile -- --tree ${seed} --keep\n`,
    );
  }
}

const begin = Date.now();
const secondsSince = (): number => Math.round((Date.now() - begin) / 1000);
process.stdout.write(
  `hostile repos: ${seeds.length}, seeds ${seeds[0] ?? ''} to ${seeds.at(-1) ?? ''}\n`,
);
const suite = new Suite();
if (process.getuid?.() === 0 && !suite.hasOther)
  process.stderr.write(
    'HOSTILE: Node cannot be run as another user here: permissions are not tried\n',
  );
if (!suite.hasStrace)
  process.stderr.write(
    'HOSTILE: no strace here: reads outside are seen by what is printed alone\n',
  );
try {
  const missed = await suite.tryFaults();
  if (missed.length > 0) {
    process.stdout.write(`HOSTILE: no property sees these faults: ${missed.join(', ')}\n`);
    process.exitCode = 2;
  }
  process.stdout.write(`${Object.keys(FAULTS).length} faults tried, ${secondsSince()} s\n`);
  suite.commands = 0;
  await suite.run();
} finally {
  suite.stop();
}
printFindings(suite.findings);
process.stdout.write(
  `\n${suite.trees} trees, ${suite.commands} commands, ${suite.traced} traced, ${suite.undone} undone, ${secondsSince()} s: ${suite.findings.length} findings\n`,
);
const unmet = seeds.length < WHOLE_RUN || suite.findings.length > 0 ? [] : suite.unmet();
if (seeds.length >= SOME_UNDONE && suite.findings.length === 0 && suite.undone === 0)
  unmet.push('init that applies, and remove');
if (suite.trees === 0 || suite.commands < suite.trees || unmet.length > 0) {
  process.stdout.write(`HOSTILE: the suite itself is broken; never met: ${unmet.join(', ')}\n`);
  process.exitCode = 2;
}
if (suite.findings.length > 0) process.exitCode = 1;
