import {
  DELEGATE,
  PLIST,
  background,
  delegate,
  objcDelegate,
  OBJC_DELEGATE,
} from '../checks/ios-files.ts';
import { handlerApp, objcHandlerApp } from './ios-apps.ts';
import { describeSituations } from './situation.ts';
import type { Situation } from './situation.ts';

/** What public reports of native iOS apps showed: modes, ids of continued tasks, protected stores, sessions, old methods. */

const PLACES = 'ios/Demo/Places.swift';
const swift = (name: string, code: string, plist?: string): Situation => ({
  base: 'react-native',
  files: {
    [`ios/Demo/${name}.swift`]: code,
    ...(plist !== undefined && { [PLIST]: plist }),
  },
});
const found = (situation: Situation, at: string, says: string): Situation => ({
  ...situation,
  finds: [at],
  says,
});

const places = (set: string, modes: readonly string[] | undefined = ['fetch']): Situation =>
  swift(
    'Places',
    `import CoreLocation

final class Places: NSObject, CLLocationManagerDelegate {
    private let manager = CLLocationManager()

    override init() {
        super.init()
        manager.delegate = self
        ${set}
    }
}
`,
    background(modes),
  );
const SET = 'manager.allowsBackgroundLocationUpdates = true';

// https://github.com/mauron85/react-native-background-geolocation/issues/60, https://github.com/mapbox/mapbox-events-ios/pull/10
describeSituations('places in the background without the mode location (I03)', {
  'the property': found(places(SET), `I03 ${PLIST}:7`, `location, which ${PLACES}:9 needs`),
  'no modes at all': {
    ...places(SET),
    files: { ...places(SET).files, [PLIST]: background(undefined) },
    finds: [`I03 ${PLIST}`],
  },
  'the method of Objective-C': {
    base: 'react-native',
    files: {
      [PLIST]: background(['fetch']),
      'ios/Demo/Places.m': `#import "Places.h"

@implementation Places
- (void)begin
{
  [self.manager setAllowsBackgroundLocationUpdates:YES];
}
@end
`,
    },
    finds: [`I03 ${PLIST}:7`],
  },
  'sound: with the mode': places(SET, ['location']),
  'sound: switched off': places('manager.allowsBackgroundLocationUpdates = false'),
  'sound: the plist is asked': places(
    `let modes = Bundle.main.object(forInfoDictionaryKey: "UIBackgroundModes") as? [String]\n        if modes?.contains("location") == true { ${SET} }`,
  ),
  'sound: in debug builds': places(`#if DEBUG\n        ${SET}\n        #endif`),
});

const INTERVAL =
  'UIApplication.shared.setMinimumBackgroundFetchInterval(UIApplication.backgroundFetchIntervalMinimum)';
const FETCH = `func application(_ application: UIApplication, performFetchWithCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void) {
    Sync.shared.run { ok in completionHandler(ok ? .newData : .failed) }
}`;
const fetches = (launch: string, plist?: string): Situation => ({
  base: 'react-native',
  files: { [DELEGATE]: delegate(launch, FETCH), ...(plist !== undefined && { [PLIST]: plist }) },
});

describeSituations('the fetch of before iOS 13 without its mode (I03)', {
  'the interval is set': found(fetches(INTERVAL), `I03 ${PLIST}`, 'fetch, which'),
  'sound: with the mode': fetches(INTERVAL, background(['fetch'])),
  'sound: switched off': fetches(
    'UIApplication.shared.setMinimumBackgroundFetchInterval(UIApplication.backgroundFetchIntervalNever)',
  ),
  'sound: nothing asks for it': fetches(''),
  'sound: nothing takes it': {
    base: 'react-native',
    files: { [DELEGATE]: delegate(INTERVAL) },
  },
  'permitted ids turn it off': found(
    fetches(INTERVAL, background(undefined, ['com.example.demo.refresh'])),
    `I25 ${DELEGATE}`,
    'has no effect',
  ),
});

const uploads = (
  id: string,
  ids: readonly string[],
  prefix = 'com.example.demo.upload',
): Situation =>
  swift(
    'Uploads',
    `import BackgroundTasks

@available(iOS 26.0, *)
final class Uploads {
    static let prefix = "${prefix}"

    func start() {
        let id = ${id}
        BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: .main) { task in
            guard let task = task as? BGContinuedProcessingTask else { return }
            task.expirationHandler = { task.setTaskCompleted(success: false) }
            task.progress.totalUnitCount = 10
            self.upload(task.progress) { ok in task.setTaskCompleted(success: ok) }
        }
        let request = BGContinuedProcessingTaskRequest(identifier: id, title: "Upload", subtitle: "")
        try? BGTaskScheduler.shared.submit(request)
    }
}
`,
    background(undefined, ids),
  );
const EACH = '"\\(Self.prefix).\\(UUID().uuidString)"';

describeSituations('an id that each continued task makes for itself (I01)', {
  'of another app': found(
    uploads(EACH, ['com.example.app.upload.*']),
    `I01 ${PLIST}:7`,
    'does not contain com.example.demo.upload.*',
  ),
  'a sum': found(
    uploads('Self.prefix + "." + UUID().uuidString', ['com.example.demo.export.*']),
    `I01 ${PLIST}:7`,
    'does not contain com.example.demo.upload.*',
  ),
  'the start of it, without a star': found(
    uploads(EACH, ['com.example.demo']),
    `I01 ${PLIST}:7`,
    'does not contain com.example.demo.upload.*',
  ),
  'sound: a wildcard': uploads(EACH, ['com.example.demo.upload.*']),
  'sound: a wider one': uploads(EACH, ['com.example.demo.*']),
  'sound: the bundle’s own': uploads(EACH, ['$(PRODUCT_BUNDLE_IDENTIFIER).upload.*']),
  'sound: one of several that are listed': uploads(EACH, [
    'com.example.demo.upload.photo',
    'com.example.demo.upload.video',
  ]),
  'sound: a part of a name': uploads('"com.example.demo.upload-\\(number)"', [
    'com.example.demo.*',
  ]),
  'a part behind it': found(
    uploads('Self.prefix + "." + UUID().uuidString + ".mp4"', ['com.example.demo.export.*']),
    `I01 ${PLIST}:7`,
    'does not contain com.example.demo.upload.*,',
  ),
  'sound: no part of it is whole': uploads('"upload-\\(number)"', ['com.example.demo.upload.*']),
  'sound: of a task that iOS begins': swift(
    'Refresh',
    `import BackgroundTasks

func schedule(_ environment: String) {
    try? BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: "com.example.\\(environment).refresh"))
}
`,
    background(['fetch'], ['com.acme.refresh']),
  ),
  'sound: nothing of it is known': uploads('UUID().uuidString', ['com.example.demo.upload.*']),
});

const store = (body: string): Situation =>
  handlerApp('  task.setTaskCompleted(success: true)', body);

// https://github.com/groue/GRDB.swift/issues/1153, https://github.com/ccgus/fmdb/issues/262
describeSituations('a store that is locked with the device (I21)', {
  'Core Data': found(
    store(`lazy var container: NSPersistentContainer = {
  let container = NSPersistentContainer(name: "Demo")
  container.persistentStoreDescriptions.first?.setOption(FileProtectionType.complete as NSObject, forKey: NSPersistentStoreFileProtectionKey)
  return container
}()`),
    `I21 ${DELEGATE}`,
    'FileProtectionType.complete is given to what a run reads',
  ),
  'a database of SQLite': found(
    store(`func open() throws {
  let path = folder + "/db.sqlite"
  queue = try DatabaseQueue(path: path)
  try FileManager.default.setAttributes([.protectionKey: FileProtectionType.complete], ofItemAtPath: path)
}`),
    `I21 ${DELEGATE}`,
    'while the device is locked',
  ),
  'an outbox that is written': found(
    store(`func save(_ items: [Item]) throws {
  try JSONEncoder().encode(items).write(to: outbox, options: [.atomic, .completeFileProtection])
}`),
    `I21 ${DELEGATE}`,
    '.completeFileProtection',
  ),
  'Objective-C': {
    ...objcHandlerApp(
      '  [task setTaskCompletedWithSuccess:YES];',
      `- (void)protectDatabase
{
  [[NSFileManager defaultManager] setAttributes:@{NSFileProtectionKey: NSFileProtectionComplete} ofItemAtPath:self.path error:nil];
}`,
    ),
    finds: [`I21 ${OBJC_DELEGATE}`],
  },
  'sound: until the first unlock': store(`func open() throws {
  try FileManager.default.setAttributes([.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication], ofItemAtPath: "db.sqlite")
}`),
  'sound: a document of the user’s': store(`func export(_ report: Data) throws {
  try report.write(to: documents.appendingPathComponent("report.pdf"), options: .completeFileProtection)
}`),
  'sound: in debug builds': store(`func open() throws {
  #if DEBUG
  try FileManager.default.setAttributes([.protectionKey: FileProtectionType.complete], ofItemAtPath: "db.sqlite")
  #endif
}`),
  'sound: it is asked': store(`func isLocked(_ database: URL) -> Bool {
  protection(of: database) == FileProtectionType.complete
}`),
  'sound: nothing runs in the background': swift(
    'Store',
    'import Foundation\n\nfunc save(_ data: Data) throws {\n  try data.write(to: database, options: .completeFileProtection)\n}\n',
  ),
});

const EVENTS = `func application(_ application: UIApplication, handleEventsForBackgroundURLSession identifier: String, completionHandler: @escaping () -> Void) {
    Uploader.shared.completion = completionHandler
}`;
const uploader = (id: string): Situation => ({
  base: 'react-native',
  files: {
    [DELEGATE]: delegate('', EVENTS),
    'ios/Demo/Uploader.swift': `import Foundation

final class Uploader: NSObject, URLSessionTaskDelegate {
    static let shared = Uploader()
    static let identifier = "com.example.demo.upload"
    var completion: (() -> Void)?
    lazy var session: URLSession = {
        let configuration = URLSessionConfiguration.background(withIdentifier: ${id})
        return URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    }()

    func upload(_ file: URL, _ request: URLRequest) {
        session.uploadTask(with: request, fromFile: file).resume()
    }
    func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {
        DispatchQueue.main.async { self.completion?() }
    }
}
`,
  },
});

describeSituations('a background session with another identifier at each start (I41)', {
  'a UUID': found(uploader('UUID().uuidString'), 'I41 ios/Demo/Uploader.swift:8', 'reaches nobody'),
  'in a text': found(
    uploader('"com.example.demo.\\(UUID().uuidString)"'),
    'I41 ios/Demo/Uploader.swift:8',
    'reaches nobody',
  ),
  'sound: a constant': uploader('Self.identifier'),
  'sound: it starts nothing': {
    base: 'react-native',
    files: {
      'ios/Demo/Uploader.swift': `import Foundation

func session() -> URLSession {
    let configuration = URLSessionConfiguration.background(withIdentifier: UUID().uuidString)
    configuration.sessionSendsLaunchEvents = false
    return URLSession(configuration: configuration)
}
`,
    },
  },
});

const PUSH = (completion = ''): string =>
  `func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]${completion}) {
    URLSession.shared.dataTask(with: url) { data, _, _ in self.store(data)${completion === '' ? '' : '; completionHandler(.newData)'} }.resume()
}`;
const WITH =
  ', fetchCompletionHandler completionHandler: @escaping (UIBackgroundFetchResult) -> Void';
const pushes = (
  members: string,
  modes: readonly string[] = ['remote-notification'],
): Situation => ({
  base: 'react-native',
  files: { [DELEGATE]: delegate('', members), [PLIST]: background(modes) },
});

// https://stackoverflow.com/questions/23168345
describeSituations('a silent push that goes to the method of before iOS 7 (I43)', {
  Swift: found(pushes(PUSH()), `I43 ${DELEGATE}:14`, 'on the screen alone'),
  'Objective-C': {
    base: 'react-native',
    files: {
      [DELEGATE]: undefined,
      [OBJC_DELEGATE]: objcDelegate(
        '',
        '',
        `- (void)application:(UIApplication *)application didReceiveRemoteNotification:(NSDictionary *)userInfo
{
  [[NSURLSession.sharedSession dataTaskWithURL:self.url completionHandler:^(NSData *data, NSURLResponse *response, NSError *error) {
    [self store:data];
  }] resume];
}`,
      ),
      [PLIST]: background(['remote-notification']),
    },
    finds: [`I43 ${OBJC_DELEGATE}`],
  },
  'without the mode': found(
    pushes(PUSH(), ['fetch']),
    `I03 ${PLIST}:7`,
    'does not contain remote-notification',
  ),
  'sound: both methods': pushes(`${PUSH()}\n${PUSH(WITH)}`),
  'sound: handed to a library': pushes(
    'func application(_ application: UIApplication, didReceiveRemoteNotification userInfo: [AnyHashable: Any]) {\n  Messaging.messaging().appDidReceiveMessage(userInfo)\n}',
  ),
});
