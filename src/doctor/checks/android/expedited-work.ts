import type { Check } from '../../check.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import type { RequestBuilder } from '../../code/kotlin-workers.ts';

/** What an expedited request must not have; its constraints may be network and storage alone. */
const REFUSED = [
  { call: 'setInitialDelay', effect: 'expedited work cannot be delayed' },
  { call: 'setRequiresCharging', effect: 'expedited work cannot wait for the charger' },
  { call: 'setRequiresBatteryNotLow', effect: 'expedited work cannot wait for the battery' },
  { call: 'setRequiresDeviceIdle', effect: 'expedited work cannot wait for the device to be idle' },
];

export const expeditedWork: Check = {
  id: 'A20',
  title: 'Expedited work waits for nothing that it must not wait for',
  severity: 'error',
  why: 'WorkManager refuses the request: build() throws IllegalArgumentException, and nothing is scheduled.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/persistent/getting-started/define-work#expedited',
  fix: 'Drop setExpedited: a background sync does not need it. Otherwise drop what the message names.',
  explain: [
    'Expedited work is meant to start at once. So it cannot be periodic or delayed, and may wait for network and storage alone; build() throws for anything else: "PeriodicWorkRequests cannot be expedited", "Expedited jobs cannot be delayed", "Expedited jobs only support network and storage constraints".',
    'It also costs a quota of its own, and a notification below Android 12. A sync that waits for the network anyway is plain work:\n\n    OneTimeWorkRequestBuilder<SyncWorker>()\n        .setConstraints(connected)\n        .build()',
  ].join('\n\n'),
  async run(repo) {
    return (await requestsOf(repo)).flatMap((request) => {
      const { file, end, chainEnd, isPeriodic } = request;
      const chain = file.code.slice(end, chainEnd);
      const at = chain.search(/\bsetExpedited\s*\(/);
      if (at === -1) return [];
      const effect = isPeriodic
        ? 'periodic work cannot be expedited'
        : REFUSED.find(({ call }) => calls(call, `${chain}\n${constraintsOf(request, chain)}`))
            ?.effect;
      if (effect === undefined) return [];
      return [{ file: file.path, line: file.line(end + at), message: `${effect}: build() throws` }];
    });
  },
};

/** Whether the code calls it, with anything but `false`. */
function calls(name: string, code: string): boolean {
  const argument = new RegExp(`\\b${name}\\s*\\(\\s*(\\w*)`).exec(code)?.[1];
  return argument !== undefined && argument !== 'false' && argument !== '0' && argument !== '0L';
}

/** Where the chain names a variable for its constraints: what that is set to, where the file sets it once. */
function constraintsOf({ file }: RequestBuilder, chain: string): string {
  const name = /\bsetConstraints\s*\(\s*(\w+)\s*\)/.exec(chain)?.[1];
  if (name === undefined) return '';
  const set = [
    ...file.code.matchAll(new RegExp(`\\b${name}\\s*(?::\\s*Constraints\\s*)?=(?!=)`, 'g')),
  ];
  const [first] = set;
  if (first === undefined || set.length !== 1) return '';
  const from = first.index + first[0].length;
  const value = file.code.slice(from, from + 2000);
  const end = value.search(/\bbuild\s*\(\s*\)/);
  return end === -1 ? '' : value.slice(0, end);
}
