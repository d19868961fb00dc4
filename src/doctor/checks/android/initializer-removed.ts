import type { Check } from '../../check.ts';
import { kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';

const STARTUP = 'androidx.startup.InitializationProvider';
const INITIALIZER =
  /(?:^androidx\.work\.(?:impl\.)?WorkManagerInitializer$|^\$\{.*workmanager-init)/;

/** What takes WorkManager's own initializer out of the app. */
export async function removedInitializers(
  repo: DoctorRepo,
): Promise<readonly (ManifestElement & { readonly isWhole: boolean })[]> {
  const hasRemoval = (await repo.manifests()).some(
    ({ text }) => text.includes(STARTUP) || text.includes('WorkManagerInitializer'),
  );
  if (!hasRemoval) return [];
  const { isDebugSet, manifestElements } = await import('../../../project/manifest-elements.ts');
  const found = [
    ...(await manifestElements(repo, 'meta-data')),
    ...(await manifestElements(repo, 'provider')),
  ];
  return found
    .filter(({ attributes, manifest }) => {
      const name = attributes['android:name'] ?? '';
      const isRemoved = attributes['tools:node'] === 'remove';
      return (
        isRemoved && !isDebugSet(manifest.sourceSet) && (name === STARTUP || INITIALIZER.test(name))
      );
    })
    .map((one) => ({ ...one, isWhole: one.attributes['android:name'] === STARTUP }));
}

export const initializerRemoved: Check = {
  id: 'A06',
  title: 'WorkManager is initialized',
  severity: 'error',
  why: 'With its initializer taken out and no Configuration.Provider, WorkManager.getInstance throws "WorkManager is not initialized properly": nothing is ever scheduled.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/configuration/custom-configuration',
  fix: 'Let the Application class implement Configuration.Provider, or take the removal out of the manifest.',
  explain: [
    'WorkManager starts itself through androidx.startup. An app that wants a configuration of its own takes that out of the manifest, and gives the configuration in its Application class. With the first half alone, each WorkManager.getInstance(context) throws IllegalStateException, those of libraries too.',
    'The other half, in Kotlin:\n\n    class MainApplication : Application(), Configuration.Provider {\n        override val workManagerConfiguration: Configuration\n            get() = Configuration.Builder().build()\n    }',
    'Where no configuration is needed any more, take the `tools:node="remove"` out instead.',
  ].join('\n\n'),
  async run(repo) {
    const removed = await removedInitializers(repo);
    if (removed.length === 0) return [];
    const own = await kotlinAndJava(repo, ['androidx.work', 'WorkManager']);
    const isStarted = own.some(({ code }) =>
      /\bConfiguration\s*\.\s*Provider\b|\bWorkManager\s*\.\s*initialize\b|\bWorkManagerInitializer\b|\bworkManagerConfiguration\b|\bgetWorkManagerConfiguration\b/.test(
        code,
      ),
    );
    if (isStarted) return [];
    return removed.map(({ manifest, line }) => ({
      file: manifest.path,
      line,
      message:
        'WorkManager’s own initializer is taken out, and no class of the app is a Configuration.Provider or calls WorkManager.initialize',
    }));
  },
};
