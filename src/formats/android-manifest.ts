import { XmlElement, XmlError, parseXml } from '@rgrove/parse-xml';
import { lineNumber } from './text.ts';

/** What bgsync reads of an AndroidManifest.xml. Lines are 1-based. */
export interface AndroidManifest {
  /** The `package` attribute: the namespace, where the build file gives none. */
  readonly package: { readonly value: string; readonly line: number } | undefined;
  /** `android:name` of `<application>`, as it is written. */
  readonly application: string | undefined;
  /** Line of the `tools:node="remove"` that keeps WorkManager from starting by itself. */
  readonly removedInitializerLine: number | undefined;
}

const INITIALIZERS = new Set([
  'androidx.work.WorkManagerInitializer',
  // Before androidx.work 2.6.
  'androidx.work.impl.WorkManagerInitializer',
]);
const STARTUP = 'androidx.startup.InitializationProvider';

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
  const application = childrenOf(root).find(({ name }) => name === 'application');
  const removed =
    application &&
    childrenOf(application)
      .flatMap((child) => [child, ...childrenOf(child)])
      .find(
        ({ attributes }) =>
          attributes['tools:node'] === 'remove' &&
          (INITIALIZERS.has(attributes['android:name'] ?? '') ||
            attributes['android:name'] === STARTUP),
      );
  const name = root.attributes.package;
  return {
    package: name === undefined ? undefined : { value: name, line: lineNumber(text, root.start) },
    application: application?.attributes['android:name'],
    removedInitializerLine: removed && lineNumber(text, removed.start),
  };
}

/** Whether a manifest is closed: of one that was cut, or that a merge broke, elements are missing. */
export const endsAsManifest = (text: string): boolean =>
  text.trimEnd().endsWith('>') &&
  (text.includes('</manifest>') || /<manifest\b[^<>]*\/>/.test(text));

const childrenOf = (element: XmlElement): XmlElement[] =>
  element.children.filter((child): child is XmlElement => child instanceof XmlElement);
