import { FLUTTER } from '../facts.ts';
import { lineNumber } from '../formats/text.ts';
import { readYaml } from '../formats/yaml.ts';
import { isAtLeast } from '../versions.ts';
import type { Located } from './project.ts';
import { PUBSPEC, mapOf, readPubspecText } from './pubspec.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/**
 * The least that `flutter.targetSdkVersion` comes to, by the oldest Flutter that pubspec.yaml and pubspec.lock allow.
 *
 * @returns undefined where the build does not set it to that, or an older Flutter may build the app
 */
export async function flutterTarget(
  files: Pick<ReadOnlyFiles, 'read'>,
  buildFile: string,
): Promise<Located<number> | undefined> {
  const text = (await files.read(buildFile)) ?? '';
  const at = text.search(/\btargetSdk(?:Version)?\s*(?:=\s*|\(\s*)?flutter\.targetSdkVersion\b/);
  if (at === -1) return undefined;
  const spec = await readPubspecText((await files.read(PUBSPEC)) ?? '');
  const lock = mapOf(await readYaml((await files.read('pubspec.lock')) ?? ''));
  const isNew = [
    mapOf(lock.sdks),
    { dart: spec?.environment.sdk, flutter: spec?.environment.flutter },
  ].some(
    ({ dart, flutter }) =>
      isAllowedFrom(dart, FLUTTER.dartWithTarget) ||
      isAllowedFrom(flutter, FLUTTER.firstWithTarget),
  );
  return isNew ? { value: FLUTTER.target, file: buildFile, line: lineNumber(text, at) } : undefined;
}

/** Whether the build has a placeholder of the manifest for the type of a plugin’s service, as some versions want it. */
export const hasServiceType = async (
  files: Pick<ReadOnlyFiles, 'read'>,
  buildFile: string,
): Promise<boolean> => (await files.read(buildFile))?.includes('foregroundServiceType') === true;

/** Whether a constraint of pub, `^3.6.0` or `>=3.6.0 <4.0.0`, allows no older version. */
function isAllowedFrom(constraint: unknown, version: string): boolean {
  if (typeof constraint !== 'string') return false;
  const least = /^(?:\^|>=?\s*)?(\d+\.\d+\.\d+)/.exec(constraint.trim())?.[1];
  return least !== undefined && isAtLeast(least, version);
}
