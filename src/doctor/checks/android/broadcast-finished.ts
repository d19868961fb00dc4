import type { Check, Finding } from '../../check.ts';
import {
  callsOf,
  classAround,
  functionAround,
  functionsOf,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import { detachedFrom, outlives } from '../../code/kotlin-detached.ts';
import { fateOf, missedBy } from '../../code/kotlin-handed.ts';
import type { Ending } from '../../code/kotlin-handed.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import type { DoctorRepo } from '../../repo.ts';
import { classOf, releasedElements } from './merged-manifests.ts';

/** In one file. */
const MOST = 20;
const FINISH: Ending = { method: 'finish', isArgument: false };

export const broadcastFinished: Check = {
  id: 'A54',
  title: 'A receiver says when the work of its broadcast is over',
  severity: 'warning',
  why: 'When onReceive returns Android may end the process, with a coroutine or a thread that it started. goAsync keeps it until finish is called, and a broadcast that nobody finishes is an ANR after ten seconds, or holds up the ones behind it.',
  source: 'https://developer.android.com/reference/android/content/BroadcastReceiver#goAsync()',
  fix: 'Enqueue work of WorkManager in onReceive; for a few seconds of work call goAsync() first, and finish() in finally.',
  explain: [
    'A process that holds nothing but a receiver of the manifest is worth nothing to Android once onReceive is over: what runs on in a coroutine or a thread is cut at any point, after a restart of the phone nearly always. goAsync() puts the end off until PendingResult.finish(), which has to come within about ten seconds, in each case.',
    '    override fun onReceive(context: Context, intent: Intent) {\n        val pending = goAsync()\n        scope.launch {\n            try { store.markDue() } finally { pending.finish() }\n        }\n    }',
    'Requests to a server are too long for a receiver: WorkManager takes them, waits for the network, and outlives the process.',
    'doctor follows the PendingResult through the app’s functions, constructors and fields; where it is handed to what it cannot see it says nothing.',
  ].join('\n\n'),
  async run(repo) {
    return [...(await unfinished(repo)), ...(await unheld(repo))];
  },
};

/** Broadcasts that goAsync puts off, and nobody finishes. */
async function unfinished(repo: DoctorRepo): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['goAsync'])) {
    const { code } = file;
    for (const { start, end, arguments: given } of callsOf(file, 'goAsync').slice(0, MOST)) {
      // One of the app's own, with a block.
      if (given.length > 0 || /^[ \t]*\{/.test(code.slice(end + 1, end + 20))) continue;
      if (functionAround(file, start) === undefined) continue;
      if (await isUnreleased(repo, file, start)) continue;
      const owner = /(?:\bthis(?:@\w+)?|\bsuper|(?<!\w)\w+)\s*\.\s*$/.exec(
        code.slice(Math.max(0, start - 60), start),
      )?.[0];
      const made = { start: start - (owner?.length ?? 0), end: end + 1 };
      const fate = await fateOf(repo, { file, made }, FINISH);
      if (fate.kind === 'unknown') continue;
      const name = classAround(file, start)?.name ?? 'the receiver';
      const place = { file: file.path, line: file.line(start) };
      if (fate.ends.length === 0) {
        findings.push({
          ...place,
          message: `${name} calls goAsync, and nothing calls finish of what it returns`,
        });
        continue;
      }
      const missed = fate.isOpen ? undefined : missedBy(fate.ends, FINISH);
      if (missed === undefined) continue;
      findings.push({
        file: missed.file.path,
        line: missed.file.line(missed.offset),
        message: `where the work of ${name} fails, nothing calls finish of its PendingResult`,
        evidence: [{ ...place, says: 'goAsync puts the end of the broadcast off' }],
      });
    }
  }
  return findings;
}

/** What keeps the process, or is over at once. */
const KEEPS =
  /\b(?:goAsync|peekService|startForegroundService|startService|bindService|WorkManager|enqueueWork|JobScheduler|JobIntentService|newWakeLock)\b/;

/** Work that onReceive starts and that nothing keeps the process for. */
async function unheld(repo: DoctorRepo): Promise<Finding[]> {
  const files = await kotlinAndJava(repo, ['onReceive']);
  if (files.length === 0) return [];
  const receivers = await releasedElements(repo, 'receiver');
  const names = receivers.map(classOf);
  const entries = files
    .flatMap((file) => functionsOf(file))
    .filter(
      (one) =>
        one.name === 'onReceive' && names.includes(classAround(one.file, one.start)?.name ?? ''),
    );
  const findings = new Map<string, Finding>();
  for (const one of await detachedFrom(repo, entries)) {
    const { file } = one;
    if (KEEPS.test(file.code.slice(one.range.start, one.range.end))) continue;
    const found = await outlives(
      repo,
      one,
      ({ kind, entry }) =>
        kind === 'receiver' &&
        entry?.name === 'onReceive' &&
        receivers.some((element) => classOf(element) === entry.owner?.name),
    );
    const owner = found?.way.entry?.owner;
    if (found === undefined || owner === undefined) continue;
    if (KEEPS.test(found.text)) continue;
    const element = receivers.find((receiver) => classOf(receiver) === owner.name);
    const line = file.line(one.start);
    findings.set(`${file.path}:${line}`, {
      file: file.path,
      line,
      message: `${one.what} runs on when onReceive of ${owner.name} is over, without goAsync: Android may end the process in the midst of it`,
      evidence:
        element === undefined
          ? []
          : [{ file: element.manifest.path, line: element.line, says: `declares ${owner.name}` }],
    });
  }
  return [...findings.values()];
}
