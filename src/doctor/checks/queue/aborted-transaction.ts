import { mayRunInBackground } from '../../code/task-libraries.ts';
import { dependencyOf } from '../../evidence.ts';
import type { Check, Finding } from '../../check.ts';

const LIBRARY = '@tanstack/offline-transactions';

export const abortedTransaction: Check = {
  id: 'Q03',
  title: 'A window that closes does not delete what it was sending',
  severity: 'warning',
  why: '@tanstack/offline-transactions takes an AbortError for an error that no retry mends, and deletes the transaction: whatever a window was sending when it closed is lost.',
  source: 'https://github.com/TanStack/db/tree/main/packages/offline-transactions',
  fix: 'Catch what is thrown once the signal is aborted, and throw an Error of another name in its place.',
  explain: [
    'A background window ends by its signal. A `fetch` that was given the signal then rejects with an AbortError, which the library’s default policy does not try again.',
    '    mutationFn: async ({ transaction }) => {\n      try {\n        await api.save(transaction, { signal });\n      } catch (error) {\n        if (signal.aborted) throw new Error("the window closed");\n        throw error;\n      }\n    }',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(LIBRARY),
  async run(repo) {
    if (!(await mayRunInBackground(repo))) return [];
    const findings: Finding[] = [];
    for (const file of await repo.sourcesContaining('javascript', [LIBRARY])) {
      const at = /\bsignal\b/.exec(file.code);
      if (at === null || /\.\s*aborted\b|AbortError/.test(file.noComments)) continue;
      const message =
        'a signal that ends a request of @tanstack/offline-transactions may delete the transaction';
      const evidence = [await dependencyOf(repo, LIBRARY)];
      findings.push({ file: file.path, line: file.line(at.index), message, evidence });
    }
    return findings;
  },
};
