import { matchesName } from './glob.ts';
import { textOf } from './pbxproj.ts';
import type { PbxprojDict } from './pbxproj.ts';

/** What Xcode makes of build settings: references expanded, conditions weighed. */

export type ResolvedPath =
  | { readonly path: string; readonly unresolved?: undefined }
  /** `unresolved` is the variable that is not known, with its modifier if it has one. */
  | { readonly path?: undefined; readonly unresolved: string };

/** Longer than any path; ends settings that double each other. */
const LONGEST_PATH = 4096;

/**
 * Expands `$(NAME)`, `${NAME}` and `$(NAME:modifier)` in a build setting, from `vars`. SRCROOT and PROJECT_DIR, where
 * `vars` has none, are `.`: the folder that the .xcodeproj is in.
 */
export function resolveBuildPath(
  raw: string,
  vars: Readonly<Record<string, string>>,
): ResolvedPath {
  let unresolved: string | undefined;
  const known: Record<string, string> = { SRCROOT: '.', PROJECT_DIR: '.', ...vars };

  const expand = (text: string, open: ReadonlySet<string>): string =>
    text.replace(
      /\$(?:\(([^()]*)\)|\{([^{}]*)\})/g,
      (_match, round: string | undefined, curly: string | undefined) => {
        const reference = round ?? curly ?? '';
        const [name = '', ...modifiers] = reference.split(':');
        const value = Object.hasOwn(known, name) ? known[name] : undefined;
        if (unresolved !== undefined) return '';
        if (value === undefined || open.has(name)) {
          const fallback = modifiers.find((modifier) => modifier.startsWith('default='));
          if (fallback !== undefined) return fallback.slice('default='.length);
          unresolved = reference;
          return '';
        }
        let expanded = expand(value, new Set([...open, name]));
        for (const modifier of modifiers) {
          const modified = modify(expanded, modifier);
          if (modified === undefined) unresolved ??= reference;
          else expanded = modified;
        }
        if (expanded.length > LONGEST_PATH) unresolved ??= reference;
        return unresolved === undefined ? expanded : '';
      },
    );

  const path = expand(raw, new Set());
  if (unresolved !== undefined) return { unresolved };
  // A reference inside a reference, as in $(A_$(B)), leaves its outer half.
  const left = /\$[({]([^(){}]*)/.exec(path);
  return left === null ? { path } : { unresolved: left[1] ?? '' };
}

/** The modifiers that names and paths are written with; `undefined` for any other. */
function modify(value: string, modifier: string): string | undefined {
  if (modifier === 'rfc1034identifier') return value.replace(/[^A-Za-z0-9.-]/g, '-');
  if (modifier === 'c99extidentifier' || modifier === 'identifier') {
    return value.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
  }
  if (modifier === 'lower') return value.toLowerCase();
  if (modifier === 'upper') return value.toUpperCase();
  return modifier.startsWith('default=') ? value : undefined;
}

/**
 * The settings of one level as text; what holds for devices or this configuration alone, as `NAME[sdk=iphoneos*]` does,
 * comes after `NAME`.
 */
export function flattenSettings(
  settings: PbxprojDict,
  configuration: string,
): [name: string, value: string][] {
  const plain: [string, string][] = [];
  const conditional: [string, string][] = [];
  for (const [key, value] of Object.entries(settings)) {
    const text = Array.isArray(value)
      ? value.filter((item) => typeof item === 'string').join(' ')
      : textOf(value);
    if (text === undefined) continue;
    const condition = /^(\w+)\[(.*)\]$/.exec(key);
    if (condition === null) plain.push([key, text]);
    else if (holds(condition[2] ?? '', configuration))
      conditional.push([condition[1] ?? key, text]);
  }
  return [...plain, ...conditional];
}

/** Whether `sdk=iphoneos*][config=Debug` holds for a device build. */
function holds(conditions: string, configuration: string): boolean {
  const values: Record<string, string> = {
    sdk: 'iphoneos',
    arch: 'arm64',
    variant: 'normal',
    config: configuration,
  };
  return conditions.split(/\]\[|,/).every((condition) => {
    const [name = '', pattern = ''] = condition.split('=').map((part) => part.trim());
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return false;
    // `iphoneos17.0`, which is one SDK of many, holds for devices too.
    if (name === 'sdk' && /^iphoneos[\d.]+\*?$/.test(pattern)) return true;
    return matchesName(pattern, value);
  });
}
