import { BASES, manifest, packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import { BUILD, MANIFEST, SOURCES, integrated, kotlin, withWork } from './android-files.ts';

const APPLICATION = `${SOURCES}/MainApplication.kt`;
const asFunction = kotlin(`@HiltAndroidApp
class MainApplication : Application(), Configuration.Provider {
  @Inject lateinit var workerFactory: HiltWorkerFactory

  override fun getWorkManagerConfiguration(): Configuration =
    Configuration.Builder().setWorkerFactory(workerFactory).build()
}`);
const asProperty = kotlin(`class MainApplication : Application(), Configuration.Provider {
  override val workManagerConfiguration: Configuration
    get() = Configuration.Builder().build()
}`);
/** The other half of a configuration with a factory, without which A30 would tell of it. */
const removed = {
  [MANIFEST]: manifest(
    '<provider android:name="androidx.startup.InitializationProvider"><meta-data android:name="androidx.work.WorkManagerInitializer" tools:node="remove" /></provider>',
  ),
};
const pinned = (version: string) =>
  `configurations.all {\n    resolutionStrategy { force 'androidx.work:work-runtime:${version}' }\n}\n`;

describeCheck('A07', {
  base: 'react-native',
  triggers: {
    'the function, with 2.9 and later': {
      files: { ...removed, [APPLICATION]: asFunction, [BUILD]: withWork('2.10.1') },
      at: `${APPLICATION}:9`,
      message: 'the function of before 2.9, and androidx.work is 2.10.1',
    },
    'the function, where bgsync raises androidx.work': {
      files: {
        ...integrated(),
        [`${SOURCES}/MainApplication.kt`]:
          kotlin(`class MainApplication : Application(), ReactApplication, Configuration.Provider {
  override val reactHost: ReactHost by lazy { getDefaultReactHost(this, packages) }
  override fun getWorkManagerConfiguration() = Configuration.Builder().build()
}`),
        [BUILD]: withWork('2.8.1'),
      },
      at: `${APPLICATION}:7`,
    },
    'the property, with an older one pinned': {
      files: { [APPLICATION]: asProperty, 'android/build.gradle': pinned('2.8.1') },
      at: `${APPLICATION}:6`,
    },
  },
  near: {
    'the function, with 2.8': { ...removed, [APPLICATION]: asFunction, [BUILD]: withWork('2.8.1') },
    'the property, with 2.9': { [APPLICATION]: asProperty, [BUILD]: withWork('2.9.1') },
    'the property, where something may raise 2.8': {
      [APPLICATION]: asProperty,
      [BUILD]: withWork('2.8.1'),
    },
    'a function of another class': {
      [BUILD]: withWork('2.11.2'),
      [`${SOURCES}/Configurations.kt`]: kotlin(
        'object Configurations : Source {\n  override fun getWorkManagerConfiguration() = Configuration.Builder().build()\n}',
      ),
    },
    'Java keeps the function': {
      [BUILD]: withWork('2.11.2'),
      [APPLICATION]: undefined,
      [`${SOURCES}/MainApplication.java`]: `package com.example.demo;

public class MainApplication extends Application implements Configuration.Provider {
  @Override
  public Configuration getWorkManagerConfiguration() {
    return new Configuration.Builder().build();
  }
}
`,
    },
  },
});

const bare = (body: string, supertypes = 'Application(), ReactApplication') =>
  `package com.example.demo\n\nclass MainApplication : ${supertypes} {\n${body}\n}\n`;
const HOST = '  override val reactHost: ReactHost by lazy { getDefaultReactHost(this, packages) }';
const OLD_HOST =
  '  override val reactNativeHost: ReactNativeHost = object : DefaultReactNativeHost(this) {}';
const headless = {
  [`${SOURCES}/SyncWorker.kt`]:
    kotlin(`class SyncWorker(c: Context, p: WorkerParameters) : ListenableWorker(c, p) {
  override fun startWork(): ListenableFuture<Result> {
    val host = (applicationContext as ReactApplication).reactNativeHost
    return start(host.reactInstanceManager)
  }
}`),
};

describeCheck('A24', {
  base: 'react-native',
  triggers: {
    'the generated sync, and no reactHost': {
      files: { ...integrated(), [APPLICATION]: bare(OLD_HOST) },
      at: `${APPLICATION}:3`,
      message: 'MainApplication has no reactHost',
    },
    'in Java': {
      files: {
        ...integrated(),
        [APPLICATION]: undefined,
        [`${SOURCES}/MainApplication.java`]: `package com.example.demo;

public class MainApplication extends Application implements ReactApplication {
  @Override
  public ReactNativeHost getReactNativeHost() { return host; }
}
`,
      },
      at: `${SOURCES}/MainApplication.java:3`,
    },
    'a worker that asks for the old one': {
      files: { [APPLICATION]: bare(HOST), ...headless },
      at: `${SOURCES}/SyncWorker.kt:7`,
      message: 'SyncWorker asks for reactNativeHost, which MainApplication does not have',
    },
  },
  near: {
    'no integration': { [APPLICATION]: bare(OLD_HOST) },
    'both hosts': { ...integrated(), [APPLICATION]: bare(`${OLD_HOST}\n${HOST}`), ...headless },
    'a base class that is not known': {
      ...integrated(),
      [APPLICATION]: bare('', 'BaseReactApplication(), ReactApplication'),
    },
    'the old architecture': {
      ...integrated(),
      'package.json': packageJson({ 'react-native': '0.81.4' }),
      'android/gradle.properties': 'newArchEnabled=false\n',
      [APPLICATION]: bare(OLD_HOST),
    },
  },
});

describeCheck('A25', {
  base: 'react-native',
  triggers: {
    'React Native 0.82 and later': {
      files: {
        'android/gradle.properties':
          'android.useAndroidX=true\n# The architecture\nnewArchEnabled=false\n',
      },
      at: 'android/gradle.properties:3',
      message: 'newArchEnabled=false has no effect in React Native 0.87.2',
    },
  },
  near: {
    'React Native 0.81': {
      'package.json': packageJson({ 'react-native': '~0.81.0' }),
      'android/gradle.properties': 'newArchEnabled=false\n',
    },
    true: { 'android/gradle.properties': 'newArchEnabled=true\n' },
    'a comment': { 'android/gradle.properties': '# newArchEnabled=false\n' },
  },
});

const libraries = (dependencies: Record<string, string>) => ({
  'package.json': JSON.stringify({ name: 'demo', version: '1.0.0', dependencies }, null, 2),
});

describeCheck('A27', {
  base: 'android',
  triggers: {
    'two libraries': {
      files: libraries({
        'expo-background-task': '~1.0.0',
        'react-native-background-fetch': '4.3.0',
      }),
      at: 'package.json:6',
      message: 'react-native-background-fetch is installed beside expo-background-task',
    },
    'one beside bgsync': {
      base: 'react-native',
      files: {
        ...integrated(),
        ...libraries({ 'react-native': '0.87.2', 'expo-background-task': '~1.0.0' }),
        'ios/Demo.xcodeproj/project.pbxproj': undefined,
      },
      at: 'package.json:6',
      message: 'expo-background-task is installed beside bgsync',
    },
    'a plugin of Flutter beside bgsync': {
      base: 'bgsync-flutter',
      files: {
        'pubspec.yaml': `${BASES['bgsync-flutter']['pubspec.yaml'] ?? ''}  workmanager: ^0.9.0\n`,
      },
      at: 'pubspec.yaml',
      message: 'workmanager is installed beside bgsync',
    },
  },
  near: {
    'one library': libraries({ 'expo-background-task': '~1.0.0' }),
    'libraries for something else': libraries({
      'expo-background-task': '~1.0.0',
      'expo-task-manager': '~13.0.0',
    }),
  },
});
