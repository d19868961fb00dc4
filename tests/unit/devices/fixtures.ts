import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../fixtures/devices', import.meta.url));

/** What a tool printed, by command and trait: `adb-errors/states`. */
export const readFixture = (name: string): string =>
  readFileSync(join(ROOT, `${name}.txt`), 'utf8');

export const linesOf = (name: string): string[] =>
  readFixture(name)
    .split('\n')
    .filter((line) => line !== '');

/** The names of all files of a command, so that a test can prove that it says something about each. */
export const namesIn = (command: string): string[] =>
  readdirSync(join(ROOT, command))
    .map((file) => `${command}/${file.replace(/\.txt$/, '')}`)
    .sort();

export const ALL_FIXTURES: readonly string[] = readdirSync(ROOT).flatMap(namesIn);
