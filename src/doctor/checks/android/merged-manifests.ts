import {
  classNameOf,
  isDebugSet,
  manifestElements,
  serviceTypesIn,
  tagsOf,
} from '../../../project/manifest-elements.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';
import { isRemoval, readManifest } from '../../../project/manifests.ts';
import type { Manifest } from '../../../project/manifests.ts';
import type { DoctorRepo } from '../../repo.ts';

export { asksFor } from '../../../project/manifest-elements.ts';

/** The manifests that go into a release: the app's own, and those of other modules of its build. */
export async function mergedManifests(repo: DoctorRepo): Promise<readonly Manifest[]> {
  const project = await repo.android();
  const others = await Promise.all(
    (project?.libraries ?? []).map(({ folder }) => readManifest(repo.files, `${folder}/src/main`)),
  );
  const own = (await repo.manifests()).filter(({ sourceSet }) => !isDebugSet(sourceSet));
  return [...own, ...others.filter((one) => one !== undefined)];
}

/**
 * Whether what no manifest has may be written by something that doctor does not run; then the app config is noted as not
 * looked at.
 */
export async function isManifestOpen(repo: DoctorRepo): Promise<boolean> {
  const planned = (await repo.manifests()).find((one) => one.prebuilt?.open !== undefined);
  if (planned?.prebuilt?.open === undefined) return false;
  const what = 'what prebuild makes of AndroidManifest.xml cannot be told';
  repo.note(planned.path, `${what} (${planned.prebuilt.open}); --run-tools asks Expo`, {
    answeredBy: 'T03',
  });
  return true;
}

/** How to mend what prebuild would not write; undefined where the manifest is a file. */
export const prebuildFix = (
  manifests: readonly Manifest[],
  permission: string,
): { readonly fix?: string } =>
  manifests.some(({ prebuilt }) => prebuilt !== undefined)
    ? { fix: `Add "${permission}" to android.permissions of the app config.` }
    : {};

/** The elements of manifests that go into a release. */
export async function releasedElements(
  repo: DoctorRepo,
  name: string,
): Promise<readonly ManifestElement[]> {
  return (await manifestElements(repo, name)).filter(
    ({ manifest, attributes }) =>
      !isDebugSet(manifest.sourceSet) && attributes['tools:node'] !== 'remove',
  );
}

/** The simple name of the class that an element is for. */
export const classOf = ({ attributes }: ManifestElement): string => classNameOf(attributes);

/** The simple names of the classes that the manifests of a release have such elements for, those of library modules included. */
export async function declaredClasses(
  repo: DoctorRepo,
  element: 'service' | 'receiver',
): Promise<ReadonlySet<string>> {
  const tags = tagsOf(await mergedManifests(repo), element);
  return new Set(tags.filter((one) => !isRemoval(one)).map(classNameOf));
}

/**
 * Whether a manifest is one that the app itself is made of: an app that a user can open has an activity. Where none is
 * seen, its other elements come from elsewhere, too.
 */
export const hasActivity = async (repo: DoctorRepo): Promise<boolean> =>
  tagsOf(await mergedManifests(repo), 'activity').length > 0;

/** The types that a service's element gives it. */
export const serviceTypesOf = ({ attributes }: ManifestElement): string[] =>
  serviceTypesIn(attributes);

/** The intent of a restart that a receiver's element waits for: `BOOT_COMPLETED`; undefined where it waits for none. */
export const bootActionOf = ({ actions }: ManifestElement): string | undefined =>
  actions
    .map((name) => /^android\.intent\.action\.((?:LOCKED_)?BOOT_COMPLETED)$/.exec(name)?.[1])
    .find((one) => one !== undefined);
