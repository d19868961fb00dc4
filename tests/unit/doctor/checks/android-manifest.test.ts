import { manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import { BUILD, MANIFEST, SOURCES, integrated, kotlin, withWork } from './android-files.ts';

const APPLICATION = `${SOURCES}/MainApplication.kt`;

const WITHOUT_INITIALIZER = manifest(`        <provider
            android:name="androidx.startup.InitializationProvider"
            android:authorities="\${applicationId}.androidx-startup"
            tools:node="merge">
            <meta-data
                android:name="androidx.work.WorkManagerInitializer"
                android:value="androidx.startup"
                tools:node="remove" />
        </provider>`);
const WITHOUT_STARTUP = manifest(`        <provider
            android:name="androidx.startup.InitializationProvider"
            android:authorities="\${applicationId}.androidx-startup"
            tools:node="remove" />`);
const PROVIDER = kotlin(`class MainApplication : Application(), Configuration.Provider {
  override val workManagerConfiguration: Configuration
    get() = Configuration.Builder().build()
}`);

describeCheck('A06', {
  base: 'react-native',
  triggers: {
    'the initializer is removed, and nothing takes its place': {
      files: { [MANIFEST]: WITHOUT_INITIALIZER },
      at: `${MANIFEST}:8`,
      message: 'WorkManager’s own initializer is taken out',
    },
    'as it was before androidx.work 2.6': {
      files: {
        [MANIFEST]: manifest(
          '<provider android:name="androidx.work.impl.WorkManagerInitializer" android:authorities="${applicationId}.workmanager-init" tools:node="remove" />',
        ),
      },
      at: `${MANIFEST}:4`,
    },
    'the provider is in a comment alone': {
      files: {
        [MANIFEST]: WITHOUT_INITIALIZER,
        [APPLICATION]: kotlin('// Configuration.Provider\nclass MainApplication : Application()'),
      },
      at: `${MANIFEST}:8`,
    },
  },
  near: {
    'a Configuration.Provider': { [MANIFEST]: WITHOUT_INITIALIZER, [APPLICATION]: PROVIDER },
    'initialized by hand': {
      [MANIFEST]: WITHOUT_INITIALIZER,
      [APPLICATION]: kotlin(
        'class MainApplication : Application() {\n  override fun onCreate() { WorkManager.initialize(this, configuration) }\n}',
      ),
    },
    'another initializer is removed': {
      [MANIFEST]: WITHOUT_INITIALIZER.replace(
        'androidx.work.WorkManagerInitializer',
        'androidx.emoji2.text.EmojiCompatInitializer',
      ),
    },
    'no well-formed manifest': { [MANIFEST]: WITHOUT_INITIALIZER.replace('</provider>', '') },
  },
});

describeCheck('A09', {
  base: 'react-native',
  triggers: {
    'the whole provider is removed': {
      files: { [MANIFEST]: WITHOUT_STARTUP, [APPLICATION]: PROVIDER },
      at: `${MANIFEST}:4`,
    },
  },
  near: {
    'only WorkManager’s entry is': { [MANIFEST]: WITHOUT_INITIALIZER, [APPLICATION]: PROVIDER },
  },
});

const removed = (name: string, node = 'remove') =>
  manifest(
    '',
    `<uses-permission android:name="android.permission.${name}" tools:node="${node}" />`,
  );

const part = (element: string, name: string, node: string) =>
  `<${element} android:name="androidx.work.impl.background.${name}" tools:node="${node}" />`;

describeCheck('A10', {
  base: 'react-native',
  triggers: {
    ACCESS_NETWORK_STATE: {
      files: { [BUILD]: withWork('2.11.2'), [MANIFEST]: removed('ACCESS_NETWORK_STATE') },
      at: `${MANIFEST}:2`,
      message: 'ACCESS_NETWORK_STATE is removed: work with a network constraint is refused',
    },
    'INTERNET, in the release manifest': {
      files: {
        [BUILD]: withWork('2.11.2'),
        'android/app/src/release/AndroidManifest.xml': removed('INTERNET'),
      },
      at: 'android/app/src/release/AndroidManifest.xml:2',
    },
    'with bgsync alone': {
      files: { ...integrated(), [MANIFEST]: removed('RECEIVE_BOOT_COMPLETED') },
      at: `${MANIFEST}:2`,
    },
    'the receiver of a restart': {
      files: {
        ...integrated(),
        [MANIFEST]: manifest(part('receiver', 'systemalarm.RescheduleReceiver', 'remove')),
      },
      at: `${MANIFEST}:4`,
      message: 'RescheduleReceiver is removed: work is not scheduled again after a restart',
    },
    'the service of its jobs': {
      files: {
        [BUILD]: withWork('2.11.2'),
        [MANIFEST]: manifest(part('service', 'systemjob.SystemJobService', 'remove')),
      },
      at: `${MANIFEST}:4`,
      message: 'no work runs in the background',
    },
  },
  near: {
    'a component that is merged': {
      [BUILD]: withWork('2.11.2'),
      [MANIFEST]: manifest(part('receiver', 'systemalarm.RescheduleReceiver', 'merge')),
    },
    'a component that work does without': {
      [BUILD]: withWork('2.11.2'),
      [MANIFEST]: manifest(part('receiver', 'diagnostics.DiagnosticsReceiver', 'remove')),
    },
    'no WorkManager': { [MANIFEST]: removed('ACCESS_NETWORK_STATE') },
    'a permission that it does not need': {
      [BUILD]: withWork('2.11.2'),
      [MANIFEST]: removed('CAMERA'),
    },
    'merged, not removed': {
      [BUILD]: withWork('2.11.2'),
      [MANIFEST]: removed('WAKE_LOCK', 'merge'),
    },
    'in debug builds': {
      [BUILD]: withWork('2.11.2'),
      'android/app/src/debug/AndroidManifest.xml': removed('ACCESS_NETWORK_STATE'),
    },
  },
});

const DATA_SYNC =
  '<uses-permission android:name="android.permission.FOREGROUND_SERVICE_DATA_SYNC" />';

describeCheck('A21', {
  base: 'react-native',
  triggers: {
    'no service of the type': {
      files: { [MANIFEST]: manifest('', DATA_SYNC) },
      at: `${MANIFEST}:2`,
    },
  },
  near: {
    'a service of the type': {
      [MANIFEST]: manifest(
        '<service android:name=".SyncService" android:foregroundServiceType="location|dataSync" />',
        DATA_SYNC,
      ),
    },
    'a type in the code': {
      [MANIFEST]: manifest('', DATA_SYNC),
      [`${SOURCES}/Sync.kt`]: 'val type = ServiceInfo.FOREGROUND_SERVICE_TYPE_DATA_SYNC\n',
    },
    'taken out': {
      [MANIFEST]: manifest('', DATA_SYNC.replace(' />', ' tools:node="remove" />')),
    },
  },
});

const RUNNER = {
  // Without iOS, where the package needs things of its own.
  'ios/App/Demo.xcodeproj/project.pbxproj': undefined,
  'ios/App/Demo/Info.plist': undefined,
  'ios/App/Demo/AppDelegate.swift': undefined,
  'package.json': packageJson({
    '@capacitor/core': '7.4.0',
    '@capacitor/background-runner': '3.0.0',
  }),
  'node_modules/@capacitor/background-runner/android/build.gradle':
    'dependencies {\n    implementation "androidx.work:work-runtime-ktx:2.11.2"\n}\n',
};
const RUNNER_MANIFEST =
  'node_modules/@capacitor/background-runner/android/src/main/AndroidManifest.xml';
const both = (attributes = '') =>
  ['ACCESS_BACKGROUND_LOCATION', 'SCHEDULE_EXACT_ALARM']
    .map((name) => `<uses-permission android:name="android.permission.${name}" ${attributes}/>`)
    .join('\n    ');

describeCheck('A23', {
  base: 'capacitor',
  triggers: {
    'what the package’s manifest brings': {
      files: { ...RUNNER, [RUNNER_MANIFEST]: manifest('', both()) },
      at: MANIFEST,
      message: 'adds ACCESS_BACKGROUND_LOCATION and SCHEDULE_EXACT_ALARM',
    },
  },
  near: {
    'taken out': {
      ...RUNNER,
      [RUNNER_MANIFEST]: manifest('', both()),
      [MANIFEST]: manifest('', both('tools:node="remove" ')),
    },
    'wanted by the app itself': {
      ...RUNNER,
      [RUNNER_MANIFEST]: manifest('', both()),
      [MANIFEST]: manifest('', both()),
    },
    'a version without them': {
      ...RUNNER,
      [RUNNER_MANIFEST]: manifest('', `<!-- ${both()} -->`),
    },
    'not installed': RUNNER,
  },
});

const RECEIVER =
  '<receiver android:name="dev.bgsync.BackgroundSyncDebugReceiver" android:exported="true" android:permission="android.permission.DUMP" />';
const PACKAGE = 'modules/background-sync/android';

describeCheck('A33', {
  base: 'react-native',
  triggers: {
    'in the package’s main manifest': {
      files: integrated({ 'android/src/main/AndroidManifest.xml': manifest(RECEIVER) }),
      at: `${PACKAGE}/src/main/AndroidManifest.xml:4`,
      message: 'BackgroundSyncDebugReceiver is in the manifest of every build',
    },
    'in the app’s main manifest': {
      files: { ...integrated(), [MANIFEST]: manifest(RECEIVER) },
      at: `${MANIFEST}:4`,
    },
    'its source in the main source set': {
      files: integrated({
        'android/src/main/java/dev/bgsync/BackgroundSyncDebugReceiver.kt': 'package dev.bgsync\n',
      }),
      at: `${PACKAGE}/src/main/java/dev/bgsync/BackgroundSyncDebugReceiver.kt`,
    },
    'src/debug among the folders of main': {
      files: integrated({
        'android/build.gradle': `android {
    sourceSets {
        main {
            java.srcDirs += ['src/debug/java']
        }
    }
}
dependencies {
    implementation("androidx.work:work-runtime:2.11.2")
}
`,
      }),
      at: `${PACKAGE}/build.gradle:4`,
    },
  },
  near: {
    'where it is generated': integrated({
      'android/src/debug/AndroidManifest.xml': manifest(RECEIVER),
      'android/src/debug/java/dev/bgsync/BackgroundSyncDebugReceiver.kt': 'package dev.bgsync\n',
    }),
    'in the app’s debug manifest': {
      ...integrated(),
      'android/app/src/debug/AndroidManifest.xml': manifest(RECEIVER),
    },
    'in a comment, or removed': {
      ...integrated(),
      [MANIFEST]: manifest(
        `<!-- ${RECEIVER} --><receiver android:name="dev.bgsync.BackgroundSyncDebugReceiver" tools:node="remove" />`,
      ),
    },
  },
});
