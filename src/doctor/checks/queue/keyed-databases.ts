import type { SqliteLibrary } from '../../../project/sqlcipher-settings.ts';
import type { DoctorRepo } from '../../repo.ts';

export interface KeyedDatabase {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly library: SqliteLibrary;
}

/** Where the app's JavaScript gives a database a key. A package that was generated asks for itself. */
export async function keyedDatabases(repo: DoctorRepo): Promise<KeyedDatabase[]> {
  const found: KeyedDatabase[] = [];
  if (repo.depends('@op-engineering/op-sqlite')) {
    for (const file of await repo.sourcesContaining('javascript', ['encryptionKey'])) {
      const at = /\bencryptionKey\b\s*[:,}]/.exec(file.code);
      if (at === null || !file.text.includes('@op-engineering/op-sqlite')) continue;
      if (isGenerated(file.path)) continue;
      const library = '@op-engineering/op-sqlite';
      found.push({ file: file.path, line: file.line(at.index), library });
    }
  }
  if (repo.depends('expo-sqlite')) {
    for (const file of await repo.sourcesContaining('javascript', ['PRAGMA key'])) {
      const at = file.strings.find(({ text }) => /^\s*PRAGMA\s+key\b/i.test(text));
      if (at === undefined || isGenerated(file.path)) continue;
      found.push({ file: file.path, line: file.line(at.offset), library: 'expo-sqlite' });
    }
  }
  return found;
}

const isGenerated = (path: string): boolean => path.includes('/src/queue/drivers/');
