import { exec } from './exec.mjs';
import { jar } from './tools.mjs';

/** ktlint's standard rules over the rendered Kotlin. @returns its complaints */
export async function ktlint(packageDirs) {
  try {
    await exec('java', [
      '-jar',
      jar('ktlint-cli'),
      '--log-level=error',
      '--relative',
      ...packageDirs.map((directory) => `${directory}/android/src/**/*.kt`),
    ]);
    return [];
  } catch (error) {
    return [error.message];
  }
}
