import { join } from 'node:path';
import { CONFIG_FILE, readConfigText } from '../config.ts';
import type { Config, ConfigProblem } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { LOCK_FILE, parseLockFile } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import { hasPendingJournal } from '../plan/journal.ts';
import { detectProject } from '../project/detect.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';

/** What checks read of the repo. */
export interface DoctorRepo {
  readonly project: Project;
  /** Undefined where bgsync.config.json is not valid; checks that need it find nothing then. */
  readonly config: Config | undefined;
  readonly configProblems: readonly ConfigProblem[];
  readonly lock: LockFile | undefined;
  readonly hasPendingJournal: boolean;
  /** @returns undefined where there is no such file; each file is read once */
  read(path: string): Promise<string | undefined>;
}

/** @throws UserError where there is no app, or no background sync of bgsync in it */
export async function openRepo(fs: FileSystem, cwd: string): Promise<DoctorRepo> {
  const project = await detectProject(fs, cwd);
  const cache = new Map<string, Promise<string | undefined>>();
  const read = (path: string): Promise<string | undefined> => {
    const text = cache.get(path) ?? readText(fs, join(project.root, path));
    cache.set(path, text);
    return text;
  };

  const text = await read(CONFIG_FILE);
  if (text === undefined) {
    throw new UserError(`There is no ${CONFIG_FILE} in ${project.root}.`, {
      hint: 'Run `npx bgsync init` first: doctor checks what it put in.',
    });
  }
  const parsed = readConfigText(text);
  const config = parsed.ok ? parsed.config : undefined;
  const lockText = config && (await read(`${config.moduleDir}/${LOCK_FILE}`));
  return {
    project,
    config,
    configProblems: parsed.ok ? [] : parsed.problems,
    lock: lockText === undefined ? undefined : parseLockFile(lockText),
    hasPendingJournal: await hasPendingJournal(fs, project.root),
    read,
  };
}
