import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { dartConstant } from '../../code/dart-constants.ts';
import { runOf } from '../../code/dart-runs.ts';
import type { Run } from '../../code/dart-runs.ts';
import { dartArgument, dartCalls, dartFunctionAround } from '../../code/dart.ts';
import type { DartCall } from '../../code/dart.ts';
import { nearestName } from '../../code/near-names.ts';
import { WORKMANAGER, dartUsing } from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';

const ALARM_MANAGER = 'android_alarm_manager_plus';

/** Work that Dart asks for. */
interface Asked {
  readonly call: DartCall;
  /** What the system tells it by. */
  readonly id: string;
  /** What it is: the name that the callback gets, or the callback itself. */
  readonly task: string;
  readonly kind: string;
}

export const workNames: Check = {
  id: 'F15',
  title: 'A name of work means one thing, and the callback knows it (Flutter)',
  severity: 'error',
  why: 'Android keeps one work under a unique name, and one alarm under an id: of two that share it one never runs. A callback that does not know a task’s name does nothing for it, and the run counts as a success.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/manage-work',
  fix: 'Give each work a unique name of its own, and have both sides use one constant for the task’s name.',
  explain: [
    'registerPeriodicTask and registerOneOffTask of workmanager take two names. The first is unique: what is registered under it a second time is dropped, or takes the place of the first, by existingWorkPolicy; periodic and one-off work share these names. The second is what executeTask gets. The id of android_alarm_manager_plus is unique in the same way.',
    "    // wrong: one of the two never runs\n    Workmanager().registerPeriodicTask('1', 'sync');\n    Workmanager().registerPeriodicTask('1', 'cleanup');\n\n    // right\n    Workmanager().registerPeriodicTask('sync', 'sync');\n    Workmanager().registerPeriodicTask('cleanup', 'cleanup');",
    'Names that a condition decides between, and work that is cancelled in between, are left alone.',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  run: async (repo) => [
    ...sharedIn(await workOf(repo)),
    ...sharedIn(await alarmsOf(repo)),
    ...(await unknownTasks(repo)),
  ],
};

async function workOf(repo: DoctorRepo): Promise<readonly Asked[]> {
  const found: Asked[] = [];
  for (const file of await dartUsing(repo, WORKMANAGER)) {
    for (const kind of ['Periodic', 'OneOff', 'Processing']) {
      for (const call of dartCalls(file, new RegExp(`\\bregister${kind}Task`))) {
        const [first, second] = call.positional;
        const id = first && (await dartConstant(repo, { file, range: first }));
        const task = second && (await dartConstant(repo, { file, range: second }));
        if (id !== undefined && task !== undefined) found.push({ call, id, task, kind });
      }
    }
  }
  return found;
}

async function alarmsOf(repo: DoctorRepo): Promise<readonly Asked[]> {
  const found: Asked[] = [];
  for (const file of await dartUsing(repo, ALARM_MANAGER)) {
    for (const kind of ['periodic', 'oneShot', 'oneShotAt']) {
      for (const call of dartCalls(file, new RegExp(`\\bAndroidAlarmManager\\s*\\.\\s*${kind}`))) {
        const [, id = '', task = ''] = call.positional.map(({ start, end }) =>
          file.code.slice(start, end).trim(),
        );
        if (/^\d+$/.test(id) && /^[\w$.]+$/.test(task)) found.push({ call, id, task, kind });
      }
    }
  }
  return found;
}

/** Two of an id that are not the same, and that one run of the app asks for both. */
function sharedIn(asked: readonly Asked[]): Finding[] {
  const findings: Finding[] = [];
  const isTakenBack = asked.some(({ call: { file } }) => /\bcancel\w*\s*\(/.test(file.code));
  for (const [at, one] of asked.entries()) {
    const other = asked
      .slice(0, at)
      .find(({ id, task, kind }) => id === one.id && (task !== one.task || kind !== one.kind));
    if (other === undefined) continue;
    const [here, there] = [blockOf(one.call), blockOf(other.call)];
    const isBoth = here !== undefined && here === there;
    // Behind a condition, in functions of their own, or once the other is done, one may be meant to take its place.
    const isMeant = [one, other].some(
      ({ call, kind }) => !/^periodic$/i.test(kind) || replaces(call) || isChosen(call),
    );
    if (!isBoth && (isTakenBack || isMeant)) continue;
    const { file, offset } = one.call;
    const says = `asks for ${other.task} under ${other.id}`;
    findings.push({
      file: file.path,
      line: file.line(offset),
      message: `${one.task} is asked for under ${one.id}, which is taken by ${other.task}: one of them never runs`,
      evidence: [
        { file: other.call.file.path, line: other.call.file.line(other.call.offset), says },
      ],
    });
  }
  return findings;
}

/** The innermost block around a call. */
const blockOf = ({ file, offset }: DartCall) =>
  bracketsOf(file)
    .around(offset)
    .find(({ kind }) => kind === '{');

/** Whether a call stands deeper than its function's own block. */
const isChosen = (call: DartCall): boolean => {
  const around = dartFunctionAround(call.file, call.offset);
  return around === undefined || blockOf(call)?.open !== around.body.start - 1;
};

const replaces = (call: DartCall): boolean => {
  const policy = dartArgument(call, 'existingWorkPolicy');
  return policy !== undefined && !/\bkeep\b/.test(call.file.code.slice(policy.start, policy.end));
};

/** Tasks that are registered, and whose name the callback compares with others alone. */
async function unknownTasks(repo: DoctorRepo): Promise<Finding[]> {
  const asked = await workOf(repo);
  if (asked.length === 0) return [];
  const files = await repo.sources('dart');
  const runs = (await dartUsing(repo, WORKMANAGER)).flatMap((file) =>
    dartCalls(file, /\.\s*executeTask/).flatMap(({ positional: [given] }) => {
      const run = given && runOf(file, given, files);
      return run === undefined ? [] : [run];
    }),
  );
  const [run, second] = runs;
  if (run === undefined || second !== undefined) return [];
  const known = await namesKnown(repo, run);
  if (known === undefined) return [];
  const says = `knows ${[...known].join(', ')}`;
  const evidence = [{ file: run.file.path, line: run.file.line(run.body.start), says }];
  return asked.flatMap(({ call: { file, offset }, id, task }) => {
    if (known.has(task) || known.has(id)) return [];
    const near = nearestName(task, known);
    const hint = near === undefined ? '' : `: did you mean '${near}'?`;
    const message = `the callback does not know the task '${task}', and does nothing for it${hint}`;
    return [{ file: file.path, line: file.line(offset), message, evidence }];
  });
}

/**
 * The names that a run compares its task with in one `switch`; undefined where there is none, or another way to do something:
 * a default, a comparison, a name that only a run knows.
 */
async function namesKnown(
  repo: DoctorRepo,
  { file, body, parameter }: Run,
): Promise<ReadonlySet<string> | undefined> {
  const code = file.code.slice(body.start, body.end);
  if (parameter === undefined) return undefined;
  const name = parameter.replaceAll('$', '\\$');
  const mentions = [...code.matchAll(new RegExp(`(?<![\\w$.])${name}\\b`, 'g'))];
  const chosen = new RegExp(`\\bswitch\\s*\\(\\s*${name}\\s*\\)\\s*\\{`).exec(code);
  if (chosen === null || mentions.length !== 1) return undefined;
  const block = bracketsOf(file).at(body.start + chosen.index + chosen[0].length - 1);
  if (block === undefined) return undefined;
  const cases = file.code.slice(block.open, block.close);
  if (/\bdefault\s*:|\b_\s*(?:=>|:)/.test(cases)) return undefined;
  const known = new Set<string>();
  for (const { 0: whole, 1: value = '', index } of cases.matchAll(
    /\bcase\s+([^\s:{}][^:{}]{0,200}):/g,
  )) {
    const start = block.open + index + whole.indexOf(value, 4);
    const text = await dartConstant(repo, { file, range: { start, end: start + value.length } });
    if (text === undefined) return undefined;
    known.add(text);
  }
  return known.size === 0 ? undefined : known;
}
