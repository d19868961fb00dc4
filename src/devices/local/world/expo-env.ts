import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

/** What comes first holds: https://docs.expo.dev/guides/environment-variables/#using-multiple-env-files-to-define-separate-environments */
const FILES = ['.env.development.local', '.env.local', '.env.development', '.env'];
const PUBLIC = 'EXPO_PUBLIC_';

/** `$NAME`, `${NAME}` and `${NAME:-other}`; a backslash before it keeps it as it is. */
const REFERENCE = /\\\$|\$\{(\w+)(?::-([^}]*))?\}|\$(\w+)/g;

/** A variable may name one that names others; one that names itself ends here. */
const DEEPEST = 8;

/**
 * @param root the app's, absolute
 * @param env of this process, which holds before all files
 * @param isExpo whether Expo bundles the app, which reads the files
 * @returns `EXPO_PUBLIC_…` as a development build has it, by name
 */
export function readEnvironment(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  isExpo: boolean,
): Record<string, string> {
  const known = new Map<string, string>();
  // https://docs.expo.dev/more/expo-cli/#environment-variables
  for (const name of isExpo && env.EXPO_NO_DOTENV !== '1' ? FILES : []) {
    const file = join(root, name);
    if (!existsSync(file)) continue;
    for (const [key, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) {
      if (value !== undefined && !known.has(key)) known.set(key, value);
    }
  }
  const expand = (value: string, depth = 0): string =>
    depth > DEEPEST
      ? ''
      : value.replace(REFERENCE, (_, braced?: string, other?: string, bare?: string) => {
          const name = braced ?? bare;
          if (name === undefined) return '$';
          return env[name] ?? expand(known.get(name) ?? other ?? '', depth + 1);
        });
  const found: Record<string, string> = {};
  for (const [key, value] of known) if (key.startsWith(PUBLIC)) found[key] = expand(value);
  for (const [key, value] of Object.entries(env)) {
    if (key.startsWith(PUBLIC) && value !== undefined) found[key] = value;
  }
  return found;
}
