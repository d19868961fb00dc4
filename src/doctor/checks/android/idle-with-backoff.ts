import type { Check } from '../../check.ts';
import { requestsOf } from '../../code/kotlin-workers.ts';
import { calls, constraintsOf } from '../../code/work-constraints.ts';

export const idleWithBackoff: Check = {
  id: 'A35',
  title: 'Work that waits for an idle device sets no back-off of its own',
  severity: 'error',
  why: 'WorkManager refuses the request: build() throws IllegalArgumentException, and nothing is scheduled.',
  source:
    'https://developer.android.com/reference/androidx/work/WorkRequest.Builder#setBackoffCriteria(androidx.work.BackoffPolicy,long,java.util.concurrent.TimeUnit)',
  fix: 'Drop setBackoffCriteria, or setRequiresDeviceIdle: work that waits for an idle device is tried again when the device is idle.',
  explain: [
    'Android’s JobScheduler does not back off a job that waits for an idle device, so WorkManager takes no back-off for one: "Cannot set backoff criteria on an idle mode job". build() throws, most often at the start of the app, where the sync is enqueued.',
    'A worker may still return Result.retry(): it runs again when the device is idle. The generated package sets no back-off, so that `constraints.deviceIdle` in bgsync.config.json goes together with it:\n\n    { "constraints": { "deviceIdle": true } }',
  ].join('\n\n'),
  async run(repo) {
    return (await requestsOf(repo)).flatMap((request) => {
      const { file, end, chainEnd } = request;
      const chain = file.code.slice(end, chainEnd);
      const at = chain.search(/\bsetBackoffCriteria\s*\(/);
      const isIdle = calls('setRequiresDeviceIdle', `${chain}\n${constraintsOf(request, chain)}`);
      if (at === -1 || !isIdle) return [];
      const message = 'work that waits for an idle device cannot back off: build() throws';
      return [{ file: file.path, line: file.line(end + at), message }];
    });
  },
};
