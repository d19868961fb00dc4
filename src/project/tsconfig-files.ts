import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FileSystem } from '../file-system.ts';
import { parse } from '../formats/jsonc.ts';
import { readByTools } from '../place.ts';
import { isRecord } from '../records.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** One file of those that a tsconfig is made of. */
export interface TsconfigFile {
  /** Absolute. */
  readonly file: string;
  readonly document: JsonObject;
}

/**
 * A tsconfig and what it extends, as the app's tools would find them.
 *
 * @param file absolute
 * @returns the bases first: what comes later has the last word; empty where there is no such file
 * @throws RefusedError where one of them is no regular file, too large, or not permitted
 */
export const readTsconfig = (fs: FileSystem, file: string): Promise<TsconfigFile[]> =>
  new Reader(fs).collect(file, 0);

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

  async collect(file: string, depth: number): Promise<TsconfigFile[]> {
    const document = depth > MAX_DEPTH ? undefined : await this.readObject(file);
    if (document === undefined) return [];
    const found: TsconfigFile[] = [];
    const bases = Array.isArray(document.extends) ? document.extends : [document.extends];
    for (const name of bases) {
      const base = typeof name === 'string' ? await this.findBase(file, name) : undefined;
      if (base !== undefined) found.push(...(await this.collect(base, depth + 1)));
    }
    return [...found, { file, document }];
  }

  /** @throws RefusedError where it is no regular file, too large, or not permitted */
  private async readObject(file: string): Promise<JsonObject | undefined> {
    if (this.filesLeft === 0) return undefined;
    this.filesLeft -= 1;
    const document: unknown = parse(await this.text(file));
    return isRecord(document) ? document : undefined;
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
    const { exports, tsconfig, main } = isRecord(manifest) ? manifest : {};
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
  let found = isRecord(exports) ? exports[name] : undefined;
  for (let depth = 0; isRecord(found) && depth < MAX_DEPTH; depth += 1) {
    found = found.require ?? found.node ?? found.types ?? found.default;
  }
  return typeof found === 'string' ? found : undefined;
}
