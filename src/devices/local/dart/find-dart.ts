import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { ExitCode } from '../../../exit-code.ts';

/**
 * The Dart of the Flutter that the app uses: that of its version manager (https://fvm.app), of FLUTTER_ROOT, then the first on
 * PATH.
 *
 * @param folders of the app and of its workspace, absolute
 * @throws UserError where there is none
 */
export function findDart(
  folders: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
): string {
  const name = platform === 'win32' ? 'dart.exe' : 'dart';
  const sdks = [...folders.map((folder) => join(folder, '.fvm/flutter_sdk')), env.FLUTTER_ROOT];
  const bins = [
    ...sdks.flatMap((sdk) => (sdk === undefined || sdk === '' ? [] : [join(sdk, 'bin')])),
    ...(env.PATH ?? env.Path ?? '').split(delimiter).filter((folder) => folder !== ''),
  ];
  for (const bin of bins) {
    // Flutter's own `bin/dart` is a script that may fetch an SDK first.
    const found = [join(bin, 'cache/dart-sdk/bin', name), join(bin, name)].find(existsSync);
    if (found !== undefined) return found;
  }
  throw new UserError('There is no dart: not in .fvm/flutter_sdk, FLUTTER_ROOT or PATH.', {
    hint: 'Install Flutter, and put its bin folder on PATH, or set FLUTTER_ROOT.',
    exitCode: ExitCode.tool,
  });
}
