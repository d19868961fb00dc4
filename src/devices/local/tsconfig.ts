import { dirname, resolve } from 'node:path';
import type { FileSystem } from '../../file-system.ts';
import { readTsconfig } from '../../project/tsconfig-files.ts';
import { isRecord } from '../../records.ts';

type JsonObject = Record<string, unknown>;

/** What changes how TypeScript runs, apart from where modules are found. */
const SEMANTIC_KEYS = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
];

function ownOptions(file: string, own: JsonObject, inherited: JsonObject): JsonObject {
  const options: JsonObject = {};
  for (const key of SEMANTIC_KEYS) {
    if (typeof own[key] === 'boolean') options[key] = own[key];
  }
  const baseUrl =
    typeof own.baseUrl === 'string' ? resolve(dirname(file), own.baseUrl) : inherited.baseUrl;
  if (baseUrl !== undefined) options.baseUrl = baseUrl;
  if (!isRecord(own.paths)) return options;
  const from = typeof baseUrl === 'string' ? baseUrl : dirname(file);
  const targetsOf = (targets: unknown): string[] =>
    (Array.isArray(targets) ? targets : [])
      .filter((target) => typeof target === 'string')
      .map((target) => resolve(from, target));
  options.paths = Object.fromEntries(
    Object.entries(own.paths).map(([pattern, targets]) => [pattern, targetsOf(targets)]),
  );
  return options;
}

/**
 * The tsconfig with which the app's code is run: the app's `paths`, and nothing that only a type check needs. The
 * app's own file would not do: tsx gives up where it extends a package that is not installed, and its
 * `"jsx": "react-native"` leaves JSX in the code.
 *
 * @throws RefusedError where one of its files is no regular file, too large, or not permitted
 */
export async function createRuntimeTsconfig(fs: FileSystem, root: string): Promise<string> {
  let options: JsonObject = {};
  for (const { file, document } of await readTsconfig(fs, resolve(root, 'tsconfig.json'))) {
    const own = document.compilerOptions;
    if (isRecord(own)) options = { ...options, ...ownOptions(file, own, options) };
  }
  const compilerOptions = { ...options, jsx: 'react' };
  return JSON.stringify({ compilerOptions, include: [`${root.replaceAll('\\', '/')}/**/*`] });
}
