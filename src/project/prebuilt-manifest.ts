import { ArrayValue, ObjectValue, Unknown } from '../formats/js-values.ts';
import type { Value } from '../formats/js-values.ts';
import { lineNumber } from '../formats/text.ts';
import { appConfigsOf } from './app-config-values.ts';
import type { ExpoFacts } from './expo-facts.ts';
import { manifestOf } from './manifests.ts';
import type { Manifest } from './manifests.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** Plugins of Expo's own packages leave services and receivers to the packages' manifests, but for these options. */
const OF_EXPO = /^(?:expo|@expo)(?:[-/]|$)/;

/** As `prefixAndroidPermissionsIfNecessary` of @expo/config-plugins. */
const fullName = (name: string): string =>
  name.includes('.') ? name : `android.permission.${name}`;

/**
 * The AndroidManifest.xml that `expo prebuild` would write, where it is not there yet, as far as the app config says:
 * `android.permissions`, `android.blockedPermissions` and the plugins of Expo's own. Its path is that of the app config, and
 * each element stands in the line of that.
 *
 * @param generated the folder of the generated package, whose plugin writes nothing there
 * @returns undefined where prebuild does not make the app's manifest
 */
export async function prebuiltManifest(
  files: Pick<ReadOnlyFiles, 'read'>,
  expo: ExpoFacts | undefined,
  generated: string | undefined,
): Promise<Manifest | undefined> {
  if (expo?.android !== 'generated' || !expo.platforms.includes('android')) return undefined;
  const path = expo.config.dynamic ?? expo.config.static;
  if (path === undefined) return undefined;
  const source = (await files.read(path)) ?? '';
  const { values, open } = await appConfigsOf(files, expo, path, source);
  const reasons = [open];
  const asked = new Set<string>();
  let blocked: ReadonlySet<string> | undefined;
  let targetSdk: number | undefined;
  for (const value of values) {
    const android = value.get('android');
    if (android instanceof Unknown) reasons.push(android.reason);
    const of = (key: string): Set<string> =>
      new Set(android instanceof ObjectValue ? strings(android.get(key)) : []);
    for (const name of of('permissions')) asked.add(name);
    // What one way of several blocks may be there.
    const also = of('blockedPermissions');
    blocked = blocked === undefined ? also : new Set([...blocked].filter((name) => also.has(name)));
    takePlugins(value.get('plugins'));
  }
  const lines: string[] = [];
  const put = (name: string, key: string, more = ''): void => {
    const at = lineOf(source, key, name) - 1;
    const element = `<uses-permission android:name="${fullName(name)}"${more}/>`;
    lines[at] = `${lines[at] ?? ''}${element}`;
  };
  for (const name of asked) if (blocked?.has(name) !== true) put(name, 'permissions');
  for (const name of blocked ?? []) put(name, 'blockedPermissions', ' tools:node="remove"');
  const inside = Array.from(lines, (line?: string) => line ?? '').join('\n');
  const text = `<manifest xmlns:android="http://schemas.android.com/apk/res/android" xmlns:tools="http://schemas.android.com/tools">${inside}<application android:name=".MainApplication"></application></manifest>`;
  const reason = reasons.find((one) => one !== undefined);
  return manifestOf({ path, sourceSet: 'main', prebuilt: { open: reason, targetSdk } }, text);

  function strings(list: Value): string[] {
    if (list instanceof Unknown) reasons.push(list.reason);
    if (!(list instanceof ArrayValue)) return [];
    reasons.push(list.open);
    return list.items.filter(
      (item) => typeof item === 'string' && /^[\w.]+$/.test(item),
    ) as string[];
  }

  function takePlugins(plugins: Value): void {
    if (plugins instanceof Unknown) reasons.push(plugins.reason);
    if (!(plugins instanceof ArrayValue)) return;
    reasons.push(plugins.open);
    for (const item of plugins.items) {
      const name = item instanceof ArrayValue ? item.items[0] : item;
      const options = item instanceof ArrayValue ? item.items[1] : undefined;
      if (typeof name !== 'string') reasons.push('a plugin of it is a function, which is not run');
      else if (generated !== undefined && name.startsWith(`./${generated}`)) continue;
      else if (!OF_EXPO.test(name)) reasons.push(`its plugin ${name} is not run`);
      else if (options instanceof ObjectValue) takeOptions(name, options);
    }
  }

  function takeOptions(name: string, options: ObjectValue): void {
    // Where nothing is said of the service, it goes with the location in the background: withLocation.ts of expo-location 18.1.
    const isService =
      options.get('isAndroidForegroundServiceEnabled') ??
      options.get('isAndroidBackgroundLocationEnabled');
    if (name === 'expo-location' && isService === true) {
      asked.add('FOREGROUND_SERVICE').add('FOREGROUND_SERVICE_LOCATION');
    }
    const android = options.get('android');
    if (name !== 'expo-build-properties' || !(android instanceof ObjectValue)) return;
    const target = android.get('targetSdkVersion');
    if (typeof target === 'number') targetSdk = Math.max(target, targetSdk ?? 0);
  }
}

/** The line of a permission in the list of this name; that of the list where it is not written as it is. */
function lineOf(source: string, key: string, name: string): number {
  const at = Math.max(0, source.search(new RegExp(`\\b${key}\\b`)));
  const near = ['"', "'", '`']
    .map((quote) => source.indexOf(`${quote}${name}${quote}`, at))
    .filter((index) => index !== -1);
  return lineNumber(source, near.length === 0 ? at : Math.min(...near));
}
