import { Buffer } from 'node:buffer';
import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Answer } from './files.ts';
import {
  AppFolders,
  bytesOf,
  createForm,
  hash,
  isSuccess,
  later,
  put,
  request,
  spaceOf,
} from './files.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

interface Download {
  readonly jobId: number;
  readonly fromUrl: string;
  readonly toFile: string;
  readonly headers: Record<string, string>;
}

interface Upload {
  readonly jobId: number;
  readonly toUrl: string;
  readonly files: readonly {
    name?: string;
    filename: string;
    filepath: string;
    filetype?: string;
  }[];
  readonly binaryStreamOnly: boolean;
  readonly headers: Record<string, string>;
  readonly fields: Record<string, string>;
  readonly method: string;
}

/** Times are in seconds, as its native halves have them. */
const describe = (path: string, name?: string): object => {
  const stat = statSync(path);
  const isFolder = stat.isDirectory();
  return {
    ...(name !== undefined && { name }),
    path,
    originalFilepath: path,
    ctime: stat.birthtimeMs / 1000,
    mtime: stat.mtimeMs / 1000,
    size: stat.size,
    mode: stat.mode,
    type: isFolder ? 1 : 0,
  };
};

/** Bytes go over as base64. */
function createManager(world: StandInWorld): object {
  const folders = new AppFolders(world);
  const at = (path: string): string => folders.pathOf(path);
  const ignore = (): void => undefined;
  const jobs = new Map<number, AbortController>();
  const ask = async (jobId: number, url: string, init: RequestInit): Promise<Answer> => {
    const controller = new AbortController();
    jobs.set(jobId, controller);
    try {
      return await request(url, { ...init, signal: controller.signal });
    } finally {
      jobs.delete(jobId);
    }
  };
  const stop = (jobId: number): void => jobs.get(jobId)?.abort();
  /** Android's replaces what is there, iOS's does not. */
  const target = (path: string): string => {
    if (world.platform === 'ios' && existsSync(at(path))) {
      throw new Error(`“${path}” couldn’t be written: an item with the same name already exists.`);
    }
    return at(path);
  };
  return {
    RNFSFileTypeRegular: 0,
    RNFSFileTypeDirectory: 1,
    RNFSDocumentDirectoryPath: folders.at('document'),
    RNFSCachesDirectoryPath: folders.at('cache'),
    RNFSTemporaryDirectoryPath: folders.at('temporary'),
    ...(world.platform === 'ios'
      ? {
          RNFSMainBundlePath: folders.at('bundle'),
          RNFSLibraryDirectoryPath: folders.at('library'),
          RNFSFileProtectionKeys: {},
        }
      : {
          RNFSExternalDirectoryPath: folders.at('external'),
          RNFSExternalCachesDirectoryPath: folders.at('external'),
          RNFSExternalStorageDirectoryPath: folders.at('external'),
          RNFSDownloadDirectoryPath: folders.at('external'),
          RNFSPicturesDirectoryPath: folders.at('external'),
        }),
    addListener: ignore,
    removeListeners: ignore,
    mkdir: later((path: string) => void mkdirSync(at(path), { recursive: true })),
    moveFile: later((from: string, to: string) => renameSync(at(from), target(to))),
    copyFile: later((from: string, to: string) => copyFileSync(at(from), target(to))),
    unlink: later((path: string) => rmSync(at(path), { recursive: true })),
    exists: later((path: string) => existsSync(at(path))),
    readDir: later((path: string) =>
      readdirSync(at(path)).map((name) => describe(join(path, name), name)),
    ),
    stat: later((path: string) => describe(at(path))),
    readFile: later((path: string) => readFileSync(at(path), 'base64')),
    read: later((path: string, length: number, position: number) =>
      readFileSync(at(path))
        .subarray(position, position + length)
        .toString('base64'),
    ),
    writeFile: later((path: string, base64: string) => put(at(path), base64, 'base64')),
    appendFile: later((path: string, base64: string) => put(at(path), base64, 'base64', true)),
    write: later((path: string, base64: string, position: number) => {
      if (position < 0) return put(at(path), base64, 'base64', true);
      const file = openSync(at(path), existsSync(at(path)) ? 'r+' : 'w');
      const bytes = bytesOf(base64, 'base64');
      writeSync(file, bytes, 0, bytes.length, position);
      closeSync(file);
    }),
    hash: later((path: string, algorithm: string) => hash(algorithm, at(path))),
    touch: later((path: string, modified?: number) => {
      const time = new Date(modified ?? Date.now());
      utimesSync(at(path), time, time);
    }),
    getFSInfo: later(() => {
      const { free, total } = spaceOf(folders.root);
      return { freeSpace: free, totalSpace: total };
    }),
    downloadFile: later(async ({ jobId, fromUrl, toFile, headers }: Download) => {
      const path = at(toFile);
      const { status, headers: told, bytes } = await ask(jobId, fromUrl, { headers });
      const contentLength = bytes.length;
      const begun = { jobId, statusCode: status, contentLength, headers: told };
      world.emit('DownloadBegin', begun);
      // Of an answer that is no success, only the status is told: Downloader.java, Downloader.m.
      if (!isSuccess(status)) return { jobId, statusCode: status, bytesWritten: 0 };
      put(path, bytes);
      world.emit('DownloadProgress', { jobId, contentLength, bytesWritten: contentLength });
      return { jobId, statusCode: status, bytesWritten: contentLength };
    }),
    uploadFiles: later(async (options: Upload) => {
      const { jobId, toUrl, files, binaryStreamOnly, headers, fields, method } = options;
      world.emit('UploadBegin', { jobId });
      const parts = files.map(({ name, filename, filepath, filetype: type }) => ({
        path: at(filepath),
        field: name ?? filename,
        name: filename,
        type,
      }));
      const [first] = parts;
      const body =
        binaryStreamOnly && first !== undefined
          ? new Uint8Array(readFileSync(first.path))
          : createForm(parts, fields);
      const answer = await ask(jobId, toUrl, { method, headers, body });
      const text = Buffer.from(answer.bytes).toString();
      return { jobId, statusCode: answer.status, headers: answer.headers, body: text };
    }),
    stopDownload: stop,
    stopUpload: stop,
    isResumable: () => Promise.resolve(false),
    resumeDownload: ignore,
    completeHandlerIOS: ignore,
    scanFile: (path: string) => Promise.resolve(path),
  };
}

/** https://github.com/itinance/react-native-fs */
export const reactNativeFs: StandIn = {
  packageName: 'react-native-fs',
  keeps: 'files',
  turbo: { RNFSManager: createManager },
};

type Listener = (body: unknown) => void;

/** The same manager, with its constants by a call, and its events by functions that take a listener. */
function createTurboManager(world: StandInWorld): object {
  const listeners = new Map<string, Set<Listener>>();
  const on = (event: string) => (listener: Listener) => {
    const all = listeners.get(event) ?? new Set();
    listeners.set(event, all.add(listener));
    return { remove: () => void all.delete(listener) };
  };
  const manager = createManager({
    ...world,
    emit: (event, body) => listeners.get(event)?.forEach((tell) => tell(body)),
  }) as Record<string, (path: string, modified?: number) => unknown>;
  const constants = Object.entries(manager).flatMap(([name, value]) =>
    name.startsWith('RNFS') ? [[name.slice('RNFS'.length), value] as const] : [],
  );
  const events = ['DownloadBegin', 'DownloadProgress', 'UploadBegin', 'UploadProgress'];
  return {
    ...manager,
    ...Object.fromEntries([...events, 'DownloadResumable'].map((name) => [`on${name}`, on(name)])),
    getConstants: () => Object.fromEntries(constants),
    touch: (path: string, { mtime }: { mtime?: number }) => manager.touch?.(path, mtime),
  };
}

/** https://github.com/birdofpreyru/react-native-fs */
export const pogodinFs: StandIn = {
  packageName: '@dr.pogodin/react-native-fs',
  keeps: 'files',
  turbo: { ReactNativeFs: createTurboManager },
};
