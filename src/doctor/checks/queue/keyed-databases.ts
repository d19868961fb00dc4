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

/** Where the app opens bgsync's queue with a key: the queue asks SQLite for its cipher first. */
export async function keyedQueues(repo: DoctorRepo): Promise<KeyedDatabase[]> {
  const found: KeyedDatabase[] = [];
  for (const file of await repo.sourcesContaining('javascript', ['openQueueStore'])) {
    if (isGenerated(file.path)) continue;
    const driver = /queue\/drivers\/(op-sqlite|expo-sqlite)['"]/.exec(file.text)?.[1];
    const library = driver === 'op-sqlite' ? '@op-engineering/op-sqlite' : 'expo-sqlite';
    if (driver === undefined || !repo.depends(library)) continue;
    for (const { index, 1: keys } of file.code.matchAll(OPENED))
      if (keys !== 'null') found.push({ file: file.path, line: file.line(index), library });
  }
  return found;
}

/** Its second argument is null for a queue that is meant to be plain. */
const OPENED = /\bopenQueueStore\s*\([^,()]*,\s*(\w+)/g;

const isGenerated = (path: string): boolean => path.includes('/src/queue/drivers/');
