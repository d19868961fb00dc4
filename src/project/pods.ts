import { posix } from 'node:path';
import { findUnlinkedPods, readLockedPods, readPodfilePlatforms } from '../formats/podfile.ts';
import type { LockedPod } from '../formats/podfile.ts';
import { readJsonPath } from '../formats/json-lists.ts';
import { lineNumber } from '../formats/text.ts';
import type { Located } from './project.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** What CocoaPods is told in a folder with an Xcode project, and what it did. */
export interface Pods {
  /**
   * Where the Podfile puts in React Native and never asks autolinking which packages there are.
   *
   * @param pod of the package that has to be in it
   */
  readonly unlinked: (pod: string) => Omit<Located<string>, 'value'> | undefined;
  /** Each version of iOS that the Podfile names, as far as literals tell. */
  readonly platforms: readonly Located<string>[];
  /** Undefined where there is no Podfile.lock. */
  readonly locked:
    | { readonly file: string; readonly pods: ReadonlyMap<string, LockedPod> }
    | undefined;
}

/** @param folder relative to the app's root; '' is the root */
export async function readPods(files: ReadOnlyFiles, folder: string): Promise<Pods> {
  const podfile = posix.join(folder, 'Podfile');
  const properties = posix.join(folder, 'Podfile.properties.json');
  const lock = posix.join(folder, 'Podfile.lock');
  const script = await files.read(podfile);
  const given = (await files.read(properties)) ?? '';
  const platforms = readPodfilePlatforms(script ?? '').flatMap(
    ({ value, property, line }): Located<string>[] => {
      const set = property === undefined ? undefined : readJsonPath(given, [property]);
      if (property !== undefined && typeof set === 'string') {
        const at = given.indexOf(JSON.stringify(property));
        return [{ value: set, file: properties, line: lineNumber(given, Math.max(at, 0)) }];
      }
      return value === undefined ? [] : [{ value, file: podfile, line }];
    },
  );
  const text = await files.read(lock);
  return {
    unlinked: (pod) => {
      const line = findUnlinkedPods(script ?? '', pod);
      return line === undefined ? undefined : { file: podfile, line };
    },
    platforms,
    locked: text === undefined ? undefined : { file: lock, pods: readLockedPods(text) },
  };
}
