import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import type { Range } from '../../code/brackets.ts';
import { fetchRuns, runOf } from '../../code/dart-runs.ts';
import type { Run } from '../../code/dart-runs.ts';
import { dartArgument, dartCalls, dartFunctions } from '../../code/dart.ts';
import type { DartFunction } from '../../code/dart.ts';
import {
  BACKGROUND_FETCH,
  WORKMANAGER,
  dartUsing,
  pubDependencyOf,
} from '../../code/pub-packages.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

/** What takes the function that a run is, and says by its Future when the run is over. */
const RUNS = [
  { library: WORKMANAGER, call: /\.\s*executeTask/, argument: 0 },
  {
    library: 'firebase_messaging',
    call: /\bFirebaseMessaging\s*\.\s*onBackgroundMessage/,
    argument: 0,
  },
] as const;

export const callbackWaits: Check = {
  id: 'F11',
  title: 'A background callback in Dart waits for its work',
  severity: 'error',
  why: 'The run is over when the callback’s Future is done. Work that nobody awaits is frozen with the app, or ended with the isolate, and the run counts as a success.',
  source: 'https://dart.dev/tools/linter-rules/unawaited_futures',
  fix: 'Await it, or return its Future; for a list, `await Future.wait(items.map(…))` or a `for` loop with `await`.',
  explain: [
    'workmanager’s executeTask takes a function that returns Future<bool>: when that is done the engine of the run is destroyed, and with it whatever was still under way. background_fetch’s callbacks say it with BackgroundFetch.finish.',
    '    // wrong: true before anything is sent\n    Workmanager().executeTask((task, inputData) {\n      syncAll();\n      return Future.value(true);\n    });\n\n    // right\n    Workmanager().executeTask((task, inputData) async {\n      await syncAll();\n      return true;\n    });',
    'doctor tells of functions of the app that are async or return a Future, of requests of http and dio, and of forEach with an async function. `unawaited(…)` and `.ignore()` are taken to be meant, and so is a chain with a catchError of its own.',
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    const findings: Finding[] = [];
    const files = await repo.sources('dart');
    for (const { library, call: taker, argument } of RUNS) {
      for (const file of await dartUsing(repo, library)) {
        for (const call of dartCalls(file, taker)) {
          const given = dartArgument(call, argument);
          const run = given && runOf(file, given, files);
          const floating = run && floatingIn(run, files);
          if (run === undefined || floating === undefined) continue;
          findings.push(await findingOf(repo, library, run.file, floating));
        }
      }
    }
    for (const file of await dartUsing(repo, BACKGROUND_FETCH)) {
      for (const run of fetchRuns(file, files)) {
        const floating = floatingIn(run, files);
        if (floating === undefined || !finishes(run)) continue;
        findings.push(await findingOf(repo, BACKGROUND_FETCH, run.file, floating));
      }
    }
    const byPlace = new Map(findings.map((one) => [`${one.file}:${one.line ?? 0}`, one]));
    return [...byPlace.values()];
  },
};

const findingOf = async (
  repo: DoctorRepo,
  library: string,
  file: SourceFile,
  { offset, what }: Floating,
): Promise<Finding> => ({
  file: file.path,
  line: file.line(offset),
  message: `${what} is not awaited: the run ends before its work is done`,
  evidence: [await pubDependencyOf(repo, library)],
});

/** Whether a run of background_fetch ends by a call of its own, and not in a function that it calls. */
const finishes = ({ file, body }: Run): boolean =>
  /\bBackgroundFetch\s*\.\s*finish\s*\(/.test(file.code.slice(body.start, body.end));

interface Floating {
  readonly offset: number;
  /** For people: `syncAll()`. */
  readonly what: string;
}

const REQUEST =
  /\b(?:http|dio|_dio|client|_client)\s*\.\s*(?:get|post|put|patch|delete|head|send|download|upload)\s*$/;
/** As far back as a statement may begin before the call that it is. */
const LONGEST = 200;

/** The first statement of a run that starts work, and whose Future nothing takes. */
function floatingIn({ file, body }: Run, files: readonly SourceFile[]): Floating | undefined {
  const code = file.code.slice(body.start, body.end);
  const brackets = bracketsOf(file);
  for (const { 0: whole, 1: name = '', index } of code.matchAll(/(?<![\w$])([\w$]+)\s*\(/g)) {
    const open = body.start + index + whole.length - 1;
    const list = brackets.at(open);
    const text = statementBefore(code, index) + name;
    if (list === undefined || !isPlainCall(text) || isInClosure(file, open, body)) continue;
    const after = file.code.slice(list.close + 1, list.close + LONGEST);
    // A declaration, or a chain that takes its errors: `.catchError`, `.ignore()`.
    if (/^\s*(?:async\b|=>|\{)/.test(after)) continue;
    const chain = /^\s*\??\.\s*(\w+)\s*\(/.exec(after)?.[1];
    if (chain !== undefined && chain !== 'then' && chain !== 'whenComplete') continue;
    const offset = body.start + index + name.length - text.length;
    if (name === 'forEach') {
      const inside = file.code.slice(list.open + 1, list.open + LONGEST);
      if (/^\s*\([^()]*\)\s*async\b/.test(inside)) return { offset, what: 'forEach((…) async …)' };
      continue;
    }
    if (REQUEST.test(text) || isFuture(name, file, files)) return { offset, what: `${text}(…)` };
  }
  return undefined;
}

/** What stands between the begin of a statement and a place in it. */
function statementBefore(code: string, at: number): string {
  const least = Math.max(0, at - LONGEST);
  for (let start = at; start > least; start -= 1) {
    if (';{}'.includes(code.charAt(start - 1))) return code.slice(start, at).trimStart();
  }
  return least === 0 ? code.slice(0, at).trimStart() : '=';
}

/** Whether a statement is a call and no more: nothing is awaited, returned, set or handed on. */
const isPlainCall = (text: string): boolean =>
  /^[\w$.!?()\s]+$/.test(text) &&
  !/\b(?:await|return|unawaited|if|for|while|switch|catch|throw|assert|super|else|new|const)\b/.test(
    text,
  ) &&
  // `Future<void> send()`, `Api api()` declare.
  !/[\w$>?]\s+[\w$]/.test(text);

/** Whether a place stands in a function that is written in the run, and not in the run itself. */
function isInClosure(file: SourceFile, offset: number, body: Range): boolean {
  return bracketsOf(file)
    .around(offset)
    .some(({ kind, open }) => {
      if (kind !== '{' || open < body.start) return false;
      const before = file.code.slice(Math.max(body.start, open - 200), open);
      const head = before.trimEnd();
      if (head.endsWith('async') || head.endsWith('async*')) return true;
      const parameters = head.endsWith(')')
        ? bracketsOf(file).blocks.find(
            ({ kind: other, close }) =>
              other === '(' && close === open - (before.length - head.length) - 1,
          )
        : undefined;
      if (parameters === undefined) return false;
      const word = file.code.slice(Math.max(0, parameters.open - 40), parameters.open).trimEnd();
      return !/\b(?:if|for|while|switch|catch)$/.test(word);
    });
}

/** Whether each function of the app under a name gives a Future, and there is one. */
function isFuture(name: string, file: SourceFile, files: readonly SourceFile[]): boolean {
  const all = files.flatMap(dartFunctions).filter((one) => one.name === name);
  const own = all.filter((one) => one.file === file && one.scope !== 'class');
  const named = own.length > 0 ? own : all;
  return named.length > 0 && named.every(givesFuture);
}

function givesFuture({ head, file, body }: DartFunction): boolean {
  // `void sync() async`: what it starts goes on all the same.
  const isAsync = /\basync\s*(?:\{|=>)$/.test(file.code.slice(body.start - 20, body.start));
  if (!isAsync && !/\bFuture\b/.test(head)) return false;
  const code = file.code.slice(body.start, body.end);
  return /\bawait\b|\bFuture\b|\.\s*then\s*\(/.test(code);
}
