import type { XmlDocument } from '@rgrove/parse-xml';
import { posix } from 'node:path';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** An AndroidManifest.xml of the app's own. */
export interface Manifest {
  readonly path: string;
  /** `main`, `debug`, `release`, or a flavor. */
  readonly sourceSet: string;
  readonly text: string;
  /** @returns undefined where it is not well-formed; nodes have offsets (`start`, `end`) */
  parse(): Promise<XmlDocument | undefined>;
  /** Set where the file is not there yet, and this is what `expo prebuild` would write: `path` is that of the app config. */
  readonly prebuilt?: {
    /** Why there may be more in it. */
    readonly open: string | undefined;
    readonly targetSdk: number | undefined;
  };
}

/**
 * The manifests of every source set of a module but its tests, in the order of their paths.
 *
 * @param folder of the module, relative to the root
 */
export async function readManifests(files: ReadOnlyFiles, folder: string): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  const sources = posix.join(folder, 'src');
  if (!(await files.exists(sources))) return [];
  for (const { name: sourceSet, kind } of await files.entries(sources)) {
    if (kind !== 'directory' || /^(?:test|androidTest)/.test(sourceSet)) continue;
    const path = `${sources}/${sourceSet}/AndroidManifest.xml`;
    const text = await files.read(path);
    if (text !== undefined) {
      manifests.push({ path, sourceSet, text, parse: () => parseManifest(text) });
    }
  }
  return manifests;
}

/** @returns undefined where it is not well-formed */
export async function parseManifest(text: string): Promise<XmlDocument | undefined> {
  const { XmlError, parseXml } = await import('../formats/xml-library.ts');
  try {
    return parseXml(text, { includeOffsets: true });
  } catch (error) {
    // Not well-formed, or nested so deep that it overflows the parser's stack.
    if (!(error instanceof XmlError) && !(error instanceof RangeError)) throw error;
    return undefined;
  }
}
