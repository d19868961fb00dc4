/** The files of the app, which all of its libraries see: one that downloads leaves them for another that reads. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { StandInWorld } from './stand-in.ts';

const FOLDERS = ['document', 'cache', 'bundle', 'library', 'temporary', 'external'] as const;

export type AppFolder = (typeof FOLDERS)[number];

/** The folders of the app: what lies elsewhere is not the app's on a phone, and the developer's own here. */
export class AppFolders {
  readonly root: string;

  constructor({ dataFolder }: Pick<StandInWorld, 'dataFolder'>) {
    this.root = join(dataFolder, 'files');
    for (const name of FOLDERS) mkdirSync(this.at(name), { recursive: true });
  }

  /** @returns its path, absolute */
  at(name: AppFolder): string {
    return join(this.root, name);
  }

  uriOf(name: AppFolder): string {
    return `${pathToFileURL(this.at(name)).href}/`;
  }

  /** @throws for a file outside of the app */
  pathOf(uri: unknown): string {
    const text = String(uri);
    return confined(this.root, text.startsWith('file:') ? fileURLToPath(text) : text);
  }
}

/**
 * @returns `path`
 * @throws where it is not below `root`
 */
export function confined(root: string, path: string): string {
  const inside = relative(root, path);
  if (inside === '' || /^\.\.(?:[\\/]|$)/.test(inside) || /^(?:\w:|[\\/])/.test(inside)) {
    throw new Error(`Location '${path}' isn't readable: it is outside of the app's folders`);
  }
  return path;
}

/** What a library's native half promises: `run` now, and what it throws is the promise's. */
export const later =
  <A extends unknown[], T>(run: (...args: A) => T | Promise<T>) =>
  async (...args: A): Promise<T> =>
    run(...args);

export const bytesOf = (contents: unknown, encoding?: unknown): Uint8Array =>
  typeof contents === 'string'
    ? Buffer.from(contents, encoding === 'base64' ? 'base64' : 'utf8')
    : contents instanceof ArrayBuffer
      ? new Uint8Array(contents)
      : Array.isArray(contents)
        ? Uint8Array.from(contents as number[])
        : (contents as Uint8Array);

export function put(path: string, contents: unknown, encoding?: unknown, isAppended = false): void {
  (isAppended ? appendFileSync : writeFileSync)(path, bytesOf(contents, encoding));
}

/** @param to where it goes: a folder that is there takes it in */
export const targetIn = (to: string, from: string): string =>
  existsSync(to) && statSync(to).isDirectory() ? join(to, basename(from)) : to;

export interface UploadedFile {
  readonly path: string;
  /** The name of its part in a form. */
  readonly field: string;
  readonly name?: string;
  readonly type?: string | undefined;
}

/** A form with files and plain fields. */
export function createForm(
  files: readonly UploadedFile[],
  fields: Readonly<Record<string, string>> = {},
): FormData {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) form.append(key, value);
  for (const { path, field, name = basename(path), type } of files) {
    const options = type === undefined ? {} : { type };
    form.append(field, new File([new Uint8Array(readFileSync(path))], name, options));
  }
  return form;
}

/** What came of a request of a library's own native half. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly bytes: Uint8Array;
}

/** Asks by the network of this run: with `--offline` and `--server` as the app's own `fetch`. */
export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(url, init);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return { status: answer.status, headers: Object.fromEntries(answer.headers), bytes };
}

export const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

/** What all of the interfaces know of the disk, in bytes. */
export const spaceOf = (folder: string): { free: number; total: number } => {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return { free: bavail * bsize, total: blocks * bsize };
};

/** @param algorithm as its library names it: `md5`, `SHA-256` */
export const hash = (algorithm: string, path: string): string =>
  createHash(algorithm.replace('-', '').toLowerCase()).update(readFileSync(path)).digest('hex');
