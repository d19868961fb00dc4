import { readFileSync, writeFileSync } from 'node:fs';

/**
 * A handler, or a queue's file, of an app in use: where bgsync left something to the user, something stands.
 *
 * @param text as `init` made it
 */
export const fillIn = (text: string): string =>
  text
    .replaceAll(/throw new Error\(\s*[`'][^`']* here[^`']*[`'],?\s*\)/g, 'return theirs()')
    .replaceAll(/throw UnimplementedError\(\s*'[^']* here\.',?\s*\)/g, 'theirs()')
    .replaceAll('api.example.com', 'api.shop.test');

/** {@link fillIn} in a file. @param path absolute */
export const fillInFile = (path: string): void =>
  writeFileSync(path, fillIn(readFileSync(path, 'utf8')));
