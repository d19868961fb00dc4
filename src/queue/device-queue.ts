/** The queue of an app on a device: of a debug build on Android, in a simulator's container on iOS. */
import { join } from 'node:path';
import type { Context } from '../context.ts';
import { AndroidAppFiles } from '../devices/android/app-files.ts';
import { requireApplicationId } from '../devices/android/app-id.ts';
import { connectAndroid, requireReadable } from '../devices/android/connect.ts';
import { openIosApp } from '../devices/ios/ios-app.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { LOCAL_FILES } from './copy-database.ts';
import type { DatabaseFiles } from './copy-database.ts';
import { readQueue } from './queue-files.ts';
import type { QueueContent } from './queue-files.ts';

export interface DeviceQueueOptions {
  readonly platform: 'android' | 'ios';
  readonly device?: string;
  readonly app?: string;
  readonly adb?: string;
  readonly xcrun?: string;
  readonly json?: boolean;
  /** The name of its file, or its path from the app's data folder on. */
  readonly database?: string;
}

export interface DeviceQueue {
  /** A serial or UDID. */
  readonly device: string;
  readonly app: string;
  /** From the app's data folder on. */
  readonly path: string;
  readonly content: QueueContent;
}

/** What `src/sync-queue.ts` and `lib/sync_queue.dart` call it, as generated. */
const NAME = 'sync-queue.db';

/**
 * Where the libraries put a database that has only a name, from the app's data folder on: op-sqlite, expo-sqlite, and
 * for drift path_provider's getApplicationSupportDirectory.
 */
const FOLDERS = {
  android: ['databases', 'files/SQLite', 'files'],
  ios: ['Library', 'Documents/SQLite', 'Library/Application Support'],
} as const;

interface AppFiles {
  readonly device: string;
  readonly app: string;
  readonly files: DatabaseFiles;
  /** Of a path from the app's data folder on: what `files` calls it. */
  place(path: string): string;
}

async function androidFiles(options: DeviceQueueOptions, ctx: Context): Promise<AppFiles> {
  const app = await requireApplicationId(ctx, options.app);
  const device = await connectAndroid(options, ctx);
  await requireReadable(device, app, 'queue.counts() and queue.deadLetters()');
  const files = new AndroidAppFiles(device, app);
  return {
    device: device.serial,
    app,
    files,
    // A name that begins with a hyphen is no option.
    place: (path) => `./${path}`,
  };
}

async function simulatorFiles(options: DeviceQueueOptions, ctx: Context): Promise<AppFiles> {
  const app = await openIosApp(options, ctx);
  const folder = await app.container();
  return {
    device: app.device.id,
    app: app.bundleId,
    files: LOCAL_FILES,
    place: (path) => join(folder, path),
  };
}

/**
 * Reads the queue of an app on a device, of a copy; nothing is written there.
 *
 * @param key 64 hexadecimal digits; null where none was given
 * @param from folders in whose node_modules a SQLite is looked for where Node has none
 * @throws UserError: no device or several (6), no tool (7), no such app or no debug build (8), no database or none that
 *   can be read (2)
 */
export async function readDeviceQueue(
  options: DeviceQueueOptions,
  key: string | null,
  from: readonly string[],
  ctx: Context,
): Promise<DeviceQueue> {
  const { platform } = options;
  const app = await (platform === 'android' ? androidFiles : simulatorFiles)(options, ctx);
  const path = await findDatabase(app, options);
  const name = `${path} of ${app.app} on ${app.device}`;
  const content = await readQueue({ path: app.place(path), key }, from, {
    files: app.files,
    name,
    encrypted: () =>
      new UserError(
        `${name} is encrypted, and its key is in the device’s ${
          platform === 'android' ? 'keystore' : 'keychain'
        }.`,
        {
          hint:
            `How many wait and how many are dead is in the results of the runs: \`npx bgsync logs --platform ${platform} --history\`. ` +
            'In the app: queue.counts(), queue.deadLetters(). With the key, 64 hexadecimal digits in a file: --key-file FILE.',
        },
      ),
  });
  if (content !== undefined) return { device: app.device, app: app.app, path, content };
  throw new UserError(`There is no queue in ${name}.`, {
    hint: 'Name the database that the app’s queue opens: --database NAME.',
  });
}

async function findDatabase(
  app: AppFiles,
  { platform, database = NAME }: DeviceQueueOptions,
): Promise<string> {
  if (database.includes('/')) return database;
  const others = new Set<string>();
  for (const folder of FOLDERS[platform]) {
    const names = await app.files.list(app.place(folder));
    if (names.includes(database)) return `${folder}/${database}`;
    for (const name of names) if (/\.(?:db|sqlite3?)$/i.test(name)) others.add(name);
  }
  throw new UserError(`${app.app} on ${app.device} has no database ${database} yet.`, {
    hint:
      others.size === 0
        ? 'The queue makes it when the app first opens it: put something in, or let a window drain it.'
        : `It has ${[...others].join(', ')}: name the queue’s with --database.`,
    exitCode: ExitCode.usage,
  });
}
