import { readPlistStrings } from '../../formats/plist.ts';
import { infoPlistsOf } from '../../project/project.ts';
import type { Finding } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';

/** The Info.plists of every iOS app target, where the sync is generated for iOS. */
async function infoPlists(repo: DoctorRepo): Promise<{ path: string; text: string }[]> {
  if (repo.config?.platforms.includes('ios') !== true) return [];
  const files: { path: string; text: string }[] = [];
  for (const path of infoPlistsOf(repo.project)) {
    const text = await repo.read(path);
    if (text !== undefined) files.push({ path, text });
  }
  return files;
}

/** Every Info.plist whose array `key` does not hold `value`, and why not. */
export async function plistsWithout(
  repo: DoctorRepo,
  key: string,
  value: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { path: file, text } of await infoPlists(repo)) {
    const found = readPlistStrings(text, key);
    if (found.status === 'invalid') {
      findings.push({ file, message: `${key} cannot be read: ${found.reason}` });
    } else if (found.status === 'absent') {
      findings.push({ file, message: `${key} is missing; it must contain ${value}` });
    } else if (!found.values.some((one) => one.text === value)) {
      const near = found.values.find((one) => one.text.toLowerCase() === value.toLowerCase());
      const message =
        near === undefined
          ? `${key} does not contain ${value}`
          : `${key} contains ${near.text} where ${value} is needed: upper and lower case count`;
      findings.push({ file, line: near?.line ?? found.line, message });
    }
  }
  return findings;
}
