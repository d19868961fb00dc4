import type { Check, Finding } from '../../check.ts';
import { keyedDatabases } from './keyed-databases.ts';

export const sharedContainer: Check = {
  id: 'Q05',
  title: 'An encrypted database in an App Group lets iOS suspend the app',
  severity: 'warning',
  why: 'iOS may end an app that is suspended while it holds a lock on a file of a shared container (0xdead10cc). It spares SQLite’s WAL, which it knows by the file’s header: an encrypted header it does not know.',
  source: 'https://github.com/sqlcipher/sqlcipher/issues/255',
  fix: 'Keep the database in the app’s own container, or set `PRAGMA cipher_plaintext_header_size = 32` (and keep the salt).',
  explain: [
    'At the end of a background run the app is suspended. A lock on a file in an App Group’s container is then a crash, 0xdead10cc, in the crash log alone. For databases in WAL mode iOS makes an exception, where it recognises the first bytes of the file.',
    'SQLCipher encrypts these bytes. `cipher_plaintext_header_size = 32` leaves them in clear; the salt, which would be among them, has to be kept apart.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const { file, line } of await keyedDatabases(repo)) {
      const text = (await repo.read(file)) ?? '';
      if (text.includes('cipher_plaintext_header_size')) continue;
      if (!/\bapp[-_]?groups?\b|AppGroup|sharedContainers?\b/i.test(text)) continue;
      const message =
        'an encrypted database in an App Group’s container: iOS may end the app when it is suspended';
      findings.push({ file, line, message });
    }
    return findings;
  },
};
