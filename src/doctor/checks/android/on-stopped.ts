import type { Check } from '../../check.ts';
import { membersOf } from '../../code/kotlin-declarations.ts';
import { workersOf } from '../../code/kotlin-workers.ts';

export const onStopped: Check = {
  id: 'A17',
  title: 'No CoroutineWorker overrides onStopped',
  severity: 'error',
  why: 'CoroutineWorker.onStopped is final: the class does not compile.',
  source: 'https://developer.android.com/reference/androidx/work/CoroutineWorker',
  fix: 'Clean up in `finally`, with `withContext(NonCancellable)` where it suspends.',
  explain: [
    "A Worker is told of its stop through onStopped. A CoroutineWorker is cancelled instead, and its onStopped is final: \"'onStopped' in 'CoroutineWorker' is final and cannot be overridden\".",
    'What belongs there goes into finally:\n\n    override suspend fun doWork(): Result =\n        try {\n            upload()\n            Result.success()\n        } finally {\n            withContext(NonCancellable) { close() }\n        }',
  ].join('\n\n'),
  async run(repo) {
    return (await workersOf(repo))
      .filter(({ base }) => base === 'CoroutineWorker')
      .flatMap((worker) =>
        membersOf(worker)
          .filter(({ name }) => name === 'onStopped')
          .map(({ start }) => ({
            file: worker.file.path,
            line: worker.file.line(start),
            message: `${worker.name} is a CoroutineWorker, whose onStopped is final`,
          })),
      );
  },
};
