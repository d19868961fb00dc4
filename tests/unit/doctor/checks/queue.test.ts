import { packageJson } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';
import { background } from './ios-files.ts';

const REACT_NATIVE = { 'react-native': '0.87.2' };
const EXPO = { expo: '~57.0.0', ...REACT_NATIVE };

/** @param more of package.json */
const opSqlite = (code: string, more: object = {}): Files => ({
  'package.json': JSON.stringify({
    ...(JSON.parse(
      packageJson({ ...REACT_NATIVE, '@op-engineering/op-sqlite': '18.2.5' }),
    ) as object),
    ...more,
  }),
  'src/db.ts': `import { open } from '@op-engineering/op-sqlite';\n${code}\n`,
});

const expoSqlite = (code: string, config: object = {}): Files => ({
  'package.json': packageJson({ ...EXPO, 'expo-sqlite': '~57.0.0' }),
  'app.json': JSON.stringify({ expo: { name: 'demo', slug: 'demo', ...config } }),
  'src/db.ts': `import * as SQLite from 'expo-sqlite';\n${code}\n`,
});

/** @param keys what `openQueueStore` is given */
const queueOf = (driver: 'op-sqlite' | 'expo-sqlite', keys: string): Files => ({
  'src/sync-queue.ts': `import { openQueueStore } from '../modules/background-sync/src/queue/drivers/${driver}';
export const queue = new SyncQueue({ store: () => openQueueStore('sync-queue.db', ${keys}), send });
`,
});

const KEYED = `export const db = SQLite.openDatabaseSync('app.db');
db.execSync(\`PRAGMA key = "x'\${key}'"\`);`;
const CIPHER = { plugins: [['expo-sqlite', { useSQLCipher: true }]] };

describeCheck('Q01', {
  base: 'react-native',
  triggers: {
    'op-sqlite gets a key, and package.json does not ask for SQLCipher': {
      files: opSqlite("export const db = open({ name: 'app.db', encryptionKey: key });"),
      at: 'src/db.ts:2',
      message: 'plain text',
    },
    'op-sqlite, switched off': {
      files: opSqlite("export const db = open({ name: 'app.db', encryptionKey });", {
        'op-sqlite': { sqlcipher: false },
      }),
      at: 'src/db.ts:2',
    },
    'expo-sqlite gets a key, and the plugin is not told': {
      base: 'expo',
      files: expoSqlite(KEYED, { plugins: ['expo-sqlite'] }),
      at: 'src/db.ts:3',
      message: 'expo-sqlite is built without SQLCipher',
    },
    'the queue of bgsync on op-sqlite': {
      files: { ...opSqlite(''), ...queueOf('op-sqlite', 'keys') },
      at: 'src/sync-queue.ts:2',
      message: 'it refuses to open, and nothing is sent',
    },
    'the queue of bgsync on expo-sqlite': {
      base: 'expo',
      files: { ...expoSqlite(''), ...queueOf('expo-sqlite', 'keys') },
      at: 'src/sync-queue.ts:2',
      message: 'expo-sqlite is built without SQLCipher',
    },
  },
  near: {
    'the queue of bgsync, with SQLCipher': {
      ...opSqlite('', { 'op-sqlite': { sqlcipher: true } }),
      ...queueOf('op-sqlite', 'keys'),
    },
    'the queue of bgsync, meant to be plain': { ...opSqlite(''), ...queueOf('op-sqlite', 'null') },
    'op-sqlite with SQLCipher': opSqlite(
      "export const db = open({ name: 'app.db', encryptionKey: key });",
      { 'op-sqlite': { sqlcipher: true } },
    ),
    'no key': opSqlite("export const db = open({ name: 'app.db' });"),
    'a key in a comment': opSqlite(
      "// encryptionKey: some day\nexport const db = open({ name: 'app.db' });",
    ),
    'a key of something else': {
      ...opSqlite("export const db = open({ name: 'app.db' });"),
      'src/mmkv.ts': "export const store = new MMKV({ id: 'x', encryptionKey: 'y' });\n",
    },
  },
});

describeCheck('Q02', {
  base: 'expo',
  triggers: {
    'an exclusive transaction on a database with a key': {
      files: {
        ...expoSqlite(KEYED, CIPHER),
        'src/save.ts': `import { db } from './db';
export const save = () => db.withExclusiveTransactionAsync(async (tx) => tx.runAsync('DELETE FROM a'));
`,
      },
      at: 'src/save.ts:2',
    },
  },
  near: {
    'a database without a key': expoSqlite(`export const db = SQLite.openDatabaseSync('app.db');
export const save = () => db.withExclusiveTransactionAsync(async () => undefined);`),
    'another kind of transaction': expoSqlite(
      `${KEYED}\nexport const save = () => db.withTransactionAsync(async () => undefined);`,
      CIPHER,
    ),
  },
});

const tanstack = (code: string): Files => ({
  'package.json': packageJson({
    ...EXPO,
    '@tanstack/offline-transactions': '1.0.0',
    'expo-task-manager': '~14.0.0',
  }),
  'src/outbox.ts': `import { startOfflineExecutor } from '@tanstack/offline-transactions';\n${code}\n`,
});

describeCheck('Q03', {
  base: 'expo',
  triggers: {
    'a signal goes into the request': {
      files: tanstack(
        'export const outbox = (signal: AbortSignal) => startOfflineExecutor({ mutationFns: { save: (t) => api.save(t, { signal }) } });',
      ),
      at: 'src/outbox.ts:2',
    },
  },
  near: {
    'no signal': tanstack(
      'export const outbox = startOfflineExecutor({ mutationFns: { save: (t) => api.save(t) } });',
    ),
    'what is aborted is looked at': tanstack(
      'export const outbox = (signal: AbortSignal) => startOfflineExecutor({ mutationFns: { async save(t) { try { await api.save(t, { signal }); } catch (error) { if (signal.aborted) throw new Error("closed"); throw error; } } } });',
    ),
  },
});

const redux = (code: string): Files => ({
  'package.json': packageJson({ ...REACT_NATIVE, '@redux-offline/redux-offline': '2.6.0' }),
  'src/store.ts': `import { offline } from '@redux-offline/redux-offline';
import offlineConfig from '@redux-offline/redux-offline/lib/defaults';
${code}
`,
});

describeCheck('Q04', {
  base: 'react-native',
  triggers: {
    'the default discard': {
      files: redux('export const enhancer = offline(offlineConfig);'),
      at: 'src/store.ts:3',
    },
  },
  near: {
    'a discard of its own': redux(
      'export const enhancer = offline({ ...offlineConfig, discard: (error) => error.status === 422 });',
    ),
  },
});

describeCheck('Q05', {
  base: 'react-native',
  triggers: {
    'an encrypted database in an App Group': {
      files: opSqlite(
        "export const db = open({ name: 'app.db', location: appGroupPath, encryptionKey: key });",
        { 'op-sqlite': { sqlcipher: true } },
      ),
      at: 'src/db.ts:2',
    },
  },
  near: {
    'with a header in clear': opSqlite(
      "export const db = open({ name: 'app.db', location: appGroupPath, encryptionKey: key });\ndb.executeSync('PRAGMA cipher_plaintext_header_size = 32');",
      { 'op-sqlite': { sqlcipher: true } },
    ),
    'in the app’s own container': opSqlite(
      "export const db = open({ name: 'app.db', encryptionKey: key });",
      { 'op-sqlite': { sqlcipher: true } },
    ),
  },
});

const CAPACITOR_SQLITE = {
  '@capacitor/core': '7.4.0',
  '@capacitor-community/sqlite': '7.0.0',
};
const capacitorSqlite = (config: object, more: Record<string, string> = {}): Files => ({
  'package.json': packageJson({ ...CAPACITOR_SQLITE, ...more }),
  'capacitor.config.json': JSON.stringify(
    { appId: 'com.example.demo', webDir: 'www', plugins: { CapacitorSQLite: config } },
    null,
    2,
  ),
});
const FETCH = { '@transistorsoft/capacitor-background-fetch': '8.1.3' };
const WORK: Files = {
  'src/sync.ts': `import { BackgroundFetch } from '@transistorsoft/capacitor-background-fetch';
export const stop = () => BackgroundFetch.stop();
`,
  'ios/App/Demo/Info.plist': background(['fetch'], ['com.transistorsoft.fetch']),
};

describeCheck('Q06', {
  base: 'capacitor',
  triggers: {
    'encrypted on iOS, with background work': {
      files: { ...capacitorSqlite({ iosIsEncryption: true }, FETCH), ...WORK },
      at: 'capacitor.config.json:6',
      message: 'while the device is locked',
    },
    'in a config in TypeScript': {
      files: {
        ...capacitorSqlite({}, FETCH),
        ...WORK,
        'capacitor.config.json': undefined,
        'capacitor.config.ts': `import type { CapacitorConfig } from '@capacitor/cli';
const config: CapacitorConfig = {
  appId: 'com.example.demo',
  plugins: { CapacitorSQLite: { iosIsEncryption: true, iosKeychainPrefix: 'demo' } },
};
export default config;
`,
      },
      at: 'capacitor.config.ts:4',
    },
  },
  near: {
    'no background work': capacitorSqlite({ iosIsEncryption: true }),
    'not encrypted': { ...capacitorSqlite({ iosIsEncryption: false }, FETCH), ...WORK },
    'encrypted on Android alone': {
      ...capacitorSqlite({ androidIsEncryption: true }, FETCH),
      ...WORK,
    },
    'in a comment': {
      ...capacitorSqlite({}, FETCH),
      ...WORK,
      'src/db.ts': '// iosIsEncryption: true made it fail\nexport {};\n',
    },
  },
});

describeCheck('Q07', {
  base: 'react-native',
  triggers: {
    'the negative time': {
      files: { 'src/notes.ts': 'export const create = () => ({ id: -Date.now(), title: "" });\n' },
      at: 'src/notes.ts:1',
    },
    'a temporary id': {
      files: { 'src/notes.ts': '\nconst tempId = Date.now();\nexport { tempId };\n' },
      at: 'src/notes.ts:2',
    },
  },
  near: {
    'with a random part': {
      'src/notes.ts': 'export const create = () => ({ id: `${Date.now()}-${Math.random()}` });\n',
    },
    'a time': {
      'src/notes.ts':
        'export const createdAt = Date.now();\nexport const validity = -Date.now();\n',
    },
    'a comment': { 'src/notes.ts': '// tempId = -Date.now() collided\nexport {};\n' },
  },
});
