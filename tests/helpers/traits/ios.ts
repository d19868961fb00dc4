import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeTemplateApp } from '../template-app.ts';
import { change, lines, write } from './files.ts';
import {
  PROJECT,
  XML_PLIST,
  addTarget,
  setOwn,
  templatePlist,
  writeBinaryPlist,
} from './ios-project.ts';
import type { PrintedStep, Trait } from './trait.ts';

function move(root: string, from: string, to: string): void {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  renameSync(join(root, from), join(root, to));
}

const stepFor = (steps: readonly PrintedStep[], path: string): PrintedStep => {
  const step = steps.find((candidate) => candidate.path === path);
  if (step === undefined) throw new Error(`no step was printed for ${path}`);
  return step;
};

/** What `npx react-native spm add` leaves, and `spm deinit` takes away. */
const SPM_MARKER = join(dirname(PROJECT), '.spm-injected.json');

function makeSwiftPackageApp(root: string): void {
  makeTemplateApp('0.87', root);
  write(root, { [SPM_MARKER]: '{}\n' });
}

/** An Info.plist with a scene manifest of these roles; React Native starts in the app delegate, as in the template. */
const withScenes = (root: string, ...roles: readonly (readonly [role: string, name: string])[]) =>
  change(root, 'ios/HelloWorld/Info.plist', (text) =>
    text.replace(
      '<dict>\n',
      lines(
        '<dict>',
        '\t<key>UIApplicationSceneManifest</key>',
        '\t<dict>',
        '\t\t<key>UIApplicationSupportsMultipleScenes</key>',
        '\t\t<true/>',
        ...(roles.length === 0 ? [] : ['\t\t<key>UISceneConfigurations</key>', '\t\t<dict>']),
        ...roles.flatMap(([role, name]) => [
          `\t\t\t<key>${role}</key>`,
          '\t\t\t<array>',
          `\t\t\t\t<dict><key>UISceneDelegateClassName</key><string>$(PRODUCT_MODULE_NAME).${name}</string></dict>`,
          '\t\t\t</array>',
        ]),
        ...(roles.length === 0 ? [] : ['\t\t</dict>']),
        '\t</dict>',
      ),
    ),
  );

const CAR = 'CPTemplateApplicationSceneSessionRoleApplication';
const WINDOW = 'UIWindowSceneSessionRoleApplication';

export const IOS_TRAITS: readonly Trait[] = [
  {
    // One Info.plist each, outside any source folder; what is no app, and what is gone, stays as it is.
    name: 'ios-dev-preview-production-with-extension-and-stale-target',
    make(root) {
      makeTemplateApp('0.81', root);
      const plist = templatePlist(root);
      write(root, {
        'ios/HelloDev-Info.plist': plist,
        'ios/HelloPreview-Info.plist': plist.replaceAll('\n', '\r\n'),
        'ios/PushService/Info.plist': XML_PLIST,
        'ios/HelloTests/Info.plist': XML_PLIST,
      });
      addTarget(root, {
        id: 'DEV',
        name: 'Hello Dev',
        settings: { INFOPLIST_FILE: '"HelloDev-Info.plist"' },
      });
      addTarget(root, {
        id: 'PREVIEW',
        name: 'Hello Preview',
        settings: { INFOPLIST_FILE: '"$(SRCROOT)/HelloPreview-Info.plist"' },
      });
      addTarget(root, {
        id: 'OLD',
        name: 'HelloOld',
        settings: { INFOPLIST_FILE: 'HelloOld/Info.plist' },
      });
      addTarget(root, {
        id: 'PUSH',
        name: 'PushService',
        type: 'com.apple.product-type.app-extension',
        settings: { INFOPLIST_FILE: 'PushService/Info.plist' },
      });
      addTarget(root, {
        id: 'TESTS',
        name: 'HelloTests',
        type: 'com.apple.product-type.bundle.unit-test',
        settings: { INFOPLIST_FILE: 'HelloTests/Info.plist' },
      });
    },
    exit: 0,
  },
  {
    // Watch and TV apps are of the product type of an iOS app; two iOS targets share one file.
    name: 'ios-beside-watch-and-tv-with-a-shared-plist',
    make(root) {
      makeTemplateApp('0.83', root);
      write(root, {
        'ios/Watch/Info.plist': XML_PLIST,
        'ios/TV/Info.plist': XML_PLIST,
        'ios/Mac/Info.plist': XML_PLIST,
      });
      addTarget(root, {
        id: 'LITE',
        name: 'HelloLite',
        settings: { INFOPLIST_FILE: '"${PROJECT_DIR}/HelloWorld/Info.plist"' },
      });
      addTarget(root, {
        id: 'WATCH',
        name: 'HelloWatch',
        settings: { SDKROOT: 'watchos', INFOPLIST_FILE: 'Watch/Info.plist' },
      });
      addTarget(root, {
        id: 'TV',
        name: 'HelloTV',
        settings: {
          SUPPORTED_PLATFORMS: '"appletvos appletvsimulator"',
          INFOPLIST_FILE: 'TV/Info.plist',
        },
      });
      addTarget(root, {
        id: 'MAC',
        name: 'HelloMac',
        settings: { SDKROOT: 'macosx', INFOPLIST_FILE: 'Mac/Info.plist' },
      });
    },
    exit: 0,
  },
  {
    // Names with spaces, dots, quotes and other scripts, in a path made of build variables.
    name: 'ios-plist-through-build-variables-and-odd-names',
    make(root) {
      makeTemplateApp('0.87', root);
      move(root, 'ios/HelloWorld/Info.plist', 'ios/Mein_Büro_2_0/Größe 1.5/Info.plist');
      setOwn(root, 'PRODUCT_NAME', '"Mein Büro 2.0"');
      setOwn(root, 'PLIST_FOLDER', '"Größe 1.5"');
      setOwn(
        root,
        'INFOPLIST_FILE',
        '"$(SRCROOT)/Mein_Büro_2_0/${PLIST_FOLDER}/$(PLIST_NAME:default=Info).plist"',
      );
      change(root, PROJECT, (text) =>
        text.replace(
          'name = HelloWorld;\n\t\t\tproductName',
          'name = "Mein \\"Büro\\" 2.0";\n\t\t\tproductName',
        ),
      );
      addTarget(root, {
        id: 'SECOND',
        name: 'Hello World.2',
        settings: {
          PRODUCT_NAME: '"$(TARGET_NAME:c99extidentifier)"',
          INFOPLIST_FILE: '"$(PROJECT_DIR)/Apps/${PRODUCT_NAME}/$(TARGET_NAME).plist"',
        },
      });
      write(root, { 'ios/Apps/Hello_World_2/Hello World.2.plist': XML_PLIST });
    },
    exit: 0,
  },
  {
    // The target inherits the file from the project, another from an xcconfig that another one includes.
    name: 'ios-plist-inherited-from-project-and-xcconfig',
    make(root) {
      makeTemplateApp('0.85', root);
      setOwn(root, 'INFOPLIST_FILE', '');
      change(root, PROJECT, (text) =>
        text
          .replaceAll(
            '\t\t\t\tSDKROOT = iphoneos;\n',
            '\t\t\t\tINFOPLIST_FILE = "$(TARGET_NAME)/Info.plist";\n\t\t\t\tSDKROOT = iphoneos;\n',
          )
          .replace(
            '/* End PBXFileReference section */',
            (end) =>
              `\t\tSTAGING_XCCONFIG = {isa = PBXFileReference; lastKnownFileType = text.xcconfig; path = Staging.xcconfig; sourceTree = "<group>"; };\n${end}`,
          )
          .replace(
            '/* End PBXGroup section */',
            (end) =>
              `\t\tCONFIG_GROUP = {\n\t\t\tisa = PBXGroup;\n\t\t\tchildren = (\n\t\t\t\tSTAGING_XCCONFIG,\n\t\t\t);\n\t\t\tpath = Config;\n\t\t\tsourceTree = "<group>";\n\t\t};\n${end}`,
          )
          .replace(
            '\t\t\t\tBBD78D7AC51CEA395F1C20DB /* Pods */,\n',
            (line) => `${line}\t\t\t\tCONFIG_GROUP,\n`,
          ),
      );
      addTarget(root, { id: 'STAGING', name: 'HelloStaging', settings: {} });
      change(root, PROJECT, (text) =>
        text.replace(
          /(STAGING_(?:Debug|Release) \/\*.*\n\t\t\tisa = XCBuildConfiguration;\n)/g,
          '$1\t\t\tbaseConfigurationReference = STAGING_XCCONFIG;\n',
        ),
      );
      write(root, {
        'ios/Config/Staging.xcconfig': lines(
          '#include "Shared/Base.xcconfig"',
          '#include? "../Pods/Target Support Files/Pods-HelloStaging.xcconfig"',
          'PLIST_NAME = Staging // and not $(inherited)',
          'INFOPLIST_FILE[sdk=macosx*] = mac.plist',
        ),
        'ios/Config/Shared/Base.xcconfig': lines(
          '// Of all stages.',
          'INFOPLIST_FILE = missing.plist',
          'INFOPLIST_FILE[sdk=iphone*] = Config/$(PLIST_NAME)-$(PLATFORM_SUFFIX:default=ios).plist',
        ),
        'ios/Config/Staging-ios.plist': XML_PLIST,
      });
    },
    exit: 0,
  },
  {
    name: 'ios-generated-plist-with-no-file',
    make(root) {
      makeTemplateApp('0.87', root);
      setOwn(root, 'INFOPLIST_FILE', '');
      setOwn(root, 'GENERATE_INFOPLIST_FILE', 'YES');
      rmSync(join(root, 'ios/HelloWorld/Info.plist'));
    },
    exit: 3,
    byHand(app, steps) {
      const path = 'ios/HelloWorld-Info.plist';
      const step = stepFor(steps, path);
      const [, setting = ''] = /set INFOPLIST_FILE = (".*?") in/.exec(step.reason) ?? [];
      write(app, { [path]: step.snippet });
      setOwn(app, 'INFOPLIST_FILE', setting);
    },
  },
  {
    // Xcode 16: folders that are synchronized; spaces for tabs, ids that people gave, a generated part beside the file.
    name: 'ios-synchronized-folders-spaces-and-hand-made-ids',
    make(root) {
      makeTemplateApp('0.87', root);
      setOwn(root, 'GENERATE_INFOPLIST_FILE', 'YES');
      change(root, PROJECT, (text) =>
        text
          .replace('objectVersion = 54;', 'objectVersion = 90;')
          .replaceAll('13B07F861A680F5B00A75B9A', 'HelloWorld.target')
          .replaceAll('83CBB9F71A601CBA00E9B192', '"the project"')
          .replace(
            '/* End PBXGroup section */',
            (end) =>
              `${end}\n\n/* Begin PBXFileSystemSynchronizedRootGroup section */\n\t\tSYNCHRONIZED = {isa = PBXFileSystemSynchronizedRootGroup; path = HelloWorld; sourceTree = "<group>"; };\n/* End PBXFileSystemSynchronizedRootGroup section */`,
          )
          .replace('13B07FAE1A68108700A75B9A /* HelloWorld */,', 'SYNCHRONIZED,')
          .replace(/^\t+/gm, (tabs) => '    '.repeat(tabs.length)),
      );
    },
    exit: 0,
  },
  {
    name: 'ios-binary-plist',
    make(root) {
      makeTemplateApp('0.79', root);
      writeBinaryPlist(root, 'ios/HelloWorld/Info.plist');
    },
    exit: 3,
    byHand(app, steps) {
      const { reason } = stepFor(steps, 'ios/HelloWorld/Info.plist');
      const [, path = ''] = /`plutil -convert xml1 ([^`]*)`/.exec(reason) ?? [];
      write(app, { [path]: XML_PLIST });
    },
  },
  {
    name: 'ios-plist-variable-that-only-ci-knows',
    make(root) {
      makeTemplateApp('0.83', root);
      setOwn(root, 'INFOPLIST_FILE', '"HelloWorld/$(PLIST_OF_CI)"');
    },
    exit: 3,
    byHand(app, steps) {
      stepFor(steps, PROJECT);
      setOwn(app, 'INFOPLIST_FILE', 'HelloWorld/Info.plist');
    },
  },
  {
    name: 'ios-react-native-by-swift-packages',
    make: makeSwiftPackageApp,
    exit: 2,
    byHand(app) {
      rmSync(join(app, SPM_MARKER));
    },
  },
  {
    name: 'ios-react-native-by-swift-packages-left-out',
    make: makeSwiftPackageApp,
    args: ['--platform', 'android'],
    exit: 0,
  },
  {
    // As @react-native-tvos/template-tv.
    name: 'ios-for-apple-tv-alone',
    make(root) {
      makeTemplateApp('0.83', root);
      change(root, PROJECT, (text) =>
        text
          .replaceAll('SDKROOT = iphoneos', 'SDKROOT = appletvos')
          .replaceAll('IPHONEOS_DEPLOYMENT_TARGET', 'TVOS_DEPLOYMENT_TARGET')
          .replaceAll(/\n\t*SUPPORTED_PLATFORMS = .*;/g, ''),
      );
      change(root, 'package.json', (text) =>
        text.replace(
          '"react-native": "0.83.10"',
          '"react-native": "npm:react-native-tvos@0.83.0-0"',
        ),
      );
    },
    exit: 0,
  },
  {
    name: 'ios-two-xcode-projects',
    make(root) {
      makeTemplateApp('0.81', root);
      const project = 'ios/Second App.xcodeproj/project.pbxproj';
      change(root, PROJECT, (text) => {
        write(root, { [project]: text.replaceAll('HelloWorld/Info.plist', 'Second/Info.plist') });
        return text.replace('LastUpgradeCheck = 1210', 'LastUpgradeCheck = 1620');
      });
      write(root, { 'ios/Second/Info.plist': templatePlist(root).replaceAll('\t', '  ') });
    },
    exit: 0,
  },
  {
    // An app of 2019: Objective-C++, and the Xcode project in a folder of its own.
    name: 'ios-objective-c-and-project-in-a-folder-below',
    make(root) {
      makeTemplateApp('0.77', root);
      move(root, 'ios/HelloWorld.xcodeproj', 'ios/App/HelloWorld.xcodeproj');
      move(root, 'ios/HelloWorld', 'ios/App/HelloWorld');
      rmSync(join(root, 'ios/App/HelloWorld/AppDelegate.swift'));
      const library = 'Library.xcodeproj/project.pbxproj';
      write(root, {
        [`ios/Pods/${library}`]: '{ not read }',
        'ios/App/HelloWorld/AppDelegate.h': lines(
          '#import <RCTAppDelegate.h>',
          '@interface AppDelegate : RCTAppDelegate',
          '@end',
        ),
        'ios/App/HelloWorld/AppDelegate.mm': lines(
          '#import "AppDelegate.h"',
          '@implementation AppDelegate',
          '@end',
        ),
        'ios/App/HelloWorld/main.m': lines('int main(void) { return 0; }'),
      });
    },
    exit: 0,
  },
  {
    // The keys belong into project.yml too, or XcodeGen takes them out again: init warns.
    name: 'ios-xcodegen',
    make(root) {
      makeTemplateApp('0.85', root);
      write(root, {
        '.gitignore': 'ios/*.xcodeproj\n',
        'ios/project.yml': lines(
          'name: HelloWorld',
          'targets:',
          '  HelloWorld:',
          '    type: application',
          '    platform: iOS',
          '    info:',
          '      path: HelloWorld/Info.plist',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'ios-tuist-that-has-not-run',
    make(root) {
      makeTemplateApp('0.85', root);
      move(root, PROJECT, 'generated.pbxproj');
      rmSync(join(root, dirname(PROJECT)), { recursive: true });
      write(root, { 'ios/Project.swift': lines('import ProjectDescription') });
    },
    exit: 3,
    byHand(app, steps) {
      if (!stepFor(steps, 'ios/Project.swift').reason.includes('run `tuist generate`')) {
        throw new Error('the step does not say what to run');
      }
      move(app, 'generated.pbxproj', PROJECT);
    },
  },
  {
    name: 'ios-scenes-of-carplay-alone',
    make(root) {
      makeTemplateApp('0.87', root);
      withScenes(root, [CAR, 'CarSceneDelegate']);
      write(root, {
        'ios/HelloWorld/CarSceneDelegate.swift': lines(
          'import CarPlay',
          '',
          'class CarSceneDelegate: UIResponder, CPTemplateApplicationSceneDelegate {}',
        ),
      });
    },
    exit: 0,
  },
  {
    name: 'ios-scenes-that-name-no-delegate',
    make(root) {
      makeTemplateApp('0.87', root);
      withScenes(root);
    },
    exit: 0,
  },
  {
    // Its window is shown by a scene; what is in it was started by the app delegate.
    name: 'ios-scenes-that-take-the-window-over',
    make(root) {
      makeTemplateApp('0.87', root);
      withScenes(root, [CAR, 'CarSceneDelegate'], [WINDOW, 'WindowSceneDelegate']);
      write(root, {
        'ios/HelloWorld/WindowSceneDelegate.swift': lines(
          'import UIKit',
          '',
          'class WindowSceneDelegate: UIResponder, UIWindowSceneDelegate {',
          '  var window: UIWindow?',
          '',
          '  func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) {',
          '    guard let scene = scene as? UIWindowScene else { return }',
          '    window = (UIApplication.shared.delegate as? AppDelegate)?.window',
          '    window?.windowScene = scene',
          '  }',
          '}',
        ),
      });
    },
    exit: 0,
  },
];
