import { releasedDebugFolders } from '../../../project/package-build.ts';
import { classNameOf, isDebugSet } from '../../../project/manifest-elements.ts';
import { isRemoval, readManifest } from '../../../project/manifests.ts';
import type { Manifest } from '../../../project/manifests.ts';
import type { Check, Finding } from '../../check.ts';

const RECEIVER = 'BackgroundSyncDebugReceiver';
const SOURCE = 'java/dev/bgsync/BackgroundSyncDebugReceiver.kt';

export const debugHookReleased: Check = {
  id: 'A33',
  title: 'The debug receiver is in debug builds alone',
  severity: 'error',
  why: 'It starts and stops runs from outside. A release build must not have it: it is an exported component, for one thing, and what it does is not for users.',
  source: 'https://developer.android.com/build/build-variants#sourcesets',
  fix: 'Leave it in src/debug of the generated package, and take it out of everything else.',
  explain: [
    'The generated package has BackgroundSyncDebugReceiver in src/debug: Gradle compiles that source set, and merges its manifest, for debug builds alone. `npx bgsync trigger` speaks to it over adb. Moved to src/main, or with src/debug among the folders of another source set, it is in the app that the store gets.',
    'It is guarded by android.permission.DUMP, which no store app holds, so that is not an open door. It is still a way into the sync that was never meant to leave the desk, and security scanners name it.',
    'Take the <receiver> out of the manifest that is named, or delete the file and run `npx bgsync init`.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration?.config?.platforms.includes('android') === true,
  async run(repo) {
    const android = `${repo.integration?.config?.moduleDir ?? ''}/android`;
    const findings: Finding[] = [];
    const own = await readManifest(repo.files, `${android}/src/main`);
    for (const line of await declarationsIn(own)) {
      const message = `${RECEIVER} is in the manifest of every build`;
      findings.push({ file: own?.path ?? '', line, message });
    }
    for (const manifest of await repo.manifests()) {
      const { path: file, sourceSet } = manifest;
      if (isDebugSet(sourceSet)) continue;
      for (const line of await declarationsIn(manifest)) {
        const message = `${RECEIVER} is in the manifest of the source set ${sourceSet}`;
        findings.push({ file, line, message });
      }
    }
    for (const sourceSet of ['main', 'release']) {
      const file = `${android}/src/${sourceSet}/${SOURCE}`;
      if (await repo.exists(file)) {
        findings.push({ file, message: `${RECEIVER} is in the source set ${sourceSet}` });
      }
    }
    const build = `${android}/build.gradle`;
    for (const line of await releasedDebugFolders(repo.files, build)) {
      const message = 'src/debug is among the folders of a source set that is not debug';
      findings.push({ file: build, line, message });
    }
    return findings;
  },
};

/** Where a manifest declares the receiver; an element that removes it does not. */
async function declarationsIn(manifest: Manifest | undefined): Promise<readonly number[]> {
  const elements = (await manifest?.elements('receiver')) ?? [];
  return elements
    .filter(({ attributes }) => !isRemoval(attributes) && classNameOf(attributes) === RECEIVER)
    .map(({ nameLine }) => nameLine);
}
