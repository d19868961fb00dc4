import type { Check, Evidence, Finding } from '../../check.ts';
import { functionsOf } from '../../code/apple-functions.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import { backgroundSessionsOf, sessionScenesOf } from '../../code/background-sessions.ts';
import type { BackgroundSession, SessionScene } from '../../code/background-sessions.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { hasCondition } from '../../code/conditions.ts';
import { appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import type { DoctorRepo } from '../../repo.ts';

const EVENTS = 'handleEventsForBackgroundURLSession';

export const backgroundSessionEvents: Check = {
  id: 'I41',
  title: 'The completion handler of a background URLSession is kept, and called',
  severity: 'warning',
  why: 'When the transfers are done iOS starts the app in the background and hands it a completion handler. An app that never calls it is kept awake until its time is over, and started less often from then on.',
  source:
    'https://developer.apple.com/documentation/uikit/uiapplicationdelegate/application(_:handleeventsforbackgroundurlsession:completionhandler:)',
  fix: 'Keep the completion handler in application(_:handleEventsForBackgroundURLSession:completionHandler:), and call it on the main queue in urlSessionDidFinishEvents(forBackgroundURLSession:).',
  explain: [
    'A background session has three parts: the transfer, which iOS does without the app; the app delegate’s method, with which iOS starts the app when all is done; and the session’s delegate, which gets the results once the session is made again with the same identifier. The completion handler of the second tells iOS that the third is through.',
    '    func application(_ application: UIApplication,\n                     handleEventsForBackgroundURLSession identifier: String,\n                     completionHandler: @escaping () -> Void) {\n      Uploader.shared.completionHandler = completionHandler   // makes the session, too\n    }\n\n    func urlSessionDidFinishEvents(forBackgroundURLSession session: URLSession) {\n      DispatchQueue.main.async { self.completionHandler?(); self.completionHandler = nil }\n    }',
    'SwiftUI’s `.backgroundTask(.urlSession("…"))` takes the place of both, for the session of that identifier. A session whose sessionSendsLaunchEvents is false starts nothing.',
  ].join('\n\n'),
  async run(repo) {
    const sessions = await backgroundSessionsOf(repo);
    const [session] = sessions.filter(startsApp);
    if (session === undefined) return [];
    const made: Evidence = {
      file: session.file.path,
      line: session.file.line(session.offset),
      says: 'makes a background session',
    };
    const random = sessions.find((one) => startsApp(one) && one.isRandom);
    const app = random && (await delegateOf(repo));
    if (random !== undefined && app !== undefined) {
      const at = { file: random.file.path, line: random.file.line(random.offset) };
      return [{ ...at, message: RANDOM, evidence: [app], fix: RANDOM_FIX }];
    }
    const files = await appleSourcesContaining(repo, [EVENTS]);
    const scenes = await sessionScenesOf(repo);
    if (scenes.length > 0) {
      return files.length > 0 ? [] : unmet(sessions, scenes);
    }
    const receivers = files
      .flatMap((file) => functionsOf(file))
      .filter(({ header }) => header.includes(EVENTS));
    if (receivers.length === 0) {
      // A call, or a macro: something has to do with it.
      if (files.some(({ code }) => code.includes(EVENTS))) return [];
      const message = `nothing implements ${EVENTS}: what this session finishes while the app is not running waits until the app is opened`;
      const { file, line } = made;
      const app = await delegateOf(repo);
      return app === undefined ? [] : [{ file, line, message, evidence: [app] }];
    }
    const findings: Finding[] = [];
    for (const receiver of receivers) {
      const problem = await problemOf(repo, receiver);
      if (problem === undefined) continue;
      const { file, offset } = receiver;
      findings.push({
        file: file.path,
        line: file.line(offset),
        message: problem,
        evidence: [made],
      });
    }
    return findings;
  },
};

const RANDOM =
  'each start of the app gives this session another identifier: what one of an earlier start finishes reaches nobody';
const RANDOM_FIX =
  'Give the session one identifier, a constant, and make it again at the start of the app.';

/** The sessions and the scenes of an app whose identifiers are all known, and not the same. */
function unmet(
  sessions: readonly BackgroundSession[],
  scenes: readonly SessionScene[],
): readonly Finding[] {
  const all = [...sessions, ...scenes];
  if (all.some(({ ids }) => ids.length === 0)) return [];
  const isIn =
    (others: readonly (BackgroundSession | SessionScene)[]) =>
    ({ ids }: BackgroundSession | SessionScene): boolean =>
      others.some((other) => ids.some((id) => other.ids.includes(id)));
  const placed = ({ file, offset, ids }: BackgroundSession | SessionScene, says: string) => ({
    file: file.path,
    line: file.line(offset),
    says: `${says} ${ids.join(', ')}`,
  });
  const alone = sessions.filter((one) => startsApp(one) && !isIn(scenes)(one));
  const heard = scenes.map((one) => placed(one, 'SwiftUI takes the events of'));
  if (alone.length > 0) {
    return alone.map(({ file, offset, ids }) => ({
      file: file.path,
      line: file.line(offset),
      message: `no .backgroundTask(.urlSession(…)) has the identifier ${ids.join(', ')}: what this session finishes while the app is not running waits until the app is opened`,
      evidence: heard,
    }));
  }
  const made = sessions.map((one) => placed(one, 'makes the background session'));
  return scenes
    .filter((one) => !isIn(sessions)(one))
    .map(({ file, offset, ids }) => ({
      file: file.path,
      line: file.line(offset),
      message: `no URLSessionConfiguration.background of the app has the identifier ${ids.join(', ')}: this closure is not called, unless a library makes the session`,
      evidence: made,
    }));
}

const startsApp = ({ file }: BackgroundSession): boolean =>
  !/\bsessionSendsLaunchEvents\s*=\s*(?:false|NO)\b/.test(file.code);

/** Where the method would stand; undefined where no class is known to be the app's delegate. */
async function delegateOf(repo: DoctorRepo): Promise<Evidence | undefined> {
  for (const file of await appleSourcesContaining(repo, ['didFinishLaunchingWithOptions'])) {
    const launch = functionsOf(file).find(({ header }) =>
      header.includes('didFinishLaunchingWithOptions'),
    );
    if (launch === undefined) continue;
    const line = file.line(launch.offset);
    return { file: file.path, line, says: `the app delegate, without ${EVENTS}` };
  }
  return undefined;
}

async function problemOf(repo: DoctorRepo, one: AppleFunction): Promise<string | undefined> {
  const handler = one.parameters.at(-1)?.name;
  if (handler === undefined) return undefined;
  const body = bodyOf(one);
  const uses = [...body.matchAll(new RegExp(`(?<![\\w.])${handler}(?!\\w)`, 'g'))];
  if (uses.length === 0) {
    return /\bsuper\b/.test(body) ? undefined : 'the completion handler is neither kept nor called';
  }
  const early = uses.some(({ index }) => isCalledAtOnce(one, one.body.start + index, handler));
  if (early) {
    return 'the completion handler is called at once, before urlSessionDidFinishEvents: iOS may suspend the app with the results of the session still to come';
  }
  const kept = new Set<string>();
  for (const { index } of uses) {
    const before = body.slice(Math.max(0, index - 160), index);
    const property = /(?:[.]|->|\b)(\w+)\s*(?:\[[^\]\n]*\]\s*)?=\s*(?:\[\s*)?$/.exec(before)?.[1];
    if (property === undefined || /\b(?:let|var)\s+\w+\s*=\s*$/.test(before)) return undefined;
    kept.add(property);
  }
  for (const name of kept) {
    const use = new RegExp(`(?<!\\w)_?${name}(?!\\w)(?!\\s*(?::|=(?!=)))`);
    for (const file of await appleSourcesContaining(repo, [name])) {
      const code =
        file === one.file
          ? file.code.slice(0, one.body.start) + file.code.slice(one.body.end)
          : file.code;
      // Its declaration in Objective-C is followed by nothing else.
      const read = code.replace(new RegExp(`^[ \\t]*@property\\b[^;]*;`, 'gm'), '');
      if (use.test(read)) return undefined;
    }
  }
  return `the completion handler is kept in ${[...kept].join(', ')}, and nothing calls it`;
}

/** Whether a call of the handler is carried out whenever its function is, and by the end of that turn of the main queue. */
function isCalledAtOnce({ file, body }: AppleFunction, offset: number, handler: string): boolean {
  const { code } = file;
  if (!/^[?!]?\s?\(/.test(code.slice(offset + handler.length, body.end))) return false;
  if (hasCondition(file, offset)) return false;
  // What an early return leaves it to is another session's.
  if (/\breturn\b/.test(code.slice(body.start, offset))) return false;
  return bracketsOf(file)
    .around(offset)
    .filter(({ kind, open }) => kind === '{' && open >= body.start)
    .every(({ open }) =>
      /(?:\bdefer|\bdo|\bmain\s?\.\s?async\s?(?:\(\s?\))?|\bdispatch_async\s?\(\s?dispatch_get_main_queue\s?\(\s?\)\s?,\s?\^)\s?$/.test(
        code.slice(Math.max(body.start, open - 100), open),
      ),
    );
}
