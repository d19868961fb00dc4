import type { Check, Finding } from '../../check.ts';

/** A name for an id that the phone makes. */
const OWN_ID = /(?:temp|tmp|local|client|offline)_?id/i;

export const idsOfTime: Check = {
  id: 'Q07',
  title: 'Temporary ids are unique',
  severity: 'warning',
  why: 'Two entities that are made in the same millisecond get the same id: one of them takes the other’s place, or its edits.',
  source: 'https://github.com/liketrek/TREK/issues/1175',
  fix: 'Use a UUID: expo-crypto’s randomUUID(), the package uuid, or `queue.newTempId()` of bgsync’s queue.',
  explain: [
    'An id that is made from the clock alone, such as `-Date.now()`, is the same for what is made in one loop, and goes back when the clock is set back. Offline it lives for days, in other rows and in the queue.',
    'A UUID made on the phone may be the entity’s id for good where the server takes it: then nothing has to be mapped at all.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await repo.sourcesContaining('javascript', ['Date.now'])) {
      const at = [
        ...file.code.matchAll(/\b(\w+)\s*[:=]\s*(?:(-)\s*)?Date\s*\.\s*now\s*\(\s*\)/g),
      ].find(([, name = '', minus]) =>
        minus === undefined ? OWN_ID.test(name) : OWN_ID.test(name) || /id$/i.test(name),
      );
      if (at === undefined) continue;
      const message = 'an id that is the time alone: two of one millisecond are the same';
      findings.push({ file: file.path, line: file.line(at.index), message });
    }
    return findings;
  },
};
