/**
 * Apps with a library that keeps what waits to be sent, as their authors write them. Each says how three changes are made
 * offline; what the handler is that `init` makes of it, and what comes of that, is the suite's (layers.ts).
 */
import type { SyncLayerId } from '../../src/facts.ts';

export interface LayerCase {
  readonly name: string;
  readonly layer: SyncLayerId;
  /** npm packages with their versions. */
  readonly packages: Readonly<Record<string, string>>;
  /**
   * The app's own files. `src/app.ts` exports `change(text)`, which makes one change with that text in it, and may
   * export `settled()`, which waits until requests that were cut off are known to have failed. `SERVER` is replaced by the server's address, in them and in the handler.
   */
  readonly files: Readonly<Record<string, string>>;
  /** What the app leaves to the user in the handler, done. */
  readonly complete?: (handler: string) => string;
  /** Each must be in the handler as `init` makes it. */
  readonly has: readonly string[];
  /** What of it does not run in Node: the file of this folder that plays it in the windows; `trigger` is left out. */
  readonly playedBy?: string;
  /** It keeps what waits in a storage that `trigger` plays: a later process sends what an earlier one could not. */
  readonly keeps?: true;
  /** Its files for React Native are taken, as Metro takes them. */
  readonly isNative?: true;
}

const WATERMELON_DATABASE = `
import { Database, Model, appSchema, tableSchema } from '@nozbe/watermelondb';
import LokiJSAdapter from '@nozbe/watermelondb/adapters/lokijs';

const schema = appSchema({
  version: 1,
  tables: [tableSchema({ name: 'notes', columns: [{ name: 'text', type: 'string' }] })],
});

export class Note extends Model {
  static table = 'notes';
}
`;
const LOKI = `new Database({
  adapter: new LokiJSAdapter({ schema, useWebWorker: false, useIncrementalIndexedDB: false }),
  modelClasses: [Note],
});
`;
const WATERMELON_APP = `
import { database } from './db';

export async function change(text: string): Promise<void> {
  await database.write(async () => {
    await database.get('notes').create(note => {
      note._setRaw('text', text);
    });
  });
}
`;

const WATERMELON: readonly LayerCase[] = ['0.27.1', '0.28.0'].map((version) => ({
  name: `WatermelonDB ${version}, the handler's own synchronize`,
  layer: 'watermelondb',
  packages: { '@nozbe/watermelondb': version, '@babel/runtime': '7.28.4' },
  files: {
    'src/db.ts': `${WATERMELON_DATABASE}export const database = ${LOKI}`,
    'src/app.ts': WATERMELON_APP,
  },
  has: ["import { database } from './db';", 'export function syncDatabase('],
}));

const POWERSYNC: readonly LayerCase[] = [
  ['1.35.10', '1.57.3'],
  ['2.1.0', '2.1.0'],
].map(([version = '', common = '']) => ({
  name: `PowerSync ${version}`,
  layer: 'powersync',
  packages: { '@powersync/react-native': version, '@powersync/common': common },
  files: {
    'src/db.ts': `
import { PowerSyncDatabase, Schema, Table, column } from '@powersync/react-native';
import type { AbstractPowerSyncDatabase, PowerSyncBackendConnector } from '@powersync/react-native';

export const db = new PowerSyncDatabase({
  schema: new Schema({ notes: new Table({ text: column.text }) }),
  database: { dbFilename: 'notes.db' },
});

export const backend: PowerSyncBackendConnector = {
  fetchCredentials: async () => null,
  async uploadData(database: AbstractPowerSyncDatabase) {
    const transaction = await database.getNextCrudTransaction();
    if (transaction === null) return;
    const response = await fetch('SERVER/notes', {
      method: 'POST',
      body: JSON.stringify(transaction.crud.map(({ opData }) => opData)),
    });
    if (!response.ok) throw new Error('answered ' + response.status);
    await transaction.complete();
  },
};
`,
    'src/app.ts': `
import { backend, db } from './db';

export async function change(text: string): Promise<void> {
  await db.execute('INSERT INTO notes (id, text) VALUES (uuid(), ?)', [text]);
}
export { backend };
`,
  },
  complete: (handler) =>
    `import { backend } from './db';\n${handler.replace(/throw new Error\('[^']*connector here.'\);/, 'return backend;')}`,
  has: ["import { db as database } from './db';", 'backend.uploadData(powersync)'],
  playedBy: 'layer-powersync.ts',
}));

/** As RxDB's own page for React Native has it: no `crypto.subtle`, so a hash of one's own. */
const RXDB: readonly LayerCase[] = ['16.21.1', '17.6.0'].map((version) => ({
  name: `RxDB ${version}`,
  layer: 'rxdb',
  packages: { rxdb: version, rxjs: '7.8.2' },
  files: {
    'src/db.ts': `
import { createRxDatabase } from 'rxdb';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';

async function open() {
  const database = await createRxDatabase({
    name: 'notes',
    storage: getRxStorageMemory(),
    multiInstance: false,
    hashFunction: async (text: unknown) => {
      let hash = 5381;
      for (const character of String(text)) hash = (hash * 33 + (character.codePointAt(0) ?? 0)) % 2 ** 31;
      return String(hash);
    },
  });
  const { notes } = await database.addCollections({
    notes: {
      schema: {
        version: 0,
        primaryKey: 'id',
        type: 'object',
        properties: { id: { type: 'string', maxLength: 40 }, text: { type: 'string' } },
      },
    },
  });
  const replication = replicateRxCollection<{ id: string; text: string }, unknown>({
    collection: notes,
    replicationIdentifier: 'notes-http',
    retryTime: 50,
    push: {
      async handler(rows) {
        const response = await fetch('SERVER/notes', {
          method: 'POST',
          body: JSON.stringify(rows.map(row => row.newDocumentState)),
        });
        if (!response.ok) throw new Error('answered ' + response.status);
        return [];
      },
    },
  });
  return { notes, replication };
}

export const ready = open();
`,
    'src/app.ts': `
import { ready } from './db';

export async function change(text: string): Promise<void> {
  const { notes } = await ready;
  await notes.insert({ id: text, text });
}

export async function settled(): Promise<void> {
  await ready;
  await new Promise(resolve => setTimeout(resolve, 20));
}
`,
  },
  complete: (handler) =>
    `import { ready } from './db';\n${handler.replace(/throw new Error\('[^']*replications here.'\);/, 'return [(await ready).replication];')}`,
  has: ['src/db.ts:', 'state.awaitInSync()'],
}));

const LEGEND_SHARED = `
import AsyncStorage from '@react-native-async-storage/async-storage';
import { observablePersistAsyncStorage } from '@legendapp/state/persist-plugins/async-storage';

const plugin = observablePersistAsyncStorage({ AsyncStorage });

async function ask(method: string, body?: unknown): Promise<void> {
  const response = await fetch('SERVER/notes', { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error('answered ' + response.status);
}
`;

/** As its own pages for Supabase have it, and without a plugin. */
const LEGEND: readonly LayerCase[] = [
  {
    name: 'Legend-State 3.0.0-beta.48, syncedCrud of its own configuration',
    layer: 'legend-state',
    packages: {
      '@legendapp/state': '3.0.0-beta.48',
      '@react-native-async-storage/async-storage': '2.2.0',
      react: '19.1.0',
    },
    files: {
      'src/state.ts': `
import { observable } from '@legendapp/state';
import { configureSynced } from '@legendapp/state/sync';
import { syncedCrud } from '@legendapp/state/sync-plugins/crud';
${LEGEND_SHARED}
interface Note {
  id: string;
  text: string;
}
const syncedToServer = configureSynced(syncedCrud, {
  persist: { plugin, retrySync: true },
  retry: { infinite: true, delay: 50, backoff: 'constant' },
});
export const state$ = observable({
  theme: 'dark',
  notes: syncedToServer({
    initial: {} as Record<string, Note>,
    list: async () => {
      await ask('GET');
      return [] as Note[];
    },
    create: (note: Note) => ask('POST', note),
    update: (note: Partial<Note>) => ask('PATCH', note),
    mode: 'merge',
    persist: { name: 'notes' },
  }),
});
`,
      'src/app.ts': `
import { when, syncState } from '@legendapp/state';
import { state$ } from './state';

export async function change(text: string): Promise<void> {
  state$.notes.peek();
  const state = syncState(state$.notes);
  await when(state.isPersistLoaded);
  (state$.notes as any)[text].set({ id: text, text });
  while (state.getPendingChanges()?.[text] === undefined) await new Promise(setImmediate);
}
`,
    },
    complete: (handler) => handler.replace('45_000', '300'),
    has: ["import { state$ } from './state';", '=> [state$.notes];'],
    keeps: true,
  },
  {
    name: 'Legend-State 3.0.0-beta.30, its synced',
    layer: 'legend-state',
    packages: {
      '@legendapp/state': '3.0.0-beta.30',
      '@react-native-async-storage/async-storage': '2.2.0',
      react: '19.1.0',
    },
    files: {
      'src/notes.ts': `
import { observable } from '@legendapp/state';
import { synced } from '@legendapp/state/sync';
${LEGEND_SHARED}
const notes$ = observable<Record<string, string>>(
  synced<Record<string, string>>({
    initial: {},
    get: async () => {
      await ask('GET');
      return {};
    },
    set: ({ changes }) => ask('POST', changes),
    mode: 'merge',
    persist: { name: 'notes', plugin, retrySync: true },
    retry: { infinite: true, delay: 50, backoff: 'constant' },
  }),
);
export default notes$;
`,
      'src/app.ts': `
import { when, syncState } from '@legendapp/state';
import notes$ from './notes';

export async function change(text: string): Promise<void> {
  notes$.peek();
  const state = syncState(notes$);
  await when(state.isPersistLoaded);
  notes$[text]!.set(text);
  while (state.getPendingChanges()?.[text] === undefined) await new Promise(setImmediate);
}
`,
    },
    complete: (handler) => handler.replace('45_000', '300'),
    has: ["import notes$ from './notes';", '=> [notes$];'],
    keeps: true,
  },
];

const REDUX: LayerCase = {
  name: 'redux-offline 2.6.0-native.1',
  layer: 'redux-offline',
  isNative: true,
  packages: {
    '@redux-offline/redux-offline': '2.6.0-native.1',
    '@react-native-async-storage/async-storage': '2.2.0',
    '@react-native-community/netinfo': '12.0.1',
    react: '19.1.0',
    redux: '5.0.1',
  },
  files: {
    'src/store.ts': `
import AsyncStorage from '@react-native-async-storage/async-storage';
import { offline } from '@redux-offline/redux-offline';
import offlineConfig from '@redux-offline/redux-offline/lib/defaults';
import { applyMiddleware, compose, legacy_createStore } from 'redux';

// As on a phone: read back later than the handler is called.
const slowStorage = {
  ...AsyncStorage,
  getAllKeys: (tell: any) => setTimeout(() => AsyncStorage.getAllKeys(tell), 300),
};
let readBack: (value?: unknown) => void = () => undefined;
export const rehydrated = new Promise(resolve => {
  readBack = resolve;
});
const notes = (state = { sent: 0 }, action: { type: string }) =>
  action.type === 'NOTE_SENT' ? { sent: state.sent + 1 } : state;
export const store = legacy_createStore(
  notes,
  compose(
    offline({
      ...offlineConfig,
      persistCallback: readBack,
      persistOptions: { storage: slowStorage },
      discard: error => error.status >= 400 && error.status < 500,
    }),
    applyMiddleware(),
  ) as any,
);
`,
    'src/app.ts': `
import AsyncStorage from '@react-native-async-storage/async-storage';
import { rehydrated, store } from './store';

const turn = () => new Promise(resolve => setTimeout(resolve, 5));

export async function change(text: string): Promise<void> {
  await rehydrated;
  const effect = { url: 'SERVER/notes', method: 'POST', json: { text } };
  store.dispatch({ type: 'NOTE', meta: { offline: { effect, commit: { type: 'NOTE_SENT' } } } });
  const isKept = async () => (await AsyncStorage.getItem('reduxPersist:offline'))?.includes(text);
  while ((store.getState() as any).offline.busy || !(await isKept())) await turn();
}

export async function settled(): Promise<void> {
  while ((store.getState() as any).offline.busy) await turn();
}
`,
  },
  complete: (handler) =>
    `import { rehydrated as readBack } from './store';\n${handler.replace(/throw new Error\('[^']*persistCallback resolves.'\);/, 'return readBack;')}`,
  has: ["import { store } from './store';"],
  keeps: true,
};

export const LAYER_CASES: readonly LayerCase[] = [
  REDUX,
  ...WATERMELON,
  ...POWERSYNC,
  ...RXDB,
  ...LEGEND,
  {
    name: "WatermelonDB 0.28.0, the app's own sync, a default export",
    layer: 'watermelondb',
    packages: { '@nozbe/watermelondb': '0.28.0', '@babel/runtime': '7.28.4' },
    files: {
      'src/data/index.ts': `${WATERMELON_DATABASE}const database = ${LOKI}export default database;\n`,
      'src/db.ts': "export { default as database } from './data';\n",
      'src/app.ts': WATERMELON_APP,
      'src/sync.ts': `
import { synchronize } from '@nozbe/watermelondb/sync';
import database from './data';

export const syncNotes = async (options: { verbose?: boolean } = {}): Promise<void> => {
  await synchronize({
    database,
    pullChanges: async () => {
      if (options.verbose) console.log('pull');
      const response = await fetch('SERVER/sync');
      return response.json();
    },
    pushChanges: async ({ changes }) => {
      const response = await fetch('SERVER/sync', { method: 'POST', body: JSON.stringify(changes) });
      if (!response.ok) throw new Error('answered ' + response.status);
    },
  });
};
`,
    },
    has: ["import database from './data';", "import { syncNotes as syncDatabase } from './sync';"],
  },
  {
    name: 'TanStack offline-transactions 1.0.53',
    layer: 'tanstack',
    packages: {
      '@tanstack/offline-transactions': '1.0.53',
      '@tanstack/db': '0.8.7',
      '@react-native-community/netinfo': '12.0.1',
      'react-native-get-random-values': '2.0.0',
      react: '19.1.0',
    },
    files: {
      'src/offline.ts': `
import 'react-native-get-random-values';
import { createCollection, localOnlyCollectionOptions } from '@tanstack/db';
import { startOfflineExecutor } from '@tanstack/offline-transactions/react-native';

interface Note {
  id: string;
  text: string;
}
const kept = new Map<string, string>();
export const notes = createCollection(
  localOnlyCollectionOptions({ id: 'notes', getKey: (note: Note) => note.id }),
);
export const offline = startOfflineExecutor({
  collections: { notes },
  storage: {
    get: async key => kept.get(key) ?? null,
    set: async (key, value) => void kept.set(key, value),
    delete: async key => void kept.delete(key),
    keys: async () => [...kept.keys()],
    clear: async () => kept.clear(),
  },
  mutationFns: {
    async save({ transaction, idempotencyKey }) {
      const response = await fetch('SERVER/notes', {
        method: 'POST',
        headers: { 'Idempotency-Key': idempotencyKey },
        body: JSON.stringify(transaction.mutations.map(({ modified }) => modified)),
      });
      if (!response.ok) throw new Error('answered ' + response.status);
    },
  },
});
`,
      'src/app.ts': `
import { notes, offline } from './offline';

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 0));

export async function change(text: string): Promise<void> {
  await offline.waitForInit();
  const transaction = offline.createOfflineTransaction({ mutationFnName: 'save', autoCommit: false });
  transaction.mutate(() => notes.insert({ id: text, text }));
  let isSent = false;
  transaction.commit().then(() => {
    isSent = true;
  }, () => undefined);
  const isKept = async () => (await offline.peekOutbox()).some(({ keys }) => keys.join().includes(text));
  while (!isSent && !(await isKept())) await turn();
}

export async function settled(): Promise<void> {
  while (offline.getRunningCount() > 0) await turn();
  await turn();
}
`,
    },
    has: ["import { offline as executor } from './offline';", 'getOnlineDetector().notifyOnline()'],
  },
];
