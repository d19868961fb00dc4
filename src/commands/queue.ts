import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { CONFIG_FILE, readConfigText, requireConfig } from '../config.ts';
import type { Config } from '../config.ts';
import type { CommandResult, Context } from '../context.ts';
import { localDataFolder } from '../devices/local/data-folder.ts';
import { UserError } from '../errors.ts';
import { formatDuration } from '../events/format.ts';
import { ExitCode } from '../exit-code.ts';
import { hostOfLock } from '../integrations/hosts.ts';
import { queueFile } from '../integrations/model.ts';
import { at } from '../place.ts';
import { findLock } from '../plan/find-lock.ts';
import { findAppRoot, requireAppRoot } from '../project/find-root.ts';
import { readText } from '../project/read-text.ts';
import { readDeviceQueue } from '../queue/device-queue.ts';
import {
  changeQueue,
  localDatabases,
  readKeyFile,
  readQueue,
  requireDatabase,
} from '../queue/queue-files.ts';
import type { QueueContent, QueueFile } from '../queue/queue-files.ts';
import { printableJson, printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';

export interface QueueOptions {
  readonly cwd?: string;
  /** A database file. */
  readonly input?: string;
  /** Whose queue; the local one's without it. */
  readonly platform?: 'local' | 'android' | 'ios';
  readonly device?: string;
  readonly app?: string;
  readonly adb?: string;
  readonly xcrun?: string;
  /** On a device: the name of the database's file, or its path from the app's data folder on. */
  readonly database?: string;
  readonly keyFile?: string;
  readonly payloads?: boolean;
  readonly retry?: string;
  readonly discard?: string;
  readonly json?: boolean;
}

/** A queue as it is shown. */
interface Shown extends QueueContent {
  /** The database: a path of this machine, or from the app's data folder on. */
  readonly file: string;
  /** A serial or UDID, where it is on a device. */
  readonly device?: string;
  readonly app?: string;
}

/** `bgsync queue`: what waits to be sent, and what someone has to decide on. Writes with `--retry` and `--discard` only. */
export async function queue(options: QueueOptions, ctx: Context): Promise<CommandResult> {
  const changes = [options.retry, options.discard].filter((key) => key !== undefined);
  if (changes.length > 1) throw new UserError('Give either --retry or --discard.');
  if (!isLocal(options) && changes.length > 0) {
    throw new UserError('--retry and --discard are for the local platform.', {
      hint: 'In an app it is the app that decides: queue.retry(key), queue.discard(key).',
    });
  }
  if (options.input !== undefined && options.platform !== undefined) {
    throw new UserError('Give either --input or --platform.');
  }
  const { platform } = options;
  if (platform === 'android' || platform === 'ios') {
    const own = [(await findAppRoot(ctx.fs, ctx.cwd)) ?? ctx.cwd, import.meta.dirname];
    const key = givenKey(options, ctx) ?? null;
    const found = await readDeviceQueue({ ...options, platform }, key, own, ctx);
    const { path, content, ...where } = found;
    return print([{ file: path, ...where, ...content }], options, ctx);
  }
  const { files, from, opener } = await databases(options, ctx);
  const found: { file: QueueFile; content: QueueContent }[] = [];
  for (const file of files) {
    const content = await readQueue(file, from);
    if (content !== undefined) found.push({ file, content });
  }
  const [first, second] = found;
  if (first === undefined) {
    if (options.input === undefined) {
      throw new UserError('The local platform has no queue of this app yet.', {
        hint: `\`npx bgsync trigger --platform local\` makes one, once ${opener} opens it; --platform android or ios reads that of a device.`,
      });
    }
    throw new UserError(`There is no queue in ${options.input}.`, {
      hint: `It is the database that ${opener} opens.`,
    });
  }
  if (second !== undefined && changes.length > 0) {
    throw new UserError('There are several queues on the local platform.', {
      hint: 'Start with `npx bgsync trigger --platform local --fresh`.',
    });
  }
  if (changes.length > 0) return change(first.file, from, options, ctx);
  const shown = found.map(({ file, content }) => ({ file: file.path, ...content }));
  return print(shown, options, ctx);
}

const isLocal = ({ input, platform }: QueueOptions): boolean =>
  input === undefined && (platform ?? 'local') === 'local';

function print(queues: readonly Shown[], options: QueueOptions, ctx: Context): CommandResult {
  if (options.json === true) {
    ctx.report.raw(
      printableJson({
        version: 1,
        bgsync: VERSION,
        queues: queues.map((one) => ({
          ...one,
          deadLetters: one.deadLetters.map((letter) => visible(letter, options)),
        })),
      }),
    );
  } else for (const one of queues) show(one, options, ctx);
  return { exitCode: ExitCode.ok };
}

/** @throws UserError where what `--key-file` names holds none */
const givenKey = ({ keyFile }: QueueOptions, { base }: Context): string | undefined =>
  keyFile === undefined ? undefined : readKeyFile(resolve(base, keyFile));

async function databases(
  options: QueueOptions,
  ctx: Context,
): Promise<{ files: QueueFile[]; from: string[]; opener: string }> {
  const own = import.meta.dirname;
  const key = givenKey(options, ctx);
  if (options.input !== undefined) {
    const path = requireDatabase(resolve(ctx.base, options.input));
    const config = await configAround(ctx);
    const opener = config === undefined ? 'the app' : queueFile(config);
    return { files: [{ path, key: key ?? null }], from: [ctx.cwd, own], opener };
  }
  const root = await requireAppRoot(ctx.fs, ctx.cwd);
  const text = await readText(ctx.fs, at(root, CONFIG_FILE));
  const config = text === undefined ? undefined : requireConfig(text);
  const lock = config && (await findLock(ctx.fs, root, config.moduleDir))?.lock;
  const host = lock && hostOfLock(lock);
  if (config === undefined) {
    throw new UserError(`There is no ${CONFIG_FILE} in ${root}.`, {
      hint: '`npx bgsync init` offers a queue; --input FILE reads one of any app.',
    });
  }
  if (config.queue === 'none') {
    const driver = host?.queueDriver ?? 'op-sqlite';
    throw new UserError(`${CONFIG_FILE} names no queue.`, {
      hint: `Write "queue": "${driver}" into it, and \`npx bgsync update\` generates one; --input FILE reads one of any app.`,
    });
  }
  if (host !== undefined && host.language !== 'javascript') {
    throw new UserError(`The queue of a ${host.name} app is on its devices alone.`, {
      hint: `--platform android or ios reads it there; --input reads a copy of the database that ${queueFile(config)} opens.`,
    });
  }
  const real = await ctx.fs.realpath(at(root, ''));
  const found = localDatabases(localDataFolder(real, ctx.env, ctx.platform));
  const files = key === undefined ? found : found.map(({ path }) => ({ path, key }));
  return { files, from: [root, own], opener: queueFile(config) };
}

/** Of the app that the command is called in; undefined where there is none that can be read. */
async function configAround(ctx: Context): Promise<Config | undefined> {
  const root = await findAppRoot(ctx.fs, ctx.cwd);
  const text = root === undefined ? undefined : await readText(ctx.fs, at(root, CONFIG_FILE));
  const parsed = text === undefined ? undefined : readConfigText(text);
  return parsed?.ok === true ? parsed.config : undefined;
}

async function change(
  file: QueueFile,
  from: readonly string[],
  { retry, discard, json }: QueueOptions,
  { report }: Context,
): Promise<CommandResult> {
  const key = retry ?? discard ?? '';
  const gone = await changeQueue(file, from, async (queue) => {
    const isDead = (await queue.deadLetters()).some((letter) => letter.key === key);
    if (!isDead) {
      throw new UserError(`${key} is no dead letter of this queue.`, {
        hint: '`npx bgsync queue` lists them, each with its key.',
      });
    }
    if (discard !== undefined) return queue.discard(key);
    await queue.retry(key);
    return [];
  });
  if (json === true) report.raw(printableJson({ version: 1, key, discarded: gone }));
  else if (discard === undefined) {
    report.line(`${printableLine(key)} is back in the queue, with what waited behind it.`);
  } else {
    report.line(`Discarded: ${gone.map(printableLine).join(', ')}.`);
  }
  return { exitCode: ExitCode.ok };
}

const visible = (
  { payload, ...letter }: QueueContent['deadLetters'][number],
  { payloads }: QueueOptions,
): object => (payloads === true ? { ...letter, payload } : letter);

function show(
  { file, device, app, encrypted, counts, oldest, nextDue, deadLetters }: Shown,
  options: QueueOptions,
  { report, shell }: Context,
): void {
  const now = Date.now();
  const ago = (time: number): string => `${formatDuration(Math.max(0, now - time))} ago`;
  const place =
    device !== undefined
      ? `${app} on ${device}`
      : options.input === undefined
        ? 'local platform'
        : relative(shell, file) || '.';
  report.line(
    `${pc.bold('queue')}  ${printableLine(file)} (${printableLine(place)}, ${encrypted ? 'encrypted' : 'not encrypted'})`,
  );
  report.line();
  const row = (name: string, count: number, note = ''): void =>
    report.line(`  ${name.padEnd(10)} ${String(count).padStart(6)}  ${pc.dim(note)}`.trimEnd());
  row('remaining', counts.remaining, oldest === null ? '' : `the oldest from ${ago(oldest)}`);
  if (counts.ready > 0) row('  ready', counts.ready);
  if (counts.waiting > 0) {
    const due = nextDue ?? now;
    const next = due <= now ? 'due now' : `the next in ${formatDuration(due - now)}`;
    row('  waiting', counts.waiting, `after a failure; ${next}`);
  }
  if (counts.blocked > 0) row('  blocked', counts.blocked, 'behind others that must go first');
  if (counts.inFlight > 0) row('  on the way', counts.inFlight, 'the outcome is not known yet');
  row('dead', counts.dead, counts.dead > 0 ? 'someone must decide' : '');
  if (counts.parked > 0) row('parked', counts.parked, 'behind a dead letter');
  for (const letter of deadLetters) {
    report.line();
    const { key, type, entityId, kind, reason, attempts, createdAt, payload } = letter;
    report.line(`  ${printableLine(key)}  ${printableLine(`${type} ${entityId} ${kind}`)}`);
    report.line(`    ${printableLine(reason || 'no reason')}`);
    report.line(
      pc.dim(`    ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}, from ${ago(createdAt)}`),
    );
    if (options.payloads === true) report.line(`    ${printableLine(JSON.stringify(payload))}`);
  }
  if (deadLetters.length > 0 && isLocal(options)) {
    report.line();
    report.line(
      'Back into the queue: `npx bgsync queue --retry <key>`. Given up: `npx bgsync queue --discard <key>`.',
    );
  }
}
