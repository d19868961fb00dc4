import type { ObjectProperty } from '@babel/types';
import type { EditResult } from './edit.ts';
import {
  commentTexts,
  meaningOf,
  parseModule,
  quoteText,
  statementsOf,
  unwrap,
  walk,
} from './javascript.ts';
import type { Module } from './javascript.ts';
import { ConfigEdit, formatKey, urlExpression } from './js-config-edit.ts';
import type { ReactNativeDependency } from './js-config-edit.ts';
import {
  findDependencies,
  findEntry,
  isOpaque,
  locate,
  nameOf,
  samePath,
} from './js-config-object.ts';
import type { FoundDependency, Property } from './js-config-object.ts';
import { changed, editBehindMark, withoutMark } from './text.ts';
import type { LineEnding } from './text.ts';

export type { ReactNativeDependency } from './js-config-edit.ts';
export type { FoundDependency } from './js-config-object.ts';

/**
 * Makes sure that a react-native.config file links a folder of the app as a dependency. The exported object literal is
 * extended, and the literal `dependencies` in it; everything that could override the entry, or be overridden by it
 * unseen (a spread, a call, a computed key), is left to the user, as is another entry of that name.
 */
export function ensureReactNativeDependency(
  source: string,
  dependency: ReactNativeDependency & { readonly file: string },
): EditResult {
  return editBehindMark(source, (body) => {
    const parsed = parseModule(body, dependency.file);
    if (!parsed.ok) {
      const snippet = formatProperty(dependency, dependency.esm);
      return { status: 'manual', reason: parsed.reason, snippet };
    }
    const { module } = parsed;
    const config = locate(module);
    if (config.status !== 'found' && isAddedByHand(module, dependency)) {
      return { status: 'already' };
    }
    if (config.status === 'none') {
      const snippet = createReactNativeConfig({ ...dependency, lineEnding: '\n' });
      return { status: 'manual', reason: config.reason, snippet };
    }
    const snippet = formatProperty(dependency, config.esm);
    const manual = (reason: string): EditResult => ({ status: 'manual', reason, snippet });
    if (config.status === 'opaque') return manual(config.reason);

    const list = findDependencies(config.object);
    if (list.status === 'opaque') {
      return isAddedByHand(module, dependency) ? { status: 'already' } : manual(list.reason);
    }
    const entry =
      list.status === 'found' ? findEntry(module, list.object, dependency.name) : undefined;
    if (entry?.status === 'found') {
      if (entry.root === undefined || samePath(entry.root, dependency.root)) {
        return { status: 'already' };
      }
      const reason = `dependencies has another ${dependency.name}, with the root ${entry.root} (line ${entry.line})`;
      return { ...manual(reason), action: 'replace' };
    }
    if (entry?.status === 'unreadable') return manual(entry.reason);

    const edit = new ConfigEdit(module, config, dependency);
    const result = changed(
      body,
      list.status === 'found' ? edit.extendDependencies(list.object) : edit.addDependencies(),
    );
    return result.status === 'changed' && isIntended(module, dependency, result.text)
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

/** Which root a react-native.config file gives a dependency. */
export function findReactNativeDependency(
  source: string,
  name: string,
  file = '',
): FoundDependency {
  const parsed = parseModule(withoutMark(source), file);
  if (!parsed.ok) return { status: 'unreadable', reason: parsed.reason };
  const config = locate(parsed.module);
  const byHand = findAnywhere(parsed.module, name);
  if (config.status !== 'found') {
    return byHand ?? { status: 'unreadable', reason: config.reason };
  }
  const list = findDependencies(config.object);
  if (list.status === 'opaque') return byHand ?? { status: 'unreadable', reason: list.reason };
  if (list.status === 'absent') return { status: 'absent' };
  const entry = findEntry(parsed.module, list.object, name);
  if (entry.status === 'absent' && list.object.properties.some(isOpaque)) {
    return { status: 'unreadable', reason: 'dependencies has a spread or a computed key' };
  }
  return entry;
}

/**
 * An entry in a `dependencies` literal that stands anywhere in the file: what the export makes of it cannot be read, but
 * it is what the snippet asks a person to put there.
 */
function findAnywhere(module: Module, name: string): FoundDependency | undefined {
  let found: FoundDependency | undefined;
  walk(module.program, (node) => {
    if (node.type !== 'ObjectProperty' || nameOf(node) !== 'dependencies') return undefined;
    const value = unwrap(node.value);
    if (value.type !== 'ObjectExpression') return undefined;
    const entry = findEntry(module, value, name);
    if (entry.status === 'found') found ??= entry;
    return undefined;
  });
  return found;
}

function isAddedByHand(module: Module, { name, root }: ReactNativeDependency): boolean {
  const found = findAnywhere(module, name);
  if (found?.status !== 'found') return false;
  return found.root === undefined || samePath(found.root, root);
}

/** What a person adds to the object that the file exports. */
function formatProperty({ name, root }: ReactNativeDependency, esm: boolean): string {
  const rootText = esm
    ? `fileURLToPath(${urlExpression(root, "'")})`
    : `require('path').resolve(__dirname, ${quoteText(root, "'")})`;
  return [
    ...(esm ? ["import { fileURLToPath } from 'node:url';", ''] : []),
    'dependencies: {',
    `  ${formatKey(name, "'")}: {`,
    `    root: ${rootText},`,
    '  },',
    '},',
  ].join('\n');
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
