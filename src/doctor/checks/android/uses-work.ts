import type { Evidence } from '../../check.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';

const WORK_PACKAGES = [
  '@capacitor/background-runner',
  'expo-background-task',
  'headless-task-worker',
];

/** Work in WorkManager's list that is not the app's own: the background sync, or a library's; undefined where none is known. */
export async function othersWork(repo: DoctorRepo): Promise<Evidence | undefined> {
  if (runningConfig(repo)?.platforms.includes('android') === true) {
    return settingOf(repo, 'platforms', 'the background sync runs on WorkManager');
  }
  const library = WORK_PACKAGES.find((name) => repo.depends(name));
  return library === undefined ? undefined : dependencyOf(repo, library);
}

/** What brings WorkManager into the app, as far as its build, its dependencies and its config tell; undefined where nothing does. */
export async function usesWork(repo: DoctorRepo): Promise<Evidence | undefined> {
  if (repo.integration?.config?.platforms.includes('android') === true) {
    return settingOf(repo, 'platforms', 'the background sync runs on WorkManager');
  }
  const other = (await othersWork(repo)) ?? (await moduleWithWork(repo));
  if (other !== undefined) return other;
  const [use] = (await repo.androidBuild())?.workUses ?? [];
  return use && { file: use.file, line: use.line, says: `asks for ${use.module}` };
}

/** A line of a Gradle script; one with a slash in front of it may be a comment. */
const asksForWork = (line: string): boolean =>
  line.split('/', 1)[0]?.includes('androidx.work:work-runtime') === true;

/** A local module of an Expo app that asks for androidx.work: its build is none of a project of the app's own. */
async function moduleWithWork(repo: DoctorRepo): Promise<Evidence | undefined> {
  if (repo.host !== 'expo' || !(await repo.exists('modules'))) return undefined;
  for (const { name, kind } of await repo.list('modules')) {
    if (kind !== 'directory') continue;
    for (const build of ['build.gradle', 'build.gradle.kts']) {
      const path = `modules/${name}/android/${build}`;
      const text = (await repo.exists(path)) ? await repo.read(path) : undefined;
      const at = text?.split('\n').findIndex(asksForWork) ?? -1;
      if (at === -1) continue;
      return { file: path, line: at + 1, says: 'asks for androidx.work:work-runtime' };
    }
  }
  return undefined;
}
