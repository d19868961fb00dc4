import { ArrayValue, ObjectValue, Unknown } from '../formats/js-values.ts';
import type { Value } from '../formats/js-values.ts';
import { lineNumber } from '../formats/text.ts';
import type { App } from './app.ts';
import { appConfigsOf } from './app-config-values.ts';
import type { ExpoFacts } from './expo-facts.ts';
import { MODES_KEY, PERMITTED_KEY } from './info-plist.ts';
import type { Permissions, PlistStrings } from './info-plist.ts';
import type { ReadOnlyFiles } from './read-only-files.ts';

/** What a config plugin writes to the Info.plist. */
interface Effect {
  readonly modes: readonly string[];
  readonly ids: readonly string[];
}

/** The config plugin of the generated package. */
export interface OwnPlugin extends Effect {
  /** The folder that it is in. */
  readonly folder: string;
}

/** Of config plugins, from their sources: expo-background-task 1.0, expo-background-fetch 14, expo-task-manager 14. */
const EFFECTS: Readonly<Record<string, Effect>> = {
  'expo-background-task': {
    modes: ['processing'],
    ids: ['com.expo.modules.backgroundtask.processing'],
  },
  'expo-background-fetch': { modes: ['fetch'], ids: [] },
  'expo-task-manager': { modes: ['fetch'], ids: [] },
};

/**
 * Plugins that prebuild adds by itself where the package is there: of these three, all but expo-background-task
 * (`legacyExpoPlugins` of @expo/prebuild-config, looked at in 58.0.20).
 */
const AUTOMATIC = ['expo-background-fetch', 'expo-task-manager'];

/** Of plugins for pushes, in whose name it stands: onesignal-expo-plugin 2.7.1 is one that writes it. */
const PUSH_MODE: Effect = { modes: ['remote-notification'], ids: [] };
const FOR_PUSHES =
  /onesignal|push|airship|braze|customerio|klaviyo|clevertap|iterable|moengage|sendbird|intercom|batch|leanplum|webengage/i;

/** What plugins of Expo write where an option of theirs is true: expo-notifications 58.0.2, expo-location 18.1 */
const OPTIONS: Readonly<Record<string, { readonly name: string; readonly effect: Effect }>> = {
  'expo-notifications': { name: 'enableBackgroundRemoteNotifications', effect: PUSH_MODE },
  'expo-location': {
    name: 'isIosBackgroundLocationEnabled',
    effect: { modes: ['location'], ids: [] },
  },
};

/** Where packages keep their config plugins: https://docs.expo.dev/config-plugins/plugins/ */
const PLUGIN_FILES = ['app.plugin.js', 'plugin/build/index.js', 'expo/plugin/build/index.js'];

/** Whether an installed package's plugin speaks of the keys. */
async function mayWrite(app: Pick<App, 'readPackageFile'>, name: string): Promise<boolean> {
  for (const file of PLUGIN_FILES) {
    const text = (await app.readPackageFile(name, file))?.text;
    if (text?.includes(MODES_KEY) === true || text?.includes(PERMITTED_KEY) === true) return true;
  }
  return false;
}

/**
 * What `expo prebuild` would write of background work to the Info.plist that is not there yet: its path is that of the app
 * config that says so, and so are the lines.
 *
 * @param own the plugin of the generated package, where there is one
 * @returns undefined where prebuild does not make the app's Info.plist
 */
export async function prebuiltPermissions(
  files: Pick<ReadOnlyFiles, 'read'>,
  app: Pick<App, 'depends' | 'readPackageFile'>,
  expo: ExpoFacts | undefined,
  own: OwnPlugin | undefined,
): Promise<Permissions | undefined> {
  if (expo?.ios !== 'generated' || !expo.platforms.includes('ios')) return undefined;
  const { static: json, dynamic } = expo.config;
  const path = dynamic ?? json;
  if (path === undefined) return undefined;
  const text = (await files.read(path)) ?? '';
  const { values, open } = await appConfigsOf(files, expo, path, text);
  const modes = new Set<string>();
  const ids = new Set<string>();
  const reasons = [open];
  /** Packages that are plugins of it, in whichever way the config is made. */
  const named = new Set<string>();
  const written = { modes: false, permitted: false };
  for (const name of AUTOMATIC) if (app.depends(name)) add(EFFECTS[name]);
  for (const value of values) {
    const ios = value.get('ios');
    const plist = ios instanceof ObjectValue ? ios.get('infoPlist') : ios;
    if (plist instanceof Unknown) reasons.push(plist.reason);
    if (plist instanceof ObjectValue) {
      written.modes = read(plist.get(MODES_KEY), modes) || written.modes;
      written.permitted = read(plist.get(PERMITTED_KEY), ids) || written.permitted;
    }
    const plugins = value.get('plugins');
    if (plugins instanceof Unknown) reasons.push(plugins.reason);
    if (!(plugins instanceof ArrayValue)) continue;
    reasons.push(plugins.open);
    for (const item of plugins.items) {
      const name = item instanceof ArrayValue ? item.items[0] : item;
      if (typeof name !== 'string') reasons.push('a plugin of it is a function, which is not run');
      else if (!name.startsWith('.')) {
        named.add(name);
        const option = OPTIONS[name];
        if (option !== undefined) addOptional(item, option);
        else if (FOR_PUSHES.test(name)) add(PUSH_MODE);
      } else if (!addOwn(name)) reasons.push(`its plugin ${name} is not run`);
    }
  }
  for (const name of named) {
    add(EFFECTS[name]);
    if (EFFECTS[name] === undefined && (await mayWrite(app, name))) {
      reasons.push(`its plugin ${name} writes background modes or task ids, and is not run`);
    }
  }
  const modesAre = written.modes || modes.size > 0 ? modes : undefined;
  const idsAre = written.permitted || ids.size > 0 ? ids : undefined;
  return {
    plist: { path, text, targets: [] },
    permitted: listOf(PERMITTED_KEY, idsAre),
    modes: listOf(MODES_KEY, modesAre),
    prebuilt: { open: reasons.find((reason) => reason !== undefined) },
    configurations: [],
  };

  /** As lines of the app config: those of the key where a value is not written as it is. */
  function listOf(key: string, values: ReadonlySet<string> | undefined): PlistStrings {
    if (values === undefined) return { status: 'absent' };
    const at = Math.max(0, text.indexOf(key));
    const lineOf = (value: string): number => {
      const found = text.indexOf(JSON.stringify(value), at);
      return lineNumber(text, found === -1 ? at : found);
    };
    const listed = [...values].map((value) => ({ text: value, line: lineOf(value) }));
    return { status: 'ok', values: listed, line: lineNumber(text, at) };
  }

  function add(effect: Effect | undefined): void {
    for (const mode of effect?.modes ?? []) modes.add(mode);
    for (const id of effect?.ids ?? []) ids.add(id);
  }

  function addOptional(item: Value, { name, effect }: (typeof OPTIONS)[string]): void {
    const options = item instanceof ArrayValue ? item.items[1] : undefined;
    if (options instanceof Unknown) reasons.push(options.reason);
    if (!(options instanceof ObjectValue)) return;
    const isOn = options.get(name);
    if (isOn instanceof Unknown) reasons.push(isOn.reason);
    if (isOn === true) add(effect);
  }

  function addOwn(name: string): boolean {
    if (own === undefined || !name.startsWith(`./${own.folder}`)) return false;
    add(own);
    return true;
  }

  function read(list: Value, into: Set<string>): boolean {
    if (list instanceof Unknown) reasons.push(list.reason);
    if (!(list instanceof ArrayValue)) return false;
    reasons.push(list.open);
    for (const item of list.items) if (typeof item === 'string') into.add(item);
    return true;
  }
}
