import { tagsOf } from '../../../project/manifest-elements.ts';
import { isRemoval } from '../../../project/manifests.ts';
import type { Attributes } from '../../../project/manifests.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { functionAround } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import type { SourceFile } from '../../source-files.ts';
import { removedInitializers } from './initializer-removed.ts';
import { isManifestOpen, mergedManifests } from './merged-manifests.ts';
import { configurationProviders, ownStarts } from './work-starts.ts';

const CUSTOM = /\bsetWorkerFactory\s*\(|\bHiltWorkerFactory\b|\bDelegatingWorkerFactory\b/;

const removesIt = (tag: Attributes): boolean =>
  isRemoval(tag) &&
  /WorkManagerInitializer$|^androidx\.startup\.InitializationProvider$/.test(
    tag['android:name'] ?? '',
  );

export const initializerKept: Check = {
  id: 'A30',
  title: 'A configuration of WorkManager comes before its default initializer',
  severity: 'error',
  tells: true,
  why: 'androidx.startup initializes WorkManager before Application.onCreate. A Configuration.Provider is then never asked, so that its WorkerFactory makes no worker; WorkManager.initialize throws “WorkManager is already initialized”.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/configuration/custom-configuration#remove-default',
  fix: 'Take WorkManagerInitializer out of androidx.startup in the manifest, with tools:node="remove".',
  explain: [
    'A configuration of one’s own has two halves: the class that gives it, and a manifest in which WorkManager’s initializer is taken out. With the first half alone the default configuration wins. Workers that only the app’s factory can make fail with “Could not instantiate … NoSuchMethodException”, in a line of logcat, and nothing else shows it: with Hilt that is every @HiltWorker.',
    'The other half:\n\n    <provider\n        android:name="androidx.startup.InitializationProvider"\n        android:authorities="${applicationId}.androidx-startup"\n        tools:node="merge">\n        <meta-data\n            android:name="androidx.work.WorkManagerInitializer"\n            android:value="androidx.startup"\n            tools:node="remove" />\n    </provider>',
    'Android’s own lint has the check RemoveWorkManagerInitializer for it. A06 tells of the opposite: an initializer taken out, and no configuration.',
  ].join('\n\n'),
  async run(repo) {
    const starts = (await ownStarts(repo)).filter(({ what }) => what !== 'WorkManagerInitializer');
    const providers = await configurationProviders(repo);
    if (starts.length === 0 && providers.length === 0) return [];
    const main = (await repo.manifests()).find(({ sourceSet }) => sourceSet === 'main');
    if (main === undefined || (await removedInitializers(repo)).length > 0) return [];
    const merged = await mergedManifests(repo);
    if (['provider', 'meta-data'].flatMap((name) => tagsOf(merged, name)).some(removesIt))
      return [];
    const evidence: Evidence[] = [
      { file: main.path, says: 'leaves androidx.work.WorkManagerInitializer in the app' },
    ];
    const findings: Finding[] = [];
    for (const { owner, isApplication } of providers) {
      const { file, start, body, name } = owner;
      if (!isApplication || !CUSTOM.test(file.code.slice(body.start, body.end))) continue;
      const message = `the default initializer runs before ${name} is asked for its configuration: its WorkerFactory is never used`;
      findings.push({ file: file.path, line: file.line(start), message, evidence });
    }
    for (const { file, offset, what } of starts) {
      if (asksFirst(file, offset) || (await isUnreleased(repo, file, offset))) continue;
      const message = `${what} throws: the default initializer has run before, and is not taken out`;
      findings.push({ file: file.path, line: file.line(offset), message, evidence });
    }
    return findings.length > 0 && (await isManifestOpen(repo)) ? [] : findings;
  },
};

/** `if (!WorkManager.isInitialized()) …`: the function asks before it initializes. */
const asksFirst = (file: SourceFile, offset: number): boolean =>
  /\bisInitialized\s*\(/.test(
    file.code.slice(functionAround(file, offset)?.body.start ?? offset, offset),
  );
