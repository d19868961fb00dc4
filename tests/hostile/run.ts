/**
 * Hostile repos from a grammar of attacks, and every command in each: nothing outside the repo is read or changed, no
 * program that the repo names is run, no secret and nothing that a terminal obeys is printed; every command ends within
 * ten seconds of a processor and 512 MB, with an answer that is no bug report.
 *
 *     npm run test:hostile [-- --trees 1000] [--seed 1|random] [--tree 42] [--keep]
 *
 * Each tree has a seed of its own, which a finding names: `--tree SEED` makes that one alone. As root, a third of the
 * trees are tried as another user, whom permissions bind.
 */
import { fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { asAnother, canBeAnother } from '../helpers/another-user.ts';
import { REPO, spawnCli } from '../helpers/cli.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeTemplateApp } from '../helpers/template-app.ts';
import { readTree } from '../helpers/tree.ts';
import { attack } from './attacks.ts';
import type { World } from './attacks.ts';
import { Random } from './random.ts';

/** What no command may take: of a processor, as the machine may be busy with others. */
const LIMIT_SECONDS = 10;
const LIMIT_MB = 512;

/** Then it hangs, however busy the machine. */
const HANGS_MS = 90_000;

/** More would show in no report; a fault of a kind is one. */
const MAX_FINDINGS = 200;

const { values: options } = parseArgs({
  options: {
    trees: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    tree: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const baseSeed = options.seed === 'random' ? Date.now() % 1_000_000 : Number(options.seed);
const seeds =
  options.tree === undefined
    ? Array.from({ length: Number(options.trees) }, (_, n) => baseSeed * 1_000_000 + n)
    : [Number(options.tree)];

interface Answer {
  /** Undefined where it had to be killed. */
  readonly code: number | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** The most that its process has had. */
  readonly megabytes: number;
  /** Of a processor. */
  readonly seconds: number;
}

interface Finding {
  readonly seed: number;
  readonly command: string;
  readonly text: string;
  readonly attacks: readonly string[];
}

/** One process after the other, each for many commands; a command that kills its process takes no other along. */
class Server {
  private child: ChildProcess | undefined;
  private served = 0;
  private readonly cli: string;
  private readonly ids: { uid?: number; gid?: number };

  constructor(cli: string, ids: { uid?: number; gid?: number }) {
    this.cli = cli;
    this.ids = ids;
  }

  run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Answer> {
    // What was used once counts for all that come after it.
    if (this.served >= 100) this.stop();
    this.served += 1;
    const child = (this.child ??= fork(
      new URL('server.mjs', import.meta.url),
      [join(this.cli, 'dist/index.js')],
      {
        ...this.ids,
        cwd: tmpdir(),
        execArgv: ['--max-old-space-size=400'],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    ));
    let said = '';
    const onWord = (chunk: Buffer): void => void (said += chunk.toString());
    child.stderr?.on('data', onWord);
    return new Promise((resolve) => {
      const settle = (answer: Answer): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        child.stderr?.off('data', onWord);
        resolve(answer);
      };
      const onMessage = (message: unknown): void => settle(message as Answer);
      const onExit = (code: number | null): void => {
        if (this.child === child) this.child = undefined;
        settle({
          code: undefined,
          stdout: '',
          stderr: `process ended: ${code ?? 'killed'}\n${said.slice(-500)}`,
          megabytes: 0,
          seconds: 0,
        });
      };
      const timer = setTimeout(() => child.kill('SIGKILL'), HANGS_MS);
      child.once('message', onMessage);
      child.once('exit', onExit);
      child.send({ args, cwd, env });
    });
  }

  stop(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
    this.served = 0;
  }
}

type Tree = ReadonlyMap<string, Buffer>;

interface Base {
  readonly name: string;
  readonly files: Tree;
}

/** Text alone: pictures and archives are read by no command. */
const textOf = (root: string): Tree =>
  new Map([...readTree(root)].filter(([, bytes]) => bytes.length < 200_000 && !bytes.includes(0)));

/** The states that a repo can be in, before anyone attacks it. */
function makeBases(top: string): Base[] {
  const bgsync = (root: string, ...args: string[]): void => {
    const { code, stderr } = spawnCli(args, root);
    if (code !== 0)
      throw new Error(`${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr}`);
  };
  const make = (name: string, fill: (root: string) => void): Base => {
    const root = join(top, name);
    mkdirSync(root);
    fill(root);
    return { name, files: textOf(root) };
  };
  const install = (root: string): void => {
    mkdirSync(join(root, 'node_modules/react-native'), { recursive: true });
    writeFileSync(join(root, 'node_modules/react-native/package.json'), '{"version":"0.87.2"}');
  };
  const template = (root: string): void => {
    makeTemplateApp('0.87', root);
    install(root);
  };
  return [
    make('plain', template),
    make('ready', (root) => {
      template(root);
      bgsync(root, 'init', '--yes', '--pin');
    }),
    make('retired', (root) => {
      template(root);
      bgsync(root, 'init', '--yes', '--no-pin');
      bgsync(root, 'remove', '--retire', '--yes');
    }),
    make('expo', (root) => {
      makeExpoFixture(root);
      bgsync(root, 'init', '--yes', '--no-pin');
    }),
  ];
}

/** A repository with one commit of the base, as a `.git` to copy. */
function makeGit(top: string, base: Base): string {
  const root = join(top, `git-${base.name}`);
  for (const [path, bytes] of base.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args],
      { cwd: root },
    );
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`);
  };
  git('init', '-q', '--template=');
  git('add', '-A');
  git('commit', '-qm', 'app');
  git('gc', '-q');
  return join(root, '.git');
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
}

/** Names, kinds, modes and contents: whatever a command could have changed. */
function snapshot(folder: string): string {
  const lines: string[] = [];
  const walk = (path: string): void => {
    const stat = lstatSync(path);
    const kind = stat.isDirectory()
      ? 'folder'
      : stat.isFile()
        ? readFileSync(path, 'latin1')
        : stat.isSymbolicLink()
          ? readlinkSync(path)
          : 'other';
    lines.push(`${relative(folder, path)} ${stat.mode.toString(8)} ${kind}`);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name));
  };
  walk(folder);
  return lines.join('\n');
}

/** What git runs or obeys; the rest of `.git` is git's own to change, and bgsync's journal may be there. */
const gitSnapshot = (root: string): string =>
  ['.git/config', '.git/hooks']
    .map((path) => join(root, path))
    .filter((path) => existsSync(path) && lstatSync(path.replace(/\/[^/]*$/, '')).isDirectory())
    .map((path) => {
      try {
        return snapshot(path);
      } catch {
        return '';
      }
    })
    .join('\n');

/** What a terminal obeys, or shows in another order than it is. */
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

const CODES = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130]);

/** Every command, with options that the seed chooses; those that write last, so that the attack is met by all. */
function commandsFor(random: Random, world: World): string[][] {
  const adb = join(dirname(world.outside), '../adb');
  const format = random.pick(['json', 'sarif', 'github', 'junit', 'text']);
  return [
    ['doctor', '--format', format],
    ['diff', ...random.pick([[], ['--json']])],
    random.pick([
      ['status', '--platform', 'android', '--adb', adb],
      ['logs', '--platform', 'android', '--adb', adb, '--history'],
      ['status', '--platform', 'ios', '--xcrun', adb],
      ['devices', '--adb', adb],
      ['doctor', '--baseline', 'bgsync.baseline.json'],
    ]),
    random.pick([
      ['init', '--yes', '--allow-dirty'],
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
      ['init', '--yes'],
    ]),
    random.pick([
      ['remove', '--yes', '--force', '--allow-dirty'],
      ['remove', '--dry-run'],
      ['remove', '--retire', '--yes', '--allow-dirty'],
    ]),
  ];
}

class Suite {
  readonly findings: Finding[] = [];
  commands = 0;
  trees = 0;
  strays = 0;
  private readonly top: string;
  private readonly bin: string;
  private readonly bases: readonly Base[];
  private readonly gits: readonly string[];
  private readonly servers: { readonly own: Server; readonly other: Server }[];
  private readonly hasOther: boolean;
  private readonly hasStrace: boolean;

  constructor() {
    this.top = mkdtempSync(join(tmpdir(), 'bgsync-hostile-'));
    chmodSync(this.top, 0o755);
    // A build meanwhile takes no file away, and another user may read it.
    const cli = join(this.top, 'cli');
    for (const part of ['bin', 'dist', 'templates', 'package.json']) {
      cpSync(join(REPO, part), join(cli, part), { recursive: true });
    }
    this.bin = join(cli, 'bin/bgsync.js');
    this.bases = makeBases(this.top);
    this.gits = this.bases.map((base) => makeGit(this.top, base));
    writeFileSync(
      join(this.top, 'adb'),
      `#!/bin/sh\ncase "$*" in\n  version) echo 'Android Debug Bridge version 1.0.41' ;;\n  'devices -l') printf 'List of devices attached\\nphone device product:p\\n' ;;\n  *sys.boot_completed*) echo 1 ;;\nesac\n`,
    );
    chmodSync(join(this.top, 'adb'), 0o755);
    const isRoot = process.getuid?.() === 0;
    this.hasOther = isRoot && canBeAnother();
    if (isRoot && !this.hasOther) {
      process.stderr.write(
        'HOSTILE: Node cannot be run as another user here: permissions are not tried\n',
      );
    }
    this.hasStrace = spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;
    if (!this.hasStrace)
      process.stderr.write(
        'HOSTILE: no strace here: reads outside are seen by what is printed alone\n',
      );
    this.servers = Array.from({ length: availableParallelism() }, () => ({
      own: new Server(cli, {}),
      other: new Server(cli, asAnother()),
    }));
  }

  async run(): Promise<void> {
    const waiting = [...seeds];
    await Promise.all(
      this.servers.map(async (servers) => {
        for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
          if (this.findings.length >= MAX_FINDINGS) break;
          await this.tryTree(seed, servers);
        }
      }),
    );
  }

  stop(): void {
    for (const { own, other } of this.servers) {
      own.stop();
      other.stop();
    }
    if (!options.keep) rmSync(this.top, { recursive: true, force: true });
  }

  private async tryTree(seed: number, servers: Suite['servers'][number]): Promise<void> {
    const random = new Random(seed);
    const folder = join(this.top, `w${seed}`);
    const isOther = random.chance(0.33) && this.hasOther;
    const canary = canaryOf(seed);
    const world: World = {
      root: join(folder, 'repo'),
      outside: join(folder, 'outside'),
      pwned: join(folder, 'outside/pwned'),
      isBound: isOther || process.getuid?.() !== 0,
    };
    const which = random.below(this.bases.length);
    mkdirSync(folder);
    makeOutside(world.outside, canary);
    mkdirSync(join(folder, 'home'));
    for (const [path, bytes] of this.bases[which]?.files ?? []) {
      mkdirSync(dirname(join(world.root, path)), { recursive: true });
      writeFileSync(join(world.root, path), bytes);
    }
    if (random.chance(0.6))
      cpSync(this.gits[which] ?? '', join(world.root, '.git'), { recursive: true });
    const attacks = attack(world, random);
    if (isOther) {
      const { uid = 0, gid = 0 } = asAnother();
      spawnSync('chown', ['-R', '-h', `${uid}:${gid}`, folder]);
    }
    const before = snapshot(world.outside);
    const gitBefore = gitSnapshot(world.root);
    const env = {
      PATH: process.env.PATH,
      HOME: join(folder, 'home'),
      LANG: 'C.UTF-8',
      NO_COLOR: '1',
      GIT_CEILING_DIRECTORIES: folder,
    };
    const server = isOther ? servers.other : servers.own;
    this.trees += 1;
    for (const args of commandsFor(random, world)) {
      const report = (text: string): void => {
        this.findings.push({
          seed,
          command: args.join(' ').replace(this.top, '<top>'),
          text,
          attacks,
        });
        const [first = ''] = text.split('\n');
        process.stdout.write(
          `FOUND tree ${seed}: bgsync ${args.join(' ').replace(this.top, '<top>')}: ${first}\n`,
        );
      };
      const answer = await server.run(args, world.root, env);
      this.commands += 1;
      judge(answer, canary, report);
      if (answer.megabytes > LIMIT_MB) {
        server.stop();
        report(`its process has had ${Math.round(answer.megabytes)} MB`);
      }
      if (snapshot(world.outside) !== before) {
        report(`something outside changed:\n${difference(before, snapshot(world.outside))}`);
        break;
      }
      if (gitSnapshot(world.root) !== gitBefore) {
        report('.git/config or a hook changed');
        break;
      }
    }
    this.searchForCanary(world, canary, attacks, seed);
    if (this.hasStrace && !isOther && (seed % 25 === 0 || options.tree !== undefined)) {
      this.trace(world, folder, env, seed, attacks, random);
    }
    if (options.keep) return;
    spawnSync('chmod', ['-R', 'u+rwX', folder]);
    rmSync(folder, { recursive: true, force: true });
  }

  /** A secret that was copied into the repo is one that the next commit gives away. */
  private searchForCanary(
    { root }: World,
    canary: string,
    attacks: readonly string[],
    seed: number,
  ): void {
    const { stdout } = spawnSync(
      'grep',
      ['-rlaF', '--devices=skip', '--exclude-dir=.git', canary, '.'],
      {
        cwd: root,
        encoding: 'utf8',
        timeout: 20_000,
      },
    );
    // `grep -r` follows no link below its folder.
    for (const path of stdout.split('\n').filter((line) => line !== '')) {
      this.findings.push({ seed, command: '(all)', text: `${path} has the secret now`, attacks });
      process.stdout.write(`FOUND tree ${seed}: ${path} has the secret now\n`);
    }
  }

  /** By what the system was asked: what is read, not what is seen of it. */
  private trace(
    world: World,
    folder: string,
    env: NodeJS.ProcessEnv,
    seed: number,
    attacks: readonly string[],
    random: Random,
  ): void {
    const args = random.pick([
      ['doctor'],
      ['diff'],
      ['init', '--dry-run'],
      ['update', '--dry-run'],
      ['remove', '--dry-run'],
    ]);
    const log = join(folder, 'trace');
    spawnSync(
      'strace',
      [
        '-f',
        '-qq',
        '-y',
        '-e',
        'trace=read,pread64,readv,write,unlink,unlinkat,rename,renameat2,mkdir,execve',
        '-s',
        '16',
        '-o',
        log,
        process.execPath,
        this.bin,
        ...args,
      ],
      { cwd: world.root, env, timeout: 60_000, killSignal: 'SIGKILL', stdio: 'ignore' },
    );
    const text = existsSync(log) ? readFileSync(log, 'latin1') : '';
    this.strays += 1;
    const touched = text
      .split('\n')
      .filter(
        (line) =>
          new RegExp(`(?:read|pread64|readv|write)\\(\\d+<${world.outside}/`).test(line) ||
          (/(?:unlink|rename|mkdir)/.test(line) && line.includes(`${world.outside}/`)) ||
          (line.includes('execve(') && line.includes(`"${world.root}/`)),
      );
    for (const line of touched.slice(0, 3)) {
      this.findings.push({
        seed,
        command: args.join(' '),
        text: `asked the system: ${line}`,
        attacks,
      });
      process.stdout.write(`FOUND tree ${seed}: bgsync ${args.join(' ')}: ${line.slice(0, 200)}\n`);
    }
  }
}

function judge(answer: Answer, canary: string, report: (text: string) => void): void {
  const { code, stdout, stderr } = answer;
  const output = stdout + stderr;
  if (code === undefined) report(`it did not end, or not within ${LIMIT_MB} MB: ${stderr}`);
  else if (code === null || !CODES.has(code))
    report(`it ended with ${code ?? 'null'}:\n${stderr.slice(0, 2000)}`);
  if (answer.seconds > LIMIT_SECONDS) report(`it took ${Math.round(answer.seconds)} s`);
  if (output.includes(canary))
    report(
      `it printed a secret: …${output.slice(Math.max(0, output.indexOf(canary) - 200), output.indexOf(canary) + 40)}`,
    );
  const at = OBEYED.exec(output);
  if (at !== null)
    report(
      `it printed what a terminal obeys: ${JSON.stringify(output.slice(Math.max(0, at.index - 80), at.index + 40))}`,
    );
  if (code !== 0 && code !== undefined && output.trim() === '')
    report(`it ended with ${code ?? 'null'} and without a word`);
}

function difference(before: string, after: string): string {
  const old = new Set(before.split('\n'));
  const now = new Set(after.split('\n'));
  return [
    ...[...old].filter((line) => !now.has(line)).map((line) => `- ${line.slice(0, 200)}`),
    ...[...now].filter((line) => !old.has(line)).map((line) => `+ ${line.slice(0, 200)}`),
  ].join('\n');
}

const begin = Date.now();
process.stdout.write(
  `hostile repos: ${seeds.length}, seeds ${seeds[0] ?? ''} to ${seeds.at(-1) ?? ''}\n`,
);
const suite = new Suite();
try {
  await suite.run();
} finally {
  suite.stop();
}
/** Findings with one cause show once, with how often they were met. */
const kinds = new Map<string, { first: Finding; count: number }>();
for (const finding of suite.findings) {
  const kind = finding.text
    .replaceAll(/\d+/g, 'N')
    .split('\n')
    .slice(0, 4)
    .join('\n')
    .slice(0, 300);
  const known = kinds.get(kind);
  if (known === undefined) kinds.set(kind, { first: finding, count: 1 });
  else known.count += 1;
}
for (const { first, count } of kinds.values()) {
  const { seed, command, text, attacks } = first;
  process.stdout.write(
    `\n${count} times: ${text}\n  in: bgsync ${command}\n  tree: ${attacks.map((line) => JSON.stringify(line)).join('\n        ')}\n  again: npm run test:hostile -- --tree ${seed} --keep\n`,
  );
}
const seconds = Math.round((Date.now() - begin) / 1000);
process.stdout.write(
  `\n${suite.trees} trees, ${suite.commands} commands, ${suite.strays} traced, ${seconds} s: ${suite.findings.length} findings\n`,
);
if (suite.trees === 0 || suite.commands < suite.trees * 3) {
  process.stdout.write('HOSTILE: too few commands were run: the suite itself is broken\n');
  process.exitCode = 2;
}
if (suite.findings.length > 0) process.exitCode = 1;
