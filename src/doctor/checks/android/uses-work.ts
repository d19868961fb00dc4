import type { DoctorRepo } from '../../repo.ts';

const WORK_PACKAGES = [
  '@capacitor/background-runner',
  'expo-background-task',
  'headless-task-worker',
];

/** Whether the app has WorkManager, as far as its build, its dependencies and its config tell. */
export async function usesWork(repo: DoctorRepo): Promise<boolean> {
  if (repo.integration?.config?.platforms.includes('android') === true) return true;
  if (WORK_PACKAGES.some((name) => repo.depends(name))) return true;
  return ((await repo.androidBuild())?.workUses.length ?? 0) > 0;
}
