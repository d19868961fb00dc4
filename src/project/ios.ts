import { join, posix, relative } from 'node:path';
import { readPlistDict } from '../formats/plist.ts';
import {
  PbxprojSyntaxError,
  findAppTargets,
  parsePbxproj,
  resolveBuildPath,
} from '../formats/pbxproj.ts';
import type { AppTarget } from '../formats/pbxproj.ts';
import type { FileSystem } from '../file-system.ts';
import type { IosProject, IosTarget, ProjectProblem } from './project.ts';
import { readText } from './read-text.ts';

/** The iOS app targets, from the project graph: target → build settings → INFOPLIST_FILE. Never by globbing. */
export async function detectIos(fs: FileSystem, root: string): Promise<IosProject | undefined> {
  const projects = (await fs.list(join(root, 'ios'))).filter(
    (name) => name.endsWith('.xcodeproj') && name !== 'Pods.xcodeproj',
  );
  if (projects.length === 0) return undefined;

  const targets: IosTarget[] = [];
  const problems: ProjectProblem[] = [];
  for (const name of projects) {
    const path = `ios/${name}/project.pbxproj`;
    const text = await readText(fs, join(root, path));
    if (text === undefined) continue;
    try {
      for (const target of findAppTargets(parsePbxproj(text))) {
        const { plists, unresolved } = await resolveInfoPlists(fs, root, target);
        problems.push(...unresolved.map((reason) => ({ path, reason })));
        const isSceneBased = await anyDeclaresScenes(fs, root, plists);
        targets.push({ name: target.name, project: path, infoPlists: plists, isSceneBased });
      }
    } catch (error) {
      if (!(error instanceof PbxprojSyntaxError)) throw error;
      problems.push({ path, reason: `it cannot be read: ${error.message}` });
    }
  }
  return { targets, problems };
}

async function resolveInfoPlists(
  fs: FileSystem,
  root: string,
  target: AppTarget,
): Promise<{ plists: string[]; unresolved: string[] }> {
  const plists = new Set<string>();
  const unresolved = new Set<string>();
  const who = `target ${target.name}`;
  for (const configuration of target.configurations) {
    const raw = configuration.infoPlistFile;
    if (raw === undefined) {
      unresolved.add(
        configuration.generatesInfoPlist
          ? `${who} has no Info.plist file (GENERATE_INFOPLIST_FILE = YES)`
          : `${who} names no INFOPLIST_FILE in configuration ${configuration.name}`,
      );
      continue;
    }
    const resolved = resolveBuildPath(raw, {
      ...configuration.settings,
      SRCROOT: '.',
      PROJECT_DIR: '.',
    });
    if (resolved.path === undefined) {
      unresolved.add(`${who}: INFOPLIST_FILE = ${raw} needs $(${resolved.unresolved})`);
      continue;
    }
    const path = relative(root, join(root, 'ios', resolved.path)).replaceAll('\\', '/');
    if (path.startsWith('..') || posix.isAbsolute(path)) {
      unresolved.add(`${who}: INFOPLIST_FILE = ${raw} lies outside the app`);
    } else if (await fs.exists(join(root, path))) {
      plists.add(path);
    } else {
      unresolved.add(`${who}: INFOPLIST_FILE = ${raw} is not there`);
    }
  }
  return { plists: [...plists], unresolved: [...unresolved] };
}

async function anyDeclaresScenes(
  fs: FileSystem,
  root: string,
  plists: readonly string[],
): Promise<boolean> {
  for (const path of plists) {
    const text = await readText(fs, join(root, path)).catch(() => undefined);
    if (text === undefined) continue;
    const dict = readPlistDict(text);
    if (dict.status === 'ok' && dict.keys.some(({ key }) => key === 'UIApplicationSceneManifest')) {
      return true;
    }
  }
  return false;
}
