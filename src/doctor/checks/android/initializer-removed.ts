import type { Check, Evidence } from '../../check.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';
import { configurationProviders, ownStarts } from './work-starts.ts';
import { isDebugSet, manifestElements } from '../../../project/manifest-elements.ts';

const STARTUP = 'androidx.startup.InitializationProvider';
const INITIALIZER =
  /(?:^androidx\.work\.(?:impl\.)?WorkManagerInitializer$|^\$\{.*workmanager-init)/;

/** What takes WorkManager's own initializer out of the app. */
export async function removedInitializers(
  repo: DoctorRepo,
): Promise<readonly (ManifestElement & { readonly isWhole: boolean })[]> {
  const hasRemoval = (await repo.manifests()).some(
    (one) => one.mentions(STARTUP) || one.mentions('WorkManagerInitializer'),
  );
  if (!hasRemoval) return [];
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
  tells: true,
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
    const providers = await configurationProviders(repo);
    const starts = await ownStarts(repo);
    const isStarted =
      providers.some(({ isApplication }) => isApplication) ||
      starts.some(({ reached }) => reached === 'yes');
    if (isStarted) return [];
    const [provider] = providers;
    const [start] = starts;
    const evidence: Evidence[] = [];
    let but = 'no class of the app is a Configuration.Provider or calls WorkManager.initialize';
    if (start !== undefined) {
      const { file, offset, what, reached, through } = start;
      but =
        reached === 'never'
          ? `${what} is not reached: ${through}`
          : `${what} is called from ${through} alone: a process that starts for a job has no screen`;
      const says = reached === 'never' ? through : `${through} leads here`;
      evidence.push({ file: file.path, line: file.line(offset), says });
    } else if (provider !== undefined) {
      const { file, name, start: at } = provider.owner;
      but = `${name} is a Configuration.Provider, but no Application: nobody asks it`;
      evidence.push({ file: file.path, line: file.line(at), says: `${name} is no Application` });
    }
    return removed.map(({ manifest, line }) => ({
      file: manifest.path,
      line,
      message: `WorkManager’s own initializer is taken out, and ${but}`,
      ...(evidence.length > 0 && { evidence }),
    }));
  },
};
