import type { ReadOnlyFiles } from './read-only-files.ts';

/** Where an app says that its SQLite library is to be built with SQLCipher. */

export type SqliteLibrary = '@op-engineering/op-sqlite' | 'expo-sqlite';

/** Paths from the app's root on: https://docs.expo.dev/versions/latest/sdk/sqlite/#sqlcipher */
export const SQLCIPHER_SETTINGS: Readonly<Record<SqliteLibrary, readonly string[]>> = {
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

/**
 * Whether nothing turns encryption on, as far as the files tell that can. A computed config that is put together from
 * files of its own may say it there, so it counts as one that does.
 *
 * @param texts by the paths of {@link SQLCIPHER_SETTINGS}; what is not there is left out
 */
export function isBuiltWithoutSqlCipher(
  library: SqliteLibrary,
  texts: ReadonlyMap<string, string>,
): boolean {
  if (library === '@op-engineering/op-sqlite')
    return !hasOpSqliteSetting(texts.get('package.json'));
  const isComputed = [...texts].some(
    ([path, text]) => path.startsWith('app.config.') && /\b(?:import|require)\b/.test(text),
  );
  return !isComputed && ![...texts.values()].some(switchesOn);
}

/** The same for the files of an app. */
export async function hasNoSqlCipher(
  files: Pick<ReadOnlyFiles, 'read'>,
  library: SqliteLibrary,
): Promise<boolean> {
  const texts = new Map<string, string>();
  for (const path of SQLCIPHER_SETTINGS[library]) {
    const text = await files.read(path);
    if (text !== undefined) texts.set(path, text);
  }
  return isBuiltWithoutSqlCipher(library, texts);
}

/** Any value but a plain `false` may be one that switches it on. */
const switchesOn = (text: string): boolean =>
  /useSQLCipher\b(?!["']?\s*[:=]\s*["']?false\b)/.test(text);

function hasOpSqliteSetting(text: string | undefined): boolean {
  try {
    const settings = JSON.parse(text ?? '{}') as Record<
      string,
      { sqlcipher?: unknown } | undefined
    >;
    return settings['op-sqlite']?.sqlcipher === true;
  } catch {
    return false;
  }
}
