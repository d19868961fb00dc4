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

async function moduleWithWork(repo: DoctorRepo): Promise<Evidence | undefined> {
  if (repo.host !== 'expo') return undefined;
  const { localModuleWithWork } = await import('../../../project/expo-modules.ts');
  const found = await localModuleWithWork(repo.files);
  return found && { ...found, says: 'asks for androidx.work:work-runtime' };
}
