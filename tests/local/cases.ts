/** What handlers of real apps import, with the real packages, and what comes of it in the local runner. */
import { DATA_CASES } from './data-cases.ts';
import { SCREEN_CASES } from './screen-cases.ts';

export interface LocalCase {
  readonly name: string;
  /** npm packages with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /** `{ window }` is in scope; its result is that of `drainQueue`. */
  readonly body: string;
  /** Imports and top-level code. */
  readonly top?: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Generated as `init --queue` does, with `src/sync-queue.ts` as it is: `queue` is in scope. */
  readonly queue?: 'op-sqlite' | 'expo-sqlite';
  /** The handler that `init` makes in an app with such a store, checked by tsc besides. */
  readonly store?: 'async-storage' | 'expo-kv-store' | 'mmkv' | 'mmkv-class';
  /** More of package.json. */
  readonly manifest?: object;
  /** Each must occur in what `bgsync queue --json` prints afterwards. */
  readonly queued?: readonly string[];
  /** The Node release that runs it, from npm: its own SQLite is there from 22.13 on. */
  readonly node?: 24;
  /** The exit code. */
  readonly exit: 0 | 2 | 3;
  /** `remaining` of the last run. */
  readonly remaining?: number;
  /** Each must occur in what bgsync prints. */
  readonly says?: readonly string[];
  /** None may occur there. */
  readonly never?: readonly string[];
  /** A row of docs/local.md: the package as people know it. */
  readonly documented?: string;
}

/** A note and an edit of it, as an app makes them offline. */
const NOTES = `
  await queue.open();
  const id = queue.newTempId();
  await queue.enqueue({ type: 'notes', entityId: id, kind: 'create', creates: true, payload: { title: 'a' } });
  await queue.enqueue({ type: 'notes', entityId: id, kind: 'rename', payload: { title: 'b', note: id } });
  return queue.drainQueue(window);`;
/** For packages that import its files. */
const REACT_NATIVE = { 'react-native': '0.81.6', react: '19.1.0' };
const OP_SQLITE = {
  '@op-engineering/op-sqlite': '18.2.5',
  'react-native-keychain': '10.0.0',
  react: '19.1.0',
};
const SQLCIPHER = { '@signalapp/sqlcipher': '4.1.0' };
const EXPO_SQLITE = { 'expo-sqlite': '57.0.3', 'expo-secure-store': '57.0.4', react: '19.1.0' };
const asExpoApp = (plugin: unknown) => ({
  'app.json': JSON.stringify({ expo: { name: 'app', slug: 'app', plugins: [plugin] } }),
});

const GENERATED_QUEUES: readonly LocalCase[] = [
  {
    name: 'the generated queue on op-sqlite, without SQLCipher for Node',
    documented: 'the generated queue (`init --queue`)',
    node: 24,
    queue: 'op-sqlite',
    packages: OP_SQLITE,
    manifest: { 'op-sqlite': { sqlcipher: true } },
    body: NOTES,
    args: ['--runs', '2', '--server', 'steady'],
    exit: 0,
    remaining: 0,
    says: ['op-sqlite: its native half is played here (SQLite in Node, not encrypted'],
    queued: ['"remaining": 0', '"encrypted": false'],
  },
  {
    name: 'the generated queue on op-sqlite, in SQLCipher, offline',
    documented: 'the generated queue (`init --queue`)',
    node: 24,
    queue: 'op-sqlite',
    packages: { ...OP_SQLITE, ...SQLCIPHER },
    manifest: { 'op-sqlite': { sqlcipher: true } },
    body: NOTES,
    args: ['--server', 'offline'],
    exit: 3,
    remaining: 2,
    says: ['op-sqlite: its native half is played here (SQLCipher in Node)'],
    queued: ['"remaining": 2', '"encrypted": true'],
  },
  {
    name: 'the generated queue on an op-sqlite that is built without SQLCipher',
    node: 24,
    queue: 'op-sqlite',
    packages: { ...OP_SQLITE, ...SQLCIPHER },
    body: NOTES,
    exit: 3,
    says: ['This build of SQLite cannot encrypt', 'played here (SQLite in Node)'],
  },
  {
    name: 'the generated queue on expo-sqlite, without SQLCipher for Node',
    documented: 'the generated queue (`init --queue`)',
    node: 24,
    queue: 'expo-sqlite',
    packages: EXPO_SQLITE,
    files: asExpoApp(['expo-sqlite', { useSQLCipher: true }]),
    body: NOTES,
    args: ['--runs', '2', '--server', 'steady'],
    exit: 0,
    remaining: 0,
    says: ['expo-sqlite: its native half is played here (SQLite in Node, not encrypted'],
    queued: ['"remaining": 0', '"encrypted": false'],
  },
  {
    name: 'the generated queue on expo-sqlite, in SQLCipher, offline',
    documented: 'the generated queue (`init --queue`)',
    node: 24,
    queue: 'expo-sqlite',
    packages: { ...EXPO_SQLITE, ...SQLCIPHER },
    files: asExpoApp(['expo-sqlite', { useSQLCipher: true }]),
    body: NOTES,
    args: ['--server', 'offline'],
    exit: 3,
    remaining: 2,
    says: ['expo-sqlite: its native half is played here (SQLCipher in Node)'],
    queued: ['"remaining": 2', '"encrypted": true'],
  },
  {
    name: 'the generated queue on an expo-sqlite that is built without SQLCipher',
    node: 24,
    queue: 'expo-sqlite',
    packages: EXPO_SQLITE,
    files: asExpoApp('expo-sqlite'),
    body: NOTES,
    exit: 3,
    says: ['This build of SQLite cannot encrypt'],
  },
];

/** Two windows: the first writes, the second, a process of its own or not, reads what it wrote. */
const TWICE = ['--runs', '2'];

/** The handler that `init` makes: the first window keeps two requests, the second sends them. */
const inTheStore = (
  store: LocalCase['store'],
  packages: LocalCase['packages'],
  more: Partial<LocalCase> = {},
): LocalCase => ({
  name: `the generated handler on ${store}, ${Object.values(packages)[0]}`,
  packages,
  store,
  body: `
    if ((await readOutbox()).length > 0) return queue.drainQueue(window);
    await addToOutbox(SERVER + '/first', { text: 'a' });
    await addToOutbox(SERVER + '/second', { text: 'b' });
    return (await readOutbox()).length;`,
  args: TWICE,
  exit: 0,
  remaining: 0,
  says: ['"ev":"run.end"', '"rem":2'],
  ...more,
});

/** A second process: what only memory held is gone. */
const RESTART = ['--kill-after', '400ms'];

const ASYNC_STORAGE_BODY = `
  const before = JSON.parse((await AsyncStorage.getItem('outbox')) ?? '[]');
  await AsyncStorage.setItem('outbox', JSON.stringify([...before, window.attempt]));
  return before.length;`;

const WATERMELON = `
      import { Database, Model, Q, appSchema, tableSchema } from '@nozbe/watermelondb';
      import SQLiteAdapter from '@nozbe/watermelondb/adapters/sqlite';
      import { schemaMigrations, addColumns } from '@nozbe/watermelondb/Schema/migrations';
      import { synchronize } from '@nozbe/watermelondb/sync';
      class Note extends Model { static table = 'notes'; }
      const open = (version: number) => new Database({
        adapter: new SQLiteAdapter({
          dbName: 'app', jsi: JSI,
          schema: appSchema({ version, tables: [tableSchema({ name: 'notes', columns: [{ name: 'title', type: 'string' }, { name: 'is_done', type: 'boolean' }, ...(version > 1 ? [{ name: 'more', type: 'string' } as const] : [])] })] }),
          migrations: schemaMigrations({ migrations: version === 1 ? [] : [{ toVersion: 2, steps: [addColumns({ table: 'notes', columns: [{ name: 'more', type: 'string' }] })] }] }),
        }),
        modelClasses: [Note],
      });`;
const WATERMELON_BODY = `
      const database = open(window.attempt);
      const notes = database.get<Note>('notes');
      const before = await notes.query(Q.where('is_done', false)).fetch();
      await database.write(async () => { await notes.create((note: any) => { note._raw.title = 'a'; note._raw.is_done = false; }); });
      await database.write(async () => { throw new Error('back'); }).catch(() => {});
      await database.localStorage.set('last', 'x');
      if ((await database.localStorage.get('last')) !== 'x') throw new Error('local');
      await synchronize({ database, pullChanges: async () => ({ changes: {}, timestamp: 1 }), pushChanges: async ({ changes }: any) => { await fetch(SERVER + '/echo', { method: 'POST', body: JSON.stringify(changes) }); } });
      const count = await notes.query().fetchCount();
      const raw = await notes.query(Q.unsafeSqlQuery("select * from notes where title = ?", ['a'])).unsafeFetchRaw();
      if (raw.length !== count || raw[0]._status !== 'synced') throw new Error(JSON.stringify(raw));
      if (window.attempt > 1 && raw[0].more !== '') throw new Error('migration');
      return before.length * 10 + count;`;

export const CASES: readonly LocalCase[] = [
  ...SCREEN_CASES,
  ...DATA_CASES,
  ...['1.24.0', '2.2.0', '3.1.1'].map((version) =>
    inTheStore('async-storage', { '@react-native-async-storage/async-storage': version }),
  ),
  ...['2.12.2', '3.3.3'].map((version) =>
    inTheStore('mmkv-class', { 'react-native-mmkv': version, react: '19.1.0' }),
  ),
  inTheStore('mmkv', {
    'react-native-mmkv': '4.3.2',
    'react-native-nitro-modules': '0.37.1',
    react: '19.1.0',
  }),
  inTheStore('expo-kv-store', EXPO_SQLITE, { node: 24, files: asExpoApp('expo-sqlite') }),
  ...['1.24.0', '2.2.0', '3.1.1'].map((version): LocalCase => ({
    name: `AsyncStorage ${version}`,
    documented: '@react-native-async-storage/async-storage 1 to 3',
    packages: { '@react-native-async-storage/async-storage': version },
    top: "import AsyncStorage from '@react-native-async-storage/async-storage';",
    body: ASYNC_STORAGE_BODY,
    args: TWICE,
    exit: 0,
    remaining: 1,
    says: ['@react-native-async-storage/async-storage: its native half is played here (a file)'],
    // It asks for other names of it first.
    never: ['is not played here'],
  })),
  {
    name: 'AsyncStorage 3, a store of its own, over a process that dies',
    packages: { '@react-native-async-storage/async-storage': '3.1.1' },
    top: "import { createAsyncStorage } from '@react-native-async-storage/async-storage';\nconst store = createAsyncStorage('queue');",
    body: `
      const all = await store.getAllKeys();
      await store.setMany({ a: '1', b: '2' });
      if (all.length === 0) await new Promise(() => {});
      return all.length;`,
    args: RESTART,
    exit: 0,
    remaining: 2,
  },
  {
    name: 'redux-persist 6 on AsyncStorage',
    documented: 'redux-persist',
    packages: {
      '@react-native-async-storage/async-storage': '2.2.0',
      redux: '5.0.1',
      'redux-persist': '6.0.0',
    },
    top: `
      import AsyncStorage from '@react-native-async-storage/async-storage';
      import { legacy_createStore as createStore } from 'redux';
      import { persistReducer, persistStore } from 'redux-persist';
      const reducer = (state = { n: 0 }, action: { type: string }) => action.type === 'add' ? { ...state, n: state.n + 1 } : state;
      const store = createStore(persistReducer({ key: 'root', storage: AsyncStorage }, reducer as never));
      const persistor = persistStore(store);
      const ready = new Promise<void>((resolve) => {
        const look = () => { if (persistor.getState().bootstrapped) resolve(); };
        persistor.subscribe(look); look();
      });`,
    body: `
      await ready;
      const { n } = store.getState() as unknown as { n: number };
      store.dispatch({ type: 'add' });
      await persistor.flush();
      if (n === 0) await new Promise(() => {});
      return n;`,
    args: RESTART,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'zustand 5 persist on AsyncStorage',
    documented: 'zustand',
    packages: { '@react-native-async-storage/async-storage': '2.2.0', zustand: '5.1.0' },
    top: `
      import AsyncStorage from '@react-native-async-storage/async-storage';
      import { createStore } from 'zustand/vanilla';
      import { createJSONStorage, persist } from 'zustand/middleware';
      const store = createStore(persist(() => ({ n: 0 }), { name: 'z', storage: createJSONStorage(() => AsyncStorage) }));
      const sleepy = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));`,
    body: `
      while (!(store as any).persist.hasHydrated()) await sleepy();
      const { n } = store.getState() as { n: number };
      store.setState({ n: n + 1 });
      await sleepy();
      if (n === 0) await new Promise(() => {});
      return n;`,
    args: RESTART,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'MMKV 2',
    documented: 'react-native-mmkv 2 to 4',
    packages: { 'react-native-mmkv': '2.12.2', react: '19.1.0' },
    top: "import { MMKV } from 'react-native-mmkv';\nconst storage = new MMKV();",
    body: "const n = storage.getNumber('n') ?? 0; storage.set('n', n + 1); storage.set('s', 'x'); if (storage.getNumber('s') !== undefined) throw new Error('typed'); return n;",
    args: TWICE,
    exit: 0,
    remaining: 1,
    says: ['react-native-mmkv: its native half is played here'],
  },
  {
    name: 'MMKV 3',
    packages: { 'react-native-mmkv': '3.3.3', react: '19.1.0' },
    top: "import { MMKV } from 'react-native-mmkv';\nconst storage = new MMKV({ id: 'q', encryptionKey: 'k' });",
    body: "const n = storage.getNumber('n') ?? 0; storage.set('n', n + 1); return n;",
    args: TWICE,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'MMKV 4',
    packages: {
      'react-native-mmkv': '4.3.2',
      'react-native-nitro-modules': '0.37.1',
      react: '19.1.0',
    },
    top: "import { createMMKV } from 'react-native-mmkv';\nconst storage = createMMKV();",
    body: "const n = storage.getNumber('n') ?? 0; storage.set('n', n + 1); return n;",
    args: TWICE,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'expo-secure-store, expo-crypto, expo-network, expo-constants',
    documented: 'expo-secure-store, expo-crypto, expo-network, expo-constants',
    packages: {
      'expo-secure-store': '57.0.4',
      'expo-crypto': '57.0.3',
      'expo-network': '57.0.2',
      'expo-constants': '58.0.16',
      react: '19.1.0',
    },
    files: { 'app.json': '{ "expo": { "name": "demo", "extra": { "n": 4 } } }' },
    top: `
      import * as SecureStore from 'expo-secure-store';
      import * as Crypto from 'expo-crypto';
      import * as Network from 'expo-network';
      import Constants from 'expo-constants';`,
    body: `
      const had = await SecureStore.getItemAsync('token', { keychainAccessible: SecureStore.AFTER_FIRST_UNLOCK });
      await SecureStore.setItemAsync('token', Crypto.randomUUID());
      const { isConnected } = await Network.getNetworkStateAsync();
      const hash = await Crypto.digestStringAsync(Crypto.CryptoDigestAlgorithm.SHA256, 'x');
      if (!isConnected || hash.length !== 64) throw new Error('no');
      return had === null ? 0 : Constants.expoConfig!.extra!.n;`,
    args: TWICE,
    exit: 0,
    remaining: 4,
  },
  {
    name: 'react-native-keychain 10 and NetInfo 12',
    documented: 'react-native-keychain, @react-native-community/netinfo',
    packages: {
      'react-native-keychain': '10.0.0',
      '@react-native-community/netinfo': '12.0.1',
      react: '19.1.0',
    },
    top: "import * as Keychain from 'react-native-keychain';\nimport NetInfo from '@react-native-community/netinfo';",
    body: `
      const { isConnected, isInternetReachable } = await NetInfo.fetch();
      if (isConnected || isInternetReachable) throw new Error('online');
      const had = await Keychain.getGenericPassword({ service: 's' });
      await Keychain.setGenericPassword('me', 'secret', { service: 's' });
      return had === false ? 0 : had.password.length;`,
    args: [...TWICE, '--offline'],
    exit: 0,
    remaining: 6,
  },
  {
    name: 'uuid with react-native-get-random-values',
    documented: 'react-native-get-random-values',
    packages: { uuid: '11.1.0', 'react-native-get-random-values': '2.0.0' },
    top: "import 'react-native-get-random-values';\nimport { v4 } from 'uuid';",
    body: 'return v4().length;',
    exit: 0,
    remaining: 36,
  },
  {
    name: 'uuid without it fails here as on a phone',
    packages: { uuid: '11.1.0' },
    top: "import { v4 } from 'uuid';",
    body: 'return v4().length;',
    exit: 3,
    says: ['crypto.getRandomValues() not supported'],
  },
  ...['15.2.14', '57.0.3'].map((version): LocalCase => ({
    name: `expo-sqlite ${version}`,
    documented: 'expo-sqlite (Node 22.13 or newer, or better-sqlite3)',
    node: 24,
    packages: { 'expo-sqlite': version, react: '19.1.0' },
    top: "import * as SQLite from 'expo-sqlite';\nconst db = SQLite.openDatabaseSync('q.db');",
    body: `
        await db.execAsync('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS q (id INTEGER PRIMARY KEY, body TEXT, blob BLOB);');
        const before = await db.getAllAsync<{ id: number; body: string }>('SELECT * FROM q WHERE body <> ?', 'none');
        await db.withTransactionAsync(async () => {
          const { lastInsertRowId, changes } = await db.runAsync('INSERT INTO q (body, blob) VALUES ($body, $blob)', { $body: 'x', $blob: new Uint8Array([1, 2]) });
          if (changes !== 1 || lastInsertRowId !== before.length + 1) throw new Error('run');
        });
        const row = db.getFirstSync<{ blob: Uint8Array }>('SELECT blob FROM q ORDER BY id DESC');
        if (row!.blob[1] !== 2) throw new Error('blob');
        try { await db.withTransactionAsync(async () => { await db.runAsync('DELETE FROM q'); throw new Error('back'); }); } catch {}
        for await (const each of db.getEachAsync<{ id: number }>('SELECT id FROM q')) void each.id;
        return before.length;`,
    args: TWICE,
    exit: 0,
    remaining: 1,
    says: ['expo-sqlite: its native half is played here (SQLite in Node)'],
  })),
  {
    name: 'drizzle on expo-sqlite',
    node: 24,
    documented: 'drizzle-orm on expo-sqlite',
    packages: {
      'expo-sqlite': '57.0.3',
      'drizzle-orm': '0.45.4',
      react: '19.1.0',
    },
    top: `
      import { openDatabaseSync } from 'expo-sqlite';
      import { drizzle } from 'drizzle-orm/expo-sqlite';
      import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
      const expo = openDatabaseSync('d.db');
      expo.execSync('CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, body TEXT)');
      const jobs = sqliteTable('jobs', { id: integer('id').primaryKey(), body: text('body') });
      const db = drizzle(expo);`,
    body: "const before = await db.select().from(jobs); await db.insert(jobs).values({ body: 'x' }); return before.length;",
    args: TWICE,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'drizzle on op-sqlite 15',
    node: 24,
    documented:
      'drizzle-orm on op-sqlite (before 17, whose executeRaw drizzle-orm 0.45 cannot read)',
    packages: {
      '@op-engineering/op-sqlite': '15.2.12',
      'drizzle-orm': '0.45.4',
      react: '19.1.0',
    },
    top: `
      import { open } from '@op-engineering/op-sqlite';
      import { drizzle } from 'drizzle-orm/op-sqlite';
      import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
      const jobs = sqliteTable('jobs', { id: integer('id').primaryKey(), body: text('body') });
      const opened = open({ name: 'd.db' });
      const db = drizzle(opened);`,
    body: `
      await opened.execute('CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, body TEXT)');
      const before = await db.select().from(jobs);
      await db.insert(jobs).values({ body: 'x' });
      return before.length;`,
    args: TWICE,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'op-sqlite 18',
    node: 24,
    documented: '@op-engineering/op-sqlite (Node 22.13 or newer, or better-sqlite3)',
    packages: { '@op-engineering/op-sqlite': '18.2.5' },
    top: "import { open } from '@op-engineering/op-sqlite';\nconst db = open({ name: 'q.sqlite' });",
    body: `
      await db.execute('CREATE TABLE IF NOT EXISTS q (id INTEGER PRIMARY KEY, body TEXT)');
      const { rows } = await db.execute('SELECT * FROM q');
      await db.transaction(async (tx) => { await tx.execute('INSERT INTO q (body) VALUES (?)', ['x']); });
      await db.executeBatch([['INSERT INTO q (body) VALUES (?)', [['y'], ['z']]]]);
      return rows.length;`,
    args: TWICE,
    exit: 0,
    remaining: 3,
  },
  ...(['8.0.0', '8.2.7'] as const).map((version): LocalCase => ({
    name: `react-native-quick-sqlite ${version}`,
    documented:
      'react-native-quick-sqlite, react-native-nitro-sqlite (Node 22.13 or newer, or better-sqlite3)',
    node: 24,
    packages: { 'react-native-quick-sqlite': version },
    top: "import { open } from 'react-native-quick-sqlite';\nconst db = open({ name: 'q.sqlite', location: 'sub' });",
    body: `
      db.execute('CREATE TABLE IF NOT EXISTS q (id INTEGER PRIMARY KEY, body TEXT, data BLOB)');
      const { rows } = await db.executeAsync('SELECT * FROM q WHERE body <> ?', ['none']);
      await db.transaction(async (tx) => {
        const { insertId, rowsAffected } = tx.execute('INSERT INTO q (body, data) VALUES (?, ?)', ['x', new Uint8Array([1, 2]).buffer]);
        if (insertId !== rows!.length + 1 || rowsAffected !== 1) throw new Error('insert');
      });
      await db.transaction(async (tx) => { tx.execute('DELETE FROM q'); throw new Error('back'); }).catch(() => {});
      try { db.executeBatch([['INSERT INTO q (body) VALUES (?)', [['y'], ['z']]], ['INSERT INTO nothing VALUES (1)']]); } catch {}
      await db.executeBatchAsync([['INSERT INTO q (body) VALUES (?)', [['y'], ['z']]]]);
      const [first] = db.execute('SELECT data FROM q ORDER BY id').rows!._array;
      if (!(first.data instanceof ArrayBuffer) || first.data.byteLength !== 2) throw new Error('blob');
      return rows!.length;`,
    args: TWICE,
    exit: 0,
    remaining: 3,
    says: ['react-native-quick-sqlite: its native half is played here (SQLite in Node)'],
  })),
  ...(['9.1.10', '9.8.2'] as const).map((version): LocalCase => ({
    name: `react-native-nitro-sqlite ${version}`,
    documented:
      'react-native-quick-sqlite, react-native-nitro-sqlite (Node 22.13 or newer, or better-sqlite3)',
    node: 24,
    packages: {
      'react-native-nitro-sqlite': version,
      'react-native-nitro-modules': '0.37.1',
      react: '19.1.0',
    },
    top: "import { open } from 'react-native-nitro-sqlite';\nconst db = open({ name: 'q.sqlite' });",
    body: `
      db.execute('CREATE TABLE IF NOT EXISTS q (id INTEGER PRIMARY KEY, body TEXT)');
      const { rows } = await db.executeAsync('SELECT * FROM q');
      await db.transaction(async (tx) => { tx.execute('INSERT INTO q (body) VALUES (?)', ['x']); });
      db.executeBatch([{ query: 'INSERT INTO q (body) VALUES (?)', params: [['y'], ['z']] }]);
      return rows!.length;`,
    args: TWICE,
    exit: 0,
    remaining: 3,
  })),
  ...[false, true].map((isJsi): LocalCase => ({
    name: `WatermelonDB 0.28, ${isJsi ? 'by JSI' : 'by promises'}`,
    documented:
      '@nozbe/watermelondb on SQLite, by JSI and without (Node 22.13 or newer, or better-sqlite3)',
    node: 24,
    packages: { '@nozbe/watermelondb': '0.28.0' },
    top: WATERMELON.replace('JSI', String(isJsi)),
    body: WATERMELON_BODY,
    args: TWICE,
    exit: 0,
    remaining: 12,
    says: ['@nozbe/watermelondb: its native half is played here (SQLite in Node)'],
    never: ['is not played here', 'falling back'],
  })),
  {
    name: 'react-native-sqlite-storage',
    documented:
      'react-native-sqlite-storage, react-native-sqlite-2 (Node 22.13 or newer, or better-sqlite3)',
    node: 24,
    packages: { 'react-native-sqlite-storage': '6.0.1' },
    top: "import SQLite from 'react-native-sqlite-storage';\nSQLite.enablePromise(true);",
    body: `
      const db = await SQLite.openDatabase({ name: 'q.db', location: 'default' });
      await db.executeSql('CREATE TABLE IF NOT EXISTS q (id INTEGER PRIMARY KEY, body TEXT)');
      const [before] = await db.executeSql('SELECT * FROM q WHERE body <> ?', ['none']);
      await db.transaction((tx) => { tx.executeSql('INSERT INTO q (body) VALUES (?)', ['x']); tx.executeSql('INSERT INTO q (body) VALUES (?)', ['y']); });
      await db.transaction((tx) => { tx.executeSql('DELETE FROM q'); tx.executeSql('INSERT INTO nothing VALUES (1)'); }).catch(() => {});
      const [result] = await db.executeSql('UPDATE q SET body = ? WHERE id = 1', ['z']);
      const [{ insertId }] = await db.executeSql('INSERT INTO q (body) VALUES (?)', [null]);
      const [all] = await db.executeSql('SELECT * FROM q ORDER BY id');
      if (result.rowsAffected !== 1 || insertId !== all.rows.length || all.rows.item(0).body !== 'z') throw new Error(JSON.stringify([result, insertId, all.rows.raw()]));
      await db.close();
      return before.rows.length * 10 + all.rows.length;`,
    args: TWICE,
    exit: 0,
    remaining: 26,
    says: ['react-native-sqlite-storage: its native half is played here (SQLite in Node)'],
  },
  {
    name: 'react-native-sqlite-2',
    documented:
      'react-native-sqlite-storage, react-native-sqlite-2 (Node 22.13 or newer, or better-sqlite3)',
    node: 24,
    packages: { 'react-native-sqlite-2': '3.6.3' },
    top: "import SQLite from 'react-native-sqlite-2';\nconst db = SQLite.openDatabase('q.db', '1.0', '', 1);\nconst run = (sql: string, values: any[] = []) => new Promise<any>((resolve, reject) => db.transaction((tx: any) => tx.executeSql(sql, values, (_: any, result: any) => resolve(result), (_: any, error: any) => { reject(error); return true; })));",
    body: `
      await run('CREATE TABLE IF NOT EXISTS q (id INTEGER PRIMARY KEY, body TEXT)');
      const before = await run('SELECT * FROM q');
      const { insertId } = await run('INSERT INTO q (body) VALUES (?)', ['ä\\u0000b']);
      const failed = await run('INSERT INTO nothing VALUES (1)').catch((error) => String(error.message));
      const all = await run('SELECT * FROM q');
      if (!failed.includes('nothing') || insertId !== all.rows.length || all.rows.item(0).body !== 'ä\\u0000b') throw new Error(JSON.stringify([failed, insertId, all.rows._array]));
      return before.rows.length * 10 + all.rows.length;`,
    args: TWICE,
    exit: 0,
    remaining: 12,
  },
  {
    name: 'a database that comes with the app',
    node: 24,
    packages: { 'react-native-sqlite-storage': '6.0.1' },
    top: "import SQLite from 'react-native-sqlite-storage';\nSQLite.enablePromise(true);",
    body: "const db = await SQLite.openDatabase({ name: 'a.db', createFromLocation: '~a.db', location: 'default' }); await db.transaction((tx) => { tx.executeSql('SELECT 1'); }); return 0;",
    exit: 3,
    says: ['the database a.db comes with the app (createFromLocation), which is not played here'],
  },
  {
    name: 'a database outside of the app',
    node: 24,
    packages: { 'react-native-quick-sqlite': '8.2.7' },
    top: "import { open } from 'react-native-quick-sqlite';",
    body: "open({ name: '../../../out.sqlite' }); return 0;",
    exit: 3,
    says: ["outside of the app's folders"],
  },
  {
    name: 'react-native-fs',
    documented: 'react-native-fs, react-native-blob-util, rn-fetch-blob',
    packages: { 'react-native-fs': '2.20.0' },
    top: "import RNFS from 'react-native-fs';",
    body: `
      const folder = RNFS.DocumentDirectoryPath + '/outbox';
      await RNFS.mkdir(folder);
      const job = folder + '/ä b.json';
      const had = (await RNFS.exists(job)) ? 10 : 0;
      await RNFS.writeFile(job, '{"ä":1}', 'utf8');
      await RNFS.appendFile(job, '\\n');
      if ((await RNFS.readFile(job)) !== '{"ä":1}\\n') throw new Error('read');
      if ((await RNFS.hash(job, 'md5')).length !== 32 || !(await RNFS.stat(job)).isFile()) throw new Error('stat');
      let begun = 0;
      const page = await RNFS.downloadFile({ fromUrl: SERVER, toFile: RNFS.CachesDirectoryPath + '/c.json', begin: ({ statusCode }) => { begun = statusCode; } }).promise;
      if (page.statusCode !== 200 || page.bytesWritten !== 2 || begun !== 200) throw new Error('download');
      const missing = await RNFS.downloadFile({ fromUrl: SERVER + '/missing', toFile: folder + '/none' }).promise;
      if (missing.statusCode !== 404 || (await RNFS.exists(folder + '/none'))) throw new Error('missing');
      const sent = await RNFS.uploadFiles({ toUrl: SERVER + '/echo', files: [{ name: 'job', filename: 'job.json', filepath: job, filetype: 'application/json' }], fields: { a: 'b' } }).promise;
      if (sent.statusCode !== 200 || !sent.body.includes('filename="job.json"') || !sent.body.includes('name="a"')) throw new Error(sent.body);
      const slow = RNFS.downloadFile({ fromUrl: SERVER, toFile: folder + '/none' });
      RNFS.stopDownload(slow.jobId);
      if ((await slow.promise.then(() => 'came', () => 'stopped')) !== 'stopped') throw new Error('stop');
      await RNFS.moveFile(RNFS.CachesDirectoryPath + '/c.json', folder + '/c.json');
      const names = (await RNFS.readDir(folder)).map(({ name }) => name).sort().join();
      if (names !== 'c.json,ä b.json') throw new Error(names);
      await RNFS.unlink(folder + '/c.json');
      return had + 1;`,
    args: TWICE,
    exit: 0,
    remaining: 11,
    says: ['react-native-fs: its native half is played here (files)'],
  },
  {
    name: 'react-native-fs without a network',
    packages: { 'react-native-fs': '2.20.0' },
    top: "import RNFS from 'react-native-fs';",
    body: "await RNFS.downloadFile({ fromUrl: SERVER, toFile: RNFS.DocumentDirectoryPath + '/a' }).promise; return 0;",
    args: ['--offline'],
    exit: 3,
    says: ['Network request failed'],
  },
  {
    name: 'react-native-fs outside of the app',
    packages: { 'react-native-fs': '2.20.0' },
    top: "import RNFS from 'react-native-fs';",
    body: "await RNFS.unlink(RNFS.DocumentDirectoryPath + '/../../../..'); return 0;",
    exit: 3,
    says: ["outside of the app's folders"],
  },
  ...(
    [
      ['react-native-blob-util', '0.19.11'],
      ['react-native-blob-util', '0.25.1'],
      ['rn-fetch-blob', '0.12.0'],
    ] as const
  ).map(([packageName, version]): LocalCase => ({
    name: `${packageName} ${version}`,
    documented: 'react-native-fs, react-native-blob-util, rn-fetch-blob',
    // It imports lodash, and does not say so.
    packages: { [packageName]: version, lodash: '4.17.21' },
    top: `import BlobUtil from '${packageName}';\nconst { fs } = BlobUtil;`,
    body: `
      const folder = fs.dirs.DocumentDir + '/outbox';
      if (!(await fs.isDir(folder))) await fs.mkdir(folder);
      const job = folder + '/a.json';
      const had = (await fs.exists(job)) ? 10 : 0;
      await fs.writeFile(job, '{"a":1}', 'utf8');
      await fs.appendFile(job, ' ', 'utf8');
      if ((await fs.readFile(job, 'utf8')) !== '{"a":1} ' || (await fs.stat(job)).size !== 8) throw new Error('read');
      const stream = await fs.writeStream(folder + '/s', 'base64', false);
      await stream.write(BlobUtil.base64.encode('xy'));
      await stream.close();
      const read = await fs.readStream(folder + '/s', 'utf8');
      const text = await new Promise((resolve, reject) => { let all = ''; read.onData((part: any) => { all += part; }); read.onEnd(() => resolve(all)); read.onError(reject); read.open(); });
      if (text !== 'xy') throw new Error('stream');
      const sent = await BlobUtil.fetch('POST', SERVER + '/echo', { 'Content-Type': 'application/json' }, BlobUtil.wrap(job));
      if (sent.json().a !== 1 || sent.info().status !== 200) throw new Error('send');
      const form = await BlobUtil.fetch('POST', SERVER + '/echo', {}, [{ name: 'job', filename: 'j.json', type: 'application/json', data: BlobUtil.wrap(job) }, { name: 'n', data: '7' }]);
      if (!form.text().includes('filename="j.json"') || !form.text().includes('name="n"')) throw new Error(form.text());
      const plain = await BlobUtil.fetch('POST', SERVER + '/echo', { 'Content-Type': 'application/octet-stream' }, BlobUtil.base64.encode('[4]'));
      if (plain.json()[0] !== 4) throw new Error('base64');
      const page = await BlobUtil.config({ path: folder + '/c.json' }).fetch('GET', SERVER);
      if (page.path() !== folder + '/c.json' || page.info().status !== 200) throw new Error('path');
      const missing = await BlobUtil.config({ fileCache: true, appendExt: 'json' }).fetch('GET', SERVER + '/missing');
      if (missing.info().status !== 404 || !missing.path().endsWith('.json')) throw new Error('missing');
      const names = (await fs.ls(folder)).sort().join();
      if (names !== 'a.json,c.json,s') throw new Error(names);
      await fs.unlink(folder + '/c.json');
      return had + 1;`,
    args: TWICE,
    exit: 0,
    remaining: 11,
    says: [`${packageName}: its native half is played here (files)`],
  })),
  {
    name: 'react-native-blob-util without a network',
    packages: { 'react-native-blob-util': '0.25.1' },
    top: "import BlobUtil from 'react-native-blob-util';",
    body: "await BlobUtil.config({ fileCache: true }).fetch('GET', SERVER); return 0;",
    args: ['--offline'],
    exit: 3,
    says: ['Network request failed'],
  },
  {
    name: 'what one library downloads, another reads',
    packages: { 'react-native-blob-util': '0.25.1', 'react-native-fs': '2.20.0' },
    top: "import BlobUtil from 'react-native-blob-util';\nimport RNFS from 'react-native-fs';",
    body: "const page = await BlobUtil.config({ fileCache: true }).fetch('GET', SERVER); return (await RNFS.readFile(page.path())).length;",
    exit: 0,
    remaining: 2,
  },
  {
    name: 'Notifee',
    documented: '@notifee/react-native',
    packages: { '@notifee/react-native': '9.1.8', react: '19.1.0' },
    top: "import notifee, { AndroidImportance } from '@notifee/react-native';\nnotifee.onBackgroundEvent(async () => {});",
    body: `
      const shown = await notifee.getDisplayedNotifications();
      if (shown.length === 0) await notifee.displayNotification({ id: 'a', title: 'Too early', android: { channelId: 'sync' } });
      const channelId = await notifee.createChannel({ id: 'sync', name: 'Sync', importance: AndroidImportance.LOW });
      if (!(await notifee.isChannelCreated('sync'))) throw new Error('channel');
      await notifee.displayNotification({ id: 'b', title: 'Sent 3 notes', android: { channelId } });
      await notifee.cancelNotification('a');
      await notifee.setBadgeCount(3);
      return shown.length;`,
    args: TWICE,
    exit: 0,
    remaining: 1,
    says: [
      '@notifee/react-native: its native half is played here (a file, nothing is shown)',
      'the notification “Too early” is kept, and not shown here; Android would not show it, since its channel sync is not created.',
      'the notification “Sent 3 notes” is kept, and not shown here.',
    ],
  },
  ...(['22.4.0', '26.4.0'] as const).map((version): LocalCase => ({
    name: `React Native Firebase ${version}`,
    documented: '@react-native-firebase/app, messaging, crashlytics, analytics',
    packages: {
      '@react-native-firebase/app': version,
      '@react-native-firebase/messaging': version,
      '@react-native-firebase/crashlytics': version,
      '@react-native-firebase/analytics': version,
      ...REACT_NATIVE,
    },
    top: `
      import { getApp } from '@react-native-firebase/app';
      import { getCrashlytics, log, recordError } from '@react-native-firebase/crashlytics';
      import { getAnalytics, logEvent } from '@react-native-firebase/analytics';
      import { getMessaging, getToken, setBackgroundMessageHandler } from '@react-native-firebase/messaging';
      setBackgroundMessageHandler(getMessaging(), async () => {});`,
    body: `
      log(getCrashlytics(), 'sync begins');
      await logEvent(getAnalytics(), 'sync_done', { n: 3 });
      recordError(getCrashlytics(), new Error('Boom'));
      const refused = await getToken(getMessaging()).then(() => '', (error) => error.code);
      return getApp().name === '[DEFAULT]' && refused === 'messaging/unavailable' ? 5 : 0;`,
    exit: 0,
    remaining: 5,
    says: [
      '@react-native-firebase/crashlytics: log “sync begins”: said here, and sent nowhere.',
      '@react-native-firebase/crashlytics: recordError “Boom”: said here, and sent nowhere.',
      '@react-native-firebase/analytics: logEvent “sync_done”: said here, and sent nowhere.',
    ],
    never: ['is not played here'],
  })),
  {
    name: 'a handler that needs a push token',
    packages: {
      '@react-native-firebase/app': '26.4.0',
      '@react-native-firebase/messaging': '26.4.0',
      ...REACT_NATIVE,
    },
    top: "import { getMessaging, getToken } from '@react-native-firebase/messaging';",
    body: 'return (await getToken(getMessaging())).length;',
    exit: 3,
    says: ['getToken of @react-native-firebase/messaging needs a phone'],
  },
  {
    name: 'what an app says of itself, in one: device-info, localize, Bugsnag, the fork of react-native-fs',
    documented:
      'react-native-localize, @bugsnag/react-native, @dr.pogodin/react-native-fs, forms with files',
    packages: {
      'react-native-localize': '3.7.2',
      '@bugsnag/react-native': '8.4.0',
      '@dr.pogodin/react-native-fs': '2.40.3',
      ...REACT_NATIVE,
    },
    top: `
      import Bugsnag from '@bugsnag/react-native';
      import * as Files from '@dr.pogodin/react-native-fs';
      import { findBestLanguageTag, getTimeZone } from 'react-native-localize';
      Bugsnag.start();`,
    body: `
      const path = Files.DocumentDirectoryPath + '/photo.jpg';
      await Files.writeFile(path, 'bytes');
      if ((await Files.readDir(Files.DocumentDirectoryPath)).map((file) => [file.name, file.isFile()]).join() !== 'photo.jpg,true') throw new Error('names');
      const form = new FormData();
      form.append('photo', { uri: 'file://' + path, name: 'photo.jpg', type: 'image/jpeg' } as never);
      const sent = await (await fetch(SERVER + '/form', { method: 'POST', body: form, headers: { 'Content-Type': 'multipart/form-data' } })).text();
      if (!sent.includes('filename="photo.jpg"') || !sent.includes('bytes')) throw new Error(sent);
      Bugsnag.notify(new Error('Boom'));
      await new Promise((resolve) => setTimeout(resolve, 50));
      return findBestLanguageTag(['en', 'de']) !== undefined && getTimeZone() !== '' ? 3 : 0;`,
    exit: 0,
    remaining: 3,
    says: [
      '@bugsnag/react-native: notify “Error: Boom”: said here, and sent nowhere.',
      'react-native-localize: its native half is played here',
    ],
    never: ['is not played here', 'Synchronous call', 'remote debugger', 'Invalid configuration'],
  },
  {
    name: 'what an Expo app says of itself, in one',
    documented:
      'expo-device, expo-application, expo-localization, expo-battery, expo-updates (updates are off)',
    packages: {
      'expo-device': '57.0.2',
      'expo-application': '57.0.3',
      'expo-localization': '57.0.2',
      'expo-battery': '57.0.3',
      'expo-updates': '57.0.24',
      react: '19.1.0',
    },
    top: `
      import * as Application from 'expo-application';
      import * as Battery from 'expo-battery';
      import * as Device from 'expo-device';
      import * as Localization from 'expo-localization';
      import * as Updates from 'expo-updates';`,
    body: `
      const { lowPowerMode, batteryLevel } = await Battery.getPowerStateAsync();
      if (lowPowerMode || batteryLevel !== 0.5) throw new Error(String(batteryLevel));
      const all = [Application.nativeBuildVersion, Device.osVersion, Localization.getLocales()[0]?.languageCode, Localization.getCalendars()[0]?.timeZone];
      return all.every(Boolean) && !Device.isDevice && !Updates.isEnabled ? 3 : 0;`,
    args: ['--battery', '50'],
    exit: 0,
    remaining: 3,
    never: ['is not played here'],
  },
  {
    name: 'Realm without a native half',
    packages: { realm: '20.2.0', react: '19.1.0' },
    top: "import Realm from 'realm';",
    body: 'return (await Realm.open({ schema: [] })).isClosed ? 1 : 0;',
    exit: 3,
    says: ['realm.open does not exist', 'src/background-sync.ts:4', '"realm":"local/realm.ts"'],
  },
  ...GENERATED_QUEUES,
  {
    name: 'axios takes the adapter of a phone',
    documented: 'axios, fetch, XMLHttpRequest',
    // The installed react-native says which globals there are.
    packages: { axios: '1.21.1', ...REACT_NATIVE },
    top: "import axios from 'axios';",
    body: `
      const answer = await axios.post(SERVER + '/echo', { a: 1 }, { signal: window.signal, timeout: 5000 });
      if (answer.data.a !== 1 || answer.headers['x-played'] !== 'yes') throw new Error('answer');
      const name = await axios.get(SERVER + '/missing').then(() => '', (error) => error.response.status);
      return name === 404 ? 7 : 0;`,
    exit: 0,
    remaining: 7,
  },
  {
    name: 'axios without a network',
    packages: { axios: '1.21.1' },
    top: "import axios from 'axios';",
    body: 'await axios.get(SERVER);',
    args: ['--offline'],
    exit: 3,
    says: ['Network Error'],
  },
  {
    name: 'clients of servers: ky, graphql-request, urql, PocketBase; nanoid, react-native-uuid',
    documented: 'ky, ofetch, graphql-request, @urql/core, pocketbase, nanoid, react-native-uuid',
    packages: {
      ky: '2.1.0',
      ofetch: '1.5.1',
      'graphql-request': '7.4.0',
      graphql: '16.15.0',
      nanoid: '5.1.5',
      'react-native-uuid': '2.0.4',
      'react-native-get-random-values': '2.0.0',
      pocketbase: '0.28.1',
      '@urql/core': '6.0.3',
    },
    top: `
      import 'react-native-get-random-values';
      import ky from 'ky';
      import { ofetch } from 'ofetch';
      import { GraphQLClient, gql } from 'graphql-request';
      import { nanoid } from 'nanoid';
      import uuid from 'react-native-uuid';
      import PocketBase from 'pocketbase';
      import { Client, fetchExchange } from '@urql/core';`,
    body: `
      const { a } = await ky.post(SERVER + '/echo', { json: { a: 1 }, retry: 0, signal: window.signal }).json<any>();
      const { b } = await ofetch('/echo', { baseURL: SERVER, method: 'POST', body: { b: 2 } });
      const failed = await ky.get(SERVER + '/missing', { retry: 0 }).then(() => 0, (error) => error.response.status);
      const asked = await new GraphQLClient(SERVER + '/missing').request(gql\`{ a }\`).then(() => 0, (error) => error.response.status);
      const made = await new PocketBase(SERVER).collection('notes').create({ title: 'x' });
      const client = new Client({ url: SERVER + '/missing', exchanges: [fetchExchange], preferGetMethod: false } as any);
      const { error } = await client.mutation('mutation { a }', {}).toPromise();
      if (a !== 1 || b !== 2 || failed !== 404 || asked !== 404 || made.title !== 'x' || error === undefined) throw new Error([a, b, failed, asked, made.title, error].join());
      return nanoid().length + String(uuid.v4()).length;`,
    exit: 0,
    remaining: 57,
  },
  {
    name: 'what Node has and this React Native has not',
    packages: REACT_NATIVE,
    body: `
      const texts = await Promise.allSettled([
        async () => new Blob([new Uint8Array(1)]),
        async () => new Blob(['a']).text(),
        async () => window.signal.throwIfAborted(),
        async () => new Intl.ListFormat('en'),
        async () => { const form = new FormData(); form.append('a', 'b'); return (form as any).get('a'); },
        async () => new EventTarget(),
      ].map((run) => run())).then((all) => all.map((one: any) => String(one.reason)));
      const { signal } = new AbortController();
      // What is a phone's goes on: the bytes of a Blob by FileReader, forms, an abort.
      const bytes: any = await new Promise((done) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.readAsText(new Blob(['abc'])); });
      const form = new FormData();
      form.append('a', new Blob(['b']));
      const sent = await (await fetch(new URL('/echo', SERVER), { method: 'POST', body: form, signal })).blob();
      const url = new URL('https://a.example/b/');
      if (bytes !== 'abc' || sent.size < 100 || !(window.signal instanceof AbortSignal) || !(sent instanceof Blob)) throw new Error([bytes, sent.size].join());
      if (!/^Error: Creating blobs.*,TypeError.*text is not.*,TypeError.*throwIfAborted is not.*,TypeError.*ListFormat is not.*,TypeError.*get is not.*,ReferenceError: EventTarget/.test(texts.join())) throw new Error(texts.join());
      await fetch(SERVER + '/echo', { signal: AbortSignal.timeout(1000) });
      return url.href.length;`,
    exit: 3,
    says: [
      'TypeError: AbortSignal.timeout is not a function',
      'AbortSignal.timeout does not exist on a phone: React Native has it from 0.87 on; use an AbortController, and setTimeout.',
    ],
  },
  {
    name: "React Native's own URL",
    packages: { 'react-native': '0.77.3', react: '19.1.0' },
    body: "return new URL('/a', SERVER).hostname.length;",
    exit: 3,
    says: ['URL.hostname is not implemented', 'import react-native-url-polyfill/auto first'],
  },
  {
    name: "FormatJS in place of what Hermes' Intl has not",
    documented: '@formatjs/intl-…',
    packages: {
      ...REACT_NATIVE,
      '@formatjs/intl-locale': '5.3.12',
      '@formatjs/intl-pluralrules': '6.3.16',
      '@formatjs/intl-relativetimeformat': '13.0.1',
      '@formatjs/intl-listformat': '8.3.15',
    },
    // The first two are what the others need: https://formatjs.github.io/docs/polyfills
    top: `
      import '@formatjs/intl-locale/polyfill.js';
      import '@formatjs/intl-pluralrules/polyfill.js';
      import '@formatjs/intl-pluralrules/locale-data/en.js';
      import '@formatjs/intl-relativetimeformat/polyfill.js';
      import '@formatjs/intl-relativetimeformat/locale-data/en.js';
      import '@formatjs/intl-listformat/polyfill.js';
      import '@formatjs/intl-listformat/locale-data/en.js';`,
    body: "return new Intl.RelativeTimeFormat('en').format(1, 'day').length + new Intl.ListFormat('en').format(['a', 'b']).length;",
    exit: 0,
    remaining: 15,
  },
  {
    name: 'packages that begin natively while they load, an alert in a catch',
    packages: {
      ...REACT_NATIVE,
      'react-native-onesignal': '5.5.13',
      'react-native-quick-crypto': '1.1.7',
      'react-native-nitro-modules': '0.37.1',
      '@craftzdog/react-native-buffer': '6.1.2',
    },
    top: `
      import { Alert, Share, useColorScheme } from 'react-native';
      import { OneSignal } from 'react-native-onesignal';
      import { install } from 'react-native-quick-crypto';
      install();
      export const later = [OneSignal, Share.share, useColorScheme];`,
    body: "try { throw new Error('no'); } catch (error) { Alert.alert('Sync', String(error)); } return 0;",
    exit: 0,
    remaining: 0,
    says: ['Alert “Sync: Error: no”: nobody sees it in the background.'],
    never: ['is not played here'],
  },
  {
    name: 'react-native-quick-crypto, used',
    packages: {
      ...REACT_NATIVE,
      'react-native-quick-crypto': '1.1.7',
      'react-native-nitro-modules': '0.37.1',
      '@craftzdog/react-native-buffer': '6.1.2',
    },
    top: "import QuickCrypto from 'react-native-quick-crypto';",
    body: "return QuickCrypto.createHash('sha256').update('a').digest('hex').length;",
    exit: 3,
    says: [
      '{"local":{"alias":{"react-native-quick-crypto":"local/react-native-quick-crypto.ts"}}}',
    ],
  },
  {
    name: 'drizzle with its migrations, Kysely',
    documented: 'drizzle-orm with migrations (babel-plugin-inline-import), kysely-expo',
    node: 24,
    packages: {
      ...REACT_NATIVE,
      '@babel/core': '7.28.4',
      '@babel/runtime': '7.28.4',
      '@react-native/babel-preset': '0.81.6',
      'babel-plugin-inline-import': '3.0.0',
      'expo-sqlite': '57.0.3',
      'drizzle-orm': '0.45.4',
      kysely: '0.28.2',
      'kysely-expo': '5.0.0',
    },
    files: {
      'babel.config.js':
        "module.exports = { presets: ['module:@react-native/babel-preset'], plugins: [['inline-import', { extensions: ['.sql'] }]] };",
      'src/drizzle/0000_a.sql': 'CREATE TABLE `notes` (`id` integer PRIMARY KEY, `title` text);\n',
      'src/drizzle/migrations.js':
        "import journal from './meta/_journal.json';\nimport m0000 from './0000_a.sql';\nexport default { journal, migrations: { m0000 } };\n",
      'src/drizzle/meta/_journal.json': JSON.stringify({
        entries: [{ idx: 0, when: 1, tag: '0000_a', breakpoints: true }],
      }),
    },
    top: `
      import { openDatabaseSync } from 'expo-sqlite';
      import { drizzle } from 'drizzle-orm/expo-sqlite';
      import { migrate } from 'drizzle-orm/expo-sqlite/migrator';
      import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
      import { Kysely } from 'kysely';
      import { ExpoDialect } from 'kysely-expo';
      import migrations from './drizzle/migrations';
      const notes = sqliteTable('notes', { id: integer('id').primaryKey(), title: text('title') });`,
    body: `
      const db = drizzle(openDatabaseSync('d.db'));
      await migrate(db, migrations as any);
      await db.insert(notes).values({ title: 'x' });
      const kysely = new Kysely<any>({ dialect: new ExpoDialect({ database: 'd.db' }) });
      return (await kysely.selectFrom('notes').selectAll().execute()).length;`,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'TypeORM on react-native-sqlite-storage',
    documented: 'typeorm on react-native-sqlite-storage',
    node: 24,
    packages: {
      typeorm: '0.3.27',
      'reflect-metadata': '0.2.2',
      'react-native-sqlite-storage': '6.0.1',
    },
    top: `
      import 'reflect-metadata';
      import { DataSource, EntitySchema } from 'typeorm';
      const Note = new EntitySchema({ name: 'note', columns: { id: { type: Number, primary: true, generated: true }, title: { type: String } } } as any);
      const source = new DataSource({ type: 'react-native', database: 'app.db', location: 'default', synchronize: true, entities: [Note] } as any);`,
    body: `
      if (!source.isInitialized) await source.initialize();
      const notes = source.getRepository('note');
      const before = await notes.count();
      await notes.save({ title: 'x' });
      return before;`,
    args: TWICE,
    exit: 0,
    remaining: 1,
  },
  {
    name: 'supabase-js',
    documented: '@supabase/supabase-js',
    packages: { '@supabase/supabase-js': '2.119.1', 'react-native-url-polyfill': '2.0.0' },
    top: "import 'react-native-url-polyfill/auto';\nimport { createClient } from '@supabase/supabase-js';",
    body: `
      const client = createClient(SERVER, 'key', { auth: { persistSession: false } });
      const { error, status } = await client.from('jobs').insert({ a: 1 });
      if (error !== null) throw new Error(error.message);
      return status;`,
    exit: 0,
    remaining: 201,
  },
  {
    name: 'Babel of the app: module-resolver, Flow, JSX and decorators in .js',
    documented: "the app's own babel.config.js",
    packages: {
      '@babel/core': '7.28.4',
      '@babel/runtime': '7.28.4',
      '@react-native/babel-preset': '0.81.6',
      'babel-plugin-module-resolver': '5.0.3',
      react: '19.1.0',
    },
    files: {
      'babel.config.js':
        "module.exports = { presets: ['module:@react-native/babel-preset'], plugins: [['module-resolver', { alias: { '@deep': './src/deep' } }]] };",
      'src/deep/flow.js':
        "// @flow\nimport * as React from 'react';\nexport type Job = {| +id: number |};\nexport const view = (): React.Node => <></>;\nexport const count = (jobs: Array<Job>): number => jobs.length;\n",
    },
    top: "import { count } from '@deep/flow';",
    body: "const { count: again } = await import('@deep/flow'); return count([{ id: 1 }]) + again([]);",
    exit: 0,
    remaining: 1,
  },
  {
    name: "Babel of the app: .babelrc.js, as Nx lays it, for the generated package's folder too",
    packages: {
      '@babel/core': '7.28.4',
      '@babel/runtime': '7.28.4',
      '@react-native/babel-preset': '0.81.6',
      'babel-plugin-module-resolver': '5.0.3',
      react: '19.1.0',
    },
    files: {
      '.babelrc.js':
        "module.exports = (api) => { api.cache(true); return { presets: ['module:@react-native/babel-preset'], plugins: [['module-resolver', { alias: { '@deep': './src/deep' } }]] }; };",
      'src/deep/count.js': 'export const count = (jobs) => jobs.length;\n',
    },
    top: "import { count } from '@deep/count';",
    body: 'return count([{ id: 1 }]);',
    exit: 0,
    remaining: 1,
  },
  {
    name: 'Flow and JSX in .js without Babel',
    documented: 'Flow and JSX in .js',
    packages: { react: '19.1.0' },
    files: {
      'src/flow.js':
        "// @flow\nimport * as React from 'react';\nexport type Job = {| +id: number |};\nexport const view = (): React.Node => <></>;\nexport const count = (jobs: Array<Job>): number => jobs.length;\n",
    },
    top: "import { count } from './flow';",
    body: 'return count([{ id: 1 }]);',
    exit: 0,
    remaining: 1,
  },
  {
    name: '@sentry/react-native on the installed react-native',
    documented: '@sentry/react-native',
    packages: {
      '@sentry/react-native': '8.28.0',
      'react-native': '0.81.6',
      '@react-native/babel-preset': '0.81.6',
      '@babel/core': '7.28.4',
      react: '19.1.0',
    },
    files: {
      'babel.config.js': "module.exports = { presets: ['module:@react-native/babel-preset'] };",
    },
    top: "import * as Sentry from '@sentry/react-native';\nSentry.init({ dsn: 'https://a@b.ingest.sentry.io/1' });",
    body: "Sentry.captureException(new Error('x')); return 1;",
    exit: 0,
    remaining: 1,
    says: ['@sentry/react-native: its native half (RNSentry) is not played here.'],
  },
  {
    name: 'a package whose native half is not there says so when the handler fails',
    packages: { 'react-native-background-upload': '6.6.0', react: '19.1.0' },
    top: "import Upload from 'react-native-background-upload';",
    body: "return (await Upload.startUpload({ url: SERVER, path: '/a', method: 'POST' } as never)).length;",
    exit: 3,
    says: [
      'react-native-background-upload: its native half (',
      '{"local":{"alias":{"react-native-background-upload":"local/react-native-background-upload.ts"}}}',
    ],
  },
  {
    name: 'a package that the app uses while it loads, and whose native half is not there',
    packages: { 'react-native-mmkv-storage': '12.0.1', react: '19.1.0' },
    top: "import { MMKVLoader } from 'react-native-mmkv-storage';\nexport const kept = new MMKVLoader().initialize();",
    body: 'return 0;',
    exit: 2,
    says: ['react-native-mmkv-storage: its native half (MMKVStorage) is not played here.'],
  },
  {
    name: 'Expo: notifications, tasks, location',
    documented:
      'expo-notifications, expo-task-manager, expo-background-task, expo-background-fetch, expo-location',
    packages: {
      'expo-notifications': '57.0.21',
      'expo-task-manager': '57.0.21',
      'expo-background-task': '57.0.21',
      'expo-background-fetch': '57.0.21',
      'expo-location': '57.0.20',
      react: '19.1.0',
    },
    top: `
      import * as Notifications from 'expo-notifications';
      import * as TaskManager from 'expo-task-manager';
      import * as BackgroundTask from 'expo-background-task';
      import * as BackgroundFetch from 'expo-background-fetch';
      import * as Location from 'expo-location';
      Notifications.setNotificationHandler({ handleNotification: async () => ({ shouldShowBanner: true, shouldShowList: true, shouldPlaySound: false, shouldSetBadge: false }) });
      for (const name of ['sync', 'fetch']) TaskManager.defineTask(name, async () => BackgroundTask.BackgroundTaskResult.Success);`,
    body: `
      const was = await TaskManager.isTaskRegisteredAsync('sync');
      if (was) await BackgroundFetch.unregisterTaskAsync('fetch');
      else await BackgroundFetch.registerTaskAsync('fetch', { minimumInterval: 900 });
      await BackgroundTask.registerTaskAsync('sync', { minimumInterval: 15 });
      const states = [await BackgroundTask.getStatusAsync(), await BackgroundFetch.getStatusAsync(), ...(await TaskManager.getRegisteredTasksAsync()).map(({ taskName }) => taskName).sort()].join();
      if (states !== (was ? '2,3,sync' : '2,3,fetch,sync')) throw new Error(states);
      if (!(await Notifications.getPermissionsAsync()).granted) throw new Error('permission');
      await Notifications.setNotificationChannelAsync('sync', { name: 'Sync', importance: Notifications.AndroidImportance.LOW });
      if ((await Notifications.getNotificationChannelAsync('sync'))?.name !== 'Sync') throw new Error('channel');
      await Notifications.scheduleNotificationAsync({ identifier: 'now', content: { title: 'Sent', body: '3 notes' }, trigger: null });
      await Notifications.scheduleNotificationAsync({ identifier: 'later', content: { title: 'Later' }, trigger: { type: Notifications.SchedulableTriggerInputTypes.TIME_INTERVAL, seconds: 60, channelId: 'sync' } });
      const [{ identifier }] = await Notifications.getAllScheduledNotificationsAsync();
      const [{ request }] = await Notifications.getPresentedNotificationsAsync();
      if (identifier !== 'later' || request.identifier !== 'now' || request.content.body !== '3 notes') throw new Error(identifier);
      if ((await Notifications.getBadgeCountAsync()) !== (was ? 3 : 0)) throw new Error('badge');
      await Notifications.setBadgeCountAsync(3);
      const token = await Notifications.getDevicePushTokenAsync().then(() => '', (error) => error.message);
      const { granted } = await Location.getForegroundPermissionsAsync();
      const place = await Location.getLastKnownPositionAsync().then(() => '', (error) => error.code);
      if (granted || place !== 'ERR_LOCATION_UNAUTHORIZED' || !token.includes('needs a phone')) throw new Error(token + place);
      return was ? 1 : 0;`,
    args: TWICE,
    exit: 0,
    remaining: 1,
    says: [
      'expo-notifications: the notification “Sent: 3 notes” is kept, and not shown here.',
      'expo-notifications: the notification “Later” is kept, and does not go off here.',
      'expo-background-task: the task “sync” is kept as registered, and not run here',
      'expo-location: getLastKnownPositionAsync fails, as on a phone whose owner has not granted it.',
    ],
    never: ['is not played here', 'Unhandled promise rejection', 'Error reading'],
  },
  ...['1.5.5', '1.7.2'].map((version): LocalCase => ({
    name: `react-native-config ${version}`,
    documented: 'react-native-config',
    packages: { 'react-native-config': version },
    files: { '.env': 'API_URL="abc" # d\n' },
    top: "import Config from 'react-native-config';",
    body: 'return String(Config.API_URL).length;',
    exit: 0,
    remaining: 3,
    says: ['react-native-config: its native half is played here (.env)'],
  })),
  {
    name: 'react-native-device-info and react-native-encrypted-storage',
    documented: 'react-native-device-info, react-native-encrypted-storage',
    packages: {
      'react-native-device-info': '15.0.2',
      'react-native-encrypted-storage': '4.0.3',
      react: '19.1.0',
    },
    top: "import DeviceInfo from 'react-native-device-info';\nimport Store from 'react-native-encrypted-storage';",
    body: `
      const agent = DeviceInfo.getSystemName() + DeviceInfo.getVersion() + (await DeviceInfo.getUniqueId());
      if (agent !== 'Android0.0.0bgsync') throw new Error(agent);
      const n = Number(await Store.getItem('a'));
      await Store.setItem('a', '4');
      return n;`,
    args: TWICE,
    exit: 0,
    remaining: 4,
  },
  ...['18.1.11', '19.0.24', '58.0.14'].map((version): LocalCase => ({
    name: `expo-file-system ${version}, as files of text`,
    documented: 'expo-file-system',
    packages: { 'expo-file-system': version, react: '19.1.0' },
    top: `import * as Files from '${version.startsWith('18') ? 'expo-file-system' : 'expo-file-system/legacy'}';`,
    body: `
      const folder = Files.documentDirectory + 'outbox/';
      const job = folder + 'a b.json';
      await Files.makeDirectoryAsync(folder, { intermediates: true });
      const had = (await Files.getInfoAsync(job)).exists ? 10 : 0;
      await Files.writeAsStringAsync(job, '{"a":1}');
      const answer = await Files.uploadAsync(SERVER + '/echo', job, { httpMethod: 'POST', uploadType: Files.FileSystemUploadType.BINARY_CONTENT });
      if (JSON.parse(answer.body).a !== 1 || answer.status !== 200) throw new Error(answer.body);
      const page = await Files.downloadAsync(SERVER, Files.cacheDirectory + 'c.json');
      if (page.status !== 200) throw new Error('download');
      await Files.moveAsync({ from: page.uri, to: folder + 'c.json' });
      const gone = (await Files.getInfoAsync(page.uri)).exists ? 100 : 0;
      return (await Files.readDirectoryAsync(folder)).length + had + gone + (await Files.readAsStringAsync(job)).length;`,
    args: TWICE,
    exit: 0,
    remaining: 19,
  })),
  ...['19.0.24', '58.0.14'].map((version): LocalCase => ({
    name: `expo-file-system ${version}, as File and Directory`,
    packages: { 'expo-file-system': version, react: '19.1.0' },
    top: "import { Directory, File, Paths } from 'expo-file-system';",
    body: `
      const folder = new Directory(Paths.document, 'outbox');
      const had = folder.exists ? 10 : 0;
      folder.create({ idempotent: true });
      const job = new File(folder, 'a b.json');
      await job.write('{"a":1}');
      const page = await File.downloadFileAsync(SERVER, new File(Paths.cache, 'c.json'), { idempotent: true } as object);
      await job.copy(new File(Paths.cache, had === 0 ? 'd.json' : 'e.json'));
      const names = folder.list().map((each) => each.name).join();
      if (names !== 'a b.json' || page.textSync() !== '{}') throw new Error(names);
      return (await job.text()).length + had + job.size;`,
    args: TWICE,
    exit: 0,
    remaining: 24,
  })),
  {
    name: 'expo-file-system outside of the app',
    packages: { 'expo-file-system': '58.0.14', react: '19.1.0' },
    top: "import { File } from 'expo-file-system';",
    body: "new File('file:///etc/hostname').delete(); return 0;",
    exit: 3,
    says: ["outside of the app's folders"],
  },
  {
    name: 'TanStack Query and RTK Query',
    documented: '@tanstack/react-query, @reduxjs/toolkit',
    packages: {
      '@reduxjs/toolkit': '2.15.0',
      '@tanstack/react-query': '5.108.4',
      react: '19.1.0',
      'react-redux': '9.3.1',
    },
    top: "import { QueryClient } from '@tanstack/react-query';\nimport { configureStore } from '@reduxjs/toolkit';\nimport { createApi, fetchBaseQuery } from '@reduxjs/toolkit/query/react';",
    body: `
      const api = createApi({ baseQuery: fetchBaseQuery({ baseUrl: SERVER }), endpoints: (build) => ({ job: build.mutation<any, object>({ query: (body) => ({ url: '/echo', method: 'POST', body }) }) }) });
      const store = configureStore({ reducer: { [api.reducerPath]: api.reducer }, middleware: (all) => all().concat(api.middleware) });
      const { a } = await (store.dispatch(api.endpoints.job.initiate({ a: 3 })) as any).unwrap();
      return a + (await new QueryClient().fetchQuery({ queryKey: ['a'], queryFn: async () => (await fetch(SERVER)).status }));`,
    exit: 0,
    remaining: 203,
  },
  {
    name: 'Firebase for JavaScript, Apollo',
    documented: 'firebase, @apollo/client',
    packages: {
      firebase: '13.2.0',
      '@apollo/client': '3.14.1',
      graphql: '16.15.0',
      react: '19.1.0',
      '@react-native-async-storage/async-storage': '2.2.0',
    },
    top: "import { initializeApp } from 'firebase/app';\nimport { getReactNativePersistence, initializeAuth } from 'firebase/auth';\nimport { getFirestore } from 'firebase/firestore';\nimport AsyncStorage from '@react-native-async-storage/async-storage';\nimport { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';",
    body: `
      const app = initializeApp({ projectId: 'x', apiKey: 'y', appId: 'z' });
      getFirestore(app);
      const auth = initializeAuth(app, { persistence: getReactNativePersistence(AsyncStorage) });
      await auth.authStateReady();
      const client = new ApolloClient({ link: new HttpLink({ uri: SERVER + '/missing' }), cache: new InMemoryCache() });
      const { statusCode } = await client.mutate({ mutation: gql\`mutation { a }\` }).catch((error) => error.networkError);
      return auth.currentUser === null && statusCode === 404 ? 5 : 0;`,
    exit: 0,
    remaining: 5,
  },
  {
    name: 'a module with components beside its logic',
    packages: { react: '19.1.0' },
    files: {
      'src/screen.tsx': `import * as React from 'react';
import { Animated, Dimensions, Easing, Image, InteractionManager, Linking, PixelRatio, StyleSheet, Text, View } from 'react-native';
const styles = StyleSheet.create({ box: { width: Dimensions.get('window').width / PixelRatio.get(), opacity: 1 } });
const Fading = Animated.createAnimatedComponent(View);
class Photo extends (Image as any) {}
const value = new Animated.Value(0).interpolate({ inputRange: [0, 1], outputRange: [0, 1] } as never);
Linking.addEventListener('url', () => {});
export const screen = () => <Fading style={[styles.box, { opacity: value }]}><Text><Photo /></Text></Fading>;
export const later = (run: () => number) => InteractionManager.runAfterInteractions(run);
export const size = Object.keys(StyleSheet.flatten([styles.box, { margin: Easing.ease(1) }])).length;
`,
    },
    top: "import { later, screen, size } from './screen';",
    body: 'void screen; return (await (later(() => 4) as any)) + size;',
    exit: 0,
    remaining: 7,
  },
  {
    name: 'Expo: .env, expo/fetch, forms',
    documented: 'expo/fetch, EXPO_PUBLIC_… of .env files',
    packages: {
      expo: '57.0.33',
      'babel-preset-expo': '57.0.17',
      '@babel/core': '7.28.4',
      'expo-task-manager': '57.0.21',
      'react-native': '0.86.3',
      react: '19.1.0',
    },
    files: { '.env': 'HOST=example.com\nEXPO_PUBLIC_API=https://$HOST\n' },
    top: "import { fetch as expoFetch } from 'expo/fetch';\nimport { File, Paths } from 'expo-file-system';\nimport * as TaskManager from 'expo-task-manager';\nTaskManager.defineTask('other', async () => undefined);",
    body: `
      const { status } = await expoFetch(SERVER);
      const photo = new File(Paths.document, 'photo.jpg');
      await photo.write('bytes');
      const form = new FormData();
      form.append('photo', photo as never);
      const sent = await (await fetch(SERVER + '/form', { method: 'POST', body: form })).text();
      if (!sent.includes('bytes') || !sent.includes('name="photo"')) throw new Error(sent);
      form.append('second', { uri: photo.uri, name: 'photo.jpg', type: 'image/jpeg' } as never);
      const why = await fetch(SERVER + '/form', { method: 'POST', body: form }).then(() => '', (error) => error.message);
      if (why !== 'Unsupported FormDataPart implementation') throw new Error(why);
      if (!(await TaskManager.isAvailableAsync()) || TaskManager.isTaskDefined('other') !== true) throw new Error('task');
      return status + String(process.env.EXPO_PUBLIC_API).length;`,
    exit: 0,
    remaining: 219,
    says: ['its part second is { uri, name, type }, which Expo'],
  },
];
