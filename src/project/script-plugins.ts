import { posix } from 'node:path';
import { readAppliedScripts } from '../formats/gradle-build.ts';
import type { ScriptUse } from '../formats/gradle-build.ts';
import { parseGradleFile } from './gradle-scope.ts';
import type { GradleFile } from './gradle-scope.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** Scripts that are applied by their path: https://docs.gradle.org/current/userguide/plugins.html#sec:script_plugins */
export interface ScriptPlugins {
  /** The last that is applied first. */
  readonly files: readonly GradleFile[];
  readonly unread: readonly UnreadScript[];
}

export interface UnreadScript {
  /** What applies it. */
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

/** Where a script is applied. Folders are relative to the app's root. */
export interface AppliedTo {
  /** Of the project: what a path begins at, also in a script that lies elsewhere. */
  readonly project: string;
  /** Of the build. */
  readonly root: string;
}

/**
 * Made by `cap sync`, so that a clean checkout may not have them: Java’s version and dependencies, no levels of the app.
 * https://github.com/ionic-team/capacitor/blob/main/cli/src/android/update.ts
 */
const BY_CAPACITOR: ReadonlySet<string> = new Set([
  'capacitor.build.gradle',
  'cordova.variables.gradle',
]);

/**
 * What a script applies, and what that applies in turn; not what packages bring.
 *
 * @param isWanted which of the script's own
 */
export async function readScriptPlugins(
  files: ReadOnlyFiles,
  script: GradleFile,
  to: AppliedTo,
  isWanted: (use: ScriptUse) => boolean = () => true,
): Promise<ScriptPlugins> {
  const found = new Map<string, GradleFile>();
  const unread: UnreadScript[] = [];
  const follow = async (by: GradleFile, uses: readonly ScriptUse[]): Promise<void> => {
    for (const { path: written, from, line } of uses.filter((use) => !use.isPackages)) {
      const leave = (why: string): void => {
        unread.push({ file: by.path, line, reason: `the script that line ${line} applies ${why}` });
      };
      const path = written && posix.join(from === 'root' ? to.root : to.project, written);
      if (path === undefined) leave('is known to the build alone');
      else if (/^\w+:\/\//.test(written ?? '')) leave('is not in the repo');
      else if (path.startsWith('..') || posix.isAbsolute(written ?? ''))
        leave('lies outside of the app');
      else if (!found.has(path) && path !== script.path) {
        const text = await files.read(path);
        if (text === undefined) {
          if (!BY_CAPACITOR.has(posix.basename(path))) leave(`is not there: ${path}`);
          continue;
        }
        const file = parseGradleFile(path, text);
        found.set(path, file);
        await follow(file, readAppliedScripts(file.statements));
      }
    }
  };
  await follow(script, readAppliedScripts(script.statements).filter(isWanted));
  return { files: [...found.values()].reverse(), unread };
}
