import { defaultConfig } from '../../../../src/config.ts';
import { formatLockFile, lockFiles } from '../../../../src/plan/lock-file.ts';
import { appBuildGradle, packageJson } from '../../../helpers/doctor-bases.ts';

/** What the cases of the Android checks are made of. */

export const BUILD = 'android/app/build.gradle';
export const MANIFEST = 'android/app/src/main/AndroidManifest.xml';
export const SOURCES = 'android/app/src/main/java/com/example/demo';

/** app/build.gradle that asks for this androidx.work; its line is 14. */
export const withWork = (version: string, artifact = 'work-runtime-ktx'): string =>
  appBuildGradle(`    implementation "androidx.work:${artifact}:${version}"`);

/** A Kotlin file of the app: `package`, an empty line, `import`, an empty line, then this from line 5 on. */
export const kotlin = (code: string): string =>
  `package com.example.demo\n\nimport androidx.work.*\n\n${code}\n`;

export const java = (code: string): string =>
  `package com.example.demo;\n\nimport androidx.work.*;\n\n${code}\n`;

const PACKAGE = 'modules/background-sync';
export const GENERATED_BUILD = `${PACKAGE}/android/build.gradle`;

export const generatedBuild = (dependencies: string): string => `apply plugin: "com.android.library"

// The worker waits for the network.
dependencies {
    implementation("com.facebook.react:react-android")
${dependencies}
}
`;

/** What `init` leaves in a bare React Native app, on Android alone, with these files generated. */
export function integrated(
  generated: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const files = {
    'android/build.gradle': generatedBuild(
      '    implementation("androidx.work:work-runtime:2.11.2")',
    ),
    ...generated,
  };
  const lock = formatLockFile({
    lockVersion: 2,
    host: 'react-native',
    bgsync: '0.1.0',
    moduleDir: PACKAGE,
    handler: 'src/background-sync.ts',
    taskIds: [],
    folders: [],
    files: lockFiles(new Map(Object.entries(files)), undefined),
    edits: [],
  });
  const { moduleDir, handler } = defaultConfig();
  return {
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`${PACKAGE}/${path}`, text]),
    ),
    [`${PACKAGE}/bgsync.lock.json`]: lock,
    'bgsync.config.json': JSON.stringify({ platforms: ['android'], moduleDir, handler }),
    'package.json': packageJson({ 'react-native': '0.87.2' }),
    'src/background-sync.ts':
      "import { registerBackgroundSync } from '../modules/background-sync';\nregisterBackgroundSync({ queue });\n",
    'index.js':
      "import './src/background-sync';\nimport { AppRegistry } from 'react-native';\nimport App from './App';\n\nAppRegistry.registerComponent('demo', () => App);\n",
    'react-native.config.js': `module.exports = { dependencies: { 'background-sync': { root: require('path').resolve(__dirname, '${PACKAGE}') } } };\n`,
    [`${SOURCES}/MainApplication.kt`]: `package com.example.demo

class MainApplication : Application(), ReactApplication {
  override val reactHost: ReactHost by lazy {
    getDefaultReactHost(applicationContext, PackageList(this).packages)
  }
}
`,
  };
}
