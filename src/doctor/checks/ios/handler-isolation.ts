import type { Check, Evidence, Finding } from '../../check.ts';
import { functionAround, isSwift, typesAround } from '../../code/apple-functions.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Registration } from '../../code/background-tasks.ts';
import { placeOf } from '../../code/launch-handlers.ts';

/** What UIKit declares for the main actor; a type that inherits one is there too. */
const ON_MAIN =
  /@MainActor\b|^[^{:]*:[^{]*\b(?:UIApplicationDelegate|UIResponder|UIViewController|UIWindowSceneDelegate|ExpoAppDelegate|RCTAppDelegate)\b/;

export const handlerIsolation: Check = {
  id: 'I10',
  title: 'Launch handlers are not bound to the main actor where Swift 6 checks it',
  severity: 'error',
  why: 'In Swift 6 a closure that is formed in code of the main actor checks at run time that it is called there. BGTaskScheduler calls it on a queue of its own: the app ends with _dispatch_assert_queue_fail when the task starts.',
  source: 'https://github.com/mullvad/mullvadvpn-app/issues/7510',
  fix: 'Mark the closure @Sendable, or register in a nonisolated function, or pass using: .main.',
  explain: [
    'An app delegate belongs to the main actor, and so does everything in a target with SWIFT_DEFAULT_ACTOR_ISOLATION = MainActor. A closure that is written there inherits that. The parameter of BGTaskScheduler.register is not marked @Sendable, so that the compiler lets it through; in Swift 6 mode it puts a check into the closure. With `using: nil` the system calls it on a background queue, the check fails, and the app ends, on a device alone and when nobody looks.',
    '    BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { @Sendable task in\n      …\n    }',
    'It is reported where every app target builds with SWIFT_VERSION 6.',
  ].join('\n\n'),
  async run(repo) {
    const targets = (await repo.ios())?.targets ?? [];
    const configurations = targets.flatMap((target) => target.configurations);
    const isSix = configurations.every(
      ({ swiftVersion }) => Number.parseInt(swiftVersion ?? '', 10) >= 6,
    );
    if (configurations.length === 0 || !isSix) return [];
    const isDefault = configurations.every(
      ({ defaultActorIsolation }) => defaultActorIsolation === 'MainActor',
    );
    const { registrations } = await backgroundTasksOf(repo);
    return registrations
      .filter((one) => isSwift(one.file) && isBound(one, isDefault))
      .map((one): Finding => ({
        ...placeOf(one),
        message:
          'the launch handler is formed on the main actor, and BGTaskScheduler calls it on another queue',
        evidence: isolationOf(one),
      }));
  },
};

/** The type that puts the registration on the main actor, where one does. */
function isolationOf({ file, offset }: Registration): Evidence[] {
  const [type] = typesAround(file, offset);
  if (type === undefined || !ON_MAIN.test(type.header)) return [];
  const says = `${type.name} is bound to the main actor`;
  return [{ file: file.path, line: file.line(type.block.open), says }];
}

function isBound(
  { file, offset, handler, queue, isSwiftUi }: Registration,
  isDefault: boolean,
): boolean {
  if (isSwiftUi || handler === undefined || queue !== 'nil') return false;
  const head = file.code.slice(
    Math.max(0, file.code.lastIndexOf('{', handler.start - 1)),
    handler.start,
  );
  if (/@Sendable\b/.test(head)) return false;
  const around = functionAround(file, offset);
  if (around !== undefined && /\bnonisolated\b/.test(around.header)) return false;
  if (around !== undefined && /@MainActor\b/.test(around.header)) return true;
  const [type] = typesAround(file, offset);
  if (type !== undefined && /\bnonisolated\b|\bactor\b/.test(type.header)) return false;
  return isDefault || (type !== undefined && ON_MAIN.test(type.header));
}
