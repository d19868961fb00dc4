import { pathOf, valueOf } from './gradle.ts';
import type { GradleStatement, GradleToken } from './gradle.ts';

/** What the statements of Gradle files mean: plugins, variables, dependencies. Pure, and true of Groovy and Kotlin. */

export interface PluginUse {
  /** The id; or, with `isAlias`, the name behind `libs.plugins.` in the version catalog. */
  readonly id: string;
  readonly isAlias: boolean;
  readonly version: string | undefined;
  /** False for `apply false`, which only says the version for the modules below. */
  readonly isApplied: boolean;
  readonly line: number;
}

/** `id("…") version "…"`, `alias(libs.plugins.…)`, `kotlin("android")` and `apply plugin: "…"`. */
export function readPlugins(statements: readonly GradleStatement[]): PluginUse[] {
  const plugins: PluginUse[] = [];
  for (const { blocks, name, rest, line } of statements) {
    const isInBlock = blocks.some((block) => block.name === 'plugins');
    const strings = rest.filter(({ kind }) => kind === 'string');
    const [id] = strings;
    const words = rest.filter(({ kind }) => kind === 'word').map(({ text }) => text);
    const isApplied = words[words.indexOf('apply') + 1] !== 'false' || !words.includes('apply');
    if (isInBlock && (name === 'id' || name === 'kotlin') && id !== undefined && !id.isTemplate) {
      const at = rest.findIndex(({ kind, text }) => kind === 'word' && text === 'version');
      const version = at === -1 ? undefined : rest.slice(at).find(({ kind }) => kind === 'string');
      plugins.push({
        id: name === 'kotlin' ? `org.jetbrains.kotlin.${id.text}` : id.text,
        isAlias: false,
        version: version?.isTemplate === false ? version.text : undefined,
        isApplied,
        line,
      });
    } else if (isInBlock && name === 'alias') {
      const [root, group, ...alias] = words.slice(0, wordsOfReference(rest));
      if (root !== 'libs' || group !== 'plugins') continue;
      plugins.push({ id: alias.join('.'), isAlias: true, version: undefined, isApplied, line });
    } else if (name === 'apply' || name === 'plugins.apply' || name === 'pluginManager.apply') {
      const isPlugin = name !== 'apply' || rest.some(({ text }) => text === 'plugin');
      if (isPlugin && id !== undefined && !id.isTemplate) {
        plugins.push({ id: id.text, isAlias: false, version: undefined, isApplied: true, line });
      }
    }
  }
  return plugins;
}

/** A script that another one applies. */
export interface ScriptUse {
  /** Undefined where only the build knows it. */
  readonly path: string | undefined;
  /** What the path begins at: the folder of the project that applies it, or that of the build. */
  readonly from: 'project' | 'root';
  /** Whether it is applied to the projects below this one. */
  readonly isForModules: boolean;
  /** Whether it is a package's: `node` or another project is asked where it is. */
  readonly isPackages: boolean;
  readonly line: number;
}

/** A template's folder, as it is written in front of a path. */
const FOLDERS =
  /^\$\{?(rootDir|rootProject\.(?:projectDir|rootDir)|project\.rootDir|(?:project\.)?projectDir)\}?\//;

/** `apply from: "…"` and `apply(from = "…")`; those in a condition are left out. */
export function readAppliedScripts(statements: readonly GradleStatement[]): ScriptUse[] {
  return statements.flatMap(({ blocks, name, rest, line }): ScriptUse[] => {
    const at = rest.findIndex(({ kind, text }) => kind === 'word' && text === 'from');
    const isConditional = blocks.some((block) => ['if', 'else', 'else.if'].includes(block.name));
    if (name !== 'apply' || at === -1 || isConditional) return [];
    const value = valueOf(rest.slice(at + 2, rest[0]?.text === '(' ? -1 : undefined));
    const isForModules = blocks.some((block) =>
      ['subprojects', 'allprojects'].includes(block.name),
    );
    const isPackages = rest.some(
      ({ kind, text }, index) =>
        (kind === 'string' && /^node$|(?:^|\/)node_modules\//.test(text)) ||
        (kind === 'word' && text === 'project' && rest[index + 1]?.text === '('),
    );
    const use = { isForModules, isPackages, line };
    if (value?.kind === 'literal') return [{ ...use, path: value.text, from: 'project' }];
    if (value?.kind === 'template') {
      const [folder = '', root = ''] = FOLDERS.exec(value.text) ?? [];
      const path = value.text.slice(folder.length);
      if (folder !== '' && !path.includes('$'))
        return [
          {
            ...use,
            path,
            from: root.startsWith('root') || root.endsWith('rootDir') ? 'root' : 'project',
          },
        ];
    }
    if (value?.kind === 'reference' && /^(?:(?:root)?[pP]roject\.)?file$/.test(value.name))
      return [
        { ...use, path: value.argument, from: value.name.startsWith('root') ? 'root' : 'project' },
      ];
    return [{ ...use, path: undefined, from: 'project' }];
  });
}

/** How many words the first dotted name in `rest` has. */
function wordsOfReference(rest: readonly GradleToken[]): number {
  const end = rest.findIndex(({ kind, text }) => kind === 'mark' && text === ')');
  return (end === -1 ? rest : rest.slice(0, end)).filter(({ kind }) => kind === 'word').length;
}

export interface Variable {
  /** The tokens of its value; undefined where it depends on a condition, or has several. */
  readonly rest: readonly GradleToken[] | undefined;
  readonly line: number;
}

const PLAIN_BLOCKS = new Set(['buildscript', 'ext', 'allprojects', 'subprojects', 'extra.apply']);
const EXTRA = /^(?:(?:rootProject|project|gradle)\.)?(?:ext|extra)$/;

/** Extra properties (`ext`, `extra`), and variables at the top level or in `buildscript`, by name. */
export function readVariables(statements: readonly GradleStatement[]): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const statement of statements) {
    const { blocks, name, line } = statement;
    const assigned = assignmentOf(statement);
    if (assigned === undefined) continue;
    const isPlain = blocks.every((block) => PLAIN_BLOCKS.has(block.name) || EXTRA.test(block.name));
    // Elsewhere the same word is a property of something else; a condition shows only in an if.
    const isConditional = blocks.some((block) => ['if', 'else', 'else.if'].includes(block.name));
    if (!isPlain && !isConditional) continue;
    const isKnown = isPlain && !variables.has(assigned.name) && name !== '';
    variables.set(assigned.name, { rest: isKnown ? assigned.rest : undefined, line });
  }
  return variables;
}

function assignmentOf({
  name,
  rest,
}: GradleStatement): { name: string; rest: readonly GradleToken[] } | undefined {
  const [first, second, third] = rest;
  const isExtra = EXTRA.test(name);
  if (isExtra && first?.text === '[' && second?.kind === 'string' && third?.text === ']') {
    return { name: second.text, rest: rest.slice(3) };
  }
  if (/(?:^|\.)set$/.test(name) && (name === 'set' || EXTRA.test(name.slice(0, -4)))) {
    const [key, comma, ...value] = rest.slice(1, -1);
    const isPair = first?.text === '(' && key?.kind === 'string' && comma?.text === ',';
    return isPair ? { name: key.text, rest: value } : undefined;
  }
  const isDelegated = first?.text === 'by' && second?.text === 'extra';
  if (isDelegated) return { name, rest: rest.slice(2) };
  const isAssignment = first?.kind === 'mark' && first.text === '=' && second?.text !== '=';
  if (!isAssignment) return undefined;
  return { name: name.replace(/^(?:(?:rootProject|project|gradle)\.)?(?:ext|extra)\./, ''), rest };
}

export interface Dependency {
  /** `group:name`. */
  readonly module: string;
  /** What stands behind it: a literal, or a template such as `$version`. */
  readonly version: { readonly text: string; readonly isTemplate: boolean } | undefined;
  /** Gradle then takes no higher version: https://docs.gradle.org/current/userguide/dependency_constraints.html */
  readonly isPinned: boolean;
  readonly line: number;
}

const COORDINATES = /^([\w.-]+:[\w.-]+)(?::([^@]+?))?(!!)?(?:@\w+)?$/;

/** Every place that names a module of `group`: dependencies, constraints, what is forced and substituted. */
export function readDependencies(
  statements: readonly GradleStatement[],
  group: string,
): Dependency[] {
  const found: Dependency[] = [];
  // Only for those that name the group: a hostile file has 100,000 statements in 64 blocks each.
  const inside = new Map<GradleStatement, GradleStatement[]>();
  for (const statement of statements) {
    const isNamed = ({ kind, text }: GradleToken): boolean =>
      kind === 'string' && text.startsWith(`${group}:`);
    if (statement.rest.some(isNamed)) inside.set(statement, []);
  }
  for (const statement of inside.size === 0 ? [] : statements) {
    for (const block of statement.blocks) inside.get(block)?.push(statement);
  }
  for (const statement of statements) {
    const { rest, line, blocks } = statement;
    const strings = rest.filter(({ kind }) => kind === 'string');
    const path = pathOf(statement);
    const isForced = /(?:^|\.)(?:force|forcedModules)(?:\.|$)/.test(path);
    for (const string of strings) {
      const [, module, version, bangs] = COORDINATES.exec(string.text) ?? [];
      if (module?.startsWith(`${group}:`) !== true) continue;
      const inner = pinInside(inside.get(statement) ?? []);
      found.push({
        module,
        version:
          version === undefined
            ? inner && { text: inner.text, isTemplate: inner.isTemplate }
            : { text: version, isTemplate: string.isTemplate },
        isPinned: isForced || bangs !== undefined || inner !== undefined,
        line,
      });
    }
    const byName = namedArguments(rest);
    if (byName.get('group')?.text === group && byName.has('name')) {
      const version = byName.get('version');
      found.push({
        module: `${group}:${byName.get('name')?.text ?? ''}`,
        version: version && { text: version.text, isTemplate: version.isTemplate },
        isPinned: isForced,
        line,
      });
    }
    const used = usedVersion(statement);
    const speaks = (one: GradleStatement): boolean =>
      one.rest.some(
        ({ kind, text }) => kind === 'string' && (text === group || text.startsWith(`${group}:`)),
      );
    if (used !== undefined && [statement, ...blocks].some(speaks)) {
      const version = { text: used.text, isTemplate: used.isTemplate };
      found.push({ module: `${group}:*`, version, isPinned: true, line });
    }
  }
  return found;
}

/** `version { strictly("…") }` or `force = true` in the block of a dependency. */
function pinInside(inside: readonly GradleStatement[]): GradleToken | undefined {
  const strict = inside.find(({ name }) => name === 'strictly' || name === 'version.strictly');
  if (strict !== undefined) return strict.rest.find(({ kind }) => kind === 'string');
  const force = inside.find(({ name }) => name === 'force' || name === 'isForce');
  if (force?.rest.some(({ text }) => text === 'true') !== true) return undefined;
  return { kind: 'string', text: '', isTemplate: false, line: force.line };
}

/** The string that `useVersion` is given. */
function usedVersion({ name, rest }: GradleStatement): GradleToken | undefined {
  if (/(?:^|\.)useVersion$/.test(name)) return rest.find(({ kind }) => kind === 'string');
  const at = rest.findIndex(({ kind, text }) => kind === 'word' && text === 'useVersion');
  return at === -1 ? undefined : rest.slice(at).find(({ kind }) => kind === 'string');
}

/** `group: 'a', name: 'b'` and `group = "a", name = "b"`. */
function namedArguments(rest: readonly GradleToken[]): Map<string, GradleToken> {
  const named = new Map<string, GradleToken>();
  for (const [index, token] of rest.entries()) {
    const mark = rest[index + 1];
    const value = rest[index + 2];
    if (token.kind !== 'word' || value?.kind !== 'string') continue;
    if (mark?.text === ':' || mark?.text === '=') named.set(token.text, value);
  }
  return named;
}

/** The folders of the builds that settings.gradle includes, as literals, relative to it; plugin builds too. */
export const readIncludedBuilds = (statements: readonly GradleStatement[]): string[] =>
  statements
    .filter(({ name }) => name === 'includeBuild')
    .flatMap(
      ({ rest }) => rest.find(({ kind, isTemplate }) => kind === 'string' && !isTemplate) ?? [],
    )
    .map(({ text }) => text);

/** The modules that settings.gradle includes: `:app` as `app`, with the folder that `projectDir` gives it. */
export function readIncludes(
  statements: readonly GradleStatement[],
): { readonly name: string; readonly folder: string | undefined }[] {
  const names = statements
    .filter(({ name }) => name === 'include')
    .flatMap(({ rest }) => rest.filter(({ kind, isTemplate }) => kind === 'string' && !isTemplate))
    .map(({ text }) => text.replace(/^:/, ''));
  const folders = new Map(
    statements
      .filter(
        ({ name, rest }) => name === 'project' && rest.some((one) => one.text === 'projectDir'),
      )
      .map((one) => [one.rest[1]?.text.replace(/^:/, ''), one]),
  );
  return [...new Set(names)].map((name) => {
    const moved = folders.get(name);
    const strings = moved?.rest.filter(({ kind, isTemplate }) => kind === 'string' && !isTemplate);
    const folder = moved === undefined ? name.replaceAll(':', '/') : strings?.[1]?.text;
    return { name, folder };
  });
}

export interface Flavor {
  readonly name: string;
  readonly applicationId: string | undefined;
  readonly applicationIdSuffix: string | undefined;
  readonly line: number;
}

/** The blocks of `android { productFlavors { … } }` or `buildTypes`, with what they do to the application id. */
export function readVariants(
  statements: readonly GradleStatement[],
  container: 'productFlavors' | 'buildTypes',
): Flavor[] {
  const flavors = new Map<string, Flavor>();
  for (const { blocks, name, rest, line } of statements) {
    const parent = blocks.at(-1);
    if (parent === undefined || parent.name === '' || blocks.length < 3) continue;
    if (blocks.at(-2)?.name !== container || blocks.at(-3)?.name !== 'android') continue;
    const isCreated = ['create', 'register', 'getByName', 'named', 'maybeCreate'].includes(
      parent.name,
    );
    const named = isCreated ? parent.rest.find(({ kind }) => kind === 'string')?.text : parent.name;
    if (named === undefined) continue;
    const value = valueOf(rest);
    const text = value?.kind === 'literal' ? value.text : undefined;
    const known = flavors.get(named) ?? {
      name: named,
      applicationId: undefined,
      applicationIdSuffix: undefined,
      line: parent.line,
    };
    flavors.set(named, {
      ...known,
      ...(name === 'applicationId' ? { applicationId: text, line } : {}),
      ...(name === 'applicationIdSuffix' ? { applicationIdSuffix: text, line } : {}),
    });
  }
  return [...flavors.values()];
}
