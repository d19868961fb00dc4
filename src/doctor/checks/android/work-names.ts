import type { Check, Finding } from '../../check.ts';
import { callsOf, codeOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { isElsewhere, textsOf } from '../../code/kotlin-names.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { workersOf } from '../../code/kotlin-workers.ts';
import { nearestName } from '../../code/near-names.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file. */
const MOST = 20;

type Kind = 'name' | 'tag';

const GIVES: Readonly<Record<string, Kind>> = {
  enqueueUniqueWork: 'name',
  enqueueUniquePeriodicWork: 'name',
  beginUniqueWork: 'name',
  addTag: 'tag',
};
const ASKS: Readonly<Record<string, Kind>> = {
  cancelUniqueWork: 'name',
  getWorkInfosForUniqueWork: 'name',
  getWorkInfosForUniqueWorkLiveData: 'name',
  getWorkInfosForUniqueWorkFlow: 'name',
  cancelAllWorkByTag: 'tag',
  getWorkInfosByTag: 'tag',
  getWorkInfosByTagLiveData: 'tag',
  getWorkInfosByTagFlow: 'tag',
};

/** A name or a tag of work, where it is given or asked for. */
interface Named {
  readonly call: KotlinCall;
  readonly kind: Kind;
  readonly text: string;
}

export const workNames: Check = {
  id: 'A56',
  title: 'Work that is cancelled or watched has the name that it was enqueued with',
  severity: 'warning',
  why: 'WorkManager takes any name and any tag: cancelling work that nobody enqueued does nothing, watching it shows an empty list for ever, and the work goes on, after a log-out too.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/how-to/manage-work',
  fix: 'Use one constant for both sides; cancelUniqueWork for the name of enqueueUnique…, cancelAllWorkByTag for what addTag gave.',
  explain: [
    'A unique name and a tag are two things. enqueueUniqueWork("sync", …) gives a name, which cancelUniqueWork and getWorkInfosForUniqueWork know; addTag("sync") gives a tag, which cancelAllWorkByTag and getWorkInfosByTag know. Neither finds what the other one gave, and nothing says so. The one tag that each work has by itself is the full name of its worker’s class.',
    '    const val SYNC = "sync"\n    workManager.enqueueUniquePeriodicWork(SYNC, ExistingPeriodicWorkPolicy.KEEP, request)\n    workManager.cancelUniqueWork(SYNC)',
    'A name that an earlier version of the app enqueued may be cancelled for good reason: doctor speaks of a cancelled name where it is the other kind’s, or is spelt nearly as one that is enqueued. Where one name that is enqueued cannot be told, it says nothing.',
  ].join('\n\n'),
  async run(repo) {
    const asked = await namedBy(repo, ASKS);
    if (asked === undefined || asked.length === 0) return [];
    const given = await namedBy(repo, GIVES, true);
    if (given === undefined || given.length === 0) return [];
    const workers = await workersOf(repo);
    const findings: Finding[] = [];
    for (const one of asked) {
      const { call, kind, text } = one;
      const own = given.filter((other) => other.kind === kind);
      if (own.some((other) => other.text === text)) continue;
      // The full name of a worker’s class is a tag.
      if (workers.some(({ name }) => text.split('.').at(-1) === name)) continue;
      if (await isElsewhere(repo, text)) continue;
      const meant = meantBy(one, given, asked);
      if (meant === undefined) continue;
      const { file, start, name } = call;
      const is = kind === 'name' ? 'no unique work has that name' : 'no work has that tag';
      const instead =
        meant.kind === kind
          ? meant.isNear
            ? `: did you mean “${meant.named.text}”?`
            : `: “${meant.named.text}” is what is enqueued`
          : kind === 'tag'
            ? ': it is the name of unique work'
            : ': it is a tag';
      findings.push({
        file: file.path,
        line: file.line(start),
        message: `${name} asks for “${text}”, and ${is}${instead}`,
        evidence: [
          {
            file: meant.named.call.file.path,
            line: meant.named.call.file.line(meant.named.call.start),
            says: `${meant.named.call.name} gives “${meant.named.text}”`,
          },
        ],
      });
    }
    return findings;
  },
};

interface Meant {
  readonly named: Named;
  readonly kind: Kind;
  readonly isNear: boolean;
}

/** What is enqueued in the place of what is asked for; undefined where the name may be one of an earlier version. */
function meantBy(
  { call, kind, text }: Named,
  given: readonly Named[],
  asked: readonly Named[],
): Meant | undefined {
  const around = functionAround(call.file, call.start);
  const isBeside = (other: Named): boolean =>
    around !== undefined && functionAround(other.call.file, other.call.start) === around;
  const other = given.find((one) => one.kind !== kind && one.text === text);
  if (other !== undefined) {
    // Both kinds are cleared.
    if (asked.some((one) => one.kind !== kind && one.text === text && isBeside(one)))
      return undefined;
    return { named: other, kind: other.kind, isNear: false };
  }
  const own = given.filter((one) => one.kind === kind);
  const near = nearestName(
    text,
    own.map((one) => one.text),
  );
  const named = own.find((one) => one.text === near);
  const isWatched = call.name.startsWith('get');
  if (named !== undefined) {
    if (withoutVersion(text) === withoutVersion(named.text)) return undefined;
    // Cancelled beside what takes its place, or beside the right name.
    const isKnown = asked.some((one) => one.kind === kind && one.text === named.text);
    if (!isWatched && (isKnown || isBeside(named))) return undefined;
    return { named, kind, isNear: true };
  }
  const [first] = own;
  if (!isWatched || first === undefined || text.includes('.')) return undefined;
  return { named: first, kind, isNear: false };
}

/** `sync_v1` and `sync_v2` are two versions. */
const withoutVersion = (name: string): string => name.replace(/\d+/g, '');

/**
 * What these calls of WorkManager name, dead code left out.
 *
 * @param all whether one that cannot be told makes the answer undefined
 */
async function namedBy(
  repo: DoctorRepo,
  calls: Readonly<Record<string, Kind>>,
  all = false,
): Promise<readonly Named[] | undefined> {
  const found: Named[] = [];
  for (const file of await kotlinAndJava(repo, Object.keys(calls))) {
    if (!/\bandroidx\.work\b/.test(file.code)) continue;
    for (const [name, kind] of Object.entries(calls)) {
      for (const call of callsOf(file, name).slice(0, MOST)) {
        const argument =
          call.arguments.find((one) =>
            /^(?:uniqueWorkName|tag)\s*=(?!=)/.test(codeOf(file, one)),
          ) ?? call.arguments[0];
        if (argument === undefined || (await isUnreleased(repo, file, call.start))) continue;
        const texts = await textsOf(repo, file, argument);
        if (texts === undefined) {
          if (all) return undefined;
          continue;
        }
        found.push(...texts.map((text) => ({ call, kind, text })));
      }
    }
  }
  return found;
}
