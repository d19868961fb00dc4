import { posix } from 'node:path';
import type { Config } from '../../config.ts';
import { SYNC_LAYERS } from '../../facts.ts';
import type { SyncLayerId } from '../../facts.ts';
import type { FileSystem } from '../../file-system.ts';
import { parseModule } from '../../formats/javascript.ts';
import { readAppSources } from '../../project/app-sources.ts';
import { findParts } from '../../project/exported-parts.ts';
import type { ExportedPart, PartWanted } from '../../project/exported-parts.ts';
import type { JavaScriptProject } from '../../project/project.ts';
import { RepoFiles } from '../../project/repo-files.ts';
import type { FoundPart, HandlerLayer } from '../../templates/model.ts';
import { importSpecifier, jsString } from '../model.ts';

interface HandlerPart extends PartWanted {
  /** All that the app has, and not the only one. */
  readonly isList?: true;
}

/** What each layer's handler takes from the app, by the name that its template has for it. */
const PARTS: Readonly<Record<SyncLayerId, Readonly<Record<string, HandlerPart>>>> = {
  watermelondb: {
    database: {
      made: /^(?:Watermelon)?(?:Database|DB)$/,
      from: /^@nozbe\/watermelondb(?:\/Database)?$/,
      as: 'value',
    },
    syncDatabase: {
      made: /^synchronize$/,
      from: /^@nozbe\/watermelondb\/sync(?:\/|$)/,
      as: 'function',
    },
  },
  tanstack: {
    executor: {
      made: /^(?:startOfflineExecutor|OfflineExecutor)$/,
      from: /^@tanstack\/offline-transactions(?:\/react-native)?$/,
      as: 'value',
    },
  },
  powersync: {
    database: {
      made: /^PowerSyncDatabase$/,
      from: /^@powersync\/react-native$/,
      as: 'value',
    },
  },
  rxdb: {
    replication: {
      made: /^replicate[A-Z]\w*$/,
      from: /^rxdb\/plugins\/replication(?:-[a-z]+)*$/,
      as: 'value',
    },
  },
  'legend-state': {
    observables: {
      made: /^synced[A-Z]?\w*$/,
      from: /^@legendapp\/state\/sync(?:-plugins\/[a-z-]+)?$/,
      as: 'value',
      maker: /^configureSynced[A-Z]?\w*$/,
      isList: true,
    },
  },
  'redux-offline': {
    store: {
      made: /^(?:(?:legacy_)?createStore|configureStore)$/,
      from: /^(?:redux|@reduxjs\/toolkit)$/,
      as: 'value',
    },
  },
};

interface FoundExport extends ExportedPart {
  readonly path: string;
}

/** The layer that a new handler of this app drains; undefined where there is none, or which one is not known. */
export function layerToDrain(
  { syncLayers }: JavaScriptProject,
  { queue }: Config,
): SyncLayerId | undefined {
  const [only, another] = syncLayers.filter(({ isSupported }) => isSupported);
  return queue === 'none' && another === undefined ? only?.id : undefined;
}

/** The layer with what is found of it in the app's own sources. */
export async function findHandlerLayer(
  fs: FileSystem,
  project: JavaScriptProject,
  config: Config,
): Promise<HandlerLayer | undefined> {
  const id = layerToDrain(project, config);
  if (id === undefined) return undefined;
  const files = new RepoFiles(fs, project.root);
  const wanted = Object.entries(PARTS[id]);
  const found = new Map<string, FoundExport[]>();
  const places = new Map<string, string[]>();
  const without = [config.handler, config.moduleDir];
  for await (const { path, text } of readAppSources(files, without)) {
    if (!text.includes(SYNC_LAYERS[id].packageName)) continue;
    const parsed = parseModule(text.replace(/^\uFEFF/, ''), path);
    if (!parsed.ok) continue;
    for (const [part, want] of wanted) {
      const { exported, lines } = findParts(parsed.module, want);
      append(
        found,
        part,
        exported.map((one) => ({ path, ...one })),
      );
      append(
        places,
        part,
        lines.map((line) => `${path}:${line}`),
      );
    }
  }
  const parts = wanted.map(([part, { isList }]): [string, FoundPart] => {
    const all = found.get(part) ?? [];
    const taken =
      isList === true ? takeAll(config.handler, all) : takeOnly(config.handler, all, part);
    return [part, { ...taken, seen: places.get(part)?.[0] ?? '' }];
  });
  return { id, parts: Object.fromEntries(parts) };
}

type Taken = Omit<FoundPart, 'seen'>;

/** One that two files export is not taken: only the user knows which is meant. */
function takeOnly(handler: string, [only, another]: readonly FoundExport[], part: string): Taken {
  return only === undefined || another !== undefined
    ? { statement: '', file: '', all: '' }
    : { statement: importStatement(handler, only, part), file: only.path, all: '' };
}

/** Each once, under its own name as far as no other file has the same. */
function takeAll(handler: string, found: readonly FoundExport[]): Taken {
  const statements: string[] = [];
  const all: string[] = [];
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const one of found) {
    if (seen.has(`${one.path} ${one.local}`)) continue;
    seen.add(`${one.path} ${one.local}`);
    const base = one.local === 'default' ? 'synced$' : one.local;
    let local = base;
    for (let n = 2; names.has(local); n += 1) local = `${base}${n}`;
    names.add(local);
    statements.push(importStatement(handler, one, local));
    all.push(...one.inside.map((path) => (path === '' ? local : `${local}.${path}`)));
  }
  return { statement: statements.join('\n'), file: found[0]?.path ?? '', all: all.join(', ') };
}

function append<T>(map: Map<string, T[]>, key: string, more: readonly T[]): void {
  map.set(key, [...(map.get(key) ?? []), ...more]);
}

function importStatement(handler: string, { path, name }: FoundExport, local: string): string {
  const folder = /(?:^|\/)index\.[cm]?[jt]sx?$/.test(path) ? posix.dirname(path) : path;
  const from = jsString(importSpecifier(handler, folder === '.' ? './index' : folder));
  const binding =
    name === 'default' ? local : name === local ? `{ ${local} }` : `{ ${name} as ${local} }`;
  return `import ${binding} from ${from};`;
}
