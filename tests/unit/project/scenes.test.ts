import { describe, expect, test } from 'vitest';
import { whereReactStarts } from '../../../src/project/scenes.ts';

const TEMPLATE_088 = `class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
    return true
  }
}

class SceneDelegate: RCTDefaultReactNativeFactoryDelegate, UIWindowSceneDelegate {
  func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) {
    factory.startReactNative(withModuleName: "App", in: window, connectionOptions: options)
  }
}
`;
const IN_THE_APP = `class AppDelegate: UIResponder, UIApplicationDelegate {
  func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
    factory.startReactNative(withModuleName: "App", in: window, launchOptions: options)
    return true
  }
}
`;
const CAR_PLAY = `class CarSceneDelegate: UIResponder, CPTemplateApplicationSceneDelegate {
  func templateApplicationScene(_ scene: CPTemplateApplicationScene, didConnect controller: CPInterfaceController) {
    RNCarPlay.connect(with: controller, window: scene.carWindow)
  }
}
`;
const PHONE_SCENE = `class PhoneSceneDelegate: UIResponder, UIWindowSceneDelegate {
  func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) {
    window.rootViewController = appDelegate.rootViewController
  }
}
`;
const HELPER = `class SceneDelegate: UIResponder, UIWindowSceneDelegate {
  func scene(_ scene: UIScene, willConnectTo session: UISceneSession, options: UIScene.ConnectionOptions) { start(scene) }
  func start(_ scene: UIScene) { window.rootView = RCTRootView(bridge: bridge, moduleName: "App", initialProperties: nil) }
}
`;
const OBJECTIVE_C = `@implementation AppDelegate
- (BOOL)application:(UIApplication *)application didFinishLaunchingWithOptions:(NSDictionary *)launchOptions
{
  RCTBridge *bridge = [[RCTBridge alloc] initWithDelegate:self launchOptions:launchOptions];
  return YES;
}
@end
`;
const RCT_APP_DELEGATE = `@interface AppDelegate : RCTAppDelegate
@end
`;

describe('whereReactStarts', () => {
  test.each<[string, 'scene' | 'app' | undefined, string[]]>([
    ['the template of 0.88', 'scene', [TEMPLATE_088]],
    ['Expo 58', 'scene', ['class SceneDelegate: ExpoAppSceneDelegate {}\n']],
    [
      'a helper of the scene delegate',
      'scene',
      [IN_THE_APP.replace('startReactNative', 'x'), HELPER],
    ],
    ['both', 'scene', [IN_THE_APP, HELPER]],
    ['the app delegate, with a scene for CarPlay', 'app', [IN_THE_APP, CAR_PLAY]],
    ['the app delegate, whose view the scene shows', 'app', [IN_THE_APP, PHONE_SCENE]],
    ['both delegates in one file', 'app', [IN_THE_APP + PHONE_SCENE]],
    ['Objective-C', 'app', [OBJECTIVE_C, CAR_PLAY]],
    ['a delegate of React Native', 'app', [RCT_APP_DELEGATE, PHONE_SCENE]],
    [
      'one that starts it later',
      undefined,
      [`${RCT_APP_DELEGATE}self.automaticallyLoadReactNativeWindow = NO;\n`, PHONE_SCENE],
    ],
    ['nothing that can be told', undefined, [PHONE_SCENE]],
  ])('%s', (_name, where, codes) => {
    expect(whereReactStarts(codes)).toBe(where);
  });
});
