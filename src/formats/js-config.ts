import type { ObjectProperty } from '@babel/types';
import { judgeDependency } from './config-verdict.ts';
import type { Verdict } from './config-verdict.ts';
import type { EditResult } from './edit.ts';
import {
  commentTexts,
  endOf,
  literalText,
  meaningOf,
  parseModule,
  quoteText,
  startOf,
  statementsOf,
  unwrap,
  walk,
} from './javascript.ts';
import type { Module, Node } from './javascript.ts';
import { ConfigEdit, formatKey, urlExpression } from './js-config-edit.ts';
import type { ReactNativeDependency } from './js-config-edit.ts';
import { findDependencies, findEntry, locate, nameOf, samePath } from './js-config-object.ts';
import type { Dependencies, Property } from './js-config-object.ts';
import { changed, editBehindMark } from './text.ts';
import type { LineEnding } from './text.ts';

export type { ReactNativeDependency } from './js-config-edit.ts';

/**
 * Makes sure that a react-native.config file links a folder of the app as a dependency. The exported object literal is
 * extended, and the literal `dependencies` in it; everything that could override the entry, or be overridden by it
 * unseen (a spread, a call, a computed key), is left to the user, as is another entry of that name.
 */
export function ensureReactNativeDependency(
  source: string,
  dependency: ReactNativeDependency & {
    readonly file: string;
    /** The modules that it imports, by path relative to the app's root. */
    readonly files?: ReadonlyMap<string, string>;
  },
): EditResult {
  return editBehindMark(source, (body) => {
    const parsed = parseModule(body, dependency.file);
    if (!parsed.ok) {
      const snippet = formatProperty(dependency, dependency.esm);
      return { status: 'manual', reason: parsed.reason, snippet };
    }
    const { module } = parsed;
    const judge = (text: string): Verdict =>
      judgeDependency({
        ...dependency,
        files: new Map([...(dependency.files ?? []), [dependency.file, text]]),
      });
    const verdict = judge(body);
    if (verdict.status === 'placed') return { status: 'already' };
    const unproven = (): EditResult | undefined =>
      verdict.status === 'unknown' && isNamed(module, dependency)
        ? { status: 'already', unproven: verdict.reason }
        : undefined;
    const config = locate(module);
    if (config.status === 'none') {
      const snippet = createReactNativeConfig({ ...dependency, lineEnding: '\n' });
      return unproven() ?? { status: 'manual', reason: config.reason, snippet };
    }
    const snippet = formatProperty(dependency, config.esm);
    const manual = (reason: string): EditResult => ({ status: 'manual', reason, snippet });
    if (config.status === 'opaque') return unproven() ?? manual(config.reason);
    if (!config.esm && /\.(?:ts|mts|mjs)$/.test(dependency.file)) {
      // https://github.com/cosmiconfig/cosmiconfig/blob/main/src/loaders.ts compiles .ts to an ES module.
      return manual('React Native’s CLI loads it as an ES module, which has no module.exports');
    }

    const list = findDependencies(config.object);
    if (list.status === 'opaque') {
      const others = othersIn(module, list);
      if (others === undefined) return unproven() ?? manual(list.reason);
      const whole = formatProperty(dependency, config.esm, others);
      const isThere = list.value !== undefined;
      return (
        unproven() ?? {
          ...{ status: 'manual', reason: list.reason, snippet: whole },
          ...(isThere && { action: 'replace' }),
        }
      );
    }
    const entry =
      list.status === 'found' ? findEntry(module, list.object, dependency.name) : undefined;
    if (entry?.status === 'found') {
      if (verdict.status === 'unknown') {
        const isSame = entry.root === undefined || samePath(entry.root, dependency.root);
        if (isSame) return { status: 'already', unproven: verdict.reason };
      }
      const reason =
        (verdict.status === 'absent' ? verdict.reason : undefined) ??
        `dependencies has another ${dependency.name}, with the root ${entry.root ?? '?'}`;
      return { ...manual(`${reason} (line ${entry.line})`), action: 'replace' };
    }
    if (entry?.status === 'unreadable') return manual(entry.reason);

    const edit = new ConfigEdit(module, config, dependency);
    const result = changed(
      body,
      list.status === 'found' ? edit.extendDependencies(list.object) : edit.addDependencies(),
    );
    return result.status === 'changed' &&
      isIntended(module, dependency, result.text) &&
      judge(result.text).status !== 'absent'
      ? result
      : manual('the edit could not be verified');
  });
}

/** The text of a new react-native.config file. */
export function createReactNativeConfig({
  name,
  root,
  esm,
  lineEnding,
}: ReactNativeDependency & { readonly lineEnding: LineEnding }): string {
  const rootText = esm
    ? `fileURLToPath(${urlExpression(root, "'")})`
    : `path.resolve(__dirname, ${quoteText(root, "'")})`;
  return [
    esm ? "import { fileURLToPath } from 'node:url';" : "const path = require('path');",
    '',
    esm ? 'export default {' : 'module.exports = {',
    '  dependencies: {',
    `    ${formatKey(name, "'")}: {`,
    `      root: ${rootText},`,
    '    },',
    '  },',
    '};',
    '',
  ].join(lineEnding);
}

/** Whether an object literal called `dependencies` has the entry with this root, or one that cannot be read. */
function isWritten(module: Module, { name, root }: ReactNativeDependency): boolean {
  const roots: (string | undefined)[] = [];
  walk(module.program, (node) => {
    if (node.type !== 'ObjectProperty' || nameOf(node) !== 'dependencies') return undefined;
    const value = unwrap(node.value);
    if (value.type !== 'ObjectExpression') return undefined;
    const entry = findEntry(module, value, name);
    if (entry.status === 'found') roots.push(entry.root);
    return undefined;
  });
  return roots.some((path) => path === undefined || samePath(path, root));
}

/** Whether the file, or one that it imports, names the entry: where it cannot be followed, a person has put it there. */
function isNamed(
  module: Module,
  dependency: ReactNativeDependency & { readonly files?: ReadonlyMap<string, string> },
): boolean {
  if (isWritten(module, dependency)) return true;
  const { name, files = new Map<string, string>() } = dependency;
  const keys: (string | undefined)[] = [];
  walk(module.program, (node) => {
    const key =
      node.type === 'MemberExpression' && node.computed
        ? node.property
        : node.type === 'ArrayExpression'
          ? node.elements[0]
          : undefined;
    if (key) keys.push(literalText(key));
    return undefined;
  });
  return (
    keys.includes(name) ||
    [...files.values()].some((text) => new RegExp(`['"\`]${name}['"\`]`).test(text))
  );
}

/** What a person adds to the object that the file exports. */
function formatProperty(
  { name, root }: ReactNativeDependency,
  esm: boolean,
  others?: string,
): string {
  const rootText = esm
    ? `fileURLToPath(${urlExpression(root, "'")})`
    : `require('path').resolve(__dirname, ${quoteText(root, "'")})`;
  return [
    ...(esm ? ["import { fileURLToPath } from 'node:url';", ''] : []),
    'dependencies: {',
    ...(others === undefined ? [] : [`  ...${others},`]),
    `  ${formatKey(name, "'")}: {`,
    `    root: ${rootText},`,
    '  },',
    '},',
  ].join('\n');
}

/** The expression that brings the entries that are there, for a spread. */
function othersIn(
  { source }: Module,
  { value, spreads = [] }: Extract<Dependencies, { status: 'opaque' }>,
): string | undefined {
  const textOf = (node: Node): string => source.slice(startOf(node), endOf(node));
  if (value !== undefined) {
    const text = textOf(value);
    return text.length > 120 ? undefined : `(${text})`.replace(/^\(([\w$.]+)\)$/, '$1');
  }
  const names = spreads.map(textOf).filter((text) => /^[\w$.]+$/.test(text));
  const [name] = names;
  return name === undefined || names.length < spreads.length || names.length > 1
    ? undefined
    : `${name}.dependencies`;
}

/** Whether the file after the edit is the one before it, with the entry, and with the import that it needs. */
function isIntended(
  before: Module,
  dependency: ReactNativeDependency & { readonly file: string },
  text: string,
): boolean {
  const parsed = parseModule(text, dependency.file);
  if (!parsed.ok) return false;
  const { module } = parsed;
  const config = locate(module);
  const original = locate(before);
  if (config.status !== 'found' || original.status !== 'found') return false;
  const list = findDependencies(config.object);
  if (list.status !== 'found') return false;
  const entry = findEntry(module, list.object, dependency.name);
  if (entry.status !== 'found' || !samePath(entry.root ?? '', dependency.root)) return false;

  const isNew = (property: Property): property is ObjectProperty =>
    property.type === 'ObjectProperty' && nameOf(property) === dependency.name;
  if (list.object.properties.filter(isNew).length !== 1) return false;
  // Takes out of the new tree what was put in; the rest has to be the old one.
  list.object.properties = list.object.properties.filter((property) => !isNew(property));
  if (findDependencies(original.object).status === 'absent') {
    if (list.object.properties.length > 0) return false;
    config.object.properties = config.object.properties.filter(
      (property) => nameOf(property) !== 'dependencies',
    );
  }
  const statements = statementsOf(module);
  const had = statementsOf(before);
  const body =
    statements.length === had.length
      ? statements
      : statements.filter(
          (statement) =>
            !(
              statement.type === 'ImportDeclaration' &&
              statement.source.value === 'node:url' &&
              statement.specifiers.length === 1 &&
              statement.specifiers[0]?.local.name === 'fileURLToPath'
            ),
        );
  return (
    meaningOf(body) === meaningOf(had) &&
    meaningOf(module.program.directives) === meaningOf(before.program.directives) &&
    commentTexts(module) === commentTexts(before)
  );
}
