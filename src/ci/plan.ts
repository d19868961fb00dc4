import type { FileSystem } from '../file-system.ts';
import { at } from '../place.ts';
import { EMPTY_PLAN } from '../plan/plan.ts';
import type { FileChange, ManualStep, Plan } from '../plan/plan.ts';
import { readText } from '../project/read-text.ts';
import {
  GITLAB_MAIN,
  ciFiles,
  githubWorkflow,
  gitlabInclude,
  gitlabJob,
  gitlabMain,
  isAsWritten,
} from './workflows.ts';

export interface CiRequest {
  /** The repository's, absolute: CI reads its files there. */
  readonly top: string;
  /** The app's folder from there, with `/`; '' where it is the top. */
  readonly app: string;
}

/** What lets CI run doctor on the app. Reads only. Paths are from the repository's top. */
export async function planCi(
  fs: FileSystem,
  { top, app }: CiRequest,
  host: 'github' | 'gitlab',
): Promise<Plan> {
  const path = ciFiles(app)[host];
  const after = host === 'github' ? githubWorkflow(app) : gitlabJob(app);
  const job = await written(fs, top, { path, after, reason: 'runs doctor on each change' });
  const main = host === 'github' ? {} : await included(fs, top, path);
  return join(job, main);
}

/** What takes that out again, whichever of both is there. Reads only. */
export async function planCiRemoval(fs: FileSystem, { top, app }: CiRequest): Promise<Plan> {
  const { github, gitlab } = ciFiles(app);
  const parts = [];
  for (const path of [github, gitlab]) {
    const before = await readText(fs, at(top, path));
    if (before !== undefined) parts.push(removed(path, before));
  }
  const main = await readText(fs, at(top, GITLAB_MAIN));
  if (main === gitlabMain(gitlab)) parts.push(removed(GITLAB_MAIN, main));
  else if (main?.includes(gitlab) === true) {
    const snippet = gitlabInclude(gitlab).trimEnd();
    const purpose = 'let GitLab no longer include a file that is gone';
    const reason = 'the file is yours';
    parts.push({
      manual: [{ path: GITLAB_MAIN, purpose, reason, snippet, action: 'remove' as const }],
    });
  }
  const folders = ['.github/workflows', '.github', '.gitlab'];
  return { ...join(...parts), folders };
}

interface Part {
  readonly change?: FileChange;
  readonly manual?: readonly ManualStep[];
  readonly kept?: readonly string[];
}

const join = (...parts: readonly Part[]): Plan => ({
  ...EMPTY_PLAN,
  changes: parts.flatMap(({ change }) => change ?? []),
  manual: parts.flatMap(({ manual }) => manual ?? []),
  kept: parts.flatMap(({ kept }) => kept ?? []),
});

async function written(
  fs: FileSystem,
  top: string,
  {
    path,
    after,
    reason,
  }: { readonly path: string; readonly after: string; readonly reason: string },
): Promise<Part> {
  const before = await readText(fs, at(top, path));
  if (before === undefined) return { change: { kind: 'create', path, reason, after } };
  if (before.replaceAll('\r\n', '\n') === after) return {};
  if (!isAsWritten(before)) return { kept: [path] };
  return { change: { kind: 'replace', path, reason: 'as this bgsync writes it', before, after } };
}

/** GitLab's own file is the user's, as a rule, and has anchors and includes that no insertion can be sure of. */
async function included(fs: FileSystem, top: string, job: string): Promise<Part> {
  const before = await readText(fs, at(top, GITLAB_MAIN));
  if (before === undefined) {
    const reason = 'lets GitLab read the job';
    return { change: { kind: 'create', path: GITLAB_MAIN, reason, after: gitlabMain(job) } };
  }
  if (before.includes(job)) return {};
  const purpose = 'let GitLab read the job';
  const reason = 'the file is yours, and may have an `include` already';
  const snippet = gitlabInclude(job).trimEnd();
  return { manual: [{ path: GITLAB_MAIN, purpose, reason, snippet }] };
}

function removed(path: string, before: string): Part {
  if (isAsWritten(before)) {
    return { change: { kind: 'delete', path, reason: 'ran doctor in CI', before } };
  }
  const purpose = 'take bgsync out of CI';
  const reason = 'you changed the file since bgsync wrote it';
  return { manual: [{ path, purpose, reason, snippet: '', action: 'remove' }] };
}
