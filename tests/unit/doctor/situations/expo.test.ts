import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeSituations } from './situation.ts';

/** An Expo app without android/: what prebuild would write takes the place of the manifest. */

const config = (expo: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ expo: { name: 'demo', slug: 'demo', ...expo } }, undefined, 2);
const android = (more: Readonly<Record<string, unknown>>, plugins: readonly unknown[] = []) =>
  config({ android: { package: 'com.example.demo', ...more }, plugins });
const EXPO = { expo: '~57.0.0', 'react-native': '0.87.2' };
const TASK = {
  'package.json': packageJson({
    ...EXPO,
    'expo-background-task': '~57.0.0',
    'expo-task-manager': '~57.0.0',
  }),
};
const IOS = { ios: { bundleIdentifier: 'com.example.demo' } };
const MODULE = 'modules/sync/android/src/main';
const KOTLIN = `${MODULE}/java/com/example/sync`;
const module = (inside: string, files: Readonly<Record<string, string>> = {}) => ({
  'modules/sync/expo-module.config.json': '{ "platforms": ["android"] }',
  [`${MODULE}/AndroidManifest.xml`]: `<manifest xmlns:android="http://schemas.android.com/apk/res/android">
  <application>
${inside}
  </application>
</manifest>
`,
  ...Object.fromEntries(
    Object.entries(files).map(([name, code]) => [
      `${KOTLIN}/${name}`,
      `package com.example.sync\n\n${code}\n`,
    ]),
  ),
});
const BOOT =
  '    <receiver android:name=".BootReceiver" android:exported="true"><intent-filter><action android:name="android.intent.action.BOOT_COMPLETED" /></intent-filter></receiver>';
const TYPED =
  '    <service android:name=".SyncService" android:foregroundServiceType="dataSync" />';
const RECEIVER = {
  'BootReceiver.kt':
    'class BootReceiver : BroadcastReceiver() { override fun onReceive(c: Context, i: Intent) {} }',
};

describeSituations('permissions that prebuild takes out (A10)', {
  'blocked, and WorkManager needs it': {
    base: 'expo',
    files: {
      ...TASK,
      'app.json': config({
        ...IOS,
        android: { blockedPermissions: ['android.permission.RECEIVE_BOOT_COMPLETED'] },
        plugins: ['expo-background-task'],
      }),
    },
    finds: ['A10 app.json:10'],
    says: 'not scheduled again after a restart',
  },
  'by its short name, in JavaScript': {
    base: 'expo',
    files: {
      ...TASK,
      'app.json': undefined,
      'app.config.js':
        "const blocked = ['WAKE_LOCK'];\nmodule.exports = {\n  name: 'demo',\n  android: { blockedPermissions: blocked },\n  plugins: ['expo-background-task'],\n};\n",
    },
    finds: ['A10 app.config.js:4'],
  },
  'bgsync’s own sync': {
    base: 'bgsync-expo',
    files: {
      'app.json': config({
        ios: {
          infoPlist: {
            UIBackgroundModes: ['processing'],
            BGTaskSchedulerPermittedIdentifiers: ['dev.bgsync.processing'],
          },
        },
        android: { blockedPermissions: ['android.permission.ACCESS_NETWORK_STATE'] },
      }),
    },
    finds: ['A10 app.json:17'],
  },
  'sound: another one is blocked': {
    base: 'expo',
    files: {
      ...TASK,
      'app.json': config({
        ...IOS,
        android: { blockedPermissions: ['android.permission.RECORD_AUDIO'] },
        plugins: ['expo-background-task'],
      }),
    },
  },
  'sound: nothing of the app runs on WorkManager': {
    base: 'expo',
    files: {
      'app.json': android({ blockedPermissions: ['android.permission.RECEIVE_BOOT_COMPLETED'] }),
    },
  },
  'sound: in one of two ways that the config is made': {
    base: 'expo',
    files: {
      ...TASK,
      'app.json': undefined,
      'app.config.js':
        "module.exports = {\n  name: 'demo',\n  android: { blockedPermissions: process.env.X ? ['WAKE_LOCK'] : [] },\n  plugins: ['expo-background-task'],\n};\n",
    },
  },
});

describeSituations('a boot receiver and its permission (A37)', {
  'in a local module, and nobody asks for it': {
    base: 'expo',
    files: { ...module(BOOT, RECEIVER), 'app.json': android({ permissions: ['CAMERA'] }) },
    finds: [`A37 ${MODULE}/AndroidManifest.xml:3`],
  },
  'asked for, and blocked': {
    base: 'expo',
    files: {
      ...module(BOOT, RECEIVER),
      'app.json': android({
        permissions: ['RECEIVE_BOOT_COMPLETED'],
        blockedPermissions: ['RECEIVE_BOOT_COMPLETED'],
      }),
    },
    finds: [`A37 ${MODULE}/AndroidManifest.xml:3`],
  },
  'a persisted job': {
    base: 'expo',
    files: {
      ...module('', {
        'Jobs.kt':
          'object Jobs { fun make() = JobInfo.Builder(100_007, name).setPersisted(true).build() }',
      }),
      'app.json': android({}),
    },
    finds: [`A37 ${KOTLIN}/Jobs.kt:3`],
  },
  'sound: in android.permissions': {
    base: 'expo',
    files: {
      ...module(BOOT, RECEIVER),
      'app.json': android({ permissions: ['RECEIVE_BOOT_COMPLETED'] }),
    },
  },
  'sound: the module asks for androidx.work': {
    base: 'expo',
    files: {
      ...module(BOOT, RECEIVER),
      'modules/sync/android/build.gradle':
        'dependencies {\n  implementation "androidx.work:work-runtime:2.11.2"\n}\n',
    },
  },
  'not looked at: a plugin of the app may ask for it': {
    base: 'expo',
    files: {
      ...module(BOOT, RECEIVER),
      'app.json': android({}, ['./plugins/with-boot']),
      'plugins/with-boot.js': 'module.exports = (config) => config;\n',
    },
    notLookedAt: ['app.json'],
  },
});

const ACTIONS = {
  'package.json': packageJson({ ...EXPO, 'react-native-background-actions': '4.0.1' }),
  'src/sync.js': `import BackgroundService from 'react-native-background-actions';

BackgroundService.start(task, { taskName: 'Sync', taskTitle: 'a', taskDesc: 'b', taskIcon: { name: 'ic_launcher', type: 'mipmap' } });
`,
};

describeSituations('foreground services (A22)', {
  'a type in a local module, without its permission': {
    base: 'expo',
    files: { ...module(TYPED), 'app.json': android({ permissions: ['FOREGROUND_SERVICE'] }) },
    finds: [`A22 ${MODULE}/AndroidManifest.xml:3`],
    says: 'FOREGROUND_SERVICE_DATA_SYNC',
  },
  'react-native-background-actions, and no plugin that gives it a type': {
    base: 'expo',
    files: {
      ...ACTIONS,
      'app.json': android({ permissions: ['FOREGROUND_SERVICE', 'FOREGROUND_SERVICE_DATA_SYNC'] }),
    },
    finds: ['A22 src/sync.js:3'],
  },
  'sound: the type and its permission': {
    base: 'expo',
    files: {
      ...module(TYPED),
      'app.json': android({ permissions: ['FOREGROUND_SERVICE', 'FOREGROUND_SERVICE_DATA_SYNC'] }),
    },
  },
  'sound: a lower target': {
    base: 'expo',
    files: {
      ...ACTIONS,
      'app.json': android({}, [['expo-build-properties', { android: { targetSdkVersion: 33 } }]]),
    },
  },
  'not looked at: a plugin may give it a type': {
    base: 'expo',
    files: { ...ACTIONS, 'app.json': android({}, ['@acme/with-service']) },
    notLookedAt: ['app.json'],
  },
});

describeSituations('a job of a local module (A36)', {
  'its service is in no manifest': {
    base: 'expo',
    files: {
      ...module('', {
        'Jobs.kt':
          'class SyncJob : JobService()\nobject Jobs { fun make(c: Context) = JobInfo.Builder(100_007, ComponentName(c, SyncJob::class.java)).build() }',
      }),
    },
    finds: [`A36 ${KOTLIN}/Jobs.kt:4`],
  },
  'sound: it is in the module’s': {
    base: 'expo',
    files: {
      ...module(
        '    <service android:name=".SyncJob" android:permission="android.permission.BIND_JOB_SERVICE" />',
        {
          'Jobs.kt':
            'class SyncJob : JobService()\nobject Jobs { fun make(c: Context) = JobInfo.Builder(100_007, ComponentName(c, SyncJob::class.java)).build() }',
        },
      ),
    },
  },
});
