import { posix } from 'node:path';
import { readPlistDict } from '../formats/plist.ts';
import type { FileSystem } from '../file-system.ts';
import type { InfoPlistProblem, IosProject, ProjectProblem } from './project.ts';
import { looseFiles } from './read-only-files.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';
import { findWhereReactStarts } from './scenes.ts';
import { findXcodeProjects, readXcodeTargets } from './xcode-targets.ts';
import type { MissingInfoPlist, XcodeTarget } from './xcode-targets.ts';

/** The iOS app targets in `ios/`: the .xcodeproj there; where there is none, those one or two folders below. */
export async function detectIos(fs: FileSystem, root: string): Promise<IosProject | undefined> {
  const files = looseFiles(fs, root);
  const projects = await findXcodeProjects(files, 'hosted');
  const generators = await findGenerators(files);
  if (projects.length === 0) {
    const problems = generators.map(({ path, tool, run }) => ({
      path,
      reason: `${tool} makes the Xcode project out of it, and there is none yet: run \`${run}\`, then run \`npx bgsync init\` again`,
      runAgain: true as const,
    }));
    return problems.length === 0 ? undefined : { targets: [], onlyFor: [], problems, warnings: [] };
  }

  const { targets, unreadable, onlyFor } = await readXcodeTargets(files, projects);
  const problems: InfoPlistProblem[] = [...unreadable];
  const isAnyThere = targets.some(({ infoPlists }) => infoPlists.length > 0);
  const warnings: ProjectProblem[] = generators.map(({ path, tool, keys }) => ({
    path,
    reason: `${tool} makes the Xcode project out of it. Where it makes the Info.plist too (${keys}), put UIBackgroundModes and BGTaskSchedulerPermittedIdentifiers there as well, or the next run takes them out`,
  }));
  for (const target of targets) {
    // Nobody builds a target whose Info.plist is gone.
    if (isStale(target) && isAnyThere) {
      warnings.push(
        ...target.missing.map(({ path, reason }) => ({ path, reason: `${reason}; left out` })),
      );
    } else {
      problems.push(...target.missing.map((one) => withAdvice(one, target)));
    }
    for (const plist of target.infoPlists.filter((one) => one.split('/').includes('Derived'))) {
      warnings.push({
        path: plist,
        reason:
          'a generator seems to write this file anew: put the two keys where it takes them from',
      });
    }
  }
  let start: ReturnType<typeof findWhereReactStarts> | undefined;
  const startsInApp = async (): Promise<boolean> =>
    (await (start ??= findWhereReactStarts(fs, root))) === 'app';
  return {
    targets: await Promise.all(
      targets.map(async ({ name, project, infoPlists }) => {
        const isSceneBased = (await anyDeclaresScenes(files, infoPlists)) && !(await startsInApp());
        return { name, project, infoPlists, isSceneBased };
      }),
    ),
    onlyFor,
    problems,
    warnings,
  };
}

/** Whether its files are all gone. */
const isStale = ({ infoPlists, missing }: XcodeTarget): boolean =>
  infoPlists.length === 0 && missing.length > 0 && missing.every(({ kind }) => kind === 'absent');

const GENERATORS = [
  {
    files: ['project.yml', 'project.yaml', 'project.json'],
    tool: 'XcodeGen',
    run: 'xcodegen generate',
    keys: '`info:` of a target',
  },
  {
    files: ['Project.swift'],
    tool: 'Tuist',
    run: 'tuist generate',
    keys: '`infoPlist: .extendingDefault` or `.dictionary`',
  },
] as const;

interface Generator {
  readonly path: string;
  readonly tool: string;
  readonly run: string;
  readonly keys: string;
}

/** What makes an Xcode project out of a description: XcodeGen, Tuist. */
async function findGenerators(files: ReadOnlyFiles): Promise<Generator[]> {
  const names = new Set((await files.entries('ios')).map(({ name }) => name));
  return GENERATORS.flatMap(({ files, ...generator }) => {
    const name = files.find((file) => names.has(file));
    return name === undefined ? [] : [{ ...generator, path: `ios/${name}` }];
  });
}

/** The reason with what to do about it. */
function withAdvice(
  { kind, path, reason }: MissingInfoPlist,
  { name, folder }: XcodeTarget,
): InfoPlistProblem {
  if (kind === 'generated') return { path, reason, newFile: newInfoPlist(name, folder) };
  if (kind === 'unresolved') {
    const advice =
      'Where it can be a plain path, make it one and run `npx bgsync init` again; else add this to each Info.plist that it can name';
    return { path, reason: `${reason}. ${advice}` };
  }
  if (kind === 'binary') {
    const advice = `Run \`plutil -convert xml1 ${quote(path)}\`, then run \`npx bgsync init\` again`;
    return { path, reason: `${reason}. ${advice}`, runAgain: true };
  }
  return { path, reason };
}

/** For a POSIX shell. */
const quote = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;

/**
 * Xcode generates an Info.plist from INFOPLIST_KEY_… settings, of which there is none for either key
 * (https://developer.apple.com/documentation/xcode/build-settings-reference#Info.plist-Values), and merges a file in
 * where INFOPLIST_FILE names one. Not in the target's own folder: where that is synchronized, Xcode would copy the file
 * as a resource too, and refuse.
 */
function newInfoPlist(
  target: string,
  folder: string,
): { path: string; setting: string; target: string } {
  const setting = `${target.replace(/[^\p{L}\p{N}_. -]/gu, '_')}-Info.plist`;
  return { path: posix.join(folder, setting), setting, target };
}

async function anyDeclaresScenes(
  files: ReadOnlyFiles,
  plists: readonly string[],
): Promise<boolean> {
  for (const path of plists) {
    const text = await files.read(path);
    if (text === undefined) continue;
    const dict = readPlistDict(text);
    if (dict.status === 'ok' && dict.keys.some(({ key }) => key === 'UIApplicationSceneManifest')) {
      return true;
    }
  }
  return false;
}
