import { readManifests } from './manifests.ts';
import type { Manifest } from './manifests.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** Folders below `modules/` of an app: https://docs.expo.dev/modules/get-started/#adding-a-local-expo-module */
async function moduleFolders(files: ReadOnlyFiles): Promise<readonly string[]> {
  if (!(await files.exists('modules'))) return [];
  return (await files.entries('modules'))
    .filter(({ kind }) => kind === 'directory')
    .map(({ name }) => `modules/${name}`);
}

/**
 * The manifests of the Expo modules that live in the app.
 *
 * @param generated the folder of the generated package, which is left out
 */
export async function localManifests(
  files: ReadOnlyFiles,
  generated: string | undefined,
): Promise<readonly Manifest[]> {
  const found: Manifest[] = [];
  for (const folder of await moduleFolders(files)) {
    if (folder === generated) continue;
    if (!(await files.exists(`${folder}/expo-module.config.json`))) continue;
    found.push(...(await readManifests(files, `${folder}/android`)));
  }
  return found;
}

/** A line of a Gradle script; one with a slash in front of it may be a comment. */
const asksForWork = (line: string): boolean =>
  line.split('/', 1)[0]?.includes('androidx.work:work-runtime') === true;

/** A local module that asks for androidx.work, and where: its build is none of a project of the app's own. */
export async function localModuleWithWork(
  files: ReadOnlyFiles,
): Promise<{ readonly file: string; readonly line: number } | undefined> {
  for (const folder of await moduleFolders(files)) {
    for (const build of ['build.gradle', 'build.gradle.kts']) {
      const file = `${folder}/android/${build}`;
      const text = (await files.exists(file)) ? await files.read(file) : undefined;
      const at = text?.split('\n').findIndex(asksForWork) ?? -1;
      if (at !== -1) return { file, line: at + 1 };
    }
  }
  return undefined;
}
