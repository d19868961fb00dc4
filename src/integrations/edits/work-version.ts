import { WORK } from '../../facts.ts';
import type { FileChange } from '../../plan/plan.ts';
import type { KnownWork } from '../../project/android-build.ts';
import { scriptsOf } from '../../project/gradle-project.ts';
import type { GradleProject } from '../../project/gradle-project.ts';
import type { ReadOnlyFiles } from '../../project/read-only-files.ts';
import { isAtLeast } from '../../versions.ts';

type Files = Pick<ReadOnlyFiles, 'read'>;

const GROUP = 'androidx.work';

/** Whether something else than androidx.work may be given the version that has this name, at that place. */
async function isSharedName(
  files: Files,
  project: GradleProject,
  name: string,
  { path, line }: { readonly path: string; readonly line: number },
): Promise<boolean> {
  const scripts = [...scriptsOf(project), ...project.others.map(({ file }) => file)];
  const own = [project.shared.catalog?.path, path].filter((one) => one !== undefined);
  // A catalog writes `-` and `_` where a script writes `.`.
  const escaped = name.replace(/[-_]/g, '[-_.]');
  const mention = new RegExp(`(?<![\\w-])${escaped}(?![\\w-])`);
  for (const file of new Set([...scripts.map((script) => script.path), ...own])) {
    const texts = ((await files.read(file)) ?? '').split('\n');
    const isOther = (text: string, index: number): boolean =>
      mention.test(text) && !text.includes(GROUP) && !(file === path && index === line - 1);
    if (texts.some(isOther)) return true;
  }
  return false;
}

/**
 * 2.11.2 in place of the 2.11.0 or 2.11.1 of androidx.work, where it stands as a literal. An older one is left to a person:
 * 2.11 has a higher minSdk and compileSdk.
 *
 * @returns none where it cannot be placed with certainty
 */
export async function raiseWork(
  files: Files,
  project: GradleProject | undefined,
  known: KnownWork | undefined,
): Promise<readonly FileChange[]> {
  if (known === undefined || !isAtLeast(known.version, WORK.level.from)) return [];
  const { file: path, line } = known.use;
  const before = await files.read(path);
  if (before === undefined || path.endsWith('.lockfile')) return [];
  const lines = before.split('\n');
  // A variable that is named after something else may give its version to more than this.
  if (!/work/i.test(lines[line - 1] ?? '')) return [];
  const parts = lines[line - 1]?.split(known.version) ?? [];
  if (
    parts.length !== 2 ||
    !/["':]$/.test(parts[0] ?? '') ||
    !/^(?:!!)?["']/.test(parts[1] ?? '')
  ) {
    return [];
  }
  const name = /([\w-]{1,80})["']?\s{0,20}[=,:]\s{0,20}(?:!!)?["']$/.exec(parts[0] ?? '')?.[1];
  const isOwnLine = lines[line - 1]?.includes(GROUP) === true;
  if (!isOwnLine) {
    if (project === undefined || name === undefined) return [];
    if (await isSharedName(files, project, name, { path, line })) return [];
  }
  lines[line - 1] = parts.join(WORK.broken.before);
  const reason = 'the first androidx.work in which a network constraint holds again';
  return [{ kind: 'edit', path, reason, before, after: lines.join('\n') }];
}
