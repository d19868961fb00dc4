import { isRemoval } from './manifests.ts';
import type { Attributes, Manifest, ManifestElement } from './manifests.ts';

export type { ManifestElement } from './manifests.ts';

/** Source sets that are in no build for the store. */
export const isDebugSet = (sourceSet: string): boolean => /debug/i.test(sourceSet);

/** The elements of the app's manifests with this name, in the files' order. */
export async function manifestElements(
  app: { readonly manifests: () => Promise<readonly Manifest[]> },
  name: string,
): Promise<readonly ManifestElement[]> {
  return (await Promise.all((await app.manifests()).map((one) => one.elements(name)))).flat();
}

/** The attributes of such elements of some manifests. */
export const tagsOf = (manifests: readonly Manifest[], name: string): readonly Attributes[] =>
  manifests.flatMap((one) => one.tags(name));

/** Whether manifests ask for a permission; one that takes it out has the last word, libraries' included. */
export function asksFor(
  manifests: readonly Manifest[],
  permission: string,
): 'yes' | 'no' | 'removed' {
  const own = ['uses-permission', 'uses-permission-sdk-23']
    .flatMap((name) => tagsOf(manifests, name))
    .filter((tag) => tag['android:name'] === permission);
  if (own.some(isRemoval)) return 'removed';
  return own.length > 0 ? 'yes' : 'no';
}

/** The simple name of the class that an element is for. */
export const classNameOf = (attributes: Attributes): string =>
  (attributes['android:name'] ?? '').split(/[.$]/).at(-1) ?? '';

/** The types of foreground service that a service's element gives it. */
export const serviceTypesIn = (attributes: Attributes): string[] =>
  (attributes['android:foregroundServiceType'] ?? '')
    .split('|')
    .map((one) => one.trim())
    .filter((one) => one !== '');
