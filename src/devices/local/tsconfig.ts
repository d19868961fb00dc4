import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileSystem } from '../../file-system.ts';
import { parse } from '../../formats/jsonc.ts';
import { readByTools } from '../../place.ts';

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

/** One that extends more than this, over all, is none that a person wrote. */
const MAX_FILES = 50;

/** Reads tsconfig files as the app's tools would find them. */
class Reader {
  private readonly fs: FileSystem;
  private filesLeft = MAX_FILES;

  constructor(fs: FileSystem) {
    this.fs = fs;
  }

  /** Collects from the base to the file itself, so that the nearer one wins. */
  async collect(file: string, depth: number): Promise<JsonObject> {
    const document = depth > MAX_DEPTH ? undefined : await this.readObject(file);
    if (document === undefined) return {};
    let options: JsonObject = {};
    const bases = Array.isArray(document.extends) ? document.extends : [document.extends];
    for (const name of bases) {
      const base = typeof name === 'string' ? await this.findBase(file, name) : undefined;
      if (base !== undefined) options = { ...options, ...(await this.collect(base, depth + 1)) };
    }
    const own = document.compilerOptions;
    return isObject(own) ? { ...options, ...ownOptions(file, own, options) } : options;
  }

  /** @throws RefusedError where it is no regular file, too large, or not permitted */
  private async readObject(file: string): Promise<JsonObject | undefined> {
    if (this.filesLeft === 0) return undefined;
    this.filesLeft -= 1;
    const document: unknown = parse(await this.text(file));
    return isObject(document) ? document : undefined;
  }

  private async text(file: string): Promise<string> {
    return (await this.fs.read(readByTools(file)))?.toString('utf8') ?? '';
  }

  /**
   * As TypeScript does, and without Node's own look-up, which waits for a named pipe.
   *
   * @returns where `extends` leads, as far as that is installed
   */
  private async findBase(from: string, name: string): Promise<string | undefined> {
    if (name.includes('\0')) return undefined;
    if (name.startsWith('.') || isAbsolute(name)) {
      const file = resolve(dirname(from), name);
      return file.endsWith('.json') ? file : `${file}.json`;
    }
    const [first = '', second = ''] = name.split('/');
    const owner = first.startsWith('@') ? `${first}/${second}` : first;
    for (let folder = dirname(from); ; folder = dirname(folder)) {
      const installed = join(folder, 'node_modules', owner);
      if (await this.fs.isDirectory(readByTools(installed))) {
        return this.findInPackage(installed, name.slice(owner.length));
      }
      if (folder === dirname(folder)) return undefined;
    }
  }

  /** @param sub '' or what follows the package's name, with its `/` */
  private async findInPackage(folder: string, sub: string): Promise<string | undefined> {
    const manifest = parse(await this.text(join(folder, 'package.json')));
    const { exports, tsconfig, main } = isObject(manifest) ? manifest : {};
    const named = [
      exportOf(exports, `.${sub}`),
      ...(sub === '' ? [tsconfig, main] : []),
      `.${sub}`,
      `.${sub}.json`,
      `.${sub}/tsconfig.json`,
    ];
    for (const path of named) {
      if (typeof path !== 'string' || path.includes('\0') || !/(?:^\.|\.json$)/.test(path))
        continue;
      const place = readByTools(join(folder, path));
      if ((await this.fs.exists(place)) && !(await this.fs.isDirectory(place)))
        return place.absolute;
    }
    return undefined;
  }
}

/** https://nodejs.org/api/packages.html#exports, without patterns */
function exportOf(exports: unknown, name: string): string | undefined {
  if (typeof exports === 'string') return name === '.' ? exports : undefined;
  let found = isObject(exports) ? exports[name] : undefined;
  for (let depth = 0; isObject(found) && depth < MAX_DEPTH; depth += 1) {
    found = found.require ?? found.node ?? found.types ?? found.default;
  }
  return typeof found === 'string' ? found : undefined;
}

function ownOptions(file: string, own: JsonObject, inherited: JsonObject): JsonObject {
  const options: JsonObject = {};
  for (const key of SEMANTIC_KEYS) {
    if (typeof own[key] === 'boolean') options[key] = own[key];
  }
  const baseUrl =
    typeof own.baseUrl === 'string' ? resolve(dirname(file), own.baseUrl) : inherited.baseUrl;
  if (baseUrl !== undefined) options.baseUrl = baseUrl;
  if (!isObject(own.paths)) return options;
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
  const options = await new Reader(fs).collect(resolve(root, 'tsconfig.json'), 0);
  const compilerOptions = { ...options, jsx: 'react' };
  return JSON.stringify({ compilerOptions, include: [`${root.replaceAll('\\', '/')}/**/*`] });
}
