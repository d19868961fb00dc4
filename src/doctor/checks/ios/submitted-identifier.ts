import type { Check, Finding } from '../../check.ts';
import { BUNDLE_ID } from '../../code/apple-strings.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Registration, Request } from '../../code/background-tasks.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { isDebugOnly } from '../../code/conditions.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { placeOf } from '../../code/launch-handlers.ts';
import { nearestName } from '../../code/near-names.ts';
import type { DoctorRepo } from '../../repo.ts';
import { ownerOf } from './identifier-registered-once.ts';

export const submittedIdentifier: Check = {
  id: 'I35',
  title: 'Every task id that is submitted has a launch handler',
  severity: 'error',
  why: 'When the request comes due iOS launches the app and looks for the handler of its id. Without one the app ends: “No launch handler registered for task with identifier …”.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/register(fortaskwithidentifier:using:launchhandler:)',
  fix: 'Register a launch handler for the id in application(_:didFinishLaunchingWithOptions:), or submit the id that is registered.',
  explain: [
    'A task has two sides: BGTaskScheduler.register names an id at launch, and a BGTaskRequest names the same id when it is submitted. iOS takes the request whether there is a handler or not. Hours later it starts the app for it, finds no handler, and raises NSInternalInconsistencyException.',
    'The two ids differ by a letter, one side was left out when code was moved, or the registration is in #if DEBUG.',
    '    // the same constant on both sides\n    enum Tasks { static let sync = "com.example.app.sync" }\n    BGTaskScheduler.shared.register(forTaskWithIdentifier: Tasks.sync, using: nil) { task in … }\n    try BGTaskScheduler.shared.submit(BGAppRefreshTaskRequest(identifier: Tasks.sync))',
    'Ids that are put together at run time are not compared, and where one of the registered ids cannot be read nothing is said. Ids that a library registers by itself are known.',
  ].join('\n\n'),
  async run(repo) {
    const { registrations, requests, submits } = await backgroundTasksOf(repo);
    if (submits.length === 0 || requests.length === 0) return [];
    if (registrations.some(({ ids }) => ids.length === 0)) return [];
    const released = registrations.filter(({ file, offset }) => !isDebugOnly(file, offset));
    const findings: Finding[] = [];
    const told = new Set<string>();
    for (const request of requests) {
      if (isDebugOnly(request.file, request.offset)) continue;
      for (const id of request.ids) {
        if (told.has(id) || registers(released, id)) continue;
        if ((await isRegisteredElsewhere(repo, id)) || (await ownerOf(repo, id)) !== undefined)
          continue;
        told.add(id);
        findings.push(missing(request, id, registrations));
      }
    }
    return findings;
  },
};

function missing(request: Request, id: string, registrations: readonly Registration[]): Finding {
  const place = placeOf(request);
  const inDebug = registrations.find(({ ids }) => ids.includes(id));
  if (inDebug !== undefined) {
    const message = `${id} is submitted here, and its launch handler is registered in debug builds alone`;
    const evidence = [{ ...placeOf(inDebug), says: `registers ${id} inside #if DEBUG` }];
    return { ...place, message, evidence, fix: 'Take the registration out of the #if.' };
  }
  const message = `${id} is submitted here, and no launch handler is registered for it`;
  const near = nearestName(
    id,
    registrations.flatMap(({ ids }) => ids),
  );
  const other = registrations.find(({ ids }) => near !== undefined && ids.includes(near));
  if (near === undefined || other === undefined) return { ...place, message };
  const evidence = [{ ...placeOf(other), says: `registers ${near}` }];
  const meant = `${message}: did you mean ${near}?`;
  return { ...place, message: meant, evidence, fix: `Submit ${near}.` };
}

/** A handler of continued processing tasks may be registered for all ids with a prefix: `com.example.export.*`. */
const registers = (registrations: readonly Registration[], id: string): boolean =>
  registrations.some(({ ids }) =>
    ids.some((one) => one === id || (one.endsWith('.*') && id.startsWith(one.slice(0, -1)))),
  );

/** Whether the id is handed to something that is called register, of a library or of the app. */
async function isRegisteredElsewhere(repo: DoctorRepo, id: string): Promise<boolean> {
  const written = id.split(BUNDLE_ID).sort((a, b) => b.length - a.length)[0] ?? id;
  for (const file of await appleSourcesContaining(repo, [written])) {
    for (const { offset, text } of file.strings) {
      if (!text.includes(written)) continue;
      for (const { kind, open } of bracketsOf(file).around(offset).slice(0, 3)) {
        const before = file.code.slice(Math.max(0, open - 80), open);
        const inside = file.code.slice(open, offset);
        const name =
          kind === '(' ? /(?<!\w)(\w+)\s*$/.exec(before)?.[1] : /\s(\w+)\s*:/.exec(inside)?.[1];
        const isOwn = /\b(?:forTaskWithIdentifier|registerForTaskWithIdentifier)\s*:/.test(inside);
        if (name !== undefined && /regist/i.test(name) && !isOwn && kind !== '{') return true;
      }
    }
  }
  return false;
}
