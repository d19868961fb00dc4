import type { Check } from '../../check.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import { calls, constraintsOf } from '../../code/work-constraints.ts';

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
