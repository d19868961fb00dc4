import type { Check } from '../../check.ts';
import { removedInitializers } from './initializer-removed.ts';

export const startupRemoved: Check = {
  id: 'A09',
  title: 'androidx.startup stays in the app',
  severity: 'warning',
  why: 'Removing the whole InitializationProvider turns off the initializers of other libraries too, not only WorkManager’s.',
  source: 'https://developer.android.com/topic/libraries/app-startup#disable-individual',
  fix: 'Remove only the meta-data androidx.work.WorkManagerInitializer, inside a provider with tools:node="merge".',
  explain: [
    'androidx.startup has one provider for all libraries. ProcessLifecycleOwner, EmojiCompat, ProfileInstaller and others register in it. Without it they are never started, which shows as a crash or as something that silently does nothing, far from its cause.',
    'Take out only WorkManager’s entry:\n\n    <provider\n        android:name="androidx.startup.InitializationProvider"\n        android:authorities="${applicationId}.androidx-startup"\n        android:exported="false"\n        tools:node="merge">\n        <meta-data\n            android:name="androidx.work.WorkManagerInitializer"\n            android:value="androidx.startup"\n            tools:node="remove" />\n    </provider>',
  ].join('\n\n'),
  async run(repo) {
    return (await removedInitializers(repo))
      .filter(({ isWhole }) => isWhole)
      .map(({ manifest, line }) => ({
        file: manifest.path,
        line,
        message: 'the whole androidx.startup.InitializationProvider is removed',
      }));
  },
};
