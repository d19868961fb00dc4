import type { DoctorRepo } from '../repo.ts';

/** The Info.plists of every iOS app target, where the sync is generated for iOS. */
export async function infoPlists(repo: DoctorRepo): Promise<{ path: string; text: string }[]> {
  if (repo.config?.platforms.includes('ios') !== true) return [];
  const paths = new Set(repo.project.ios?.targets.flatMap((target) => target.infoPlists));
  const files: { path: string; text: string }[] = [];
  for (const path of paths) {
    const text = await repo.read(path);
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}
