import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where an app's native projects come from: prebuild, the repo, or the repo with a config that prebuild would apply. */
export type Workflow = 'cng' | 'committed' | 'committed-config';

export interface ExpoAppOptions {
  readonly sdk?: number;
  readonly workflow?: Workflow;
  /** Of package.json; null leaves it out. */
  readonly main?: string | null;
  readonly dependencies?: Readonly<Record<string, string>>;
  /** More files, or others in place of those that are there; null leaves one out. */
  readonly files?: Readonly<Record<string, string | null>>;
}

const REACT_NATIVE: Readonly<Record<number, string>> = {
  53: '0.79.6',
  54: '0.81.5',
  55: '0.83.10',
  56: '0.85.3',
  57: '0.86.3',
  58: '0.88.1',
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const APP_JSON = json({
  expo: {
    name: 'Demo',
    slug: 'demo',
    version: '1.0.0',
    orientation: 'portrait',
    ios: { supportsTablet: true },
    android: { package: 'com.example.demo' },
  },
});

const INDEX = `import { registerRootComponent } from 'expo';

import App from './App';

// registerRootComponent calls AppRegistry.registerComponent('main', () => App);
registerRootComponent(App);
`;

const APP = `import { Text } from 'react-native';

export default function App() {
  return <Text>Demo</Text>;
}
`;

const PLIST = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
  <dict>
    <key>CFBundleDisplayName</key>
    <string>Demo</string>
    <key>UIBackgroundModes</key>
    <array>
      <string>audio</string>
    </array>
  </dict>
</plist>
`;

const PBXPROJ = `// !$*UTF8*$!
{
	archiveVersion = 1;
	classes = {
	};
	objectVersion = 54;
	objects = {
		13B07F861A680F5B00A75B9A /* Demo */ = {
			isa = PBXNativeTarget;
			buildConfigurationList = 13B07F931A680F5B00A75B9A;
			name = Demo;
			productType = "com.apple.product-type.application";
		};
		83CBB9F71A601CBA00E9B192 /* Project object */ = {
			isa = PBXProject;
			buildConfigurationList = 83CBB9FA1A601CBA00E9B192;
			targets = (
				13B07F861A680F5B00A75B9A /* Demo */,
			);
		};
		13B07F941A680F5B00A75B9A /* Debug */ = {
			isa = XCBuildConfiguration;
			buildSettings = {
				INFOPLIST_FILE = Demo/Info.plist;
				PRODUCT_BUNDLE_IDENTIFIER = com.example.demo;
			};
			name = Debug;
		};
		83CBBA201A601CBA00E9B192 /* Debug */ = {
			isa = XCBuildConfiguration;
			buildSettings = {
				SDKROOT = iphoneos;
			};
			name = Debug;
		};
		13B07F931A680F5B00A75B9A = {
			isa = XCConfigurationList;
			buildConfigurations = (
				13B07F941A680F5B00A75B9A /* Debug */,
			);
		};
		83CBB9FA1A601CBA00E9B192 = {
			isa = XCConfigurationList;
			buildConfigurations = (
				83CBBA201A601CBA00E9B192 /* Debug */,
			);
		};
	};
	rootObject = 83CBB9F71A601CBA00E9B192 /* Project object */;
}
`;

const GRADLE = `apply plugin: "com.android.application"

android {
    namespace "com.example.demo"
    defaultConfig {
        applicationId "com.example.demo"
    }
}
`;

const NATIVE = {
  'ios/Demo/Info.plist': PLIST,
  'ios/Demo.xcodeproj/project.pbxproj': PBXPROJ,
  'android/app/build.gradle': GRADLE,
};

/** Writes an app in the shape of Expo's templates (`blank`, `bare-minimum`), nothing installed. */
export function makeExpoFixture(folder: string, options: ExpoAppOptions = {}): void {
  const { sdk = 57, workflow = 'cng', main = 'index.js', dependencies, files } = options;
  const manifest = {
    name: 'demo',
    version: '1.0.0',
    ...(main === null ? {} : { main }),
    dependencies: {
      expo: `~${sdk}.0.0`,
      react: '19.0.0',
      'react-native': REACT_NATIVE[sdk] ?? '0.79.6',
      ...dependencies,
    },
  };
  const all: Record<string, string | null> = {
    'package.json': json(manifest),
    'app.json': workflow === 'committed' ? json({ name: 'Demo', displayName: 'Demo' }) : APP_JSON,
    'index.js': main === 'index.js' ? INDEX : null,
    'App.js': APP,
    '.gitignore': workflow === 'cng' ? 'node_modules/\n\n/ios\n/android\n' : 'node_modules/\n',
    ...(workflow === 'cng' ? {} : NATIVE),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    if (text === null) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
