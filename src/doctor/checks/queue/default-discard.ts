import { dependencyOf } from '../../evidence.ts';
import type { Check, Finding } from '../../check.ts';

const LIBRARY = '@redux-offline/redux-offline';

export const defaultDiscard: Check = {
  id: 'Q04',
  title: 'redux-offline decides by more than its default what to give up',
  severity: 'info',
  why: 'The default `discard` of redux-offline gives an action up for good where its error has no HTTP status: a request that got no answer is one of them, unless the effect makes a NetworkError of it.',
  source:
    'https://github.com/redux-offline/redux-offline/blob/develop/packages/redux-offline/src/defaults/discard.js',
  fix: 'Give `offline()` a `discard` of your own that keeps what got no answer.',
  explain: [
    'The outbox of redux-offline asks `discard(error, action, retries)`. The default answers true for each error without a `status`, and `retry` ends after ten tries. In a background window, where the network comes and goes, both lose actions.',
    '    offline({\n      ...offlineConfig,\n      discard: (error) => error.status !== undefined && error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429,\n    });',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(LIBRARY),
  async run(repo) {
    const files = await repo.sourcesContaining('javascript', [LIBRARY]);
    if (files.some(({ code }) => /\bdiscard\b/.test(code))) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      const at = /\b(?:offline|createOffline)\s*\(/.exec(file.code);
      if (at === null) continue;
      const message = 'redux-offline is set up without a discard of the app’s own';
      const evidence = [await dependencyOf(repo, LIBRARY)];
      findings.push({ file: file.path, line: file.line(at.index), message, evidence });
    }
    return findings;
  },
};
