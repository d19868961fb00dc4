import type { ProjectProblem } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { findXcodeProjects, folderOfProject, readXcodeTargets } from './xcode-targets.ts';
import type { XcodeTarget } from './xcode-targets.ts';

export type IosAppTarget = XcodeTarget;

export interface IosApp {
  /** Folders that hold an Xcode project, relative to the root; '' is the root. */
  readonly folders: readonly string[];
  readonly targets: readonly IosAppTarget[];
  /** Whether an Xcode project has a file of that name. */
  mentions(fileName: string): boolean;
  /** What stands in the way of knowing the targets, in words. */
  readonly problems: readonly ProjectProblem[];
}

/** @returns undefined where there is no Xcode project */
export async function readIosApp(
  files: ReadOnlyFiles,
  host: 'native' | 'hosted',
): Promise<IosApp | undefined> {
  const projects = await findXcodeProjects(files, host);
  if (projects.length === 0) return undefined;
  const { targets, unreadable } = await readXcodeTargets(files, projects);
  const texts = await Promise.all(projects.map((path) => files.read(path)));
  return {
    mentions: (fileName) => texts.some((text) => text?.includes(fileName) === true),
    folders: [...new Set(projects.map(folderOfProject))],
    targets,
    problems: [...unreadable, ...targets.flatMap(({ missing }) => missing)],
  };
}
