import { Buffer } from 'node:buffer';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  AppFolders,
  createForm,
  hash,
  isSuccess,
  later as answer,
  put,
  request,
  spaceOf,
  targetIn,
} from './files.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

const NOT_PLAYED = 'does not exist in the local runner';

interface Info {
  exists: boolean;
  uri: string;
  size?: number;
  isDirectory?: boolean;
  /** Of the system's clock, in milliseconds. */
  modified?: number;
  created?: number;
}

function infoOf(path: string, uri: string): Info {
  if (!existsSync(path)) return { exists: false, uri };
  const stat = statSync(path);
  return {
    exists: true,
    uri,
    isDirectory: stat.isDirectory(),
    size: stat.isDirectory() ? sizeOf(path) : stat.size,
    modified: stat.mtimeMs,
    created: stat.birthtimeMs,
  };
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

interface UploadOptions {
  readonly headers?: Record<string, string>;
  readonly httpMethod?: string;
  /** 1 is multipart; in the newer interface it is a word. */
  readonly uploadType?: unknown;
  readonly fieldName?: string;
  readonly mimeType?: string;
  readonly parameters?: Record<string, string>;
}

async function upload(url: string, path: string, options: UploadOptions = {}): Promise<object> {
  const { headers = {}, httpMethod: method = 'POST', uploadType, fieldName: field } = options;
  const isForm = uploadType === 1 || uploadType === 'multipart';
  const { bytes, ...answered } = await request(url, {
    method,
    headers,
    body: isForm
      ? createForm([{ path, field: field ?? 'file', type: options.mimeType }], options.parameters)
      : new Uint8Array(readFileSync(path)),
  });
  return { ...answered, body: Buffer.from(bytes).toString() };
}

async function download(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, string>; mimeType: string | null }> {
  const { bytes, ...answered } = await request(url, { headers });
  put(path, bytes);
  return { ...answered, mimeType: answered.headers['content-type'] ?? null };
}

/** `expo-file-system/legacy`, and up to SDK 53 the package itself. */
function createLegacy(world: StandInWorld): object {
  const folders = new AppFolders(world);
  const at = (uri: unknown): string => folders.pathOf(uri);
  const move = (options: { from: string; to: string }, isCopy: boolean): void => {
    const [from, to] = [at(options.from), at(options.to)];
    cpSync(from, to, { recursive: true });
    if (!isCopy) rmSync(from, { recursive: true });
  };
  const fetchTo = async (
    url: string,
    uri: string,
    options: { headers?: Record<string, string> },
  ) => ({
    uri,
    ...(await download(url, at(uri), options.headers)),
  });
  return {
    documentDirectory: folders.uriOf('document'),
    cacheDirectory: folders.uriOf('cache'),
    bundleDirectory: folders.uriOf('bundle'),
    getInfoAsync: answer((uri: string, options: { md5?: boolean } = {}) => {
      const { exists, isDirectory = false, size, modified = 0 } = infoOf(at(uri), uri);
      if (!exists) return { exists, isDirectory };
      const isHashed = options.md5 === true && !isDirectory;
      const md5 = isHashed ? { md5: hash('md5', at(uri)) } : {};
      return { exists, uri, isDirectory, size, modificationTime: modified / 1000, ...md5 };
    }),
    readAsStringAsync: answer(
      (uri: string, options: { encoding?: string; position?: number; length?: number } = {}) => {
        const { position = 0, length } = options;
        const bytes = readFileSync(at(uri));
        return options.encoding === 'base64'
          ? bytes.subarray(position, length && position + length).toString('base64')
          : bytes.toString('utf8');
      },
    ),
    writeAsStringAsync: answer(
      (uri: string, text: string, options: { encoding?: string; append?: boolean } = {}) =>
        put(at(uri), text, options.encoding, options.append === true),
    ),
    deleteAsync: answer((uri: string, options: { idempotent?: boolean } = {}) =>
      rmSync(at(uri), { recursive: true, force: options.idempotent === true }),
    ),
    moveAsync: answer((options: { from: string; to: string }) => move(options, false)),
    copyAsync: answer((options: { from: string; to: string }) => move(options, true)),
    makeDirectoryAsync: answer((uri: string, options: { intermediates?: boolean } = {}) => {
      mkdirSync(at(uri), { recursive: options.intermediates === true });
    }),
    readDirectoryAsync: answer((uri: string) => readdirSync(at(uri))),
    getContentUriAsync: answer((uri: string) => uri),
    getFreeDiskStorageAsync: answer(() => spaceOf(folders.root).free),
    getTotalDiskCapacityAsync: answer(() => spaceOf(folders.root).total),
    downloadAsync: fetchTo,
    downloadResumableStartAsync: (
      url: string,
      uri: string,
      _: string,
      options: { headers?: Record<string, string> } = {},
    ) => fetchTo(url, uri, options),
    uploadAsync: answer((url: string, uri: string, options: UploadOptions) =>
      upload(url, at(uri), options),
    ),
    uploadTaskStartAsync: answer((url: string, uri: string, _: string, options: UploadOptions) =>
      upload(url, at(uri), options),
    ),
  };
}

interface PlaceOptions {
  readonly intermediates?: boolean;
  readonly overwrite?: boolean;
  readonly idempotent?: boolean;
}

/**
 * `File` and `Directory`, which the package's own classes extend. What was synchronous in one release and is a promise in
 * the next is done at once and gives a promise.
 */
function createClasses(folders: AppFolders): Record<string, unknown> {
  class Place {
    uri: string;

    constructor(...uris: unknown[]) {
      this.uri = uris.map(String).join('/');
    }

    get path(): string {
      return folders.pathOf(this.uri);
    }

    validatePath(): void {
      folders.pathOf(this.uri);
    }

    get exists(): boolean {
      return existsSync(this.path);
    }

    delete(): void {
      rmSync(this.path, { recursive: true });
    }

    copySync(destination: Place, options: PlaceOptions = {}): void {
      this.sendTo(targetIn(destination.path, this.path), options);
    }

    copy(destination: Place, options?: PlaceOptions): Promise<void> {
      return promised(() => this.copySync(destination, options));
    }

    moveSync(destination: Place, options: PlaceOptions = {}): void {
      const from = this.path;
      const to = targetIn(destination.path, from);
      this.sendTo(to, options);
      rmSync(from, { recursive: true });
      this.uri = pathToFileURL(to).href;
    }

    move(destination: Place, options?: PlaceOptions): Promise<void> {
      return promised(() => this.moveSync(destination, options));
    }

    rename(name: string): void {
      const to = join(dirname(this.path), name);
      renameSync(this.path, folders.pathOf(to));
      this.uri = pathToFileURL(to).href;
    }

    info(): object {
      const { exists, uri, size, modified, created } = infoOf(this.path, this.uri);
      return { exists, uri, size, modificationTime: modified, creationTime: created };
    }

    get size(): number {
      return infoOf(this.path, this.uri).size ?? 0;
    }

    /** @throws where it is in the way, or what is around it is not there */
    makeRoom({ intermediates, overwrite }: PlaceOptions): void {
      if (this.exists && overwrite !== true) throw new Error(`${this.uri} already exists`);
      rmSync(this.path, { recursive: true, force: true });
      if (intermediates === true) mkdirSync(dirname(this.path), { recursive: true });
    }

    private sendTo(to: string, { overwrite }: PlaceOptions): void {
      cpSync(this.path, to, { recursive: true, force: overwrite === true, errorOnExist: true });
    }
  }

  class FileSystemFile extends Place {
    create(options: PlaceOptions = {}): void {
      this.makeRoom(options);
      writeFileSync(this.path, '');
    }

    textSync = (): string => readFileSync(this.path, 'utf8');
    base64Sync = (): string => readFileSync(this.path, 'base64');
    bytesSync = (): Uint8Array => new Uint8Array(readFileSync(this.path));
    text = (): Promise<string> => promised(this.textSync);
    base64 = (): Promise<string> => promised(this.base64Sync);
    bytes = (): Promise<Uint8Array> => promised(this.bytesSync);

    writeSync(contents: unknown, options: { encoding?: string; append?: boolean } = {}): void {
      put(this.path, contents, options.encoding, options.append === true);
    }

    write(contents: unknown, options?: { encoding?: string; append?: boolean }): Promise<void> {
      return promised(() => this.writeSync(contents, options));
    }

    digest(algorithm: string): Promise<string> {
      return promised(() => hash(algorithm, this.path));
    }

    get md5(): string | null {
      return this.exists ? hash('md5', this.path) : null;
    }

    get modificationTime(): number | null {
      return infoOf(this.path, this.uri).modified ?? null;
    }

    get lastModified(): number | null {
      return this.modificationTime;
    }

    get creationTime(): number | null {
      return infoOf(this.path, this.uri).created ?? null;
    }

    readonly type = '';

    open(): never {
      throw new Error(`File.open of expo-file-system ${NOT_PLAYED}`);
    }
  }

  class FileSystemDirectory extends Place {
    create(options: PlaceOptions = {}): void {
      if (this.exists && options.idempotent === true) return;
      this.makeRoom(options);
      mkdirSync(this.path);
    }

    listAsRecords(): { isDirectory: boolean; uri: string }[] {
      return readdirSync(this.path, { withFileTypes: true }).map((entry) => ({
        isDirectory: entry.isDirectory(),
        uri: pathToFileURL(join(this.path, entry.name)).href,
      }));
    }

    createFile(name: string): FileSystemFile {
      const file = new FileSystemFile(pathToFileURL(join(this.path, name)).href);
      file.create();
      return file;
    }

    createDirectory(name: string): FileSystemDirectory {
      const folder = new FileSystemDirectory(pathToFileURL(join(this.path, name)).href);
      folder.create();
      return folder;
    }
  }

  class Task {
    addListener = () => ({ remove: () => undefined });
    removeAllListeners = (): void => undefined;
    release = (): void => undefined;
    cancel = (): void => undefined;
  }

  class FileSystemUploadTask extends Task {
    start(url: string, file: Place, options: UploadOptions): Promise<object> {
      return upload(url, file.path, options);
    }
  }

  const downloadFileAsync = async (
    url: string,
    to: Place,
    options: { headers?: Record<string, string>; idempotent?: boolean } = {},
  ): Promise<string> => {
    const isFolder = existsSync(to.path) && statSync(to.path).isDirectory();
    const path = isFolder ? join(to.path, basename(new URL(url).pathname)) : to.path;
    if (existsSync(path) && options.idempotent !== true) throw new Error(`${path} already exists`);
    const { status } = await download(url, path, options.headers);
    if (!isSuccess(status)) {
      rmSync(path);
      throw new Error(`Unable to download a file: response has status ${status}`);
    }
    return pathToFileURL(path).href;
  };

  class FileSystemDownloadTask extends Task {
    start = downloadFileAsync;
  }

  return {
    FileSystemFile,
    FileSystemDirectory,
    FileSystemUploadTask,
    FileSystemDownloadTask,
    FileSystemWatcher: Task,
    downloadFileAsync,
  };
}

/** `run` now; what it throws is the promise's. */
const promised = <T>(run: () => T): Promise<T> => answer(run)();

function createFileSystem(world: StandInWorld): object {
  const folders = new AppFolders(world);
  const { free, total } = spaceOf(folders.root);
  return {
    ...createClasses(folders),
    documentDirectory: folders.uriOf('document'),
    cacheDirectory: folders.uriOf('cache'),
    bundleDirectory: folders.uriOf('bundle'),
    totalDiskSpace: total,
    availableDiskSpace: free,
    cancelDownloadAsync: () => undefined,
    info(uri: string) {
      const { exists, isDirectory = null } = infoOf(folders.pathOf(uri), uri);
      return { exists, isDirectory };
    },
  };
}

/** https://docs.expo.dev/versions/latest/sdk/filesystem/ */
export const expoFileSystem: StandIn = {
  packageName: 'expo-file-system',
  keeps: 'files',
  expo: { FileSystem: createFileSystem, ExponentFileSystem: createLegacy },
};
