import { posix, relative } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { findIgnoreRule } from '../formats/gitignore.ts';
import { hasPathBelow } from '../formats/git-index.ts';
import { readJsonPath } from '../formats/json-lists.ts';
import { lineNumber } from '../formats/text.ts';
import { at } from '../place.ts';
import type { Prebuild, PrebuildRun } from './expo-facts.ts';
import { findGitFolder, readGitIndex } from './git-folder.ts';
import type { GitFolder } from './git-folder.ts';
import { looseFiles } from './read-only-files.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** Files with commands that a build is made by; below the last, each file. */
const OF_BUILDS = {
  files: [
    ...['Makefile', 'justfile', 'Justfile', 'Taskfile.yml', 'fastlane/Fastfile'],
    ...['bitrise.yml', 'codemagic.yaml', '.gitlab-ci.yml', 'azure-pipelines.yml', 'Jenkinsfile'],
    '.circleci/config.yml',
  ],
  folders: ['.github/workflows', '.eas/build', '.eas/workflows', 'scripts'],
} as const;

/** What a folder of these may have of files that are read. */
const MOST_FILES = 200;

/** The second is a step of EAS: https://docs.expo.dev/custom-builds/schema/#easprebuild */
const COMMAND = /\bexpo(?:-cli)?(?:@[\w.^~-]+)?["']?,?\s+["']?prebuild\b|\beas\/prebuild\b/;
const FOR_ANDROID = /\s(?:-p|--platform)[\s=]["']?android\b/;
const COMMENT = /^\s*(?:#|\/\/|\*)/;

/** @returns the line that has a command which writes ios/, 1-based */
function lineOfCommand(text: string): number | undefined {
  const lines = text.split(/\r\n|\r|\n/);
  const index = lines.findIndex(
    (line) => COMMAND.test(line) && !FOR_ANDROID.test(line) && !COMMENT.test(line),
  );
  return index === -1 ? undefined : index + 1;
}

/**
 * Whether prebuild writes ios/ of an app that has it in the repo, as far as the repo tells: somebody may always run it by
 * hand.
 *
 * @param root of the app, absolute
 * @param isAndroidMade whether prebuild makes android/, which is not in the repo
 */
export async function findPrebuild(
  fs: FileSystem,
  root: string,
  isAndroidMade: boolean,
): Promise<Prebuild> {
  const app = looseFiles(fs, root);
  const git = await findGitFolder(fs, root);
  const isTop = git === undefined || git.top === root;
  const runs =
    (await inEas(app)) ??
    (await inScripts(app)) ??
    (await inBuilds(app)) ??
    (isTop ? undefined : await above(fs, git.top, root));
  if (runs !== undefined) return { kind: 'runs', ...runs };
  if (isAndroidMade) {
    const reason =
      'No android/ is in the repo: `npx expo prebuild`, which makes it, writes ios/ too unless it is given --platform android';
    return { kind: 'undecided', reason };
  }
  const inGit = git && (await isTracked(fs, git, root));
  if (inGit === true) return { kind: 'never' };
  const reason =
    inGit === false
      ? 'Git does not have ios/, nor ignores it: prebuild may have made it'
      : 'Whether git has ios/ cannot be told';
  return { kind: 'undecided', reason };
}

/**
 * EAS Build runs prebuild where what is uploaded has no ios/
 * (https://docs.expo.dev/build-reference/ios-builds/#remote-steps); a command of its own is only written where it does.
 */
async function inEas(files: ReadOnlyFiles): Promise<PrebuildRun | undefined> {
  const eas = (await files.read('eas.json')) ?? '';
  for (const [found, command = ''] of eas.matchAll(/"prebuildCommand"\s*:\s*"([^"]*)"/g)) {
    if (FOR_ANDROID.test(command)) continue;
    const line = lineNumber(eas, eas.indexOf(found));
    return { file: 'eas.json', line, says: 'EAS Build has a prebuildCommand' };
  }
  const text = await files.read('.easignore');
  const rule = text && findIgnoreRule([{ folder: '', text }], 'ios');
  if (!rule) return undefined;
  const says = 'EAS Build gets no ios/, and runs prebuild';
  return { file: '.easignore', line: rule.line, says };
}

async function inScripts(files: ReadOnlyFiles): Promise<PrebuildRun | undefined> {
  const file = 'package.json';
  const text = (await files.read(file)) ?? '';
  const scripts = Object.values(readJsonPath(text, ['scripts']) ?? {}).map(String);
  if (!scripts.some((script) => lineOfCommand(script) !== undefined)) return undefined;
  return { file, line: lineOfCommand(text) ?? 1, says: 'a script runs prebuild' };
}

async function inBuilds(files: ReadOnlyFiles): Promise<PrebuildRun | undefined> {
  const paths: string[] = [...OF_BUILDS.files];
  for (const folder of OF_BUILDS.folders) {
    const entries = await files.entries(folder).catch(() => []);
    const names = entries.flatMap(({ name, kind }) => (kind === 'file' ? [name] : []));
    paths.push(...names.slice(0, MOST_FILES).map((name) => posix.join(folder, name)));
  }
  for (const path of paths) {
    const text = await files.read(path).catch(() => undefined);
    const line = lineOfCommand(text ?? '');
    if (line !== undefined) return { file: path, line, says: 'a build runs prebuild' };
  }
  return undefined;
}

/** The same in the repository around the app: a monorepo has its workflows at its top. */
async function above(fs: FileSystem, top: string, root: string): Promise<PrebuildRun | undefined> {
  const files = looseFiles(fs, top);
  const found = (await inScripts(files)) ?? (await inBuilds(files));
  const up = relative(root, top).replaceAll('\\', '/');
  return found && { ...found, file: posix.join(up, found.file) };
}

async function isTracked(
  fs: FileSystem,
  git: GitFolder,
  root: string,
): Promise<boolean | undefined> {
  // Before the first file is added there is none.
  if (!(await fs.exists(at(git.folder, 'index')))) return false;
  const index = await readGitIndex(fs, git);
  const prefix = relative(git.top, root).replaceAll('\\', '/');
  return index && hasPathBelow(index, posix.join(prefix, 'ios/'));
}
