import { releasedDebugFolders } from '../../../project/package-build.ts';
import { lineNumber } from '../../../formats/text.ts';
import type { Check, Finding } from '../../check.ts';
import { noCommentsOf } from '../../../project/manifest-comments.ts';
import type { DoctorRepo } from '../../repo.ts';

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
    'The generated package has BackgroundSyncDebugReceiver in src/debug: Gradle compiles that source set, and merges its manifest, for debug builds alone. `bgsync trigger` speaks to it over adb. Moved to src/main, or with src/debug among the folders of another source set, it is in the app that the store gets.',
    'It is guarded by android.permission.DUMP, which no store app holds, so that is not an open door. It is still a way into the sync that was never meant to leave the desk, and security scanners name it.',
    'Take the <receiver> out of the manifest that is named, or delete the file and run `npx bgsync init`.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration?.config?.platforms.includes('android') === true,
  async run(repo) {
    const android = `${repo.integration?.config?.moduleDir ?? ''}/android`;
    const findings: Finding[] = [];
    const own = await ownManifest(repo, android);
    if (own !== undefined) findings.push(own);
    for (const { path, sourceSet, text } of await repo.manifests()) {
      const at = /debug/i.test(sourceSet) ? undefined : declarationIn(text);
      if (at === undefined) continue;
      findings.push({
        file: path,
        line: lineNumber(text, at),
        message: `${RECEIVER} is in the manifest of the source set ${sourceSet}`,
      });
    }
    for (const sourceSet of ['main', 'release']) {
      const file = `${android}/src/${sourceSet}/${SOURCE}`;
      if (await repo.exists(file)) {
        findings.push({ file, message: `${RECEIVER} is in the source set ${sourceSet}` });
      }
    }
    const build = `${android}/build.gradle`;
    const script = (await repo.read(build)) ?? '';
    for (const line of releasedDebugFolders(script)) {
      const message = 'src/debug is among the folders of a source set that is not debug';
      findings.push({ file: build, line, message });
    }
    return findings;
  },
};

async function ownManifest(repo: DoctorRepo, android: string): Promise<Finding | undefined> {
  const file = `${android}/src/main/AndroidManifest.xml`;
  const text = await repo.read(file);
  const at = text === undefined ? undefined : declarationIn(text);
  if (text === undefined || at === undefined) return undefined;
  const message = `${RECEIVER} is in the manifest of every build`;
  return { file, line: lineNumber(text, at), message };
}

/** Where a manifest declares the receiver; a comment, or an element that removes it, is none. */
function declarationIn(text: string): number | undefined {
  for (const { index, 0: element } of noCommentsOf(text).matchAll(/<receiver\b[^>]{0,2000}>/g)) {
    if (element.includes(RECEIVER) && !/tools:node\s*=\s*["']remove/.test(element)) {
      return index + element.indexOf('android:name');
    }
  }
  return undefined;
}
