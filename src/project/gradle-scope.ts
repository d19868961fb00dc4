import { parseGradle, valueOf } from '../formats/gradle.ts';
import type { GradleStatement, GradleToken, GradleValue } from '../formats/gradle.ts';
import { readDependencies, readVariables } from '../formats/gradle-build.ts';
import type { Variable } from '../formats/gradle-build.ts';
import type { VersionCatalog } from '../formats/version-catalog.ts';
import type { Located } from './project.ts';

/** A parsed Gradle file. */
export interface GradleFile {
  /** Relative to the app's root. */
  readonly path: string;
  readonly statements: readonly GradleStatement[];
  /** Whether every block is closed. */
  readonly isClosed: boolean;
  readonly variables: ReadonlyMap<string, Variable>;
}

export function parseGradleFile(path: string, text: string): GradleFile {
  const { statements, isClosed } = parseGradle(text);
  return { path, statements, isClosed, variables: readVariables(statements) };
}

/** What names in a build file may stand for. */
export interface GradleScope {
  readonly files: readonly GradleFile[];
  readonly properties: ReadonlyMap<string, Located<string>>;
  /** Of the build's own classes, by object and name: `Versions.minSdk`. */
  readonly constants?: ReadonlyMap<string, Located<string>>;
  readonly catalog: { readonly path: string; readonly content: VersionCatalog } | undefined;
}

/** A place that names a module. */
export interface ModuleUse {
  /** `group:name`; `group:*` for a rule about all of them. */
  readonly module: string;
  readonly version: string | undefined;
  /** Forced or strict: Gradle then takes no higher version. */
  readonly isPinned: boolean;
  readonly file: string;
  readonly line: number;
}

const DEEPEST = 8;

/** What a name may be asked of: extra properties, Gradle properties, and the helper that React Native libraries have. */
const LOOKUP =
  /(?:^|\.)(?:ext|extra|ext\.get|extra\.get|property|findProperty|gradleProperty|safeExtGet)$/;

/**
 * Follows a value through variables, extra properties, gradle.properties and the version catalog.
 *
 * @param from where the value itself stands
 * @returns its text, with the place of the literal that it ends at
 */
export function resolveValue(
  scope: GradleScope,
  value: GradleValue | undefined,
  from: { readonly file: string; readonly line: number },
  depth = 0,
): Located<string> | undefined {
  if (value === undefined || depth > DEEPEST) return undefined;
  if (value.kind === 'literal') return { value: value.text, file: from.file, line: from.line };
  if (value.kind === 'template') return resolveTemplate(scope, value.text, from, depth);
  const { name, argument } = value;
  if (name.startsWith('libs.versions.')) {
    const version = scope.catalog?.content.versions.get(name.slice('libs.versions.'.length));
    return version && { value: version.value, file: scope.catalog?.path ?? '', line: version.line };
  }
  if (argument !== undefined && !LOOKUP.test(name)) return undefined;
  const constant = scope.constants?.get(name.split('.').slice(-2).join('.'));
  if (argument === undefined && constant !== undefined) return constant;
  const key = argument ?? name.split('.').at(-1) ?? '';
  const isProperty = /(?:^|\.)(?:property|findProperty|gradleProperty)$/.test(name);
  if (!isProperty) {
    for (const { path, variables } of scope.files) {
      const variable = variables.get(key);
      if (variable === undefined) continue;
      const place = { file: path, line: variable.line };
      return resolveValue(scope, readRest(variable.rest), place, depth + 1);
    }
  }
  return scope.properties.get(key);
}

const readRest = (rest: readonly GradleToken[] | undefined): GradleValue | undefined =>
  rest && valueOf(rest);

/** A string that is one reference, `"$version"`; text around it makes it an expression like any other. */
function resolveTemplate(
  scope: GradleScope,
  text: string,
  from: { readonly file: string; readonly line: number },
  depth: number,
): Located<string> | undefined {
  const [, bare, braced] = /^\$(?:([\w.]+)|\{([\w.]+)\})$/.exec(text) ?? [];
  const name = bare ?? braced;
  return name === undefined
    ? undefined
    : resolveValue(scope, { kind: 'reference', name }, from, depth + 1);
}

/** Text that a version may be written as, and nothing else: it is shown to the user. */
export const isVersion = (text: string): boolean =>
  text.length < 64 && /^\d+(?:[-.+][\w.+-]*)?$/.test(text);

/** Every place that names a module of a group, catalogs included, with its version where that is known. */
export function findDependencies(scope: GradleScope, group: string): ModuleUse[] {
  const uses: ModuleUse[] = [];
  for (const { path: file, statements } of scope.files) {
    for (const { module, version, isPinned, line } of readDependencies(statements, group)) {
      const value =
        version === undefined
          ? undefined
          : resolveValue(
              scope,
              { kind: version.isTemplate ? 'template' : 'literal', text: version.text },
              { file, line },
            );
      const known = value !== undefined && isVersion(value.value) ? value : undefined;
      const place = { file: known?.file ?? file, line: known?.line ?? line };
      uses.push({ module, version: known?.value, isPinned, ...place });
    }
    uses.push(...fromCatalog(scope, statements, group));
  }
  return uses;
}

/** `implementation(libs.androidx.work.runtime)`: the catalog has the version. */
export function fromCatalog(
  { catalog }: GradleScope,
  statements: readonly GradleStatement[],
  group: string,
): ModuleUse[] {
  if (catalog === undefined) return [];
  return statements.flatMap((statement): ModuleUse[] => {
    const value = valueOf(statement.rest);
    if (value?.kind !== 'reference' || !value.name.startsWith('libs.')) return [];
    const entry = catalog.content.libraries.get(value.name.slice('libs.'.length));
    if (entry?.id.startsWith(`${group}:`) !== true || entry.version === undefined) return [];
    const { version, id: module } = entry;
    const place = { file: catalog.path, line: version.line };
    return [{ module, version: version.value, isPinned: version.isStrict, ...place }];
  });
}
