import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { UserError } from '../../../errors.ts';

const PACKAGE_CONFIG = '.dart_tool/package_config.json';

/** https://github.com/dart-lang/language/blob/main/accepted/2.8/language-versioning/package-config-file-v2.md */
const schema = v.object({
  packages: v.array(
    v.looseObject({
      name: v.string(),
      rootUri: v.string(),
      packageUri: v.optional(v.string(), ''),
    }),
  ),
});

export interface DartPackage {
  readonly name: string;
  /** Absolute URIs that end with a slash. */
  readonly rootUri: string;
  readonly packageUri: string;
}

const asFolder = (uri: string): string => (uri.endsWith('/') ? uri : `${uri}/`);

/**
 * The packages of an app, as `flutter pub get` has found them; of a pub workspace in its root.
 *
 * @throws UserError where that never ran, or has not seen this app
 */
export function readPackages(root: string): {
  /** Absolute: the folder that has `.dart_tool`. */
  readonly folder: string;
  /** The name of the app's own package. */
  readonly app: string;
  readonly packages: readonly DartPackage[];
} {
  let folder = root;
  while (!existsSync(join(folder, PACKAGE_CONFIG))) {
    if (dirname(folder) === folder) {
      throw new UserError(`There is no ${PACKAGE_CONFIG}: \`flutter pub get\` has not run.`, {
        hint: 'Run `flutter pub get` in the app; Dart finds its packages by that file.',
      });
    }
    folder = dirname(folder);
  }
  const file = join(folder, PACKAGE_CONFIG);
  const packages = parsePackages(file).map((one) => ({
    ...one,
    rootUri: asFolder(new URL(one.rootUri, pathToFileURL(file)).href),
  }));
  const own = asFolder(pathToFileURL(root).href);
  const app = packages.find(({ rootUri }) => rootUri === own)?.name;
  if (app === undefined) {
    throw new UserError(`${file} does not name the app in ${root}.`, {
      hint: 'Run `flutter pub get` in the app again.',
    });
  }
  return { folder, app, packages };
}

function parsePackages(file: string): readonly DartPackage[] {
  try {
    return v.parse(schema, JSON.parse(readFileSync(file, 'utf8'))).packages;
  } catch {
    throw new UserError(`${file} cannot be read as what \`flutter pub get\` writes.`, {
      hint: 'Run `flutter pub get` in the app again.',
    });
  }
}

/** @returns the file of a `package:` URI, absolute; undefined where no package has that name */
export function fileOfPackage(uri: string, packages: readonly DartPackage[]): string | undefined {
  const [, name, path = ''] = /^package:([^/]+)\/(.*)$/.exec(uri) ?? [];
  const found = packages.find((one) => one.name === name);
  if (found === undefined) return undefined;
  return fileURLToPath(new URL(path, new URL(asFolder(found.packageUri), found.rootUri)));
}
