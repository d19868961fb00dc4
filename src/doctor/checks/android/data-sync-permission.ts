import type { Check } from '../../check.ts';
import { kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { pubPackagesOf } from '../../code/pub-packages.ts';
import { manifestElements, serviceTypesIn, tagsOf } from '../../../project/manifest-elements.ts';
import { SERVICE_PACKAGES, untypedServices } from './foreground-type.ts';

const PERMISSION = 'android.permission.FOREGROUND_SERVICE_DATA_SYNC';

const TYPE = 'FOREGROUND_SERVICE_TYPE_DATA_SYNC';
/** In one file. */
const MOST = 20;

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
    if (!manifests.some((one) => one.mentions(PERMISSION))) return [];
    if (tagsOf(manifests, 'service').some((one) => serviceTypesIn(one).includes('dataSync')))
      return [];
    // The service is there, and lacks its type alone: A22.
    const pub = await pubPackagesOf(repo);
    if (SERVICE_PACKAGES.some((name) => repo.depends(name) || pub?.depends(name) === true))
      return [];
    if ((await untypedServices(repo)).length > 0) return [];
    // A plugin may write the service.
    if (manifests.some(({ prebuilt }) => prebuilt?.open !== undefined)) return [];
    for (const file of await kotlinAndJava(repo, [TYPE])) {
      for (const { index } of [...file.code.matchAll(new RegExp(TYPE, 'g'))].slice(0, MOST)) {
        if (!(await isUnreleased(repo, file, index))) return [];
      }
    }
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
