import type { XmlDocument, XmlElement } from '@rgrove/parse-xml';
import { posix } from 'node:path';
import { lineNumber } from '../formats/text.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** An AndroidManifest.xml: what it says, never its text. */
export interface Manifest {
  readonly path: string;
  /** `main`, `debug`, `release`, or a flavor. */
  readonly sourceSet: string;
  /** Whether it lacks its end, and so elements. */
  readonly isCut: boolean;
  /** Set where the file is not there yet, and this is what `expo prebuild` would write: `path` is that of the app config. */
  readonly prebuilt?: Prebuilt;

  /** Whether the word is anywhere in it, a comment too. */
  mentions(word: string): boolean;
  /** Its elements of this name, in their order; none where it is not well-formed. */
  elements(name: string): Promise<readonly ManifestElement[]>;
  /** The same without their place and what is in them, as far as they can be read where it is not well-formed, too. */
  tags(name: string): readonly Attributes[];
}

interface Prebuilt {
  /** Why there may be more in it. */
  readonly open: string | undefined;
  readonly targetSdk: number | undefined;
}

/** By the name as it is written: `android:name`, `tools:node`. */
export type Attributes = Readonly<Record<string, string>>;

export interface ManifestElement {
  readonly manifest: Manifest;
  readonly name: string;
  readonly attributes: Attributes;
  /** 1-based. */
  readonly line: number;
  /** 1-based: where its `android:name` stands, else its own. */
  readonly nameLine: number;
  /** The actions of its intent filters: `android.intent.action.BOOT_COMPLETED`. */
  readonly actions: readonly string[];
  /** Whether each intent filter that waits for a restart waits for data, too. */
  readonly isOfData: boolean;
}

/** An element that the manifest merger takes out: https://developer.android.com/build/manage-manifests#node_markers */
export const isRemoval = (attributes: Attributes): boolean =>
  /^remove(?:All)?$/.test(attributes['tools:node'] ?? '');

/** Of one that was cut, or that a merge broke, elements are missing. */
const isClosed = (text: string): boolean =>
  text.trimEnd().endsWith('>') &&
  (text.includes('</manifest>') || /<manifest\b[^<>]*\/>/.test(text));

/** Every offset and line break stays. */
const withoutComments = (xml: string): string =>
  xml.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\r\n]/g, ' '));

/** What is in an AndroidManifest.xml of this text. */
export function manifestOf(
  about: Pick<Manifest, 'path' | 'sourceSet' | 'prebuilt'>,
  text: string,
): Manifest {
  let document: Promise<XmlDocument | undefined> | undefined;
  const manifest: Manifest = {
    ...about,
    isCut: !isClosed(text),
    mentions: (word) => text.includes(word),
    elements: async (name) => {
      // The parser takes a while to load.
      if (!text.includes(`<${name}`)) return [];
      const root = (await (document ??= parseManifest(text)))?.root;
      return root === undefined || root === null
        ? []
        : below(root, name).map((element) => {
            const { attributes, start, end } = element;
            const at = text.indexOf('android:name', start);
            return {
              manifest,
              name,
              attributes,
              line: lineNumber(text, start),
              nameLine: lineNumber(text, at === -1 || at > end ? start : at),
              actions: actionsOf(element),
              isOfData: waitsForData(element),
            };
          });
    },
    tags: (name) => tagsIn(withoutComments(text), name),
  };
  return manifest;
}

function tagsIn(text: string, name: string): Attributes[] {
  return [...text.matchAll(new RegExp(`<${name}(?![\\w.:-])([^<>]*)>`, 'g'))].map(
    ([, inside = '']) =>
      Object.fromEntries(
        [...inside.matchAll(/(?<![\w.:-])([\w.:-]{1,60})\s{0,60}=\s{0,60}(["'])([^"']*)\2/g)].map(
          ([, key = '', , value = '']) => [key, value],
        ),
      ),
  );
}

const actionsOf = (element: XmlElement): string[] =>
  below(element, 'action').map((one) => one.attributes['android:name'] ?? '');

/** A filter with data takes no intent without: https://developer.android.com/guide/components/intents-filters#DataTest */
function waitsForData(element: XmlElement): boolean {
  const filters = below(element, 'intent-filter').filter((one) =>
    actionsOf(one).includes('android.intent.action.BOOT_COMPLETED'),
  );
  return filters.length > 0 && filters.every((one) => below(one, 'data').length > 0);
}

/** The elements of this name in another, and that one itself, in the order of the text. */
function below(root: XmlElement, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    if (element.name === name) found.push(element);
    waiting.push(...element.children.filter(isElement).reverse());
  }
  return found;
}

const isElement = (node: XmlElement['children'][number]): node is XmlElement =>
  node.type === 'element';

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
    const manifest = await readManifest(files, `${sources}/${sourceSet}`, sourceSet);
    if (manifest !== undefined) manifests.push(manifest);
  }
  return manifests;
}

/** The manifest in a folder of a source set; undefined where there is none. */
export async function readManifest(
  files: Pick<ReadOnlyFiles, 'read'>,
  folder: string,
  sourceSet = 'main',
): Promise<Manifest | undefined> {
  const path = `${folder}/AndroidManifest.xml`;
  const text = await files.read(path);
  return text === undefined ? undefined : manifestOf({ path, sourceSet }, text);
}

/** @returns undefined where it is not well-formed */
async function parseManifest(text: string): Promise<XmlDocument | undefined> {
  const { XmlError, parseXml } = await import('../formats/xml-library.ts');
  try {
    return parseXml(text, { includeOffsets: true });
  } catch (error) {
    // Not well-formed, or nested so deep that it overflows the parser's stack.
    if (!(error instanceof XmlError) && !(error instanceof RangeError)) throw error;
    return undefined;
  }
}
