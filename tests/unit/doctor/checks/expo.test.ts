import { expect, test } from 'vitest';
import { BASES } from '../../../helpers/doctor-bases.ts';
import { describeCheck, diagnose } from '../../../helpers/doctor-case.ts';
import { applyEdit } from './apply-edit.ts';
import { DELEGATE, integrated, PLIST } from './ios-files.ts';

const PLUGIN = './modules/background-sync/app.plugin.js';
const config = (expo: Record<string, unknown>): string => JSON.stringify({ expo });
const KEYS = {
  UIBackgroundModes: ['audio', 'processing'],
  BGTaskSchedulerPermittedIdentifiers: ['dev.bgsync.processing'],
};

describeCheck('E01', {
  base: 'bgsync-expo',
  triggers: {
    'an app.json without the entries': {
      files: { 'app.json': config({ name: 'demo' }) },
      at: 'app.json',
      message: 'neither ios.infoPlist nor plugins',
    },
    'one of the two entries': {
      files: {
        'app.json': config({ ios: { infoPlist: { ...KEYS, UIBackgroundModes: ['audio'] } } }),
      },
      at: 'app.json',
    },
    'a dynamic config, which has the last word': {
      files: { 'app.config.js': "module.exports = { name: 'demo' };\n" },
      at: 'app.config.js',
      message: 'plugins does not name',
    },
    'a dynamic config that cannot be read': {
      files: { 'app.config.ts': 'export default make();\n' },
      at: 'app.config.ts',
      message: 'cannot be read: it exports the result of a call',
    },
    'no config at all': { files: { 'app.json': undefined }, at: 'app.json' },
  },
  near: {
    'as init left it': {},
    'the entries beside others': { 'app.json': config({ ios: { infoPlist: KEYS } }) },
    'the plugin in app.json': { 'app.json': config({ plugins: ['a', [PLUGIN, {}]] }) },
    'the plugin in a dynamic config': {
      'app.json': undefined,
      'app.config.js': `module.exports = make({ plugins: ['${PLUGIN}'] });\n`,
    },
  },
});

const eas = (prebuildCommand: string): string =>
  JSON.stringify({ build: { production: { prebuildCommand } } }, null, 2);

test.each<[string, object, string, Record<string, string>?]>([
  ['nothing runs prebuild', {}, 'info'],
  ['a script of npm’s own is called prebuild', { scripts: { prebuild: 'tsc' } }, 'info'],
  ['a script runs prebuild', { scripts: { ios: 'expo prebuild -p ios --clean' } }, 'error'],
  ['a script runs it for Android', { scripts: { a: 'expo prebuild -p android' } }, 'info'],
  ['EAS Build has a command for it', {}, 'error', { 'eas.json': eas('prebuild --clean') }],
  ['one for Android alone', {}, 'info', { 'eas.json': eas('prebuild -p android') }],
  ['EAS Build gets no ios/', {}, 'error', { '.easignore': 'node_modules\n/ios\n' }],
])('E01 where ios/ is in the repo, and %s', async (_name, more, severity, files = {}) => {
  const native = Object.entries(BASES.bgsync).filter(([path]) => path.startsWith('ios/'));
  const own = JSON.parse(BASES['bgsync-expo']['package.json'] ?? '') as object;
  const { findings } = await diagnose('bgsync-expo', {
    ...Object.fromEntries(native),
    'app.json': config({ name: 'demo', ios: { bundleIdentifier: 'com.example.demo' } }),
    'package.json': JSON.stringify({ ...own, ...more }),
    ...files,
  });
  const found = findings.filter(({ id }) => id === 'E01');
  expect(found.map((one) => one.severity)).toEqual([severity]);
  expect(found[0]?.message.includes('prebuild --clean')).toBe(severity === 'info');
});

test.each([
  [56, {}, 'plugins'],
  [56, { bundleIdentifier: 'com.example.demo' }, 'ios'],
  [57, {}, 'ios'],
])('E01’s fix is the edit of init: SDK %i, ios %j', async (sdk, ios, key) => {
  const files = {
    'app.json': config({ name: 'demo', ios }),
    'package.json': BASES['bgsync-expo']['package.json']!.replace('~57.0.0', `~${sdk}.0.0`),
  };
  const { findings } = await diagnose('bgsync-expo', files);
  const after = await applyEdit(findings.find(({ id }) => id === 'E01'));
  const { expo } = JSON.parse(after['app.json'] ?? '{}') as { expo: Record<string, object> };
  // Up to SDK 56 the first prebuild doubles the lists below ios where it adds the bundle identifier.
  expect(Object.keys(key === 'ios' ? (expo.ios ?? {}) : expo)).toContain(
    key === 'ios' ? 'infoPlist' : 'plugins',
  );
});

describeCheck('E02', {
  base: 'bgsync-expo',
  triggers: {
    'a rule without a slash in front': {
      files: { '.easignore': 'node_modules/\nios/\nandroid\n' },
      at: ['.easignore:2', '.easignore:3'],
      message: 'ios/ leaves out modules/background-sync/ios',
    },
    'the whole folder': { files: { '.easignore': 'modules\n' }, at: '.easignore:1' },
  },
  near: { 'the folders of the app alone': { '.easignore': '/ios\n/android\n' } },
});

describeCheck('J12', {
  base: 'bgsync-expo',
  triggers: {
    'in an Expo app, too': {
      files: { 'react-native.config.js': undefined },
      at: 'react-native.config.js',
    },
  },
  near: {},
});

describeCheck('X05', {
  base: 'bgsync-expo',
  triggers: {
    'a platform that the app config leaves out': {
      files: {
        'app.json': config({ platforms: ['android'], ios: { infoPlist: KEYS } }),
      },
      at: 'bgsync.config.json',
      message: 'no Xcode project',
    },
  },
  near: {},
});

const SCENES = '\t<key>UIApplicationSceneManifest</key>\n\t<dict/>';
const delegate = (property: string): string => `internal import Expo

@main
class AppDelegate: ExpoAppDelegate, ExpoReactNativeFactoryProvider {
  var window: UIWindow?
${property}}
`;

describeCheck('I18', {
  base: 'react-native',
  triggers: {
    'the scene delegate has the factory': {
      files: {
        ...integrated(SCENES),
        [DELEGATE]: `${BASES.ios['Demo/AppDelegate.swift']}
class SceneDelegate: UIResponder, UIWindowSceneDelegate {
  var reactNativeFactory: RCTReactNativeFactory?
}
`,
      },
      at: `${PLIST}:15`,
    },
  },
  near: {
    'the app delegate has it, as in Expo’s template of SDK 58': {
      ...integrated(SCENES),
      [DELEGATE]: delegate('  var reactNativeFactory: RCTReactNativeFactory?\n'),
    },
  },
});
