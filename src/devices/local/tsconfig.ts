import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';
import { parse } from '../../formats/jsonc.ts';

type JsonObject = Record<string, unknown>;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What changes how TypeScript runs, apart from where modules are found. */
const SEMANTIC_KEYS = [
  'experimentalDecorators',
  'emitDecoratorMetadata',
  'useDefineForClassFields',
];

const MAX_DEPTH = 10;

async function readObject(file: string): Promise<JsonObject | undefined> {
  try {
    const document: unknown = parse(await readFile(file, 'utf8'));
    return isObject(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/** @returns where `extends` leads, as far as that is installed */
function findBase(from: string, name: string): string | undefined {
  if (name.startsWith('.') || isAbsolute(name)) {
    const file = resolve(dirname(from), name);
    return file.endsWith('.json') ? file : `${file}.json`;
  }
  const require = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return require.resolve(candidate);
    } catch {
      // The next spelling, or a package that is not installed.
    }
  }
  return undefined;
}

/** Collects from the base to the file itself, so that the nearer one wins. */
async function collect(file: string, depth: number): Promise<JsonObject> {
  const document = depth > MAX_DEPTH ? undefined : await readObject(file);
  if (document === undefined) return {};
  let options: JsonObject = {};
  const bases = Array.isArray(document.extends) ? document.extends : [document.extends];
  for (const name of bases) {
    const base = typeof name === 'string' ? findBase(file, name) : undefined;
    if (base !== undefined) options = { ...options, ...(await collect(base, depth + 1)) };
  }
  const own = document.compilerOptions;
  if (!isObject(own)) return options;
  for (const key of SEMANTIC_KEYS) {
    if (typeof own[key] === 'boolean') options[key] = own[key];
  }
  if (typeof own.baseUrl === 'string') options.baseUrl = resolve(dirname(file), own.baseUrl);
  if (isObject(own.paths)) {
    const from = typeof options.baseUrl === 'string' ? options.baseUrl : dirname(file);
    options.paths = Object.fromEntries(
      Object.entries(own.paths).map(([pattern, targets]) => [
        pattern,
        (Array.isArray(targets) ? targets : [])
          .filter((target) => typeof target === 'string')
          .map((target) => resolve(from, target)),
      ]),
    );
  }
  return options;
}

/**
 * The tsconfig with which the app's code is run: the app's `paths`, and nothing that only a type check needs. The
 * app's own file would not do: tsx gives up where it extends a package that is not installed, and its
 * `"jsx": "react-native"` leaves JSX in the code.
 */
export async function createRuntimeTsconfig(root: string): Promise<string> {
  const compilerOptions = { ...(await collect(resolve(root, 'tsconfig.json'), 0)), jsx: 'react' };
  return JSON.stringify({ compilerOptions, include: [`${root.replaceAll('\\', '/')}/**/*`] });
}
