import { manifestElements } from '../../../project/manifest-elements.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';
import type { Manifest } from '../../../project/manifests.ts';
import type { DoctorRepo } from '../../repo.ts';
import { noCommentsOf } from '../../../project/manifest-comments.ts';
import { isDebugSet } from '../../../project/manifest-elements.ts';

/** The texts of the manifests that go into a release: the app's own, and those of other modules of its build. */
export async function mergedTexts(repo: DoctorRepo): Promise<readonly string[]> {
  const project = await repo.android();
  const folders = (project?.libraries ?? []).map(({ folder }) => folder);
  const others = await Promise.all(
    folders.map((folder) => repo.read(`${folder}/src/main/AndroidManifest.xml`)),
  );
  const own = (await repo.manifests())
    .filter(({ sourceSet }) => !isDebugSet(sourceSet))
    .map(({ text }) => text);
  return [...own, ...others.filter((text) => text !== undefined)].map(noCommentsOf);
}

/** Whether the manifests ask for a permission; one that takes it out has the last word, libraries' included. */
export function asksFor(texts: readonly string[], permission: string): 'yes' | 'no' | 'removed' {
  const elements = texts.flatMap((text) =>
    [...text.matchAll(/<uses-permission(?:-sdk-23)?\b[^<>]*>/g)].map(([element]) => element),
  );
  const own = elements.filter((element) => element.includes(`"${permission}"`));
  if (own.some((element) => /tools:node="remove(?:All)?"/.test(element))) return 'removed';
  return own.length > 0 ? 'yes' : 'no';
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
export const classOf = ({ attributes }: ManifestElement): string =>
  (attributes['android:name'] ?? '').split(/[.$]/).at(-1) ?? '';

/** The simple names of the classes that the manifests of a release have such elements for, those of library modules included. */
export async function declaredClasses(
  repo: DoctorRepo,
  element: 'service' | 'receiver',
): Promise<ReadonlySet<string>> {
  const tag = new RegExp(`<${element}\\b[^<>]*>`, 'g');
  const names = (await mergedTexts(repo)).flatMap((text) =>
    [...text.matchAll(tag)]
      .filter(([one]) => !/tools:node="remove(?:All)?"/.test(one))
      .map(([one]) => /android:name="([^"]*)"/.exec(one)?.[1]?.split(/[.$]/).at(-1) ?? ''),
  );
  return new Set(names);
}

/** The types that a service's element gives it. */
export const serviceTypesOf = ({ attributes }: ManifestElement): string[] =>
  (attributes['android:foregroundServiceType'] ?? '')
    .split('|')
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** The intent of a restart that a receiver's element waits for: `BOOT_COMPLETED`; undefined where it waits for none. */
export function bootActionOf({ manifest, line, attributes }: ManifestElement): string | undefined {
  const below = manifest.text
    .split('\n')
    .slice(line - 1)
    .join('\n');
  const from = below.slice(Math.max(0, below.indexOf(`"${attributes['android:name'] ?? ''}"`)));
  const own = from.slice(
    0,
    Math.max(0, from.search(/<\/receiver>|\/>\s*<(?:receiver|activity|service)/)),
  );
  return /android\.intent\.action\.((?:LOCKED_)?BOOT_COMPLETED)"/.exec(own)?.[1];
}
