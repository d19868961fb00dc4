import { posix } from 'node:path';
import type { ProjectProblem } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { findXcodeProjects, folderOfProject, readXcodeTargets } from './xcode-targets.ts';
import type { ProjectSources, XcodeTarget } from './xcode-targets.ts';

export type IosAppTarget = XcodeTarget;

export interface IosApp {
  /** Folders that hold an Xcode project, relative to the root; '' is the root. */
  readonly folders: readonly string[];
  readonly targets: readonly IosAppTarget[];
  /** What the app targets build for where none of them is for iOS: `tvOS`. Else empty. */
  readonly onlyFor: readonly string[];
  /** Whether an Xcode project has a file of that name. */
  mentions(fileName: string): boolean;
  /**
   * Whether some target compiles a file, by its path.
   *
   * @returns undefined where a project has no lists of what its targets compile
   */
  compiles(path: string): boolean | undefined;
  /** What stands in the way of knowing the targets, in words; a file that may not be read is its reader's to note. */
  readonly problems: readonly ProjectProblem[];
}

/** @returns undefined where there is no Xcode project */
export async function readIosApp(
  files: ReadOnlyFiles,
  host: 'native' | 'hosted',
): Promise<IosApp | undefined> {
  const projects = await findXcodeProjects(files, host);
  if (projects.length === 0) return undefined;
  const { targets, sources, unreadable, onlyFor } = await readXcodeTargets(files, projects);
  const texts = await Promise.all(projects.map((path) => files.read(path)));
  return {
    mentions: (fileName) => texts.some((text) => text?.includes(fileName) === true),
    compiles: (path) => compilesIn(sources, path),
    folders: [...new Set(projects.map(folderOfProject))],
    targets,
    onlyFor,
    problems: [
      ...unreadable,
      ...targets.flatMap(({ missing }) => missing).filter(({ kind }) => kind !== 'unread'),
    ],
  };
}

function compilesIn(projects: readonly ProjectSources[], path: string): boolean | undefined {
  for (const { folder, compiled } of projects) {
    if (compiled === undefined) return undefined;
    const inside = posix.relative(folder, path);
    const { files, folders, names } = compiled;
    const isTaken = folders.some((one) => one === '' || inside.startsWith(`${one}/`));
    if (isTaken || files.has(inside) || names.has(posix.basename(path))) return true;
  }
  return projects.length === 0 ? undefined : false;
}
