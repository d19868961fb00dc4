import type { AST } from 'toml-eslint-parser';
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

/**
 * Reads a catalog, however its TOML is written: in lines, tables, inline tables, dotted keys.
 *
 * @returns an empty catalog where it is no TOML: Gradle takes none of it, either
 */
export async function readVersionCatalog(text: string): Promise<VersionCatalog> {
  const versions = new Map<string, CatalogVersion>();
  const libraries = new Map<string, CatalogEntry>();
  const plugins = new Map<string, CatalogEntry>();
  const { parseTOML } = await import('./toml-library.ts');
  let body: readonly (AST.TOMLKeyValue | AST.TOMLTable)[];
  try {
    body = parseTOML(withoutMark(text)).body[0].body;
  } catch {
    // Not only its own errors: text that is nested 100,000 deep overflows the stack.
    return { versions, libraries, plugins };
  }

  const tables = new Map(['versions', 'libraries', 'plugins'].map((name) => [name, newAliases()]));
  for (const node of body) {
    if (node.type === 'TOMLKeyValue') collect(node, [], tables);
    else if (node.kind === 'standard') {
      for (const pair of node.body) collect(pair, node.resolvedKey.map(String), tables);
    }
  }
  for (const [alias, { plain, fields, line }] of tables.get('versions') ?? []) {
    const version = toVersion(plain, fields, line);
    if (version !== undefined) versions.set(accessor(alias), version);
  }
  for (const [name, entries] of [
    ['libraries', libraries],
    ['plugins', plugins],
  ] as const) {
    for (const [alias, { plain, fields, line }] of tables.get(name) ?? []) {
      const entry = toEntry(plain, fields, line, versions);
      if (entry !== undefined) entries.set(accessor(alias), entry);
    }
  }
  return { versions, libraries, plugins };
}

interface Alias {
  /** Where it is a string. */
  plain?: string;
  /** Of a table, one in another by its dotted path. */
  readonly fields: Map<string, string>;
  /** Of its version where that stands by itself, else of what comes first. */
  line: number;
}

const newAliases = (): Map<string, Alias> => new Map<string, Alias>();

/** Puts each string below a key to its alias: `libraries.work.version.ref` is the field `version.ref` of `work`. */
function collect(
  { key, value }: AST.TOMLKeyValue,
  above: readonly string[],
  tables: ReadonlyMap<string, Map<string, Alias>>,
): void {
  const names = key.keys.map((one) => (one.type === 'TOMLBare' ? one.name : one.value));
  const path = [...above, ...names];
  if (value.type === 'TOMLInlineTable') {
    for (const pair of value.body) collect(pair, path, tables);
    return;
  }
  if (value.type !== 'TOMLValue' || value.kind !== 'string') return;
  const [table = '', alias, ...field] = path;
  const aliases = tables.get(table);
  if (aliases === undefined || alias === undefined) return;
  const { line } = value.loc.start;
  const found = aliases.get(alias) ?? { fields: new Map<string, string>(), line };
  aliases.set(alias, found);
  if (field.length === 0) found.plain = value.value;
  else found.fields.set(field.join('.'), value.value);
  if (field[0] === 'version') found.line = line;
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
