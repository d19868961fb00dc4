// What React Native's native half gives to JavaScript before the bundle runs, as far as a headless start asks for it; the
// background sync's own module opens two windows, of which the second closes before the server answers.
import { openTestSqlite } from './node.ts';

(function () {
  'use strict';
  const said = (what, value = null) => print(JSON.stringify({ [what]: value }));

  const timers = new Map();
  let last = 0;
  const start = (run, repeats) => {
    last += 1;
    timers.set(last, { run, repeats });
    return last;
  };
  const stop = (id) => void timers.delete(id);

  const database = () => {
    const sqlite = openTestSqlite();
    const sql = (query, params) => {
      // The SQLite that answers encrypts nothing, and the queue refuses one that does not.
      if (query === 'PRAGMA cipher_version') return { rows: [{ cipher_version: 'played' }] };
      const rows = sqlite.all(query, params ?? []);
      return { rows, rowsAffected: 0, rawRows: rows.map(Object.values), columnNames: [] };
    };
    return {
      execute: async (query, params) => sql(query, params),
      executeSync: sql,
      close: () => sqlite.close(),
      getDbPath: () => '/data/queue.sqlite',
      flushPendingReactiveQueries: async () => undefined,
    };
  };

  const emit = (name, ...values) => globalThis.__rctDeviceEventEmitter.emit(name, values);
  const BODY = '{"id":"7"}';
  const secrets = new Map();
  let handRun;
  let closeRun;
  const modules = {
    BackgroundSync: {
      registerTask: async (switchOn, name) => (said('registerTask', [switchOn, name]), true),
      cancel: async () => undefined,
      scheduleNext: async () => 0,
      configure: async () => true,
      getStatus: async () => '{}',
      getHistory: async () => '[]',
      nextRun: () => new Promise((resolve) => void (handRun = resolve)),
      endedRun: () => new Promise(() => {}),
      whenExpired: () => new Promise((resolve) => void (closeRun = resolve)),
      progress: (...values) => said('progress', values),
      complete: (...values) => said('complete', values),
      beginForeground: async () => '',
    },
    PlatformConstants: {
      getConstants: () => ({
        isTesting: false,
        reactNativeVersion: REACT_NATIVE_VERSION,
        Version: 36,
        Release: '16',
        Serial: '',
        Fingerprint: '',
        Model: '',
        Brand: '',
        Manufacturer: '',
        uiMode: 'normal',
      }),
    },
    SourceCode: { getConstants: () => ({ scriptURL: 'assets://index.android.bundle' }) },
    DeviceInfo: {
      getConstants: () => {
        const size = { width: 1080, height: 2400, scale: 3, fontScale: 1, densityDpi: 480 };
        return { Dimensions: { windowPhysicalPixels: size, screenPhysicalPixels: size } };
      },
    },
    AppState: { getConstants: () => ({ initialAppState: 'background' }) },
    Networking: {
      sendRequest(method, url, id, headers, data, responseType) {
        said('request', { method, url, headers: Object.fromEntries(headers), body: data.string });
        if (url.endsWith('/slow')) return;
        start(() => {
          emit('didReceiveNetworkResponse', id, 200, { 'content-type': 'application/json' }, url);
          const isBlob = responseType === 'blob';
          const blob = { blobId: 'b1', offset: 0, size: BODY.length };
          emit('didReceiveNetworkData', id, isBlob ? blob : BODY);
          emit('didCompleteNetworkResponse', id, null, false);
        }, false);
      },
      abortRequest: () => said('abortRequest'),
      addListener: () => undefined,
      removeListeners: () => undefined,
    },
    BlobModule: {
      getConstants: () => ({ BLOB_URI_SCHEME: 'content', BLOB_URI_HOST: null }),
      addNetworkingHandler: () => undefined,
      createFromParts: () => undefined,
      release: () => undefined,
    },
    FileReaderModule: { readAsText: async () => BODY },
    OPSQLite: {
      getConstants: () => ({ ANDROID_DATABASE_PATH: '/data' }),
      install() {
        globalThis.__OPSQLiteProxy = { open: database, isSQLCipher: () => true };
        return true;
      },
    },
    RNKeychainManager: {
      getConstants: () => ({}),
      async setGenericPasswordForOptions(options, username, password) {
        secrets.set(options.service, { service: options.service, username, password, storage: '' });
        return secrets.get(options.service);
      },
      getGenericPasswordForOptions: async (options) => secrets.get(options.service) ?? false,
    },
  };
  const absent = () =>
    new Proxy(
      {},
      {
        get(_, method) {
          if (method === 'getConstants') return () => ({});
          return typeof method === 'string' && method !== 'then' ? () => undefined : undefined;
        },
      },
    );

  const moduleOf = (name) => modules[name] ?? absent();

  Object.assign(globalThis, {
    RN$Bridgeless: true,
    RN$registerCallableModule: () => undefined,
    nativeFabricUIManager: {},
    nativePerformanceNow: () => Date.now(),
    nativeLoggingHook: (text, level) => said('log', [level, text]),
    __turboModuleProxy: moduleOf,
    nativeModuleProxy: new Proxy({}, { get: (_, name) => moduleOf(name) }),
    setTimeout: (run) => start(run, false),
    setInterval: (run) => start(run, true),
    clearTimeout: stop,
    clearInterval: stop,
    queueMicrotask: (run) => void Promise.resolve().then(run),
    requestAnimationFrame: (run) => start(run, false),
    cancelAnimationFrame: stop,
  });

  const run = (runId) => ({
    taskId: 'com.example.sync',
    runId,
    reason: 'os',
    deadline: Date.now() + 60000,
    battery: { percent: 80, charging: true, saver: false },
    network: { connected: true, metered: false },
    locked: false,
    attempt: 1,
  });

  const events = {
    50() {
      said('waits', handRun !== undefined);
      handRun?.(JSON.stringify(run('r1')));
    },
    150: () => globalThis.changeAgain?.(),
    200: () => handRun?.(JSON.stringify(run('r2'))),
    250: () => closeRun?.('time'),
  };
  let turns = 0;
  globalThis.onTurn = () => {
    turns += 1;
    events[turns]?.();
    for (const [id, { run, repeats }] of [...timers]) {
      if (!repeats) timers.delete(id);
      run();
    }
    return turns < 300;
  };
})();
