import {
  config,
  deviceInfo,
  expoApplication,
  expoBattery,
  expoDevice,
  expoUpdates,
} from './app-parts.ts';
import { asyncStorage } from './async-storage.ts';
import { blobUtil, fetchBlob } from './blob-util.ts';
import { bugsnag } from './bugsnag.ts';
import { constants, crypto, randomValues } from './expo-parts.ts';
import { expoFileSystem } from './expo-file-system.ts';
import { expoLocation } from './expo-location.ts';
import { expoNotifications } from './expo-notifications.ts';
import { expoSqlite } from './expo-sqlite.ts';
import { expoBackgroundFetch, expoBackgroundTask, expoTaskManager } from './expo-tasks.ts';
import { firebase } from './firebase.ts';
import { expoLocalization, localize } from './locale.ts';
import { mmkv } from './mmkv.ts';
import { expoNetwork, netInfo } from './network.ts';
import { notifee } from './notifee.ts';
import { opSqlite } from './op-sqlite.ts';
import { nitroSqlite, quickSqlite } from './quick-sqlite.ts';
import { pogodinFs, reactNativeFs } from './react-native-fs.ts';
import { encryptedStorage, keychain, secureStore } from './secrets.ts';
import { sqlite2, sqliteStorage } from './sqlite-storage.ts';
import type { StandIn, StandInWorld } from './stand-in.ts';
import { watermelonDb } from './watermelondb.ts';

/** Every package whose native half the local runner plays. */
export const STAND_INS: readonly StandIn[] = [
  asyncStorage,
  mmkv,
  secureStore,
  keychain,
  encryptedStorage,
  netInfo,
  expoNetwork,
  constants,
  config,
  deviceInfo,
  expoApplication,
  expoDevice,
  expoBattery,
  localize,
  expoLocalization,
  expoUpdates,
  expoFileSystem,
  reactNativeFs,
  pogodinFs,
  blobUtil,
  fetchBlob,
  crypto,
  randomValues,
  expoSqlite,
  opSqlite,
  quickSqlite,
  nitroSqlite,
  sqliteStorage,
  sqlite2,
  watermelonDb,
  notifee,
  expoNotifications,
  expoTaskManager,
  expoBackgroundTask,
  expoBackgroundFetch,
  expoLocation,
  ...firebase,
  bugsnag,
];

/** Who keeps a registry of native modules: React Native, Expo, Nitro. */
export type NativeKind = 'turbo' | 'expo' | 'nitro';

/** A native module of Expo's sends events (https://docs.expo.dev/modules/module-api/#events), and these have none to send. */
const EVENTS: Readonly<Record<string, () => unknown>> = {
  addListener: () => ({ remove: () => undefined }),
  removeListener: () => undefined,
  removeListeners: () => undefined,
  removeAllListeners: () => undefined,
  emit: () => undefined,
};

export interface NativeModules {
  /** @returns undefined where no stand-in has a module of that name */
  find(kind: NativeKind, name: string): object | undefined;
}

/**
 * @param onUse called once for each package, when the first of its modules is asked for
 * @param onLack called where a package asks for what its stand-in does not have
 */
export function createNativeModules(
  world: StandInWorld,
  onUse: (packageName: string, keeps: string) => void,
  onLack: (packageName: string, member: string) => void = () => undefined,
): NativeModules {
  const made = new Map<string, object>();
  const used = new Set<StandIn>();
  return {
    find(kind, name) {
      const key = `${kind}:${name}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      for (const standIn of STAND_INS) {
        const modules = standIn[kind] ?? {};
        const create = Object.hasOwn(modules, name) ? modules[name] : undefined;
        if (create === undefined) continue;
        const module = new Proxy(create(world), {
          get(played, member): unknown {
            if (typeof member === 'string' && !(member in played)) {
              if (kind === 'expo' && Object.hasOwn(EVENTS, member)) return EVENTS[member];
              onLack(standIn.packageName, member);
            }
            return Reflect.get(played, member);
          },
        });
        made.set(key, module);
        if (!used.has(standIn)) {
          used.add(standIn);
          onUse(standIn.packageName, standIn.keepsHere?.(world) ?? standIn.keeps);
        }
        return module;
      }
      return undefined;
    },
  };
}
