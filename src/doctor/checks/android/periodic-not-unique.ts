import type { Check, Finding } from '../../check.ts';
import {
  callsOf,
  codeOf,
  contains,
  functionAround,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import type { RequestBuilder } from '../../code/kotlin-workers.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { placeOfStart, startOf } from '../../code/kotlin-starts.ts';

/** In one file. */
const MOST = 20;
/** What takes earlier works away, looks whether there are some, or keeps that there are. */
const CLEARS =
  /\b(?:get|put|decode|encode)(?:Bool(?:ean)?|Int|Long)\b|\bedit(?:Prefs)?\s*\{|\bcancel(?:AllWork(?:ByTag)?|UniqueWork|WorkById)\b|\bgetWorkInfos?(?:ByTag|ForUniqueWork|ById)\w*\b/;

export const periodicNotUnique: Check = {
  id: 'A38',
  title: 'Periodic work that the app enqueues at its start is unique',
  severity: 'error',
  why: 'enqueue adds a new periodic work at each start of the app, the starts by WorkManager included, and the earlier ones go on for ever: soon the sync runs many times in each period.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/manage-work',
  fix: 'Use enqueueUniquePeriodicWork with a name and ExistingPeriodicWorkPolicy.UPDATE or KEEP.',
  explain: [
    'Periodic work is stored on the device until somebody cancels it. A request has an id of its own, so that the same code enqueues another work each time it runs. In onCreate of the Application that is every start of the process; WorkManager starts the process for each run, so that the works multiply by themselves.',
    '    WorkManager.getInstance(this).enqueueUniquePeriodicWork(\n        "sync", ExistingPeriodicWorkPolicy.KEEP, request)',
    'What devices have collected goes with cancelAllWorkByTag and the worker’s class name, which is a tag of each of its works: WorkManager.getInstance(this).cancelAllWorkByTag(SyncWorker::class.java.name), once, before the unique work is enqueued.',
  ].join('\n\n'),
  async run(repo) {
    const requests = (await requestsOf(repo)).filter(({ isPeriodic }) => isPeriodic);
    if (requests.length === 0) return [];
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['enqueue'])) {
      for (const call of callsOf(file, 'enqueue').slice(0, MOST)) {
        const around = functionAround(file, call.start);
        const [argument] = call.arguments;
        if (around === undefined || argument === undefined) continue;
        const within = requests.filter((one) => one.file === file);
        const named = /^(\w+)$/.exec(codeOf(file, argument))?.[1];
        const request =
          within.find((one) => contains(argument, one.start)) ??
          within.find((one) => named !== undefined && isOfLambda(call, one, named)) ??
          within.find(
            (one) =>
              named !== undefined &&
              // Of the function itself, or a property.
              (contains(around.body, one.start) || functionAround(file, one.start) === undefined) &&
              new RegExp(`\\b${named}\\b[^=;\\n]*=\\s*[^;={}]{0,200}$`).test(
                file.code.slice(Math.max(0, one.start - 200), one.start),
              ),
          );
        if (request === undefined) continue;
        const body = file.code.slice(around.body.start, around.body.end);
        const start = CLEARS.test(body) ? undefined : await startOf(repo, call);
        if (start === undefined) continue;
        const message =
          'each start of the app enqueues another periodic work beside those there are';
        const evidence = [placeOfStart(start)];
        findings.push({ file: file.path, line: file.line(call.start), message, evidence });
      }
    }
    return findings;
  },
};

/** Whether a name is the request itself in a lambda that is chained to it: `request.let { manager.enqueue(it) }`. */
function isOfLambda({ file, start }: KotlinCall, request: RequestBuilder, name: string): boolean {
  if (start < request.end || start > request.chainEnd) return false;
  const lambda = bracketsOf(file)
    .around(start)
    .find(({ kind, parent }) => kind === '{' && (parent?.open ?? 0) < request.start);
  if (lambda === undefined) return false;
  const [, given = 'it'] =
    /^\{\s*(\w+)\s*(?::[^\n{}]*?)?->/.exec(file.code.slice(lambda.open, lambda.open + 200)) ?? [];
  const scope = /\.\s*(?:let|also)\s*$/;
  return given === name && scope.test(file.code.slice(Math.max(0, lambda.open - 40), lambda.open));
}
