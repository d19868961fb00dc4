import { matchesSegments } from '../formats/glob.ts';

/**
 * Whether a path is meant by a pattern of a suppression; the name of a folder means everything below it.
 *
 * @param path relative, with `/`
 */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.replace(/^\.\//, '').replace(/\/$/, '').split('/');
  return matchesSegments([...wanted, '**'], path.split('/'));
}
