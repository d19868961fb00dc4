import type { Check, Finding } from '../../check.ts';
import { keyedDatabases } from './keyed-databases.ts';

export const exclusiveTransaction: Check = {
  id: 'Q02',
  title: 'An encrypted expo-sqlite database is not used through exclusive transactions',
  severity: 'warning',
  why: '`withExclusiveTransactionAsync` opens a connection of its own, which never gets the key: the transaction fails, or is written past the encryption.',
  source: 'https://github.com/expo/expo/issues/41986',
  fix: 'Use `withTransactionAsync` with nothing else on that connection, or statements in one `execAsync`.',
  explain: [
    'A key belongs to a connection: `PRAGMA key` has to be the first thing on each. `withExclusiveTransactionAsync` of expo-sqlite makes a new connection for the transaction and sets no pragma on it, so neither the key nor busy_timeout and foreign_keys are there.',
    'The queue of bgsync needs no transaction of that kind: `enqueue(mutation, alongside)` takes your statements into its own.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends('expo-sqlite'),
  async run(repo) {
    const files = await repo.sourcesContaining('javascript', ['withExclusiveTransactionAsync']);
    const [keyed] = (await keyedDatabases(repo)).filter(({ library }) => library === 'expo-sqlite');
    if (keyed === undefined) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      const at = /\.\s*withExclusiveTransactionAsync\s*\(/.exec(file.code);
      if (at === null) continue;
      const message =
        'withExclusiveTransactionAsync runs on a new connection, which does not have the key of this database';
      const evidence = [{ file: keyed.file, line: keyed.line, says: 'PRAGMA key is set here' }];
      findings.push({ file: file.path, line: file.line(at.index), message, evidence });
    }
    return findings;
  },
};
