import { XmlError, parseXml } from '@rgrove/parse-xml';
import type { XmlElement } from '@rgrove/parse-xml';
import { lineNumber } from './text.ts';

/** What bgsync reads of an AndroidManifest.xml. Lines are 1-based. */
export interface AndroidManifest {
  /** The `package` attribute: the namespace, where the build file gives none. */
  readonly package: { readonly value: string; readonly line: number } | undefined;
}

/** @returns undefined where it is no manifest */
export function readAndroidManifest(text: string): AndroidManifest | undefined {
  let root: XmlElement | null;
  try {
    root = parseXml(text, { includeOffsets: true }).root;
  } catch (error) {
    if (!(error instanceof XmlError) && !(error instanceof RangeError)) throw error;
    return undefined;
  }
  if (root?.name !== 'manifest') return undefined;
  const name = root.attributes.package;
  return {
    package: name === undefined ? undefined : { value: name, line: lineNumber(text, root.start) },
  };
}
