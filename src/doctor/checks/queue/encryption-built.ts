import { hasNoSqlCipher } from '../../../project/sqlcipher-settings.ts';
import { dependencyOf } from '../../evidence.ts';
import type { Check, Finding } from '../../check.ts';
import { plainDartDatabases } from '../../code/dart-encryption.ts';
import type { DoctorRepo } from '../../repo.ts';
import { keyedDatabases, keyedQueues } from './keyed-databases.ts';

export const encryptionBuilt: Check = {
  id: 'Q01',
  title: 'A database that is given a key is encrypted',
  severity: 'error',
  why: '`PRAGMA key` on a SQLite without SQLCipher is an unknown pragma: it is ignored without a word, and all that is stored is plain text.',
  source: 'https://op-engineering.github.io/op-sqlite/docs/installation/',
  fix: 'Switch SQLCipher on where the library is built, and rebuild the app.',
  explain: [
    'SQLite ignores a pragma that it does not know (https://www.sqlite.org/pragma.html). `encryptionKey`, or `PRAGMA key`, is then nothing but a line of code: no error, no warning, and anybody who gets at the file reads it.',
    'op-sqlite builds SQLCipher only where package.json of the app says so:\n\n    "op-sqlite": { "sqlcipher": true }',
    'expo-sqlite builds it where the config plugin is told to, after the next prebuild:\n\n    ["expo-sqlite", { "useSQLCipher": true }]',
    'In a Flutter app sqlite3 3.x (drift 2.32 and newer) builds its SQLite by a hook, plain unless the root pubspec.yaml asks for another; sqlcipher_flutter_libs has ended, and its last version is empty:\n\n    hooks:\n      user_defines:\n        sqlite3:\n          source: sqlcipher',
    'A database that was written without it stays plain text. The queue of bgsync asks the library at each start, and refuses to open.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    const keyed = [
      { what: 'the database', then: 'it is stored as plain text', at: await keyedDatabases(repo) },
      {
        what: 'the queue',
        then: 'it refuses to open, and nothing is sent',
        at: await keyedQueues(repo),
      },
    ].flatMap(({ what, then, at }) => at.map((one) => ({ ...one, what, then })));
    for (const { file, line, library, what, then } of keyed) {
      if (!(await hasNoSqlCipher(repo.files, library))) continue;
      findings.push({
        file,
        line,
        message: `${what} gets a key, and ${library} is built without SQLCipher: ${then}`,
        fix: FIXES[library],
        evidence: [await placeOf(repo, library)],
      });
    }
    for (const { file, line, why, evidence } of await plainDartDatabases(repo)) {
      findings.push({
        file,
        line,
        message: `the database gets a key, and ${why}: it is stored as plain text`,
        fix: DART_FIX,
        evidence: [evidence],
      });
    }
    return findings;
  },
};

const DART_FIX =
  'Say in pubspec.yaml of the app (of a pub workspace: of its root) `hooks: { user_defines: { sqlite3: { source: sqlcipher } } }`, take sqlcipher_flutter_libs and sqlite3_flutter_libs out, and rebuild the app.';

const FIXES = {
  '@op-engineering/op-sqlite':
    'Add "op-sqlite": { "sqlcipher": true } to package.json, and rebuild the app.',
  'expo-sqlite':
    'Add ["expo-sqlite", { "useSQLCipher": true }] to the plugins of the app config, prebuild, and rebuild the app.',
} as const;

const placeOf = async (repo: DoctorRepo, library: keyof typeof FIXES) => ({
  ...(await dependencyOf(repo, library)),
  says: `${library} is there, and nothing turns SQLCipher on`,
});
