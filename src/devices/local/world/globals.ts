import process from 'node:process';
import { GLOBALS_NOT_IN_HERMES } from '../../../hermes.ts';
import { createDate } from './dates.ts';
import { createFiles } from './form-data.ts';
import { createIntl, hideMembers, takingNoBytes } from './lacks.ts';
import { counted } from './open-requests.ts';
import { installRegExp } from './reg-exp.ts';
import { ASKED_URL } from '../protocol.ts';
import { createXmlHttpRequest } from './xml-http-request.ts';

export interface GlobalsOptions {
  readonly offline: boolean;
  /** Where requests go, whatever address they have. */
  readonly server?: string;
  /** The installed react-native; undefined where it is not known. */
  readonly reactNative: { readonly minor: number } | undefined;
  /** The installed expo; undefined where there is none. */
  readonly expo: { readonly major: number } | undefined;
  /** `process.env` of the app's code: `EXPO_PUBLIC_…`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a file is that a uri names, absolute; throws for one that is not the app's. */
  readonly pathOf: (uri: string) => string;
  readonly note: (text: string) => void;
}

/**
 * What Node has and neither Hermes nor React Native (0.77 to 0.88: `Libraries/Core/setUp*.js`, `src/private/setup`).
 * By name: what to use instead.
 */
const NODE_ONLY: Readonly<Record<string, string>> = {
  Buffer: 'install the package `buffer`, or use Uint8Array',
  crypto: 'use expo-crypto or react-native-get-random-values',
  Crypto: 'use expo-crypto',
  CryptoKey: 'use expo-crypto',
  SubtleCrypto: 'use expo-crypto',
  MessageChannel: 'Hermes has none',
  MessagePort: 'Hermes has none',
  MessageEvent: 'Hermes has none',
  BroadcastChannel: 'Hermes has none',
  CompressionStream: 'Hermes has none',
  DecompressionStream: 'Hermes has none',
  ...GLOBALS_NOT_IN_HERMES,
  Storage: 'use AsyncStorage or MMKV',
  localStorage: 'use AsyncStorage or MMKV',
  sessionStorage: 'use AsyncStorage or MMKV',
  EventSource: 'use react-native-sse',
  CloseEvent: 'Hermes has none',
  Navigator: 'Hermes has none',
};

interface Sometimes {
  readonly name: string;
  readonly has: (options: GlobalsOptions) => boolean;
  readonly hint: string;
}

const since =
  (major: number): Sometimes['has'] =>
  ({ expo }) =>
    (expo?.major ?? 0) >= major;

/** Expo's own Metro puts them before the app: `expo/virtual/streams.js`. */
const STREAMS = (
  'ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest ' +
  'ReadableByteStreamController ReadableStreamDefaultController TransformStream TransformStreamDefaultController ' +
  'WritableStream WritableStreamDefaultController WritableStreamDefaultWriter ByteLengthQueuingStrategy CountQueuingStrategy'
).split(' ');

/** What a newer React Native, or Expo's runtime (`expo/src/winter` of 53 to 58), brings. */
const SOMETIMES: readonly Sometimes[] = [
  ...STREAMS.map((name) => ({
    name,
    has: since(53),
    hint: 'Expo has it from SDK 53 on; install web-streams-polyfill',
  })),
  ...['TextEncoderStream', 'TextDecoderStream'].map((name) => ({
    name,
    has: since(54),
    hint: 'Expo has it from SDK 54 on; install web-streams-polyfill',
  })),
  // https://github.com/react/react-native/pull/56326
  {
    name: 'TextDecoder',
    has: ({ reactNative, expo }) => expo !== undefined || (reactNative?.minor ?? 99) >= 85,
    hint: 'Hermes has it from React Native 0.85 on; install fast-text-encoding',
  },
  {
    name: 'structuredClone',
    has: since(54),
    hint: 'Hermes has none (https://github.com/facebook/hermes/issues/684); install @ungap/structured-clone',
  },
  { name: 'DOMException', has: since(56), hint: 'Hermes has none' },
  // `src/private/setup` and `Libraries/Core` of 0.85 and 0.86.
  ...['Event', 'EventTarget', 'CustomEvent'].map((name) => ({
    name,
    has: ({ reactNative }: GlobalsOptions) => (reactNative?.minor ?? 99) >= 86,
    hint: 'React Native has it from 0.86 on; install event-target-shim',
  })),
];

/** @param found what Node has of that name */
function readFrom(name: string, found: PropertyDescriptor): unknown {
  if (found.get === undefined) return found.value;
  const now = Object.getOwnPropertyDescriptor(globalThis, name) ?? found;
  const value = found.get.call(globalThis) as unknown;
  // Where it loads a part of Node, the getter puts the value in its own place, and would take that of what the app finds:
  // https://github.com/nodejs/node/blob/v24.0.0/lib/internal/util.js (defineLazyProperties)
  Object.defineProperty(globalThis, name, now);
  return value;
}

/** What the app's code does not find, and what to use instead: for the documentation. */
export const GLOBALS_OF_NODE: Readonly<Record<string, string>> = {
  ...NODE_ONLY,
  ...Object.fromEntries(SOMETIMES.map(({ name, hint }) => [name, hint])),
};

/** @returns every global that {@link installGlobals} takes away or replaces, as Node has it, by name */
export function nodeGlobals(): ReadonlyMap<string, () => unknown> {
  const names = [...Object.keys(NODE_ONLY), ...SOMETIMES.map(({ name }) => name), ...REPLACED];
  return new Map(
    names.flatMap((name) => {
      const found = Object.getOwnPropertyDescriptor(globalThis, name);
      if (found === undefined) return [];
      // Some load a part of Node when they are asked for.
      return [[name, () => readFrom(name, found)]];
    }),
  );
}

/** Those that bgsync's own code goes on finding as Node has them. */
const FOR_THE_APP = ['Intl', 'Blob', 'File', 'URL', 'URLSearchParams'];

const REPLACED = [
  ...['process', 'navigator', 'fetch', 'setTimeout', 'setInterval', 'WebSocket'],
  ...FOR_THE_APP,
];

/** bgsync's own code, which plays what is native on a phone. */
const OWN = new URL('.', import.meta.url).href;

/** One frame of V8's own stacks: https://v8.dev/docs/stack-trace-api */
interface Frame {
  getFileName(): string | undefined;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
}

/** @returns the code that asked for a global whose getter is `getter` */
function askerOf(getter: (...args: never[]) => unknown): Frame | undefined {
  // Only put back afterwards, never called.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { prepareStackTrace, stackTraceLimit } = Error;
  const holder: { stack?: Frame[] } = {};
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, frames) => frames;
  Error.captureStackTrace(holder, getter);
  const frame = holder.stack?.[0];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return frame;
}

/**
 * Whether the code asks for the name itself: `typeof x`, `globalThis.x` and `window['x']` find nothing, and go on.
 *
 * @param source the code that runs, by its file
 */
function isBareName(
  frame: Frame | undefined,
  name: string,
  source: (file: string) => string | undefined,
): boolean {
  const file = frame?.getFileName();
  const line = frame?.getLineNumber() ?? 0;
  const column = frame?.getColumnNumber() ?? 0;
  const lines = file === undefined ? undefined : source(file)?.split('\n');
  const text = lines?.slice(line - 1, line + PATTERN_LINES).join('\n');
  if (text === undefined) return false;
  const at = placeOfName(text, name, column - 1);
  if (at === undefined || /(?:\btypeof\s*\(*|\.)\s*$/.test(text.slice(0, at))) return false;
  return !isTakenOut(text.slice(at));
}

/**
 * Where in a text a name stands that V8 read last.
 *
 * @param from the place that V8 gives: that of what it did before, which is in the same expression
 */
function placeOfName(text: string, name: string, from: number): number | undefined {
  const first = from + (BEFORE_FIRST.exec(text.slice(from))?.[0].length ?? 0);
  if (text.startsWith(name, first)) return first;
  // Neither a member, nor a text, nor a key.
  const bare = new RegExp(`(?<![\\w$.'"\`])${name}(?![\\w$'"\`]|\\s*:)`).exec(text.slice(from));
  if (bare === null || /[;{}]/.test(text.slice(from, from + bare.index))) return undefined;
  return from + bare.index;
}

/** The place of `new X()` is that of `new`, and the place of what a statement reads first is that of the statement, in V8. */
const BEFORE_FIRST =
  /^(?:[\s!~+(-]|(?:return|throw|void|await|yield|new|if|while|switch)\b|[\w$]+\s*=(?![=>]))+/;

/** A pattern that is longer is taken for code. */
const PATTERN_LINES = 60;

/**
 * Whether a name is a key of a pattern: `const { ReadableStream } = globalThis` finds nothing, and goes on.
 *
 * @param text from the name on
 */
function isTakenOut(text: string): boolean {
  let depth = 0;
  for (const { 0: sign, index } of text.matchAll(/[[\](){};]/g)) {
    if ('{[('.includes(sign)) depth += 1;
    else if (depth > 0) depth -= sign === ';' ? 0 : 1;
    else return sign === '}' && /^\s*=(?![=>])/.test(text.slice(index + 1));
  }
  return false;
}

export interface Installed {
  /** @returns what to tell of a global that the app's code missed */
  readonly explainMissing: (name: string) => string | undefined;
  /** @returns what to tell of an error whose text names a member that a phone's object has not */
  readonly explainMember: (message: string) => string | undefined;
  /** Gives the app's code a global. */
  readonly put: (name: string, value: unknown) => void;
  /** What `expo/fetch` is. */
  readonly expoFetch: typeof fetch;
}

/**
 * Gives the app's code the globals of React Native, and none that Node has besides. Node's own code, which looks up
 * some of them late (`fetch` does), goes on finding its own.
 *
 * @param source the code that runs, by its file
 */
export function installGlobals(
  options: GlobalsOptions,
  nodes: ReadonlyMap<string, () => unknown>,
  source: (file: string) => string | undefined,
): Installed {
  const later = globalThis.setTimeout;
  const repeatedly = globalThis.setInterval;
  const nodeFetch = nodes.get('fetch')?.() as typeof fetch;
  const hasWebSocket = nodes.has('WebSocket');

  /** @param given what the app's code finds; undefined where a phone has nothing of the name */
  const define = (name: string, given: unknown): void => {
    const node = nodes.get(name);
    if (node === undefined) {
      const kind = { writable: true, configurable: true, enumerable: true };
      Object.defineProperty(globalThis, name, { value: given, ...kind });
      return;
    }
    let value = given;
    const get = (): unknown => {
      const frame = askerOf(get);
      const file = frame?.getFileName() ?? '';
      const isOwn = file.startsWith(OWN) && (value === undefined || FOR_THE_APP.includes(name));
      if (file.startsWith('node:') || isOwn) return node();
      if (value === undefined && isBareName(frame, name, source)) {
        throw new ReferenceError(`${name} is not defined`);
      }
      return value;
    };
    const set = (own: unknown): void => void (value = own);
    Object.defineProperty(globalThis, name, { get, set, configurable: true, enumerable: false });
  };

  const hints = new Map(Object.entries(NODE_ONLY));
  for (const { name, has, hint } of SOMETIMES) if (!has(options)) hints.set(name, hint);
  for (const name of hints.keys()) if (nodes.has(name)) define(name, undefined);
  hints.set('process', 'React Native has process.env alone');

  define('window', globalThis);
  define('self', globalThis);
  define('__DEV__', true);
  define('navigator', { product: 'ReactNative' });
  define('process', { env: { NODE_ENV: 'development', ...options.env } });
  define('ErrorUtils', createErrorUtils());
  // What babel-preset-expo makes of `import.meta`: `expo/src/winter/ImportMetaRegistry.ts`.
  if (options.expo !== undefined) {
    define('__ExpoImportMetaRegistry', { url: 'http://localhost:8081/index.bundle' });
  }
  // By these, libraries know the New Architecture, the default from 0.76 on: https://reactnative.dev/blog/2024/10/23/release-0.76-new-architecture
  if ((options.reactNative?.minor ?? 99) >= 76) {
    define('RN$Bridgeless', true);
    define('nativeFabricUIManager', {});
  }
  define('alert', (text: unknown) => process.stderr.write(`alert: ${String(text)}\n`));
  // React Native's timers are numbers.
  define('setTimeout', (...args: Parameters<typeof later>) => Number(later(...args)));
  define('setInterval', (...args: Parameters<typeof repeatedly>) => Number(repeatedly(...args)));
  define('requestAnimationFrame', (run: (time: number) => void) =>
    Number(later(() => run(performance.now()), 16)),
  );
  define('cancelAnimationFrame', (id: number) => clearTimeout(id));
  define('requestIdleCallback', (run: (deadline: object) => void) =>
    Number(later(() => run({ didTimeout: false, timeRemaining: () => 10 }), 1)),
  );
  define('cancelIdleCallback', (id: number) => clearTimeout(id));
  const offline = (): Promise<never> => Promise.reject(new TypeError('Network request failed'));
  const online = options.server === undefined ? nodeFetch : toServer(nodeFetch, options.server);
  const files = createFiles(options.pathOf, options.note);
  define('FormData', files.FormData);
  const real = options.offline ? offline : counted(translateErrors(online, options.note));
  const ownFetch = files.sending(withoutStream(real));
  const expoFetch = files.sending(real, true);
  define('fetch', isExpoFetch(options) ? expoFetch : ownFetch);
  // By this, libraries with functions of C++ know that JavaScript runs on the device, not in a remote debugger.
  define('nativeCallSyncHook', () => undefined);
  define('XMLHttpRequest', createXmlHttpRequest(ownFetch));
  if (options.offline || !hasWebSocket) define('WebSocket', NoWebSocket);
  define('FileReader', LocalFileReader);
  define('Intl', createIntl());
  installDate(options.note);
  const explainRegExp = installRegExp();
  for (const name of ['Blob', 'File']) {
    const node = nodes.get(name)?.() as typeof Blob | undefined;
    if (node !== undefined) define(name, takingNoBytes(node));
  }
  const explainMember = hideMembers(
    options,
    { AbortSignal, Blob: nodes.get('Blob')?.() as typeof Blob, FormData: files.FormData },
    (getter) => source(askerOf(getter)?.getFileName() ?? '') !== undefined,
  );
  return {
    expoFetch,
    explainMember: (message) => explainRegExp(message) ?? explainMember(message),
    put: define,
    explainMissing(name) {
      const hint = hints.get(name);
      return hint === undefined ? undefined : `${name} does not exist on a phone: ${hint}.`;
    },
  };
}

/** For all code: that of Node keeps its own. */
function installDate(note: (text: string) => void): void {
  let isSaid = false;
  const hermes = createDate((text) => {
    if (isSaid) return;
    isSaid = true;
    const shown = JSON.stringify(text.slice(0, MOST_SHOWN));
    note(
      `new Date(${shown}) is an Invalid Date on a phone: Hermes reads ISO 8601, and what toString() and toUTCString() write.`,
    );
  });
  Date.prototype.constructor = hermes;
  globalThis.Date = hermes;
}

/** Characters of a text that is quoted. */
const MOST_SHOWN = 40;

/** Expo puts its own in place of the global one: `expo/src/winter/runtime.native.ts`. */
const isExpoFetch = (options: GlobalsOptions): boolean =>
  since(56)(options) && !['1', 'true'].includes(options.env.EXPO_PUBLIC_USE_RN_FETCH ?? '');

/** https://github.com/facebook/react-native/blob/v0.81.0/packages/polyfills/error-guard.js: crash reporters put themselves in. */
function createErrorUtils(): object {
  type Report = (error: unknown, isFatal?: boolean) => void;
  let handler: Report = (error) => {
    throw error;
  };
  return {
    getGlobalHandler: () => handler,
    setGlobalHandler: (given: Report) => void (handler = given),
    reportError: (error: unknown) => handler(error, false),
    reportFatalError: (error: unknown) => handler(error, true),
  };
}

/** A Response of React Native's, whatwg-fetch 3, has no stream: code that reads one fails there. */
const withoutStream =
  (real: typeof fetch): typeof fetch =>
  async (input, init) =>
    Object.defineProperties(await real(input, init), {
      body: { value: undefined },
      // By it ofetch knows that there is something to read.
      _bodyInit: { value: new Blob([]) },
    });

/** Sends every request to one server, which is told where it should have gone. */
const toServer =
  (nodeFetch: typeof fetch, server: string): typeof fetch =>
  async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set(ASKED_URL, request.url);
    const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
    return nodeFetch(new URL(`${pathname}${search}`, server), {
      method: request.method,
      headers,
      signal: request.signal,
      ...(hasBody ? { body: await request.arrayBuffer() } : {}),
    });
  };

/** Node says `fetch failed` and hides the reason in `cause`; React Native says `Network request failed`, and we why. */
const translateErrors =
  (nodeFetch: typeof fetch, note: (text: string) => void): typeof fetch =>
  async (input, init) => {
    try {
      return await nodeFetch(input, init);
    } catch (error) {
      if (!(error instanceof TypeError) || error.message !== 'fetch failed') throw error;
      const { cause } = error as { cause?: { code?: string; message?: string } };
      const reason = cause?.code ?? cause?.message ?? '';
      const url = new URL(input instanceof Request ? input.url : String(input));
      if (reason !== '') note(`No answer from ${url.origin}: ${reason}.`);
      throw Object.assign(
        new TypeError('Network request failed', { cause }),
        reason === '' ? {} : { reason },
      );
    }
  };

/** Without a network, and in Node 20, which has no client: the connection fails as on a phone without one. */
class NoWebSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSING = 2;
  static readonly CLOSED = 3;
  readyState = 0;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  private readonly listeners = new Map<string, Set<(event: object) => void>>();

  readonly url: string;

  constructor(url: string) {
    this.url = url;
    setTimeout(() => {
      this.readyState = 3;
      const message = 'There is no network for a WebSocket in this run';
      this.tell('error', this.onerror, { type: 'error', message });
      this.tell('close', this.onclose, { type: 'close', code: 1006, reason: message });
    }, 0);
  }

  addEventListener(type: string, run: (event: object) => void): void {
    this.listeners.set(type, (this.listeners.get(type) ?? new Set()).add(run));
  }

  removeEventListener(type: string, run: (event: object) => void): void {
    this.listeners.get(type)?.delete(run);
  }

  send(): void {
    throw new Error('The WebSocket is not open');
  }

  close(): void {
    this.readyState = 3;
  }

  private tell(type: string, own: ((event: object) => void) | null, event: object): void {
    own?.(event);
    for (const run of this.listeners.get(type) ?? []) run(event);
  }
}

/** The two methods that libraries use to get at a Blob's bytes. */
class LocalFileReader {
  result: string | ArrayBuffer | null = null;
  error: unknown = null;
  onload: (() => void) | null = null;
  onloadend: (() => void) | null = null;
  onerror: (() => void) | null = null;

  readAsText(blob: Blob): void {
    this.settle(blob.text());
  }

  readAsDataURL(blob: Blob): void {
    this.settle(
      blob.arrayBuffer().then((bytes) => {
        const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(
          '',
        );
        return `data:${blob.type || 'application/octet-stream'};base64,${btoa(text)}`;
      }),
    );
  }

  readAsArrayBuffer(blob: Blob): void {
    this.settle(blob.arrayBuffer());
  }

  private settle(read: Promise<string | ArrayBuffer>): void {
    read.then(
      (result) => {
        this.result = result;
        this.onload?.();
        this.onloadend?.();
      },
      (error: unknown) => {
        this.error = error;
        this.onerror?.();
        this.onloadend?.();
      },
    );
  }
}
