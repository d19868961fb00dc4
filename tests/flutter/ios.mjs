import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/**
 * The generated Swift of the plugin, compiled in language mode 6 over stubs of Apple's modules and of Flutter's, and never
 * run: Apple's frameworks and Flutter's are in no registry.
 *
 * @param {string} plugin the folder of the plugin
 * @param {string} build where it is laid out
 * @param {(name: string, problem?: string) => void} check
 */
export function testSwift(plugin, build, check) {
  compileSwift(plugin, { build, folder: 'ios', configurations: ['debug', 'release'] }, check);
}

/** The same for what `bgsync remove --retire` leaves of the plugin. */
export function testRetiredSwift(retired, build, check) {
  compileSwift(retired, { build, folder: 'ios-retired', configurations: ['release'] }, check);
}

function compileSwift(plugin, { build, folder: name, configurations }, check) {
  const swift = spawnSync('swift', ['--version'], { encoding: 'utf8' });
  if (swift.status !== 0) {
    throw new Error('NOT TESTED: no usable Swift toolchain. Install Xcode, or Swift 6 for Linux.');
  }
  const folder = join(build, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  cpSync(join(here, '../native/ios/stubs'), join(folder, 'stubs'), { recursive: true });
  cpSync(join(here, 'ios/Flutter'), join(folder, 'stubs/Flutter'), { recursive: true });
  cpSync(join(here, 'ios/Package.swift'), join(folder, 'Package.swift'));
  const sources = 'ios/background_sync/Sources/background_sync';
  cpSync(join(plugin, sources), join(folder, 'background_sync'), { recursive: true });
  for (const configuration of configurations) {
    const args = ['build', '-c', configuration, '--package-path', folder];
    const { status, stdout, stderr } = spawnSync(
      'swift',
      [...args, '--scratch-path', join(build, `swiftpm-${name}`)],
      { encoding: 'utf8', cwd: folder, maxBuffer: 64 * 1024 * 1024 },
    );
    check(
      `Swift in language mode 6, ${name}, ${configuration}`,
      status === 0 ? undefined : stdout + stderr,
    );
  }
}
