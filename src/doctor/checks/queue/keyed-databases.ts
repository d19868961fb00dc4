import type { DoctorRepo } from '../../repo.ts';

export type SqliteLibrary = '@op-engineering/op-sqlite' | 'expo-sqlite';

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

/** Where each library is told to build SQLCipher: https://docs.expo.dev/versions/latest/sdk/sqlite/#sqlcipher */
const SETTINGS: Readonly<Record<SqliteLibrary, readonly string[]>> = {
  '@op-engineering/op-sqlite': ['package.json'],
  'expo-sqlite': [
    'app.json',
    'app.config.ts',
    'app.config.js',
    'app.config.mjs',
    'app.config.cjs',
    'android/gradle.properties',
    'ios/Podfile.properties.json',
  ],
};

/** Whether nothing turns encryption on, as far as its word is nowhere in the files that can. */
export async function hasNoEncryption(repo: DoctorRepo, library: SqliteLibrary): Promise<boolean> {
  const texts = await Promise.all(SETTINGS[library].map((path) => repo.read(path)));
  if (library === '@op-engineering/op-sqlite') {
    return !/"sqlcipher"\s*:\s*true\b/.test(texts[0] ?? '');
  }
  // A computed config that is put together from files of its own may say it there.
  const isComputed = texts.slice(1, 5).some((text) => /\b(?:import|require)\b/.test(text ?? ''));
  return !isComputed && !texts.some((text) => text?.includes('useSQLCipher'));
}
