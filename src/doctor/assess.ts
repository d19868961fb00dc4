import { resolve } from 'node:path';
import { CONFIG_FILE, requireSuppressions } from '../config.ts';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { namedByUser } from '../place.ts';
import { readText } from '../project/read-text.ts';
import type { Note } from '../project/repo-files.ts';
import { printableLine } from '../terminal.ts';
import { formatBaseline, isBaseline, parseBaseline } from './baseline.ts';
import type { BaselineEntry } from './baseline.ts';
import { judge } from './judge.ts';
import type { DoctorReport } from './judge.ts';
import type { DoctorRepo } from './repo.ts';
import { idsThatRan } from './run.ts';
import type { DoctorResult } from './run.ts';

export interface AssessOptions {
  readonly strict?: boolean;
  /** A file to compare with. */
  readonly baseline?: string;
  /** A file to be written. */
  readonly writeBaseline?: string;
  readonly repo: DoctorRepo | undefined;
  readonly notes: readonly Note[];
}

/**
 * Says of each finding whether it counts, by the config’s suppressions and the baseline, which is written where that is
 * asked for.
 *
 * @throws UserError where one of these cannot be read
 */
export async function assess(
  result: DoctorResult,
  { strict = false, baseline, writeBaseline, repo, notes }: AssessOptions,
  ctx: Context,
): Promise<DoctorReport> {
  const text = await repo?.read(CONFIG_FILE);
  const suppressions = text === undefined ? [] : requireSuppressions(text);
  const rules = suppressions.length === 0 ? [] : (await import('./catalogue.ts')).RULES;
  const judgeWith = (entries: readonly BaselineEntry[] | undefined): Promise<DoctorReport> =>
    judge(result, {
      isStrict: strict,
      suppressions,
      baseline: entries,
      ids: new Set(rules.map(({ id }) => id)),
      notes,
      read: (path) => repo?.read(path) ?? Promise.resolve(undefined),
    });
  if (writeBaseline === undefined) return judgeWith(await readBaseline(baseline, ctx));

  const { findings } = await judgeWith(undefined);
  const found = findings.filter(({ state }) => state === 'new');
  const ran = idsThatRan(result);
  // With --only, the others were not looked for: they are not gone.
  const kept = (await earlierEntries(writeBaseline, ctx)).filter(({ id }) => !ran.has(id));
  const entries = [...found, ...kept];
  await reachable('written', writeBaseline, () =>
    ctx.fs.write(namedByUser(resolve(ctx.base, writeBaseline)), formatBaseline(entries)),
  );
  ctx.report.warn(printableLine(`${entries.length} findings written to ${writeBaseline}.`));
  return judgeWith(entries);
}

const readFile = (name: string, ctx: Context): Promise<string | undefined> =>
  reachable('read', name, () => readText(ctx.fs, namedByUser(resolve(ctx.base, name))));

/** @throws UserError where the system refuses: a folder of that name, or none to write into, or no permission */
async function reachable<T>(
  verb: 'read' | 'written',
  name: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof UserError || code === undefined) throw error;
    throw new UserError(`The baseline ${name} cannot be ${verb} (${code}).`, {
      hint: 'Name a file, in a folder that is there.',
    });
  }
}

/**
 * What stands in a baseline that is written anew; none where there is none, or where a merge was left unsettled.
 *
 * @throws UserError where the file is something else
 */
async function earlierEntries(name: string, ctx: Context): Promise<BaselineEntry[]> {
  const text = await readFile(name, ctx);
  if (text === undefined || text.trim() === '') return [];
  if (!isBaseline(text)) {
    throw new UserError(`${name} is not a baseline: it is left as it is.`, {
      hint: 'Give --write-baseline a name that is free.',
    });
  }
  try {
    return parseBaseline(text, name);
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}

async function readBaseline(
  name: string | undefined,
  ctx: Context,
): Promise<BaselineEntry[] | undefined> {
  if (name === undefined) return undefined;
  const text = await readFile(name, ctx);
  if (text !== undefined) return parseBaseline(text, name);
  throw new UserError(`There is no baseline ${name}.`, {
    hint: `Write it: \`npx bgsync doctor --write-baseline ${name}\``,
  });
}
