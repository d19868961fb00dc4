import { DELEGATE, PLIST, background, delegate, schedule } from '../checks/ios-files.ts';
import { BOTH, ID, LEAVES, REFRESH, REGISTERED, SOUND } from './ios-apps.ts';
import { describeSituations } from './situation.ts';

/** What iOS carries on with while the app is not there: transfers of a background session, scenes, tasks of SwiftUI. */

const UPLOADER = 'ios/Demo/Uploader.swift';
const uploader = (body: string): string => `import Foundation

final class Uploader: NSObject, URLSessionDataDelegate {
  static let shared = Uploader()
  var backgroundCompletionHandler: (() -> Void)?
  private lazy var session: URLSession = {
    let config = URLSessionConfiguration.background(withIdentifier: "com.example.demo.upload")
    config.isDiscretionary = true
    return URLSession(configuration: config, delegate: self, delegateQueue: nil)
  }()

${body}
}
`;
const UPLOAD = `  func upload(_ file: URL, to url: URL) {
    session.uploadTask(with: URLRequest(url: url), fromFile: file).resume()
  }`;
const FINISHES = `  func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {
    DispatchQueue.main.async {
      self.backgroundCompletionHandler?()
      self.backgroundCompletionHandler = nil
    }
  }`;
const events = (body: string): string =>
  delegate(
    '',
    `func application(_ application: UIApplication, handleEventsForBackgroundURLSession identifier: String, completionHandler: @escaping () -> Void) {\n${body}\n}`,
  );
const KEEPS = events('Uploader.shared.backgroundCompletionHandler = completionHandler');
const app = (body: string, appDelegate = KEEPS) => ({
  [DELEGATE]: appDelegate,
  [UPLOADER]: uploader(body),
});

describeSituations('tasks that a background session refuses (I40)', {
  'an upload with a closure': {
    base: 'react-native',
    files: app(`${FINISHES}
  func upload(_ file: URL, to url: URL) {
    let task = session.uploadTask(with: URLRequest(url: url), fromFile: file) { data, _, error in
      Store.shared.mark(error)
    }
    task.resume()
  }`),
    finds: [`I40 ${UPLOADER}:19`],
    says: 'uploadTask has a completion handler',
  },
  'an async method': {
    base: 'react-native',
    files: app(
      `${FINISHES}\n  func load(_ url: URL) async throws -> Data {\n    try await session.data(for: URLRequest(url: url)).0\n  }`,
    ),
    finds: [`I40 ${UPLOADER}`],
  },
  'an upload from memory': {
    base: 'react-native',
    files: app(
      `${FINISHES}\n  func upload(_ body: Data, to url: URL) {\n    session.uploadTask(with: URLRequest(url: url), from: body).resume()\n  }`,
    ),
    finds: [`I40 ${UPLOADER}`],
    says: 'from memory',
  },
  'sound: a second session of the foreground has the closure': {
    base: 'react-native',
    files: app(`${UPLOAD}
${FINISHES}
  private let api = URLSession(configuration: .default)
  func token() {
    api.dataTask(with: url) { data, _, _ in self.keep(data) }.resume()
  }`),
  },
});

describeSituations('the completion handler of a background session (I41)', {
  'nobody takes it': {
    base: 'react-native',
    files: { [UPLOADER]: uploader(`${UPLOAD}\n${FINISHES}`) },
    finds: [`I41 ${UPLOADER}:7`],
  },
  'it is dropped': {
    base: 'react-native',
    files: app(`${UPLOAD}\n${FINISHES}`, events('print("events of \\(identifier)")')),
    finds: [`I41 ${DELEGATE}`],
    says: 'neither kept nor called',
  },
  'it is kept, and nothing calls it': {
    base: 'react-native',
    files: app(UPLOAD),
    finds: [`I41 ${DELEGATE}`],
    says: 'kept in backgroundCompletionHandler',
  },
  'it is called at once': {
    base: 'react-native',
    files: app(
      `${UPLOAD}\n${FINISHES}`,
      events('Uploader.shared.resume(identifier)\n    completionHandler()'),
    ),
    finds: [`I41 ${DELEGATE}`],
    says: 'called at once',
  },
  'it is kept, and called at once all the same, on the main queue': {
    base: 'react-native',
    files: app(
      `${UPLOAD}\n${FINISHES}`,
      events(
        'Uploader.shared.backgroundCompletionHandler = completionHandler\nDispatchQueue.main.async { completionHandler() }',
      ),
    ),
    finds: [`I41 ${DELEGATE}`],
    says: 'called at once',
  },
  'it is called at once, in Objective-C': {
    base: 'react-native',
    files: {
      [UPLOADER]: uploader(UPLOAD),
      'ios/Demo/Events.m': `#import "AppDelegate.h"
@implementation AppDelegate (Events)
- (void)application:(UIApplication *)application handleEventsForBackgroundURLSession:(NSString *)identifier completionHandler:(void (^)(void))completionHandler
{
  [[Uploader shared] reconnect:identifier];
  completionHandler();
}
@end
`,
    },
    finds: ['I41 ios/Demo/Events.m'],
    says: 'called at once',
  },
  'sound: called at once for a session that is not the app’s': {
    base: 'react-native',
    files: app(
      `${UPLOAD}\n${FINISHES}`,
      events(
        'guard identifier == "com.example.demo.upload" else {\n  completionHandler()\n  return\n}\nUploader.shared.backgroundCompletionHandler = completionHandler',
      ),
    ),
  },
  'sound: called by what the uploader calls when it is through': {
    base: 'react-native',
    files: app(
      `${UPLOAD}\n${FINISHES}`,
      events('Uploader.shared.whenFinished {\n  completionHandler()\n}'),
    ),
  },
  'sound: kept, and called when the events are through': {
    base: 'react-native',
    files: app(`${UPLOAD}\n${FINISHES}`),
  },
  'sound: by identifier, in a dictionary': {
    base: 'react-native',
    files: {
      [DELEGATE]: events('Uploader.handlers[identifier] = completionHandler'),
      [UPLOADER]: uploader(
        `  static var handlers: [String: () -> Void] = [:]\n${UPLOAD}\n  func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {\n    Uploader.handlers.removeValue(forKey: session.configuration.identifier!)?()\n  }`,
      ),
    },
  },
});

const SCENES = `<key>UIApplicationSceneManifest</key><dict><key>UISceneConfigurations</key><dict><key>UIWindowSceneSessionRoleApplication</key><array><dict><key>UISceneDelegateClassName</key><string>SceneDelegate</string></dict></array></dict></dict>`;
const SCENE = 'ios/Demo/SceneDelegate.swift';
const sceneDelegate = (member = ''): string => `import UIKit

class SceneDelegate: UIResponder, UIWindowSceneDelegate {
  var window: UIWindow?
${member}
}
`;
const scenes = (appDelegate: string, scene = sceneDelegate(), manifest = SCENES) => ({
  [PLIST]: background(['fetch'], [ID], manifest),
  [DELEGATE]: appDelegate,
  [SCENE]: scene,
});

describeSituations('a method that scenes take the place of (I42)', {
  'the request is submitted there alone': {
    base: 'react-native',
    files: scenes(delegate(REGISTERED, `${LEAVES('schedule()')}\n${SOUND}`)),
    finds: [`I42 ${DELEGATE}`],
    says: 'applicationDidEnterBackground is not called',
  },
  'sound: the scene does it as well': {
    base: 'react-native',
    files: scenes(
      delegate(REGISTERED, `${LEAVES('schedule()')}\n${SOUND}`),
      sceneDelegate(
        '  func sceneDidEnterBackground(_ scene: UIScene) {\n    (UIApplication.shared.delegate as? AppDelegate)?.schedule()\n  }',
      ),
    ),
  },
  'sound: an app without scenes': {
    base: 'react-native',
    files: scenes(delegate(REGISTERED, `${LEAVES('schedule()')}\n${SOUND}`), undefined, ''),
  },
  'sound: the launch asks for it, too': {
    base: 'react-native',
    files: scenes(delegate(`${REGISTERED}schedule()`, `${LEAVES('schedule()')}\n${SOUND}`)),
  },
});

const swiftUi = (task: string): string => `import SwiftUI
import BackgroundTasks

@main
struct DemoApp: App {
  @Environment(\\.scenePhase) private var phase
  var body: some Scene {
    WindowGroup { ContentView() }
      .onChange(of: phase) { if $0 == .background { schedule() } }
      .backgroundTask(.appRefresh(${REFRESH})) {
${task}
      }
  }
${schedule(REFRESH, 'BGAppRefreshTaskRequest')}
}
`;

describeSituations('a task of SwiftUI ends with its closure (I37)', {
  'the work is in a Task of its own': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': swiftUi('await schedule()\nTask { await Sync.shared.run() }'),
      [PLIST]: BOTH,
    },
    finds: ['I37 ios/Demo/DemoApp.swift:12'],
  },
  'sound: it is awaited': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': swiftUi('await schedule()\nawait Sync.shared.run()'),
      [PLIST]: BOTH,
    },
  },
  'sound: the Task is waited for': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      'ios/Demo/DemoApp.swift': swiftUi(
        'await schedule()\nlet work = Task { await Sync.shared.run() }\n_ = await work.value',
      ),
      [PLIST]: BOTH,
    },
  },
});

const scene = (modifiers: string): string => `import SwiftUI

enum Sessions { static let upload = "com.example.demo.upload" }

@main
struct DemoApp: App {
  var body: some Scene {
    WindowGroup { ContentView() }
${modifiers}
  }
}
`;
const inScenes = (modifiers: string, more: Record<string, string> = {}) => ({
  [DELEGATE]: undefined,
  'ios/Demo/DemoApp.swift': scene(modifiers),
  [UPLOADER]: uploader(UPLOAD),
  ...more,
});
const DOWNLOADER = {
  'ios/Demo/Downloader.swift': `import Foundation

final class Downloader: NSObject, URLSessionDownloadDelegate {
  private lazy var session = URLSession(
    configuration: .background(withIdentifier: "com.example.demo.download"), delegate: self, delegateQueue: nil)
  func start(_ url: URL) { session.downloadTask(with: url).resume() }
}
`,
};

describeSituations('the events of a session, where scenes take them (I41)', {
  'the scene has another identifier': {
    base: 'react-native',
    files: inScenes(
      '      .backgroundTask(.urlSession("com.example.demo.uploads")) { await Uploader.shared.finished() }',
    ),
    finds: [`I41 ${UPLOADER}:7`],
    says: 'has the identifier com.example.demo.upload',
  },
  'a second session has no scene': {
    base: 'react-native',
    files: inScenes(
      '      .backgroundTask(.urlSession(Sessions.upload)) { await Uploader.shared.finished() }',
      DOWNLOADER,
    ),
    finds: ['I41 ios/Demo/Downloader.swift:5'],
  },
  'a scene for a session that is not made': {
    base: 'react-native',
    files: inScenes(
      '      .backgroundTask(.urlSession(Sessions.upload)) { await Uploader.shared.finished() }\n      .backgroundTask(.urlSession("com.example.demo.download")) { await Downloads.finished() }',
    ),
    finds: ['I41 ios/Demo/DemoApp.swift:10'],
    says: 'this closure is not called',
  },
  'sound: the same identifier, by a constant': {
    base: 'react-native',
    files: inScenes(
      '      .backgroundTask(.urlSession(Sessions.upload)) { await Uploader.shared.finished() }',
    ),
  },
  'sound: a scene for all': {
    base: 'react-native',
    files: inScenes(
      '      .backgroundTask(.urlSession(matching: { $0.hasPrefix("com.example") })) { id in await Transfers.finished(id) }',
      DOWNLOADER,
    ),
  },
  'sound: a scene for one, and the app delegate for the others': {
    base: 'react-native',
    files: inScenes(
      '      .backgroundTask(.urlSession(Sessions.upload)) { await Uploader.shared.finished() }',
      { ...DOWNLOADER, 'ios/Demo/Delegate.swift': KEEPS.replace('@main\n', '') },
    ),
  },
});
