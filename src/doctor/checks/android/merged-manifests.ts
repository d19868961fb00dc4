import { manifestElements } from '../../../project/manifest-elements.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';
import type { DoctorRepo } from '../../repo.ts';

/** The texts of the manifests that go into a release: the app's own, and those of other modules of its build. */
export async function mergedTexts(repo: DoctorRepo): Promise<readonly string[]> {
  const { isDebugSet } = await import('../../../project/manifest-elements.ts');
  const { noCommentsOf } = await import('../../../project/manifest-comments.ts');
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

/** The elements of manifests that go into a release. */
export async function releasedElements(
  repo: DoctorRepo,
  name: string,
): Promise<readonly ManifestElement[]> {
  const { isDebugSet } = await import('../../../project/manifest-elements.ts');
  return (await manifestElements(repo, name)).filter(
    ({ manifest, attributes }) =>
      !isDebugSet(manifest.sourceSet) && attributes['tools:node'] !== 'remove',
  );
}

/** The simple name of the class that an element is for. */
export const classOf = ({ attributes }: ManifestElement): string =>
  (attributes['android:name'] ?? '').split(/[.$]/).at(-1) ?? '';
