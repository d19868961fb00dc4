import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exec } from './exec.mjs';
import { filesUnder } from './package.mjs';
import { hash, jar } from './tools.mjs';

/**
 * ktlint's standard rules over the rendered Kotlin. Each file is named, since a pattern finds none below a folder with a
 * dot. A rule looks at a file's text and name: of files that are the same in several packages it reads one.
 *
 * @returns its complaints
 */
export async function ktlint(packageDirs) {
  const files = packageDirs.flatMap((directory) =>
    filesUnder(join(directory, 'android/src'), '.kt'),
  );
  const distinct = new Map(
    files.map((file) => [hash(basename(file), readFileSync(file)), file]).reverse(),
  );
  if (distinct.size === 0) throw new Error(`no Kotlin is in ${packageDirs.join(', ')}`);
  try {
    await exec('java', [
      ...['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar', jar('ktlint-cli')],
      ...['--log-level=error', '--relative', ...distinct.values()],
    ]);
    return [];
  } catch (error) {
    return [error.message];
  }
}
