import type { Check } from '../../check.ts';
import { kotlinAndJava } from '../../code/kotlin-declarations.ts';

const PERMISSION = 'android.permission.FOREGROUND_SERVICE_DATA_SYNC';

export const dataSyncPermission: Check = {
  id: 'A21',
  title: 'FOREGROUND_SERVICE_DATA_SYNC is asked for where it is used',
  severity: 'info',
  why: 'Google Play wants a declaration and a video for it. A background sync with WorkManager needs no foreground service.',
  source: 'https://support.google.com/googleplay/android-developer/answer/13392821',
  fix: 'Take the permission out, unless a library’s manual asks for it.',
  explain: [
    'The permission is for foreground services of the type dataSync. Nothing in the app’s own manifests and code is one: the permission alone makes the Play Console ask for a declaration with a video at the next upload.',
    'It is often left over from an older library. Take it out:\n\n    <uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />',
  ].join('\n\n'),
  async run(repo) {
    const manifests = await repo.manifests();
    if (!manifests.some(({ text }) => text.includes(PERMISSION))) return [];
    if (manifests.some(({ text }) => /foregroundServiceType="[^"]*dataSync/.test(text))) return [];
    // A plugin may write the service.
    if (manifests.some(({ prebuilt }) => prebuilt?.open !== undefined)) return [];
    const files = await kotlinAndJava(repo, ['FOREGROUND_SERVICE_TYPE_DATA_SYNC']);
    if (files.length > 0) return [];
    const { manifestElements } = await import('../../../project/manifest-elements.ts');
    return (await manifestElements(repo, 'uses-permission'))
      .filter(
        ({ attributes }) =>
          attributes['android:name'] === PERMISSION && attributes['tools:node'] !== 'remove',
      )
      .map(({ manifest, line }) => ({
        file: manifest.path,
        line,
        message: 'no service in the app’s manifests is of the type dataSync',
      }));
  },
};
