import { posix } from 'node:path';
import { resolveBuildPath } from '../formats/build-settings.ts';
import { readPlistDict, readPlistString, readPlistStrings } from '../formats/plist.ts';
import type { PlistStrings } from '../formats/plist.ts';
import type { IosAppTarget } from './ios-app.ts';

export const PERMITTED_KEY = 'BGTaskSchedulerPermittedIdentifiers';
export const MODES_KEY = 'UIBackgroundModes';
const SCENES_KEY = 'UIApplicationSceneManifest';
const PROTECTION_KEY = 'com.apple.developer.default-data-protection';

export { endsAsPlist } from '../formats/plist.ts';
export type { PlistStrings };

export interface PlistFile {
  /** Relative to the app's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The targets that use it. */
  readonly targets: readonly IosAppTarget[];
}

/** What an Info.plist lets the app do in the background. */
export interface Permissions {
  readonly plist: PlistFile;
  readonly permitted: PlistStrings;
  readonly modes: PlistStrings;
  /** The app config of Expo, from which prebuild makes the plist; `open`: why it may make more of it than is said here. */
  readonly prebuilt?: { readonly open: string | undefined };
  /** The build settings of every configuration that uses it, by `target Demo, Release`. */
  readonly configurations: readonly {
    readonly name: string;
    readonly settings: Readonly<Record<string, string>>;
  }[];
}

/** What an Info.plist says, and for which configurations. */
export const readPermissions = (plist: PlistFile): Permissions => ({
  plist,
  permitted: readPlistStrings(plist.text, PERMITTED_KEY),
  modes: readPlistStrings(plist.text, MODES_KEY),
  configurations: plist.targets.flatMap((target) =>
    target.configurations
      .filter(({ infoPlistFile, settings }) => {
        if (target.infoPlists.length === 1) return true;
        const { path } = resolveBuildPath(infoPlistFile ?? '', settings);
        return path !== undefined && posix.join(target.folder, path) === plist.path;
      })
      .map(({ name, settings }) => ({ name: `target ${target.name}, ${name}`, settings })),
  ),
});

/** The line of the scene manifest; undefined where an Info.plist has none, or cannot be read. */
export function sceneManifestLine({ text }: PlistFile): number | undefined {
  if (!text.includes(SCENES_KEY)) return undefined;
  const dict = readPlistDict(text);
  return dict.status === 'ok' ? dict.keys.find(({ key }) => key === SCENES_KEY)?.line : undefined;
}

/** Whether its scenes are windows of the app: those of a watch, a car or a second screen alone are none. */
export const hasWindowScenes = ({ text }: PlistFile): boolean =>
  text.includes('UIWindowSceneSessionRoleApplication');

/** The class that the files of an app have by default, by its entitlements. */
export function dataProtectionOf({
  text,
}: PlistFile): { readonly key: string; readonly value: string; readonly line: number } | undefined {
  const found = readPlistString(text, PROTECTION_KEY);
  return found && { key: PROTECTION_KEY, value: found.text, line: found.line };
}

/** - `depends`: on the configuration; `in` are those that do not permit it. `unknown`: a build setting is not known. */
export type Permission =
  | { readonly is: 'permitted' | 'unknown' | 'missing' }
  | { readonly is: 'depends'; readonly in: readonly string[] };

/** @param id may hold `$(PRODUCT_BUNDLE_IDENTIFIER)` */
export function permissionFor({ permitted, configurations }: Permissions, id: string): Permission {
  const values = permitted.status === 'ok' ? permitted.values.map(({ text }) => text) : [];
  if (values.some((value) => covers(value, id))) return { is: 'permitted' };
  const without: string[] = [];
  for (const { name, settings } of configurations) {
    const expanded = resolveBuildPath(id, settings).path;
    const others = values.map((value) => resolveBuildPath(value, settings).path);
    if (
      others.some(
        (value) => value !== undefined && expanded !== undefined && covers(value, expanded),
      )
    ) {
      continue;
    }
    // What is behind the variable has to be the same all the same.
    const isOpen =
      (expanded === undefined && values.some((value) => value.endsWith(behindVariable(id)))) ||
      values.some(
        (value, index) => others[index] === undefined && id.endsWith(behindVariable(value)),
      );
    if (isOpen) return { is: 'unknown' };
    without.push(name);
  }
  if (without.length === configurations.length) return { is: 'missing' };
  return without.length === 0 ? { is: 'permitted' } : { is: 'depends', in: without };
}

/** Of an id whose beginning alone is known, with a star for the rest, whether it may. */
const covers = (permitted: string, id: string): boolean =>
  permitted === id ||
  (permitted.endsWith('.*') && id.startsWith(permitted.slice(0, -1))) ||
  (id.endsWith('*') && permitted.startsWith(id.slice(0, -1)));

const behindVariable = (text: string): string => text.replace(/^[^]*\$[({][^)}]*[)}]/, '');

/** Whether the plist or a build setting that makes one has the background mode. */
export const hasMode = ({ modes, configurations }: Permissions, mode: string): boolean =>
  (modes.status === 'ok' && modes.values.some(({ text }) => text === mode)) ||
  configurations.some(({ settings }) =>
    (settings.INFOPLIST_KEY_UIBackgroundModes ?? '').split(/\s+/).includes(mode),
  );

/** Whether it has one of the two keys; one that has none may belong to a target that runs nothing in the background. */
export const isAboutBackground = ({ permitted, modes }: Permissions): boolean =>
  permitted.status === 'ok' ||
  (modes.status === 'ok' && modes.values.some(({ text }) => text === 'processing'));
