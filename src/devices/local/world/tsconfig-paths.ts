import type { Resolved } from './metro-resolution.ts';

type Resolve = (specifier: string, from: string, isImport: boolean) => Resolved;

interface RuntimeConfig {
  readonly compilerOptions?: {
    readonly paths?: Readonly<Record<string, readonly string[]>>;
    readonly baseUrl?: string;
  };
}

/**
 * Adds the `paths` of the app's tsconfig, which Expo's Metro honours and bare apps have through
 * babel-plugin-module-resolver. Metro's own answer goes first.
 *
 * @param tsconfig as JSON, with absolute targets
 */
export function withTsconfigPaths(resolve: Resolve, tsconfig: string): Resolve {
  const { paths = {}, baseUrl } = (JSON.parse(tsconfig) as RuntimeConfig).compilerOptions ?? {};
  const patterns = Object.entries(paths).sort(
    ([a], [b]) => prefixOf(b).length - prefixOf(a).length,
  );
  const candidates = (specifier: string): string[] => {
    for (const [pattern, targets] of patterns) {
      const star = matchPattern(pattern, specifier);
      if (star !== undefined) return targets.map((target) => target.replace('*', () => star));
    }
    return baseUrl === undefined ? [] : [`${baseUrl}/${specifier}`];
  };
  return (specifier, from, isImport) => {
    try {
      return resolve(specifier, from, isImport);
    } catch (error) {
      if (specifier.startsWith('.')) throw error;
      for (const file of candidates(specifier)) {
        try {
          return resolve(file, from, isImport);
        } catch {
          // The next target.
        }
      }
      throw error;
    }
  };
}

const prefixOf = (pattern: string): string => pattern.split('*', 1)[0] ?? '';

/** @returns what the star stands for, '' without one; undefined where the pattern does not match */
function matchPattern(pattern: string, specifier: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === specifier ? '' : undefined;
  const end = pattern.slice(star + 1);
  return specifier.startsWith(pattern.slice(0, star)) &&
    specifier.endsWith(end) &&
    specifier.length >= pattern.length - 1
    ? specifier.slice(star, specifier.length - end.length)
    : undefined;
}
