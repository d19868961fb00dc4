import { CONFIG_FILE, lineOfSetting } from '../config.ts';
import type { KnownWork } from '../project/android-build.ts';
import { lineOfDependency } from '../project/package-json.ts';
import type { Evidence } from './check.ts';
import type { DoctorRepo } from './repo.ts';

/**
 * A setting of bgsync.config.json.
 *
 * @param key dotted; where it is not written, as it has its default, the file alone is named
 * @param says what it asks for
 */
export async function settingOf(repo: DoctorRepo, key: string, says: string): Promise<Evidence> {
  const text = (await repo.read(CONFIG_FILE)) ?? '';
  const line = lineOfSetting(text, key);
  return { file: CONFIG_FILE, ...(line !== undefined && { line }), says };
}

/** A dependency's own line in package.json, with the version that it is, as far as that is known. */
export async function dependencyOf(repo: DoctorRepo, name: string): Promise<Evidence> {
  const text = (await repo.read('package.json')) ?? '';
  const version = await repo.versionText(name);
  const says = `the app depends on ${name}${version === undefined ? '' : `, here ${version}`}`;
  return { file: 'package.json', line: lineOfDependency(text, name), says };
}

/** What decides the version of androidx.work. */
export const workUse = ({ version, use }: KnownWork): Evidence => ({
  file: use.file,
  line: use.line,
  says: `${use.owner ?? 'the app'} asks for ${use.module} ${version}`,
});
