import { Buffer } from 'node:buffer';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { AppFolders, bytesOf, hash, later, put, request, spaceOf } from './files.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';

/** What the native half calls; the first argument is the error's text in most. */
type Callback = (...args: unknown[]) => void;

interface FetchOptions {
  readonly path?: string;
  readonly fileCache?: boolean;
  readonly appendExt?: string;
  readonly key?: string;
  readonly wifiOnly?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly overwrite?: boolean;
}

interface FormPart {
  readonly name: string;
  readonly data: unknown;
  readonly filename?: string;
  readonly type?: string;
}

const codedError = (code: string, message: string): Error =>
  Object.assign(new Error(message), { code });

/** As the interface has contents: text, base64 or a list of bytes. */
const decoded = (bytes: Buffer, encoding: string): unknown => {
  const kind = encoding.toLowerCase();
  if (kind === 'ascii') return [...bytes];
  return bytes.toString(kind === 'base64' ? 'base64' : 'utf8');
};

/**
 * The native half that both of the names have, with their prefix for files and events.
 *
 * @param name `ReactNativeBlobUtil` or `RNFetchBlob`
 */
function createBlobUtil(world: StandInWorld, name: string): object {
  const folders = new AppFolders(world);
  const prefix = `${name}-file://`;
  const at = (path: string): string => folders.pathOf(path.replace(prefix, ''));
  const ignore = (): void => undefined;
  const tasks = new Map<string, AbortController>();
  const streams = new Map<string, { path: string; encoding: string }>();
  const dirs: Record<string, string> = {
    DocumentDir: folders.at('document'),
    CacheDir: folders.at('cache'),
    MainBundleDir: folders.at('bundle'),
    LibraryDir: folders.at('library'),
    ApplicationSupportDir: folders.at('library'),
  };
  for (const kind of 'Picture Music Movie Download DCIM SDCard SDCardApplication'.split(' ')) {
    dirs[`${kind}Dir`] = folders.at('external');
  }
  /** Answers by a callback whose first argument is the error. */
  const told =
    (run: (...args: never[]) => unknown) =>
    (...args: unknown[]): void => {
      const callback = args.pop() as Callback;
      try {
        callback(null, run(...(args as never[])));
      } catch (error) {
        callback(error instanceof Error ? error.message : String(error));
      }
    };
  const write = (path: string, data: unknown, encoding: unknown, isAppended: boolean): number => {
    const bytes = encoding === 'uri' ? readFileSync(at(data as string)) : bytesOf(data, encoding);
    mkdirSync(join(at(path), '..'), { recursive: true });
    put(at(path), bytes, undefined, isAppended);
    return bytes.length;
  };
  const create = (path: string, data: unknown, encoding?: string): string => {
    if (existsSync(at(path))) throw codedError('EEXIST', `File '${path}' already exists`);
    write(path, data, encoding, false);
    return path;
  };
  const describeFile = (path: string): object => {
    const stat = statSync(path);
    const type = stat.isDirectory() ? 'directory' : 'file';
    return {
      filename: basename(path),
      path,
      type,
      size: String(stat.size),
      lastModified: Math.round(stat.mtimeMs),
    };
  };
  const fileOrBytes = (data: string, isBase64: boolean): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(
      data.startsWith(prefix) ? readFileSync(at(data)) : bytesOf(data, isBase64 ? 'base64' : ''),
    );
  const formOf = (parts: readonly FormPart[]): FormData => {
    const form = new FormData();
    for (const { name: field, data, filename, type } of parts) {
      const text = String(data);
      if (filename === undefined && !text.startsWith(prefix)) form.append(field, text);
      else {
        const options = type === undefined ? {} : { type };
        form.append(field, new File([fileOrBytes(text, true)], filename ?? field, options));
      }
    }
    return form;
  };
  /** https://github.com/RonRadtke/react-native-blob-util#user-content-making-a-request: base64 by its type, else text. */
  const bodyOf = (headers: Record<string, string>, body: unknown): RequestInit['body'] => {
    if (Array.isArray(body)) return formOf(body as FormPart[]);
    if (typeof body !== 'string') return null;
    const key = Object.keys(headers).find((each) => each.toLowerCase() === 'content-type') ?? '';
    const type = headers[key] ?? '';
    const isBase64 = /;base64|^application\/octet/i.test(type);
    if (isBase64) headers[key] = type.replace(/;base64/i, '');
    return fileOrBytes(body, isBase64);
  };
  const send = async (
    options: FetchOptions,
    taskId: string,
    method: string,
    url: string,
    given: Record<string, string>,
    body: unknown,
  ): Promise<unknown[]> => {
    const { key, path, fileCache = false, appendExt = '', timeout = 60_000 } = options;
    const temporary = `${name}Tmp_${key === undefined ? taskId : encodeURIComponent(key)}`;
    const kept = join(folders.at('document'), `${temporary}${appendExt && `.${appendExt}`}`);
    if (key !== undefined && existsSync(kept)) return ['path', kept];
    if (options.wifiOnly === true && world.network !== 'wifi' && world.platform === 'android') {
      throw new Error('No available WiFi connections.');
    }
    const target = path ?? (fileCache || key !== undefined ? kept : undefined);
    if (target !== undefined) at(target);
    const { 'RNFB-Response': format, ...headers } = given;
    const controller = new AbortController();
    tasks.set(taskId, controller);
    const timer = setTimeout(() => controller.abort(), timeout);
    try {
      const hasBody = /^(?:post|put|patch)$/i.test(method);
      const answer = await request(url, {
        method: method.toUpperCase(),
        signal: controller.signal,
        ...(hasBody && { body: bodyOf(headers, body) }),
        headers,
      });
      const bytes = Buffer.from(answer.bytes);
      const { status } = answer;
      const info = {
        taskId,
        state: '2',
        status,
        headers: answer.headers,
        redirects: [url],
        respType: /\bjson\b/.test(answer.headers['content-type'] ?? '') ? 'json' : '',
        timeout: false,
      };
      world.emit(`${name}State`, info);
      world.emit(`${name}Progress`, { taskId, written: bytes.length, total: bytes.length });
      if (target !== undefined) {
        write(target, bytes, undefined, options.overwrite === false);
        return ['path', target, info];
      }
      const text = bytes.toString();
      const isText = format === 'utf8' || Buffer.from(text).equals(bytes);
      return isText && format !== 'base64'
        ? ['utf8', text, info]
        : ['base64', bytes.toString('base64'), info];
    } finally {
      clearTimeout(timer);
      tasks.delete(taskId);
    }
  };
  const fetchBlob = (...args: unknown[]): void => {
    const callback = args.pop() as Callback;
    send(...(args as Parameters<typeof send>)).then(
      (answer) => callback(null, ...answer),
      (error: unknown) => callback(error instanceof Error ? error.message : String(error)),
    );
  };
  const writeChunk = told((id: string, data: unknown) => {
    const stream = streams.get(id);
    if (stream === undefined) throw new Error(`stream ${id} is not open`);
    write(stream.path, data, stream.encoding, true);
  });
  return {
    ...dirs,
    getConstants: () => dirs,
    addListener: ignore,
    removeListeners: ignore,
    fetchBlob,
    fetchBlobForm: fetchBlob,
    cancelRequest(taskId: string, callback: Callback) {
      tasks.get(taskId)?.abort();
      callback(null, taskId);
    },
    enableProgressReport: ignore,
    enableUploadProgressReport: ignore,
    emitExpiredEvent: ignore,
    createFile: later(create),
    createFileASCII: later(create),
    // `(path, encoding, data, isTransformed, isAppended)`; rn-fetch-blob has nothing to transform.
    writeFile: later((path: string, encoding: string, data: string, ...flags: boolean[]) =>
      write(path, data, encoding, flags.at(-1) === true),
    ),
    writeFileArray: later((path: string, data: number[], isAppended: boolean) =>
      write(path, data, undefined, isAppended),
    ),
    readFile: later((path: string, encoding: string) => decoded(readFileSync(at(path)), encoding)),
    hash: later((path: string, algorithm: string) => hash(algorithm, at(path))),
    ls: later((path: string) => readdirSync(at(path))),
    mkdir: later((path: string) => {
      if (existsSync(at(path))) throw codedError('EEXIST', `Folder '${path}' already exists`);
      mkdirSync(at(path), { recursive: true });
      return true;
    }),
    slice: later((from: string, to: string, start: number, end: number) => {
      write(to, readFileSync(at(from)).subarray(start, end), undefined, false);
      return to;
    }),
    exists(path: string, callback: Callback) {
      const isThere = existsSync(at(path));
      callback(isThere, isThere && statSync(at(path)).isDirectory());
    },
    stat: told((path: string) => describeFile(at(path))),
    lstat: told((path: string) =>
      statSync(at(path)).isDirectory()
        ? readdirSync(at(path)).map((each) => describeFile(join(at(path), each)))
        : [describeFile(at(path))],
    ),
    cp: told((from: string, to: string) => {
      copyFileSync(at(from), at(to));
      return true;
    }),
    mv: told((from: string, to: string) => {
      renameSync(at(from), at(to));
      return true;
    }),
    unlink: told((path: string) => {
      rmSync(at(path), { recursive: true, force: true });
      return true;
    }),
    removeSession: told((paths: string[]) => {
      for (const path of paths) rmSync(at(path), { force: true });
    }),
    df: told(() => {
      const { free, total } = spaceOf(folders.root);
      return { free, total, internal_free: String(free), internal_total: String(total) };
    }),
    writeStream(path: string, encoding: string, isAppended: boolean, callback: Callback) {
      try {
        if (!isAppended || !existsSync(at(path))) write(path, '', undefined, isAppended);
        const id = `${name}WS${streams.size}`;
        streams.set(id, { path, encoding });
        callback(null, null, id);
      } catch (error) {
        callback('EUNSPECIFIED', String(error));
      }
    },
    writeChunk,
    writeArrayChunk: writeChunk,
    closeStream(id: string, callback: Callback) {
      streams.set(id, { path: '', encoding: '' });
      callback();
    },
    readStream(path: string, encoding: string, _size: number, _tick: number, streamId: string) {
      const tell = (event: string, detail: unknown): void => {
        // The older of the two listens to the stream's own name.
        world.emit(streamId, { event, detail });
        world.emit(`${name}Filesystem`, { streamId, event, detail });
      };
      try {
        tell('data', decoded(readFileSync(at(path)), encoding));
        tell('end', '');
      } catch (error) {
        tell('error', String(error));
      }
    },
    scanFile: told(ignore),
  };
}

/** https://github.com/RonRadtke/react-native-blob-util */
export const blobUtil: StandIn = {
  packageName: 'react-native-blob-util',
  keeps: 'files',
  turbo: { ReactNativeBlobUtil: (world) => createBlobUtil(world, 'ReactNativeBlobUtil') },
};

/** https://github.com/joltup/rn-fetch-blob: what it was before, with the same interface. */
export const fetchBlob: StandIn = {
  packageName: 'rn-fetch-blob',
  keeps: 'files',
  turbo: { RNFetchBlob: (world) => createBlobUtil(world, 'RNFetchBlob') },
};
