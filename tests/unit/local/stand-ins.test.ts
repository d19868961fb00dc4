import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppFolders, confined } from '../../../src/devices/local/stand-ins/files.ts';
import type { NativeKind, NativeModules } from '../../../src/devices/local/stand-ins/index.ts';
import { createNativeModules, STAND_INS } from '../../../src/devices/local/stand-ins/index.ts';
import type { StandInWorld } from '../../../src/devices/local/stand-ins/stand-in.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function play(given: Partial<StandInWorld> = {}): {
  modules: NativeModules;
  world: StandInWorld;
  notes: string[];
  events: [string, unknown][];
} {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-stand-ins-'));
  folders.push(folder);
  const notes: string[] = [];
  const events: [string, unknown][] = [];
  const world: StandInWorld = {
    root: folder,
    dataFolder: join(folder, 'data'),
    platform: 'android',
    network: 'wifi',
    battery: { percent: 80, charging: false, saver: false },
    findPackage: () => undefined,
    majorOf: () => undefined,
    note: (text) => notes.push(text),
    emit: (event, body) => events.push([event, body]),
    ...given,
  };
  return { modules: createNativeModules(world, () => undefined), world, notes, events };
}

type Methods = Record<string, (...args: unknown[]) => Promise<unknown>>;

const load = (modules: NativeModules, name: string, kind: NativeKind = 'turbo'): Methods =>
  modules.find(kind, name) as Methods;

describe('stand-ins for native modules', () => {
  it('makes every module of every package', () => {
    const { modules } = play();
    for (const standIn of STAND_INS) {
      for (const kind of ['turbo', 'expo', 'nitro'] as const) {
        for (const name of Object.keys(standIn[kind] ?? {})) {
          expect(modules.find(kind, name), `${standIn.packageName} ${name}`).toBeTypeOf('object');
        }
      }
    }
  });

  it.each(['..', '../b', 'a/../../b', '', '/etc/hostname'])('keeps files in: %j', (path) => {
    const at = path.startsWith('/') ? path : join('/data/files', path);
    expect(() => confined('/data/files', at)).toThrow("outside of the app's folders");
  });

  it.each(['a', 'a/../b', '..a/b', '...'])('lets files be there: %j', (path) => {
    expect(confined('/data/files', join('/data/files', path))).toBe(join('/data/files', path));
  });

  it('shows every file library the same folder for documents', () => {
    const { modules, world } = play();
    const document = new AppFolders(world).at('document');
    const rnfs = load(modules, 'RNFSManager') as unknown as Record<string, string>;
    const blobUtil = load(modules, 'ReactNativeBlobUtil') as unknown as Record<string, string>;
    const expo = load(modules, 'FileSystem', 'expo') as unknown as Record<string, string>;
    expect(rnfs.RNFSDocumentDirectoryPath).toBe(document);
    expect(blobUtil.DocumentDir).toBe(document);
    expect(new URL(expo.documentDirectory!).pathname).toBe(`${document}/`);
  });

  it('replaces a file on Android, and not on iOS', async () => {
    for (const platform of ['android', 'ios'] as const) {
      const { modules, world } = play({ platform });
      const manager = load(modules, 'RNFSManager');
      const [from, to] = ['a', 'b'].map((name) => join(new AppFolders(world).at('cache'), name));
      await manager.writeFile!(from, 'YQ==', {});
      await manager.writeFile!(to, 'Yg==', {});
      const copied = manager.copyFile!(from, to, {});
      if (platform === 'ios') await expect(copied).rejects.toThrow('already exists');
      else await copied;
      expect(await manager.readFile!(to)).toBe(platform === 'ios' ? 'Yg==' : 'YQ==');
    }
  });

  it('sends what asks for Wi-Fi over nothing else', async () => {
    const { modules } = play({ network: 'cell' });
    const { fetchBlob } = load(modules, 'ReactNativeBlobUtil');
    const error = await new Promise((resolve) => {
      void fetchBlob!({ wifiOnly: true }, 'id', 'GET', 'http://127.0.0.1:1', {}, null, resolve);
    });
    expect(error).toBe('No available WiFi connections.');
  });

  it('says what is reported to Firebase, twenty times', async () => {
    const { modules, notes } = play();
    const { logEvent } = load(modules, 'RNFBAnalyticsModule');
    for (let i = 0; i < 30; i += 1) await logEvent!(`e${i}${'x'.repeat(200)}`);
    expect(notes).toHaveLength(21);
    expect(notes[0]).toContain('logEvent “e0x');
    expect(Math.max(...notes.map(({ length }) => length))).toBeLessThan(220);
    expect(notes[20]).toBe(
      '@react-native-firebase/analytics: logEvent, more than 20 times: said here, and sent nowhere.',
    );
  });

  it('says of a notification whether Android would show it', async () => {
    const shown = { id: 'a', title: 'Sent', android: { channelId: 'sync' } };
    const android = play();
    const api = load(android.modules, 'NotifeeApiModule');
    await api.displayNotification!(shown);
    await api.createChannel!({ id: 'sync' });
    await api.displayNotification!(shown);
    expect(android.notes.map((note) => note.includes('would not show it'))).toEqual([true, false]);
    await api.cancelAllNotificationsWithIds!(['a'], 2);
    expect(await api.getDisplayedNotifications!()).toHaveLength(1);
    await api.cancelAllNotificationsWithIds!(['a'], 1);
    expect(await api.getDisplayedNotifications!()).toEqual([]);
    const ios = play({ platform: 'ios' });
    await load(ios.modules, 'NotifeeApiModule').displayNotification!(shown);
    expect(ios.notes).toEqual([
      '@notifee/react-native: the notification “Sent” is kept, and not shown here.',
    ]);
  });

  it('names what a package asks for and its stand-in has not', () => {
    const lacks: string[] = [];
    const modules = createNativeModules(
      play().world,
      () => undefined,
      (name, member) => lacks.push(`${name} ${member}`),
    );
    const { getBatteryLevel, getHostNames } = load(modules, 'RNDeviceInfo');
    expect([typeof getBatteryLevel, getHostNames]).toEqual(['function', undefined]);
    expect(lacks).toEqual(['react-native-device-info getHostNames']);
  });

  it('has the battery of the run, whoever asks', async () => {
    const { modules } = play({ battery: { percent: 5, charging: true, saver: true } });
    const info = load(modules, 'RNDeviceInfo');
    expect(await info.getBatteryLevel!()).toBe(0.05);
    expect(await info.getPowerState!()).toEqual({
      batteryLevel: 0.05,
      batteryState: 'charging',
      lowPowerMode: true,
    });
    expect(info.isBatteryChargingSync!()).toBe(true);
    const expo = load(modules, 'ExpoBattery', 'expo');
    expect(await expo.getBatteryLevelAsync!()).toBe(0.05);
    expect(await expo.getBatteryStateAsync!()).toBe(2);
    expect(await expo.isLowPowerModeEnabledAsync!()).toBe(true);
  });

  it('says what is reported to Bugsnag', () => {
    const { modules, notes } = play();
    const payload = { errors: [{ errorClass: 'RangeError', errorMessage: 'no' }] };
    expect(load(modules, 'BugsnagReactNative').dispatch!(payload)).toBe(true);
    expect(notes).toEqual([
      '@bugsnag/react-native: notify “RangeError: no”: said here, and sent nowhere.',
    ]);
  });

  it('has the constants and the events of react-native-fs where its fork looks for them', async () => {
    const { modules, world } = play();
    const fs = load(modules, 'ReactNativeFs') as unknown as {
      getConstants: () => Record<string, unknown>;
      writeFile: (path: string, base64: string, options: object) => Promise<void>;
      touch: (path: string, times: { mtime?: number }) => Promise<void>;
      stat: (path: string) => Promise<{ mtime: number; type: unknown }>;
      onUploadBegin: (listener: (body: unknown) => void) => { remove: () => void };
      uploadFiles: (options: object) => Promise<unknown>;
    };
    const folders = new AppFolders(world);
    const { DocumentDirectoryPath, FileTypeRegular } = fs.getConstants();
    expect(DocumentDirectoryPath).toBe(folders.at('document'));
    const path = join(folders.at('document'), 'a');
    await fs.writeFile(path, 'YQ==', {});
    await fs.touch(path, { mtime: 1_000_000 });
    expect(await fs.stat(path)).toMatchObject({ mtime: 1000, type: FileTypeRegular });
    const heard: unknown[] = [];
    const subscription = fs.onUploadBegin((body) => heard.push(body));
    const upload = { jobId: 4, toUrl: 'http://127.0.0.1:1', files: [], headers: {}, fields: {} };
    await expect(fs.uploadFiles({ ...upload, method: 'POST' })).rejects.toThrow();
    subscription.remove();
    await expect(fs.uploadFiles({ ...upload, method: 'POST' })).rejects.toThrow();
    expect(heard).toEqual([{ jobId: 4 }]);
  });

  it('speaks the language of this machine', () => {
    const { modules } = play();
    const { locale } = new Intl.DateTimeFormat().resolvedOptions();
    const languageTag = locale.includes('-') ? locale : (expect.any(String) as string);
    const { getLocales, initialConstants } = load(modules, 'RNLocalize');
    expect(getLocales!()).toEqual([expect.objectContaining({ languageTag, isRTL: false })]);
    expect(initialConstants).toMatchObject({ timeZone: expect.any(String) as string });
    const expo = load(modules, 'ExpoLocalization', 'expo');
    expect(expo.getLocales!()).toEqual([
      expect.objectContaining({ languageTag, textDirection: 'ltr' }),
    ]);
  });

  it.each([
    ['de-DE', 'h23', 'Europe/Berlin', ['de', 'DE', false, ',', '.', 'celsius', true, true]],
    ['en-US', 'h12', 'America/New_York', ['en', 'US', false, '.', ',', 'fahrenheit', false, false]],
    ['he-IL', 'h23', 'Asia/Jerusalem', ['he', 'IL', true, '.', ',', 'celsius', true, true]],
  ] as const)('has the signs and the units of %s', (locale, hourCycle, timeZone, expected) => {
    const given = { locale, hourCycle, timeZone, calendar: 'gregory', numberingSystem: 'latn' };
    vi.spyOn(Intl.DateTimeFormat.prototype, 'resolvedOptions').mockReturnValue(given);
    const { modules } = play();
    const { initialConstants } = load(modules, 'RNLocalize') as unknown as {
      initialConstants: Record<string, unknown>;
    };
    const [languageCode, countryCode, isRTL, decimal, group, temperatureUnit, is24, isMetric] =
      expected;
    expect(initialConstants).toEqual({
      calendar: 'gregorian',
      country: countryCode,
      currencies: ['USD'],
      locales: [{ languageCode, countryCode, languageTag: locale, isRTL }],
      numberFormatSettings: { decimalSeparator: decimal, groupingSeparator: group },
      temperatureUnit,
      timeZone,
      uses24HourClock: is24,
      usesMetricSystem: isMetric,
      usesAutoDateAndTime: true,
      usesAutoTimeZone: true,
    });
    const { getLocales, getCalendars } = load(modules, 'ExpoLocalization', 'expo');
    expect(getLocales!()).toEqual([
      {
        languageTag: locale,
        languageCode,
        languageScriptCode: null,
        regionCode: countryCode,
        languageRegionCode: countryCode,
        currencyCode: null,
        currencySymbol: null,
        textDirection: isRTL ? 'rtl' : 'ltr',
        decimalSeparator: decimal,
        digitGroupingSeparator: group,
        measurementSystem: isMetric ? 'metric' : 'us',
        temperatureUnit,
      },
    ]);
    expect(getCalendars!()).toEqual([
      { calendar: 'gregory', timeZone, uses24hourClock: is24, firstWeekday: 1 },
    ]);
  });

  it.each([
    ['android', 'Android', '16'],
    ['ios', 'iOS', '26.0'],
  ] as const)('says the same of the app and of %s, whoever asks', (platform, system, version) => {
    const { modules, world } = play({ platform });
    writeFileSync(join(world.root, 'package.json'), '{ "name": "notes", "version": "1.2.3" }');
    expect(load(modules, 'RNDeviceInfo')).toMatchObject({
      ...{ appName: 'notes', bundleId: 'notes', appVersion: '1.2.3', buildNumber: '1' },
      ...{ brand: 'bgsync', model: 'bgsync', deviceType: 'Handset', isTablet: false },
      ...{ systemName: system, systemVersion: version },
    });
    expect(load(modules, 'ExpoDevice', 'expo')).toMatchObject({
      ...{ isDevice: false, brand: 'bgsync', modelName: 'bgsync', deviceType: 1 },
      ...{ osName: system, osVersion: version },
    });
    expect(load(modules, 'ExpoApplication', 'expo')).toMatchObject({
      ...{ applicationName: 'notes', applicationId: 'notes', androidId: 'bgsync' },
      ...{ nativeApplicationVersion: '1.2.3', nativeBuildVersion: '1' },
    });
  });

  it('has what Bugsnag’s JavaScript needs to report at all', async () => {
    const { configure, configureAsync, getPayloadInfo } = load(
      play().modules,
      'BugsnagReactNative',
    );
    const settings = configure!();
    expect(settings).toMatchObject({
      apiKey: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      autoDetectErrors: true,
      enabledErrorTypes: { unhandledExceptions: true, unhandledRejections: true },
      // Null: every stage.
      enabledReleaseStages: null,
      releaseStage: 'development',
      maxBreadcrumbs: 25,
      redactedKeys: [],
      endpoints: { notify: 'http://local', sessions: 'http://local' },
    });
    expect(await configureAsync!()).toEqual(settings);
    expect(getPayloadInfo!()).toMatchObject({ app: {}, device: {}, threads: [], breadcrumbs: [] });
  });

  it('has no token, no permission and no messages of Firebase', async () => {
    const { modules } = play();
    const messaging = load(modules, 'RNFBMessagingModule');
    expect(messaging).toMatchObject({
      isAutoInitEnabled: true,
      isRegisteredForRemoteNotifications: false,
    });
    expect(await messaging.hasPermission!()).toBe(-1);
    expect(await messaging.getIsHeadless!()).toBe(true);
    expect(await messaging.getInitialNotification!()).toBeNull();
    for (const name of ['getToken', 'getAPNSToken', 'requestPermission', 'subscribeToTopic']) {
      await expect(messaging[name]!()).rejects.toMatchObject({
        message: `${name} of @react-native-firebase/messaging needs a phone: there is none in the local runner`,
        userInfo: { code: 'unavailable' },
      });
    }
  });

  it('refuses with blob-util what is there already, and keeps a download by its key', async () => {
    const { modules, world } = play();
    const files = load(modules, 'ReactNativeBlobUtil');
    const folder = new AppFolders(world).at('document');
    const [file, part] = ['a', 'b'].map((name) => join(folder, name)) as [string, string];
    await files.createFile!(file, 'hello', 'utf8');
    await expect(files.createFile!(file, 'x', 'utf8')).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(files.mkdir!(folder)).rejects.toMatchObject({ code: 'EEXIST' });
    await files.slice!(file, part, 1, 3);
    expect(await files.readFile!(part, 'utf8')).toBe('el');
    expect(await files.readFile!(part, 'ascii')).toEqual([101, 108]);
    expect(await files.readFile!(part, 'base64')).toBe('ZWw=');
    await files.writeFile!(part, 'utf8', '!', false, true);
    expect(await files.readFile!(part, 'utf8')).toBe('el!');
    const asked = (run: (told: (...answer: unknown[]) => void) => void): Promise<unknown[]> =>
      new Promise((resolve) => run((...answer) => resolve(answer)));
    expect(await asked((told) => void files.stat!(join(folder, 'none'), told))).toEqual([
      expect.stringContaining('ENOENT'),
    ]);
    await asked((told) => void files.removeSession!([part], told));
    expect(await asked((told) => void files.exists!(part, told))).toEqual([false, false]);
    const kept = join(folder, 'ReactNativeBlobUtilTmp_a%2Fb.json');
    writeFileSync(kept, '{}');
    const options = { key: 'a/b', appendExt: 'json' };
    const send = (told: (...answer: unknown[]) => void): void =>
      void files.fetchBlob!(options, 'id', 'GET', 'http://127.0.0.1:1', {}, null, told);
    expect(await asked(send)).toEqual([null, 'path', kept]);
  });

  it('writes no answer of a server that refuses into a file', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('gone'));
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { modules, world } = play();
    const toFile = join(new AppFolders(world).at('cache'), 'a');
    const fromUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { downloadFile, exists } = load(modules, 'RNFSManager');
    expect(await downloadFile!({ jobId: 1, fromUrl, toFile, headers: {} })).toMatchObject({
      statusCode: 404,
      bytesWritten: 0,
    });
    expect(await exists!(toFile)).toBe(false);
  });

  it('keeps nothing of a batch that fails, and tells no id where nothing was put in', () => {
    const require = createRequire(import.meta.url);
    const findPackage = (name: string): unknown => {
      try {
        return require(name);
      } catch {
        return undefined;
      }
    };
    const db = load(play({ findPackage }).modules, 'NitroSQLite', 'nitro') as unknown as Record<
      string,
      (...args: unknown[]) => { results: unknown[] }
    >;
    expect(() => db.execute!('a', 'SELECT 1')).toThrow('Database a is not open');
    db.open!('a');
    db.execute!('a', 'CREATE TABLE jobs (id INTEGER PRIMARY KEY, body TEXT)');
    const insert = { query: 'INSERT INTO jobs (body) VALUES (?)', params: ['x'] };
    expect(() =>
      db.executeBatch!('a', [insert, { query: 'INSERT INTO nothing VALUES (1)' }]),
    ).toThrow();
    expect(db.execute!('a', 'SELECT * FROM jobs').results).toEqual([]);
    db.executeBatch!('a', [insert]);
    expect(db.execute!('a', insert.query, [{ isNitroSQLiteNull: true }])).toMatchObject({
      insertId: 2,
    });
    expect(db.execute!('a', 'UPDATE jobs SET body = body WHERE id = 9')).not.toHaveProperty(
      'insertId',
    );
    expect(db.execute!('a', 'SELECT body FROM jobs').results).toEqual([
      { body: 'x' },
      { body: null },
    ]);
    db.close!('a');
  });
});
