import { join } from 'node:path';
import { readAndroidBuild, readProperties } from '../formats/gradle.ts';
import type { FileSystem } from '../file-system.ts';
import type { AndroidProject } from './project.ts';
import { heedsNewArchEnabled } from './react-native.ts';
import { readText } from './read-text.ts';

/** @returns undefined where there is no Android app */
export async function detectAndroid(
  fs: FileSystem,
  root: string,
  reactNative: string,
): Promise<AndroidProject | undefined> {
  for (const buildFile of ['android/app/build.gradle', 'android/app/build.gradle.kts']) {
    const text = await readText(fs, join(root, buildFile));
    if (text === undefined) continue;
    const properties = readProperties(
      (await readText(fs, join(root, 'android/gradle.properties'))) ?? '',
    );
    const isOld = properties.get('newArchEnabled') === 'false' && heedsNewArchEnabled(reactNative);
    return {
      buildFile,
      applicationId: readAndroidBuild(text).applicationId,
      architecture: isOld ? 'old' : 'new',
    };
  }
  return undefined;
}
