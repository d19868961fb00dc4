import { withoutMark } from './text.ts';

/** Reads a Gradle version catalog: https://docs.gradle.org/current/userguide/version_catalogs.html#sec:version-catalog-declaration */

export interface CatalogVersion {
  readonly value: string;
  /** `strictly`, or `!!` at its end: Gradle takes no higher one. */
  readonly isStrict: boolean;
  /** Where the version stands; 1 for the first line. */
  readonly line: number;
}

export interface CatalogEntry {
  /** `group:name` of a library, the id of a plugin. */
  readonly id: string;
  /** Undefined where none is given, or it is a range. */
  readonly version: CatalogVersion | undefined;
}

/** Each by the name that a build file has for it: `androidx-work` is `androidx.work` behind `libs.`. */
export interface VersionCatalog {
  readonly versions: ReadonlyMap<string, CatalogVersion>;
  readonly libraries: ReadonlyMap<string, CatalogEntry>;
  readonly plugins: ReadonlyMap<string, CatalogEntry>;
}

const accessor = (alias: string): string => alias.replace(/[-_]/g, '.');

/** Reads what a catalog says in plain lines; what it does not understand is left out. */
export function readVersionCatalog(text: string): VersionCatalog {
  const versions = new Map<string, CatalogVersion>();
  const libraries = new Map<string, CatalogEntry>();
  const plugins = new Map<string, CatalogEntry>();
  const later: (() => void)[] = [];
  let table = '';
  for (const [index, raw] of withoutMark(text).split(/\r?\n/).entries()) {
    const line = index + 1;
    const header = /^\s*\[\s*([\w.-]+)\s*\]/.exec(raw);
    if (header !== null) {
      table = header[1] ?? '';
      continue;
    }
    const pair = /^\s*["']?([\w.-]+)["']?\s*=\s*(\S.*)$/.exec(raw);
    if (pair === null) continue;
    const [, alias = '', written = ''] = pair;
    const name = accessor(alias);
    const { text: plain, fields } = readTomlValue(written);
    if (table === 'versions') {
      const version = toVersion(plain, fields, line);
      if (version !== undefined) versions.set(name, version);
    } else if (table === 'libraries' || table === 'plugins') {
      const entries = table === 'libraries' ? libraries : plugins;
      // A version may stand below what refers to it.
      later.push(() => {
        const entry = toEntry(plain, fields, line, versions);
        if (entry !== undefined) entries.set(name, entry);
      });
    }
  }
  for (const read of later) read();
  return { versions, libraries, plugins };
}

interface TomlValue {
  /** Where it is a string. */
  readonly text: string | undefined;
  /** Of an inline table, one in another by its dotted path. */
  readonly fields: ReadonlyMap<string, string>;
}

function readTomlValue(written: string): TomlValue {
  const fields = new Map<string, string>();
  const string = /^(?:"([^"]*)"|'([^']*)')/.exec(written);
  if (string !== null) return { text: string[1] ?? string[2] ?? '', fields };
  if (!written.startsWith('{')) return { text: undefined, fields };
  const open: string[] = [];
  const token = /(?<![\w.-])([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\{)|true|false)|(\})/g;
  for (const match of written.slice(1).matchAll(token)) {
    const [, key = '', double, single, opening, closing] = match;
    const value = double ?? single;
    if (closing !== undefined) {
      if (open.pop() === undefined) break;
    } else if (opening !== undefined) open.push(key);
    else if (value !== undefined) fields.set([...open, key].join('.'), value);
  }
  return { text: undefined, fields };
}

/** A range, as in `[2.0, 3.0)` or `2.+`, is no version that one can know. */
const isPlainVersion = (text: string): boolean =>
  /^[0-9][\w.+-]*$/.test(text) && !text.endsWith('+');

function toVersion(
  plain: string | undefined,
  fields: ReadonlyMap<string, string>,
  line: number,
): CatalogVersion | undefined {
  const strict = fields.get('strictly') ?? (plain?.endsWith('!!') ? plain.slice(0, -2) : undefined);
  const value = strict ?? plain ?? fields.get('require') ?? fields.get('prefer');
  if (value === undefined || !isPlainVersion(value)) return undefined;
  return { value, isStrict: strict !== undefined, line };
}

function toEntry(
  plain: string | undefined,
  fields: ReadonlyMap<string, string>,
  line: number,
  versions: ReadonlyMap<string, CatalogVersion>,
): CatalogEntry | undefined {
  if (plain !== undefined) {
    const [, id, version] = /^([^:]+(?::[^:]+)?):([^:]+)$/.exec(plain) ?? [];
    return id === undefined ? undefined : { id, version: toVersion(version, new Map(), line) };
  }
  const { group, name } = { group: fields.get('group'), name: fields.get('name') };
  const id =
    fields.get('module') ??
    fields.get('id') ??
    (group === undefined || name === undefined ? undefined : `${group}:${name}`);
  if (id === undefined) return undefined;
  const reference = fields.get('version.ref');
  if (reference !== undefined) return { id, version: versions.get(accessor(reference)) };
  const rich = [...fields].filter(([key]) => key.startsWith('version.'));
  const constraints = new Map(rich.map(([key, value]) => [key.slice('version.'.length), value]));
  return { id, version: toVersion(fields.get('version'), constraints, line) };
}
