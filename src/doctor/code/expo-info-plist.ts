import { ArrayValue, ObjectValue, Unknown } from '../../formats/js-values.ts';
import type { Value } from '../../formats/js-values.ts';
import { REFRESH_TASK_ID } from '../../templates/model.ts';
import type { DoctorRepo } from '../repo.ts';
import { appConfigsOf } from './expo-values.ts';

/** What `expo prebuild` would write of background work to the Info.plist that is not there yet. */
export interface PrebuiltPlist {
  /** The app config that says so. */
  readonly path: string;
  readonly text: string;
  /** Undefined where the key is not written. */
  readonly modes: readonly string[] | undefined;
  readonly permitted: readonly string[] | undefined;
  /** Why there may be more of both. */
  readonly open: string | undefined;
}

interface Effect {
  readonly modes: readonly string[];
  readonly ids: readonly string[];
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

const MODES = 'UIBackgroundModes';
const PERMITTED = 'BGTaskSchedulerPermittedIdentifiers';

/** Where packages keep their config plugins: https://docs.expo.dev/config-plugins/plugins/ */
const PLUGIN_FILES = ['app.plugin.js', 'plugin/build/index.js', 'expo/plugin/build/index.js'];

/** Whether an installed package's plugin speaks of the keys. */
async function mayWrite(repo: DoctorRepo, name: string): Promise<boolean> {
  for (const file of PLUGIN_FILES) {
    const text = (await repo.readPackageFile(name, file))?.text;
    if (text?.includes(MODES) === true || text?.includes(PERMITTED) === true) return true;
  }
  return false;
}

/** @returns undefined where prebuild does not make the app's Info.plist */
export async function prebuiltPlist(repo: DoctorRepo): Promise<PrebuiltPlist | undefined> {
  const expo = await repo.expo();
  if (expo?.ios !== 'generated' || !expo.platforms.includes('ios')) return undefined;
  const { static: path, dynamic } = expo.config;
  const file = dynamic ?? path;
  if (file === undefined) return undefined;
  const text = (await repo.read(file)) ?? '';
  const { values, open } = await appConfigsOf(repo, expo, file, text);
  const modes = new Set<string>();
  const ids = new Set<string>();
  const reasons = [open];
  /** Packages that are plugins of it, in whichever way the config is made. */
  const named = new Set<string>();
  const written = { modes: false, permitted: false };
  for (const name of AUTOMATIC) if (repo.depends(name)) add(EFFECTS[name]);
  for (const value of values) {
    const ios = value.get('ios');
    const plist = ios instanceof ObjectValue ? ios.get('infoPlist') : ios;
    if (plist instanceof Unknown) reasons.push(plist.reason);
    if (plist instanceof ObjectValue) {
      written.modes = read(plist.get(MODES), modes) || written.modes;
      written.permitted = read(plist.get(PERMITTED), ids) || written.permitted;
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
      } else if (!addOwn(name)) reasons.push(`its plugin ${name} is not run`);
    }
  }
  for (const name of named) {
    add(EFFECTS[name]);
    if (EFFECTS[name] === undefined && (await mayWrite(repo, name))) {
      reasons.push(`its plugin ${name} writes background modes or task ids, and is not run`);
    }
  }
  return {
    path: file,
    text,
    modes: written.modes || modes.size > 0 ? [...modes] : undefined,
    permitted: written.permitted || ids.size > 0 ? [...ids] : undefined,
    open: reasons.find((reason) => reason !== undefined),
  };

  function add(effect: Effect | undefined): void {
    for (const mode of effect?.modes ?? []) modes.add(mode);
    for (const id of effect?.ids ?? []) ids.add(id);
  }

  /** bgsync's own plugin. */
  function addOwn(name: string): boolean {
    const config = repo.integration?.config;
    if (config === undefined || !name.startsWith(`./${config.moduleDir}`)) return false;
    add({ modes: ['processing'], ids: [config.taskId] });
    if (config.ios.refresh) add({ modes: ['fetch'], ids: [REFRESH_TASK_ID] });
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
