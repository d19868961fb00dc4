import type { Check } from '../../check.ts';
import { packageManifest } from '../../../project/package-build.ts';
import { tagsOf } from '../../../project/manifest-elements.ts';
import type { Manifest } from '../../../project/manifests.ts';

const PACKAGE = '@capacitor/background-runner';
/** Those that Google Play asks about. */
const SENSITIVE = [
  'android.permission.ACCESS_BACKGROUND_LOCATION',
  'android.permission.SCHEDULE_EXACT_ALARM',
];

export const runnerPermissions: Check = {
  id: 'A23',
  title: 'background-runner’s permissions are wanted in the app',
  severity: 'warning',
  why: '@capacitor/background-runner puts background location and exact alarms into every app that has it. Google Play refuses apps that cannot say what they are for.',
  source: 'https://github.com/ionic-team/capacitor-background-runner/issues/86',
  fix: 'Remove what the app does not use, with tools:node="remove" in the app’s manifest.',
  explain: [
    'The package’s own manifest has ACCESS_BACKGROUND_LOCATION and SCHEDULE_EXACT_ALARM, which the manifest merger adds to the app, whether its runner uses them or not. Both need a declaration in the Play Console, and background location a review.',
    'Take them out in android/app/src/main/AndroidManifest.xml:\n\n    <uses-permission\n        android:name="android.permission.ACCESS_BACKGROUND_LOCATION"\n        tools:node="remove" />',
    'Where the app does use one, write it into its own manifest without tools:node: that says that it is meant.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(PACKAGE),
  async run(repo) {
    const merged = await packageManifest(repo, PACKAGE);
    const main = (await repo.manifests()).find(({ sourceSet }) => sourceSet === 'main');
    if (merged === undefined || main === undefined) return [];
    const unsaid = SENSITIVE.filter((name) => names(merged, name) && !names(main, name));
    if (unsaid.length === 0) return [];
    const all = unsaid.map((name) => name.slice('android.permission.'.length)).join(' and ');
    return [
      {
        file: main.path,
        message: `${PACKAGE} adds ${all}, which the app does not mention`,
        evidence: [{ file: merged.path, says: `asks for ${all}` }],
      },
    ];
  },
};

const names = (manifest: Manifest, permission: string): boolean =>
  tagsOf([manifest], 'uses-permission').some((tag) => tag['android:name'] === permission);
