/**
 * What was once wrong in real repos, and for each the traits that show it: the one that it was found in, and neighbours of
 * its kind, so that a rule is held and not a case.
 */
export const CASES: Readonly<Record<string, readonly string[]>> = {
  'an app that is too old, by what its build says': [
    'android-too-old',
    'android-too-old-by-a-plugin-of-an-included-build',
    'android-workmanager-pinned-too-low',
  ],
  'a root build script that is taken for the app': [
    'android-plugin-on-the-class-path-of-the-root',
    'android-app-by-a-plugin-of-an-included-build',
    'android-java-only-in-a-module-called-mobile',
  ],
  'a second application module': [
    'android-watch-app-earlier-by-name',
    'android-tv-app-that-settings-name-first',
    'android-tv-app-with-react-native-too',
  ],
  'an app config whose base is elsewhere': [
    'expo-config-a-base-that-is-imported',
    'expo-config-a-base-that-is-spread',
    'expo-config-json-that-code-requires',
  ],
  'an app config of another shape': [
    'expo-config-default-export-of-expo',
    'expo-config-a-function-around-app-json',
    'expo-config-in-a-wrapper',
    'expo-config-module-exports-of-a-constant',
    'expo-config-a-function-that-drops-app-json',
  ],
  'an ignore rule above the app, or of files alone': [
    'repo-ignores-debug-folders',
    'repo-ignores-above-the-app',
    'repo-ignores-below-the-app',
    'expo-ignores-native-folders-at-any-depth',
  ],
  'dependencies that are computed or spread': [
    'config-dependencies-from-a-call',
    'config-dependencies-that-a-file-has',
    'config-dependencies-that-are-spread-last',
  ],
  'what was completed by hand, and remove has to list': [
    'expo-config-plugins-that-are-computed',
    'config-dependencies-from-a-call',
    'ios-plist-variable-that-only-ci-knows',
  ],
  'an example app inside a library': [
    'repo-of-a-library-with-its-example',
    'repo-example-in-a-library-with-dev-dependencies',
    'repo-example-that-links-its-library',
  ],
  'a scene manifest, and no React in a scene': [
    'ios-scenes-of-carplay-alone',
    'ios-scenes-that-name-no-delegate',
    'ios-scenes-that-take-the-window-over',
  ],
  'a tsconfig that the package does not fit in': [
    'ts-composite-with-a-narrow-include',
    'ts-a-root-folder',
    'ts-a-narrow-include-alone',
  ],
  'a formatter that sets the generated files anew': [
    'repo-formatted-with-tabs-and-double-quotes',
    'repo-formatted-without-semicolons',
    'repo-formatted-with-crlf',
  ],
  'committed native folders, and no prebuild': [
    'expo-committed-folders-with-the-cli-app-json',
    'expo-committed-folders-and-no-prebuild',
    'expo-committed-ios-alone',
  ],
  'dependencies in devDependencies': [
    'repo-react-native-in-dev-dependencies',
    'repo-every-dependency-in-dev-dependencies',
    'repo-example-in-a-library-with-dev-dependencies',
  ],
  'a monorepo, at its root': [
    'repo-one-app-among-25-packages',
    'repo-several-apps-pnpm',
    'repo-react-native-in-the-root-alone',
  ],
  'several apps, each with a sync': [
    'repo-several-apps-each-with-a-sync',
    'repo-a-second-app-gets-a-sync-of-its-own',
    'repo-several-apps-pnpm',
  ],
  'a neighbour that destroys our work': [
    'neighbour-cancels-all-work-at-its-start',
    'neighbour-prunes-work-in-its-activity',
    'neighbour-cancels-all-requests-at-its-launch',
    'neighbour-cancels-all-requests-in-objective-c',
  ],
  'a neighbour through the fetch of before iOS 13': [
    'neighbour-legacy-background-fetch',
    'neighbour-background-fetch-that-registers-all',
    'neighbour-tasks-of-its-own-and-workers',
  ],
  'React Native as Swift packages, and targets of a watch and a TV': [
    'ios-react-native-by-swift-packages',
    'ios-react-native-by-swift-packages-left-out',
    'ios-beside-watch-and-tv-with-a-shared-plist',
  ],
  'native folders under another name': [
    'config-the-android-project-is-elsewhere',
    'config-the-ios-project-is-elsewhere',
    'config-the-android-project-is-where-the-environment-says',
  ],
};
