import { posix } from 'node:path';
import { resolveBuildPath } from '../../../formats/build-settings.ts';
import { lineNumber } from '../../../formats/text.ts';
import { readPlistStrings } from '../../../formats/plist.ts';
import type { PlistStrings } from '../../../formats/plist.ts';
import type { Finding } from '../../check.ts';
import type { DoctorRepo, PlistFile } from '../../repo.ts';

export const PERMITTED_KEY = 'BGTaskSchedulerPermittedIdentifiers';
export const MODES_KEY = 'UIBackgroundModes';

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

const known = new WeakMap<DoctorRepo, Promise<readonly Permissions[]>>();

/** One for each Info.plist, read once. */
export function permissionsOf(repo: DoctorRepo): Promise<readonly Permissions[]> {
  const found = known.get(repo) ?? read(repo);
  known.set(repo, found);
  return found;
}

/** The same, and what prebuild would write where the plist is made when the app is built. */
export async function plannedPermissionsOf(repo: DoctorRepo): Promise<readonly Permissions[]> {
  const plists = await permissionsOf(repo);
  if (plists.length > 0 || repo.host !== 'expo') return plists;
  const { prebuiltPlist } = await import('../../code/expo-info-plist.ts');
  const planned = await prebuiltPlist(repo);
  if (planned === undefined) return [];
  const { path, text, open } = planned;
  const listOf = (key: string, values: readonly string[] | undefined): PlistStrings => {
    if (values === undefined) return { status: 'absent' };
    const at = Math.max(0, text.indexOf(key));
    const lineOf = (value: string): number => {
      const found = text.indexOf(JSON.stringify(value), at);
      return lineNumber(text, found === -1 ? at : found);
    };
    const listed = values.map((value) => ({ text: value, line: lineOf(value) }));
    return { status: 'ok', values: listed, line: lineNumber(text, at) };
  };
  return [
    {
      plist: { path, text, targets: [] },
      permitted: listOf(PERMITTED_KEY, planned.permitted),
      modes: listOf(MODES_KEY, planned.modes),
      prebuilt: { open },
      configurations: [],
    },
  ];
}

/** A finding without its edits, which are those of a plist. */
export const placed = ({ file, line, message }: Finding): Finding => ({
  file,
  ...(line !== undefined && { line }),
  message,
});

/** How to mend what prebuild would not write. */
export const prebuildFix = (key: string, value: string, who: string): string =>
  who === 'expo-background-task'
    ? 'Name "expo-background-task" in `plugins` of the app config; `npx expo install` does that in app.json alone.'
    : `Add ${value} to ios.infoPlist.${key} of the app config.`;

/**
 * Whether what is missing may be written by something that doctor does not run; then the app config is noted as not looked
 * at.
 */
export function isLeftOpen(repo: DoctorRepo, { plist, prebuilt }: Permissions): boolean {
  if (prebuilt?.open === undefined) return false;
  const what = `${PERMITTED_KEY} and ${MODES_KEY}`;
  repo.note(
    plist.path,
    `what prebuild makes of ${what} cannot be told (${prebuilt.open}); --run-tools asks Expo`,
  );
  return true;
}

async function read(repo: DoctorRepo): Promise<readonly Permissions[]> {
  return (await repo.infoPlists()).map((plist) => ({
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
  }));
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

const covers = (permitted: string, id: string): boolean =>
  permitted === id || (permitted.endsWith('.*') && id.startsWith(permitted.slice(0, -1)));

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
