import type { Check, Evidence, Finding } from '../../check.ts';
import {
  callsOf,
  classAround,
  classesOf,
  functionAround,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';
import type { Entry } from '../../code/kotlin-reach.ts';

/** In one file. */
const MOST = 20;

/** Whether the method runs while nothing of the app is on the screen, and the app may start no service by itself. */
const isBackground = ({ kind, name }: Entry): boolean =>
  kind === 'receiver' ||
  kind === 'worker' ||
  (kind === 'service' && /^onSt(?:art|op)Job$/.test(name));

export const headlessService: Check = {
  id: 'A29',
  title: 'No HeadlessJsTaskService is started from the background',
  severity: 'warning',
  why: 'From Android 8 on, startService in the background throws IllegalStateException: the task does not run, and a receiver takes the app down with it.',
  source: 'https://github.com/vikeri/react-native-background-job/issues/52',
  fix: 'Start JavaScript from a worker through ReactHost, without a service.',
  explain: [
    'HeadlessJsTaskService is a plain Android service. An app that has nothing on the screen may not start one since Android 8: "Not allowed to start service Intent … app is in background". A receiver or a worker mostly runs just then. On the desk it works, as the app was used a moment ago.',
    'startForegroundService needs a notification, and Android 12 refuses that in the background too. What holds is a worker that starts the ReactHost and waits for the task there, as bgsync’s own does.',
  ].join('\n\n'),
  async run(repo) {
    const services = (await kotlinAndJava(repo, ['HeadlessJsTaskService']))
      .flatMap((file) => [...classesOf(file)])
      .filter(({ supertypes }) => supertypes.includes('HeadlessJsTaskService'))
      .slice(0, MOST);
    if (services.length === 0) return [];
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['startService'])) {
      for (const call of callsOf(file, 'startService').slice(0, MOST)) {
        const ways = released(await waysTo(repo, file, call.start));
        const entry = ways.find(({ entry: one }) => one !== undefined && isBackground(one))?.entry;
        const around = functionAround(file, call.start);
        if (entry === undefined || around === undefined) continue;
        const owner = classAround(file, call.start);
        const code = file.code.slice(
          (owner ?? around).body.start,
          Math.max((owner ?? around).body.end, around.body.end),
        );
        const service = services.find(({ name }) => new RegExp(`\\b${name}\\b`).test(code));
        if (service === undefined) continue;
        const message = `${entry.owner?.name ?? entry.name} starts ${service.name}, which Android refuses while the app is in the background`;
        const evidence = [
          ...(entry.owner === undefined
            ? []
            : [placeOf(entry.owner, `${entry.owner.name} runs while nothing is on the screen`)]),
          placeOf(service, `${service.name} is a HeadlessJsTaskService`),
        ];
        findings.push({ file: file.path, line: file.line(call.start), message, evidence });
      }
    }
    return findings;
  },
};

const placeOf = ({ file, start }: KotlinClass, says: string): Evidence => ({
  file: file.path,
  line: file.line(start),
  says,
});
