import { XmlElement } from '@rgrove/parse-xml';
import { lineNumber } from '../formats/text.ts';
import type { Manifest } from './manifests.ts';

export interface ManifestElement {
  readonly manifest: Manifest;
  readonly name: string;
  /** By the name as it is written: `android:name`, `tools:node`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** 1-based. */
  readonly line: number;
}

/** Source sets that are in no build for the store. */
export const isDebugSet = (sourceSet: string): boolean => /debug/i.test(sourceSet);

/** The elements of the app's manifests with this name, in the files' order. */
export async function manifestElements(
  app: { readonly manifests: () => Promise<readonly Manifest[]> },
  name: string,
): Promise<readonly ManifestElement[]> {
  const found: ManifestElement[] = [];
  for (const manifest of await app.manifests()) {
    if (!manifest.text.includes(name)) continue;
    const root = (await manifest.parse())?.root;
    if (root === undefined || root === null) continue;
    const waiting = [root];
    for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
      if (element.name === name) {
        const line = lineNumber(manifest.text, element.start);
        found.push({ manifest, name, attributes: element.attributes, line });
      }
      const below = element.children.filter((child) => child instanceof XmlElement);
      waiting.push(...below.reverse());
    }
  }
  return found;
}
