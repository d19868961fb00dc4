import { posix } from 'node:path';

/** Where things are in the app of a tree, by its host: what attacks aim at. Paths are relative to the repo. */
export interface Layout {
  readonly host: 'react-native' | 'flutter';
  /** The folder of the app; '' for the repo's own. */
  readonly app: string;
  readonly module: string;
  readonly lock: string;
  /** Where the config is. */
  readonly config: string;
  readonly plist: string;
  readonly pbxproj: string;
  /** What the commands read, by what reads it. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Places for code of the app's own. */
  readonly sources: readonly string[];
  /** Places for a file with a name like `text`. */
  readonly names: (text: string) => readonly string[];
}

const ANDROID = [
  'android/gradle.properties',
  'android/local.properties',
  'android/gradle/libs.versions.toml',
  'android/app/src/main/AndroidManifest.xml',
  'android/app/proguard-rules.pro',
];

const OWN = [
  'bgsync.config.json',
  'bgsync.baseline.json',
  '.bgsync/journal.json',
  '.bgsync/lock',
  '.bgsync/.gitignore',
];

interface Names {
  readonly module: string;
  /** The folder of the app's native code in `ios/`. */
  readonly ios: string;
  readonly java: string;
  /** In its language: the folder of the app's code and the ending of its files. */
  readonly code: readonly [folder: string, ending: string];
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

function layoutOf(
  { module, ios, java, code: [folder, ending], files, folders }: Names,
  rest: Pick<Layout, 'host' | 'app'> & { readonly roots?: readonly string[] },
): Layout {
  const inApp = (path: string): string => posix.join(rest.app, path);
  const plist = inApp(`ios/${ios}/Info.plist`);
  const pbxproj = inApp(`ios/${ios}.xcodeproj/project.pbxproj`);
  const lock = inApp(`${module}/bgsync.lock.json`);
  return {
    host: rest.host,
    app: rest.app,
    module: inApp(module),
    lock,
    config: inApp('bgsync.config.json'),
    plist,
    pbxproj,
    files: [
      ...[...files, ...ANDROID, ...OWN, `ios/${ios}/AppDelegate.swift`].map(inApp),
      plist,
      pbxproj,
      lock,
      ...(rest.roots ?? []),
    ],
    folders: [
      ...[
        'android',
        'android/app',
        'android/app/src/main',
        'ios',
        `ios/${ios}`,
        `ios/${ios}.xcodeproj`,
        module,
        posix.dirname(module),
        `${module}/android`,
        folder,
        '.bgsync',
        ...folders,
      ].map(inApp),
      '.git',
    ],
    sources: [
      `android/app/src/main/${java}/Worker.kt`,
      `android/app/src/main/${java}/Worker.java`,
      `ios/${ios}/Sync.swift`,
      `ios/${ios}/Sync.m`,
      `${folder}/sync.${ending}`,
      `${folder}/sync.${ending === 'ts' ? 'js' : ending}`,
    ].map(inApp),
    names: (text) =>
      [
        `${text}.kt`,
        `android/app/src/main/${java}/${text}.kt`,
        `android/${text}/build.gradle`,
        `ios/${text}.swift`,
        `ios/${text}.xcodeproj/project.pbxproj`,
        `ios/${text}/Info.plist`,
        `${module}/${text}`,
        `${module}/${ending === 'ts' ? 'src' : 'lib'}/${text}.${ending}`,
        `${folder}/${text}.${ending}`,
        `.bgsync/${text}`,
        `.bgsync/.${text}.0123abcd.bgsync`,
      ].map(inApp),
  };
}

/** An app of React Native's template. */
export const REACT_NATIVE = layoutOf(
  {
    module: 'modules/background-sync',
    ios: 'HelloWorld',
    java: 'java/com/helloworld',
    code: ['src', 'ts'],
    files: [
      'package.json',
      'index.js',
      'App.tsx',
      'app.json',
      'tsconfig.json',
      'react-native.config.js',
      'src/background-sync.ts',
      '.gitignore',
      '.easignore',
      'yarn.lock',
      'pnpm-workspace.yaml',
      'node_modules/react-native/package.json',
      'android/build.gradle',
      'android/settings.gradle',
      'android/app/build.gradle',
      'android/app/src/main/java/com/helloworld/MainApplication.kt',
      'ios/Podfile',
      'ios/Podfile.lock',
      'modules/background-sync/package.json',
      'modules/background-sync/src/core.ts',
      'modules/background-sync/android/build.gradle',
      'modules/background-sync/ios/BackgroundSyncWorker.swift',
    ],
    folders: ['node_modules', 'node_modules/react-native', 'modules/background-sync/src'],
  },
  { host: 'react-native', app: '' },
);

const FLUTTER_NAMES: Names = {
  module: 'packages/background_sync',
  ios: 'Runner',
  java: 'kotlin/com/example/counter',
  code: ['lib', 'dart'],
  files: [
    'pubspec.yaml',
    'pubspec.lock',
    '.fvmrc',
    'lib/main.dart',
    'lib/main_dev.dart',
    'lib/background_sync.dart',
    '.gitignore',
    '.dart_tool/package_config.json',
    'android/build.gradle.kts',
    'android/settings.gradle.kts',
    'android/app/build.gradle.kts',
    'android/app/src/main/kotlin/com/example/counter/MainActivity.kt',
    'ios/Podfile',
    'ios/Podfile.lock',
    'ios/Flutter/Debug.xcconfig',
    'packages/background_sync/pubspec.yaml',
    'packages/background_sync/lib/background_sync.dart',
    'packages/background_sync/lib/src/core.dart',
    'packages/background_sync/android/build.gradle',
    'packages/background_sync/ios/background_sync/Package.swift',
  ],
  folders: ['.dart_tool', 'packages/background_sync/lib', 'packages/background_sync/ios'],
};

/** An app that is a repo of its own. */
export const FLUTTER = layoutOf(FLUTTER_NAMES, { host: 'flutter', app: '' });

/** The app of a pub workspace. */
export const FLUTTER_WORKSPACE = layoutOf(FLUTTER_NAMES, {
  host: 'flutter',
  app: 'apps/counter',
  roots: ['pubspec.yaml', 'melos.yaml', 'packages/core/pubspec.yaml'],
});
