import type { Check, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { kotlinConstant } from '../../code/kotlin-constants.ts';
import { callsOf, codeOf, functionAround, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { chainEnd } from '../../code/kotlin-workers.ts';
import { calls } from '../../code/work-constraints.ts';
import type { DoctorRepo } from '../../repo.ts';
import { asksFor, isManifestOpen, mergedManifests, prebuildFix } from './merged-manifests.ts';

/** In one file. */
const MOST = 20;

/** What JobInfo.Builder.build refuses together. */
const REFUSED = [
  {
    pair: ['setPeriodic', 'setMinimumLatency'],
    says: 'a periodic job has no setMinimumLatency',
  },
  {
    pair: ['setPeriodic', 'setOverrideDeadline'],
    says: 'a periodic job has no setOverrideDeadline',
  },
  {
    pair: ['setRequiresDeviceIdle', 'setBackoffCriteria'],
    says: 'a job that waits for an idle device cannot back off',
  },
] as const;

export const jobInfo: Check = {
  id: 'A62',
  title: 'JobScheduler takes each job as it is built, and keeps it beside the others',
  severity: 'error',
  why: 'JobInfo.Builder.build throws IllegalArgumentException for a periodic job with a latency or a deadline, and for an idle one with a back-off. A second job of the same id is no second one: schedule cancels the first.',
  source: 'https://developer.android.com/reference/android/app/job/JobInfo.Builder',
  fix: 'Drop what the message names; give each job an id of its own.',
  explain: [
    '“Can’t call setMinimumLatency() on a periodic job”, “Can’t call setOverrideDeadline() on a periodic job”, “An idle mode job will not respect any back-off policy, so calling setBackoffCriteria with setRequiresDeviceIdle is an error”: build() throws, mostly at the start of the app, and nothing is scheduled.',
    'JobScheduler knows the jobs of an app by their numbers. schedule with a number that is taken replaces the job, whatever service it names, and stops it where it runs.',
    'A user-initiated transfer, setUserInitiated(true), needs RUN_USER_INITIATED_JOBS, which no user is asked for.',
    '    JobInfo.Builder(SYNC_JOB, ComponentName(context, SyncJob::class.java))\n        .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)\n        .setPeriodic(3_600_000)\n        .build()',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    const jobs: Job[] = [];
    for (const file of await kotlinAndJava(repo, ['JobInfo'])) {
      for (const call of callsOf(file, 'Builder').slice(0, MOST)) {
        const before = file.code.slice(Math.max(0, call.start - 40), call.start);
        if (!/\bJobInfo\s*\.\s*$/.test(before)) continue;
        if (await isUnreleased(repo, file, call.start)) continue;
        const place = { file: file.path, line: file.line(call.start) };
        const code = settingsOf(call);
        const refused = /\b(?:if|when|else)\b/.test(code)
          ? undefined
          : REFUSED.find(({ pair }) => pair.every((name) => calls(name, code)));
        if (refused !== undefined) {
          findings.push({ ...place, message: `${refused.says}: build() throws` });
        }
        if (/\bsetUserInitiated\s*\(\s*true\b/.test(code) && (await lacksUserJobs(repo))) {
          const message = `the job is user-initiated, and the app does not ask for ${USER_JOBS}: schedule throws SecurityException`;
          const fix = `Add <uses-permission android:name="${USER_JOBS}" /> to the manifest.`;
          findings.push({
            ...place,
            message,
            fix,
            ...prebuildFix(await repo.manifests(), USER_JOBS),
          });
        }
        const [id, component] = call.arguments;
        const number = id && (await kotlinConstant(repo, file, id));
        const service =
          component &&
          /(?<!\w)(\w+)\s*(?:::\s*class|\.\s*class)\b/.exec(codeOf(file, component))?.[1];
        if (typeof number !== 'number' || service === undefined) continue;
        const other = jobs.find((one) => one.number === number && one.service !== service);
        jobs.push({ ...place, number, service });
        if (other === undefined) continue;
        findings.push({
          ...place,
          severity: 'warning',
          message: `the job of ${service} has the id ${number}, as that of ${other.service} has: each takes the place of the other`,
          evidence: [
            { file: other.file, line: other.line, says: `gives ${other.service} the id ${number}` },
          ],
        });
      }
    }
    return findings;
  },
};

/** https://developer.android.com/develop/background-work/background-tasks/uidt */
const USER_JOBS = 'android.permission.RUN_USER_INITIATED_JOBS';

async function lacksUserJobs(repo: DoctorRepo): Promise<boolean> {
  const merged = await mergedManifests(repo);
  return merged.length > 0 && asksFor(merged, USER_JOBS) !== 'yes' && !(await isManifestOpen(repo));
}

interface Job {
  readonly file: string;
  readonly line: number;
  readonly number: number;
  readonly service: string;
}

/** In front of a statement that a condition decides on. */
const CONDITION = /(?:\belse|\bif\s*\([^{};\n]*\))\s*$/;

/** What is set on a builder: in the chain, or on the variable that holds it. */
function settingsOf(call: KotlinCall): string {
  const { file, start, end } = call;
  const { code } = file;
  const chain = code.slice(end, chainEnd(call));
  const body = functionAround(file, start)?.body;
  const name = /\b(\w+)\s*(?::\s*[\w.]+\s*)?=\s*(?:new\s+)?JobInfo\s*\.\s*$/.exec(
    code.slice(Math.max(0, start - 120), start),
  )?.[1];
  if (name === undefined || body === undefined || /\bbuild\s*\(/.test(chain)) return chain;
  const own = bracketsOf(file).around(start)[0];
  const set = [
    ...code.slice(end, body.end).matchAll(new RegExp(`\\b${name}\\s*\\.[^;\\n]{1,300}`, 'g')),
  ]
    .filter(({ index }) => {
      const before = code.slice(Math.max(0, end + index - 200), end + index);
      // Of the two branches of a condition each build takes one.
      return bracketsOf(file).around(end + index)[0] === own && !CONDITION.test(before);
    })
    .map(([text]) => text);
  return [chain, ...set].join('\n');
}
