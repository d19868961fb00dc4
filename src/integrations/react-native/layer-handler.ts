import { posix } from 'node:path';
import type { Config } from '../../config.ts';
import { SYNC_LAYERS } from '../../facts.ts';
import type { SyncLayerId } from '../../facts.ts';
import type { FileSystem } from '../../file-system.ts';
import { parseModule } from '../../formats/javascript.ts';
import { findParts } from '../../project/exported-parts.ts';
import type { PartWanted } from '../../project/exported-parts.ts';
import type { JavaScriptProject } from '../../project/project.ts';
import { RepoFiles } from '../../project/repo-files.ts';
import { walkFiles } from '../../project/walk.ts';
import type { FoundPart, HandlerLayer } from '../../templates/model.ts';
import { importSpecifier, jsString } from '../model.ts';

/** What each layer's handler takes from the app, by the name that its template has for it. */
const PARTS: Readonly<Record<SyncLayerId, Readonly<Record<string, PartWanted>>>> = {
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
};

const LIMITS = { files: 3000, folders: 2000, depth: 16 };
const LONGEST = 500_000;
const SOURCE = /(?<!\.d)\.[cm]?[jt]sx?$/;
const TEST = /\.(?:test|spec|stories)\.[cm]?[jt]sx?$/;

/** The layer that a new handler of this app drains; undefined where there is none, or which one is not known. */
export function layerToDrain(
  { syncLayers }: JavaScriptProject,
  { queue }: Config,
): SyncLayerId | undefined {
  const [only, another] = syncLayers.filter(({ isSupported }) => isSupported);
  return queue === 'none' && another === undefined ? only?.id : undefined;
}

/**
 * The layer with what is found of it in the app's own sources. A part that two files export is not taken: only the user
 * knows which is meant.
 */
export async function findHandlerLayer(
  fs: FileSystem,
  project: JavaScriptProject,
  config: Config,
): Promise<HandlerLayer | undefined> {
  const id = layerToDrain(project, config);
  if (id === undefined) return undefined;
  const files = new RepoFiles(fs, project.root);
  const paths = await walkFiles(files, '', {
    limits: LIMITS,
    accept: (path) => SOURCE.test(path) && !TEST.test(path) && path !== config.handler,
    enter: (path) => path !== config.moduleDir && path !== 'android' && path !== 'ios',
  });
  const wanted = Object.entries(PARTS[id]);
  const found = new Map<string, { path: string; name: string }[]>();
  const places = new Map<string, string[]>();
  for (const path of paths) {
    const text = await files.read(path);
    if (text === undefined || text.length > LONGEST) continue;
    if (!text.includes(SYNC_LAYERS[id].packageName)) continue;
    const parsed = parseModule(text.replace(/^\uFEFF/, ''), path);
    if (!parsed.ok) continue;
    for (const [part, want] of wanted) {
      const { exported, lines } = findParts(parsed.module, want);
      append(
        found,
        part,
        exported.map(({ name }) => ({ path, name })),
      );
      append(
        places,
        part,
        lines.map((line) => `${path}:${line}`),
      );
    }
  }
  const parts = wanted.map(([part]): [string, FoundPart] => {
    const [only, another] = found.get(part) ?? [];
    const isKnown = only !== undefined && another === undefined;
    return [
      part,
      {
        statement: isKnown ? importStatement(config.handler, only, part) : '',
        file: isKnown ? only.path : '',
        seen: places.get(part)?.[0] ?? '',
      },
    ];
  });
  return { id, parts: Object.fromEntries(parts) };
}

function append<T>(map: Map<string, T[]>, key: string, more: readonly T[]): void {
  map.set(key, [...(map.get(key) ?? []), ...more]);
}

function importStatement(
  handler: string,
  { path, name }: { readonly path: string; readonly name: string },
  local: string,
): string {
  const folder = /(?:^|\/)index\.[cm]?[jt]sx?$/.test(path) ? posix.dirname(path) : path;
  const from = jsString(importSpecifier(handler, folder === '.' ? './index' : folder));
  const binding =
    name === 'default' ? local : name === local ? `{ ${local} }` : `{ ${name} as ${local} }`;
  return `import ${binding} from ${from};`;
}
