import { hasWindowScenes, sceneManifestLine } from '../../../project/info-plist.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { functionsOf, isSwift, typesOf } from '../../code/apple-functions.ts';
import type { AppleFunction } from '../../code/apple-functions.ts';
import { FunctionIndex, appleSourcesContaining, bodyOf } from '../../code/function-index.ts';
import { launchHandlersOf } from '../../code/launch-handlers.ts';
import type { DoctorRepo } from '../../repo.ts';

/** What UIKit calls of an app without scenes alone, and its like of a scene. */
const REPLACED: Readonly<Record<string, string>> = {
  applicationDidEnterBackground: 'sceneDidEnterBackground',
  applicationWillEnterForeground: 'sceneWillEnterForeground',
  applicationDidBecomeActive: 'sceneDidBecomeActive',
  applicationWillResignActive: 'sceneWillResignActive',
};
const NAMES = Object.keys(REPLACED);
const WORK = /\b(submit(?:TaskRequest)?|beginBackgroundTask\w*)\s*[(:]/;

export const sceneTakesOver: Check = {
  id: 'I42',
  title:
    'What is asked for when the app leaves the screen is asked for in the scene, where there is one',
  severity: 'error',
  why: 'In an app with scenes UIKit calls sceneDidEnterBackground in place of applicationDidEnterBackground. A request that only the latter submits is never submitted: no window comes.',
  source:
    'https://developer.apple.com/documentation/uikit/uiapplicationdelegate/applicationdidenterbackground(_:)',
  fix: 'Call it in sceneDidEnterBackground(_:) of the scene delegate as well; in SwiftUI, in onChange(of: scenePhase).',
  explain: [
    'The four methods of the app delegate that tell of the screen – applicationDidEnterBackground, applicationWillEnterForeground, applicationDidBecomeActive, applicationWillResignActive – are not called once the Info.plist has a scene manifest for windows, and never in an app that starts with SwiftUI’s App. Code that schedules there is dead, and nothing says so: it compiles, and the launch handler is registered.',
    '    // SceneDelegate\n    func sceneDidEnterBackground(_ scene: UIScene) { scheduleRefresh() }\n\n    // SwiftUI\n    .onChange(of: scenePhase) { _, phase in if phase == .background { scheduleRefresh() } }',
    'The notification UIApplication.didEnterBackgroundNotification comes in both.',
  ].join('\n\n'),
  async run(repo) {
    const files = await appleSourcesContaining(repo, NAMES);
    const dead = files
      .flatMap((file) => functionsOf(file))
      .filter(({ name }) => name in REPLACED)
      .filter(({ parameters }) => parameters.length === 1);
    if (dead.length === 0) return [];
    const scenes = await scenesOf(repo);
    if (scenes === undefined) return [];
    const index = await FunctionIndex.of(repo);
    const findings: Finding[] = [];
    for (const one of dead) {
      const reached = index.reachable(bodyOf(one));
      const working = [one, ...reached].find((other) => WORK.test(bodyOf(other)));
      const what = working && WORK.exec(bodyOf(working))?.[1];
      if (what === undefined) continue;
      if (await isReachedElsewhere(repo, index, what, dead)) continue;
      const { file, offset, name } = one;
      const message = `${name} is not called in an app with scenes, and nothing else comes to ${what}`;
      const fix = `Call it in ${REPLACED[name] ?? ''}(_:) of the scene delegate; in SwiftUI, in onChange(of: scenePhase).`;
      findings.push({ file: file.path, line: file.line(offset), message, evidence: [scenes], fix });
    }
    return findings;
  },
};

/** Whether code that is neither in the dead methods nor in a launch handler comes to a call of this name. */
async function isReachedElsewhere(
  repo: DoctorRepo,
  index: FunctionIndex,
  what: string,
  dead: readonly AppleFunction[],
): Promise<boolean> {
  const handlers = await launchHandlersOf(repo);
  const bodies = handlers.flatMap((one) => one.bodies);
  const roots = [
    ...dead.map(bodyOf),
    ...bodies.map(({ file, start, end }) => file.code.slice(start, end)),
  ];
  const own = new Set([...dead, ...index.reachable(roots.join('\n'))]);
  const calls = new RegExp(`\\b${what}\\s*[(:]`);
  const ways = [...own].filter((one) =>
    [one, ...index.reachable(bodyOf(one))].some((other) => calls.test(bodyOf(other))),
  );
  const names = [...new Set([what, ...ways.map(({ name }) => name)])].filter(
    (name) => !(name in REPLACED) && name !== 'application' && name !== 'init',
  );
  const mention = new RegExp(`\\b(?:${names.join('|')})\\b`);
  for (const file of await appleSourcesContaining(repo, names)) {
    const ranges = [
      ...[...own].filter((one) => one.file === file).map(({ body }) => body),
      ...bodies.filter((one) => one.file === file),
    ];
    let code = file.code;
    for (const { start, end } of ranges) {
      code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end);
    }
    const rest = code.replace(/\bfunc\s+`?\w+`?/g, '').replace(/^[-+]\s*\([^()\n]*\)\s*\w+/gm, '');
    if (mention.test(rest)) return true;
  }
  return false;
}

/** What makes it an app with scenes; undefined where nothing is seen that does. */
async function scenesOf(repo: DoctorRepo): Promise<Evidence | undefined> {
  for (const plist of await repo.infoPlists()) {
    const line = sceneManifestLine(plist);
    if (line === undefined || !hasWindowScenes(plist)) continue;
    return { file: plist.path, line, says: 'has scenes for windows' };
  }
  const [main] = (await appleSourcesContaining(repo, ['@main'])).filter(isSwift).flatMap((file) =>
    typesOf(file)
      .filter(({ header }) => /@main\b/.test(header) && /:\s*(?:SwiftUI\.)?App\b/.test(header))
      .map(({ name, block }) => ({ file, name, block })),
  );
  if (main === undefined) return undefined;
  const { file, name, block } = main;
  return { file: file.path, line: file.line(block.open), says: `${name} is a SwiftUI App` };
}
