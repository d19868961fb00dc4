import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { renderPlugin } from './render.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Where the VM finds packages: https://github.com/dart-lang/language/blob/main/accepted/2.8/language-versioning/package-config-file-v2.md */
function writePackageConfig(file, folders) {
  const packages = Object.entries(folders).map(([name, folder]) => ({
    name,
    rootUri: `${pathToFileURL(folder).href}/`,
    packageUri: 'lib/',
    languageVersion: '3.7',
  }));
  writeFileSync(file, JSON.stringify({ configVersion: 2, packages }));
}

/** Packages of Flutter's and of pub's, which no registry here has. */
const STUBS = ['flutter', 'drift', 'sqlite3', 'path_provider', 'flutter_secure_storage'];

/**
 * The plugin and the app around it, beside the tests in Dart and the packages that they need.
 *
 * @param {string} directory which is made anew: `plugin`, `retired`, `app`, `dart`
 * @param {{ name: string, file: string, from: string, to: string }} [mutation] one file of the plugin is changed
 * @param {'none' | 'custom' | 'drift'} [queue] where it is kept
 * @returns {{ packages: string, dart: (name: string) => string, libraries: string[] }} what the VM is told of packages; the
 *   path of a test; the URI of every generated Dart file
 * @throws where the mutation does not fit in exactly one place
 */
export function layOut(directory, mutation, queue) {
  rmSync(directory, { recursive: true, force: true });
  const folders = {
    background_sync: join(directory, 'plugin'),
    retired: join(directory, 'retired'),
    app: join(directory, 'app'),
    ...Object.fromEntries(STUBS.map((name) => [name, join(here, 'stubs', name)])),
  };
  const { plugin, app, retired } = renderPlugin(queue);
  for (const [folder, files] of [
    [folders.background_sync, plugin],
    [folders.app, app],
    [folders.retired, retired],
  ]) {
    for (const [path, text] of files) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  }
  cpSync(join(here, 'dart'), join(directory, 'dart'), { recursive: true });
  if (mutation !== undefined) {
    const path = join(folders.background_sync, mutation.file);
    const text = readFileSync(path, 'utf8');
    if (text.split(mutation.from).length !== 2) {
      throw new Error(`The mutation "${mutation.name}" no longer fits`);
    }
    writeFileSync(
      path,
      text.replace(mutation.from, () => mutation.to),
    );
  }
  const packages = join(directory, 'package_config.json');
  writePackageConfig(packages, folders);
  const libraries = [
    ['background_sync', plugin],
    ['app', app],
  ].flatMap(([name, files]) =>
    [...files.keys()]
      .filter((path) => path.endsWith('.dart'))
      .map((path) => `package:${name}/${path.slice('lib/'.length)}`),
  );
  return { packages, dart: (name) => join(directory, 'dart', name), libraries };
}
