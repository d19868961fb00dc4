import type { ArrayExpression, ObjectExpression } from '@babel/types';
import type { EditResult, Insertion } from './edit.ts';
import {
  childrenOf,
  commaBehind,
  commentTexts,
  endOf,
  isModuleExports,
  lineOf,
  literalText,
  meaningOf,
  parseModule,
  propertyName,
  quoteText,
  skipTrailing,
  startOf,
  statementsOf,
  styleOf,
  unwrap,
  walk,
} from './javascript.ts';
import type { Module, Node } from './javascript.ts';
import { changed, editBehindMark, indentUnit, isFirstOnLine, lineEnd, lineIndent } from './text.ts';

/** Reads and edits an app.config.js or app.config.ts: https://docs.expo.dev/workflow/configuration/#dynamic-configuration */

export interface AppConfigPlugin {
  /** Decides which syntax is tried first. */
  readonly file: string;
  /** As the config names it: relative to the app, with `./`. */
  readonly plugin: string;
}

/**
 * Makes sure that a dynamic app config has a config plugin. The object literal that the file exports, or that the
 * function it exports returns, is extended: its literal `plugins`, else a new one, which keeps those of the `config` that
 * Expo hands over. Everything that could override the entry unseen is left to the user.
 */
export function ensureConfigPlugin(source: string, wanted: AppConfigPlugin): EditResult {
  return editBehindMark(source, (body) => {
    const manual = (reason: string): EditResult => ({
      status: 'manual',
      reason,
      snippet: `plugins: [\n  // … those that are there\n  ${quoteText(wanted.plugin, "'")},\n],`,
    });
    const parsed = parseModule(body, wanted.file);
    if (!parsed.ok) return manual(parsed.reason);
    const { module } = parsed;
    const opaque = (reason: string): EditResult =>
      isNamed(module, wanted.plugin) ? { status: 'already' } : manual(reason);
    const config = locateConfig(module);
    if (config.status === 'opaque') return opaque(config.reason);
    const plugins = findPlugins(module, config);
    if (plugins.status === 'opaque') return opaque(plugins.reason);

    if (plugins.status === 'found' && hasPlugin(plugins.list, wanted.plugin)) {
      return { status: 'already' };
    }
    const insertion =
      plugins.status === 'found'
        ? append(module, plugins.list, () => quoted(module, wanted.plugin))
        : append(module, config.object, (indent) =>
            pluginsProperty(module, plugins.inherited, wanted.plugin, indent),
          );
    const result = changed(body, [insertion]);
    return result.status === 'changed' && isIntended(module, wanted, result.text)
      ? result
      : manual('the edit could not be verified');
  });
}

/** Whether the file names the plugin somewhere: where the config cannot be followed, a person has put it there. */
function isNamed({ program }: Module, plugin: string): boolean {
  let named = false;
  walk(program, (node) => {
    const text = literalText(node);
    named ||= text !== undefined && samePlugin(text, plugin);
    return undefined;
  });
  return named;
}

export type FoundPlugin =
  | { readonly status: 'found' }
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly reason: string };

/** Whether a dynamic app config names a config plugin. */
export function findConfigPlugin(source: string, { file, plugin }: AppConfigPlugin): FoundPlugin {
  const parsed = parseModule(source.replace(/^\uFEFF/, ''), file);
  if (!parsed.ok) return { status: 'unreadable', reason: parsed.reason };
  if (isNamed(parsed.module, plugin)) return { status: 'found' };
  const config = locateConfig(parsed.module);
  if (config.status === 'opaque') return { status: 'unreadable', reason: config.reason };
  const plugins = findPlugins(parsed.module, config);
  return plugins.status === 'opaque'
    ? { status: 'unreadable', reason: plugins.reason }
    : { status: 'absent' };
}

type LocatedConfig =
  | {
      readonly status: 'found';
      readonly object: ObjectExpression;
      /** The text by which the function knows the config that Expo read from app.json. */
      readonly given: readonly string[];
    }
  | { readonly status: 'opaque'; readonly reason: string };

/** What only types its argument: https://docs.expo.dev/workflow/configuration/, and what people write in its place. */
const IDENTITY = new Set(['defineConfig', 'defineExpoConfig']);

function locateConfig(module: Module): LocatedConfig {
  const opaque = (reason: string): LocatedConfig => ({ status: 'opaque', reason });
  const [exported, second] = exportedValues(module);
  if (exported === undefined) return opaque('it exports no config');
  if (second !== undefined) return opaque('it has several exports');
  let node = unwrap(exported);
  let given: string[] = [];
  for (let steps = 0; steps < 10; steps += 1) {
    switch (node.type) {
      case 'ObjectExpression':
        return { status: 'found', object: node, given };
      case 'Identifier': {
        const value = findValue(module, node.name);
        if (value === undefined) return opaque(`what it exports, ${node.name}, is no literal`);
        const change =
          value.type === 'FunctionDeclaration' ? undefined : findUse(module, node.name);
        if (change !== undefined) {
          return opaque(
            `${node.name}, which it exports, may be changed (line ${lineOf(module, change)})`,
          );
        }
        node = unwrap(value);
        break;
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration': {
        given = givenNames(node.params[0]);
        const returned = node.body.type === 'BlockStatement' ? onlyReturn(node.body) : node.body;
        if (returned === undefined) {
          return opaque(
            `the function that it exports has not one return (line ${lineOf(module, node)})`,
          );
        }
        node = unwrap(returned);
        if (node.type === 'Identifier') {
          return opaque(
            `the function that it exports returns ${node.name}, which it may have changed`,
          );
        }
        break;
      }
      case 'CallExpression': {
        const [argument] = node.arguments;
        const isIdentity = node.callee.type === 'Identifier' && IDENTITY.has(node.callee.name);
        if (!isIdentity || argument === undefined) {
          return opaque(`it exports the result of a call (line ${lineOf(module, node)})`);
        }
        node = unwrap(argument);
        break;
      }
      default:
        return opaque(`what it exports is no object literal (line ${lineOf(module, node)})`);
    }
  }
  return opaque('what it exports cannot be followed');
}

function exportedValues({ program }: Module): Node[] {
  const values: Node[] = [];
  walk(program, (node) => {
    if (node.type === 'ExportDefaultDeclaration') values.push(node.declaration);
    else if (node.type === 'TSExportAssignment') values.push(node.expression);
    else if (node.type === 'AssignmentExpression' && isModuleExports(node.left)) {
      values.push(node.right);
    } else if (node.type === 'ExportSpecifier') {
      const { exported } = node;
      const name = exported.type === 'Identifier' ? exported.name : exported.value;
      if (name === 'default') values.push(node.local);
    }
    return undefined;
  });
  return values;
}

/** What the top level declares a name as: a constant's value, or a function. */
function findValue({ program }: Module, name: string): Node | undefined {
  const found: Node[] = [];
  for (const statement of program.body) {
    if (statement.type === 'FunctionDeclaration' && statement.id?.name === name) {
      found.push(statement);
    }
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') continue;
    for (const { id, init } of statement.declarations) {
      if (id.type === 'Identifier' && id.name === name && init) found.push(init);
    }
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The first place that uses a name for more than to export it: what it holds may change there. */
function findUse({ program }: Module, name: string): Node | undefined {
  let use: Node | undefined;
  walk(program, (node) => {
    const isExport =
      node.type === 'ExportDefaultDeclaration' ||
      node.type === 'ExportSpecifier' ||
      node.type === 'TSExportAssignment' ||
      (node.type === 'AssignmentExpression' && isModuleExports(node.left));
    if (isExport && childrenOf(node).some((child) => isName(unwrap(child), name))) return false;
    if (node.type === 'VariableDeclarator' && isName(node.id, name)) {
      return false;
    }
    if (isName(node, name)) use ??= node;
    return undefined;
  });
  return use;
}

const isName = (node: Node, name: string): boolean =>
  node.type === 'Identifier' && node.name === name;

/** The ways to write the `config` that Expo hands to the function: `({ config })`, `(context)`. */
function givenNames(parameter: Node | undefined): string[] {
  if (parameter?.type === 'Identifier') return [`${parameter.name}.config`];
  if (parameter?.type !== 'ObjectPattern') return [];
  for (const property of parameter.properties) {
    if (property.type !== 'ObjectProperty' || property.value.type !== 'Identifier') continue;
    if (propertyName(property.key, property.computed) === 'config') return [property.value.name];
  }
  return [];
}

function onlyReturn(body: Node): Node | undefined {
  const returns: Node[] = [];
  walk(body, (node) => {
    if (/Function|Method/.test(node.type)) return false;
    if (node.type === 'ReturnStatement' && node.argument) returns.push(node.argument);
    return undefined;
  });
  return returns.length === 1 ? returns[0] : undefined;
}

type Plugins =
  | { readonly status: 'found'; readonly list: ArrayExpression }
  /** `inherited`: what a spread brings, as the file writes it. */
  | { readonly status: 'absent'; readonly inherited: string | undefined }
  | { readonly status: 'opaque'; readonly reason: string };

type Found = Extract<LocatedConfig, { status: 'found' }>;

function findPlugins(module: Module, { object, given }: Found): Plugins {
  const opaque = (reason: string): Plugins => ({ status: 'opaque', reason });
  const { properties } = object;
  const isNamed = (property: (typeof properties)[number]): boolean =>
    property.type !== 'SpreadElement' &&
    propertyName(property.key, property.computed) === 'plugins';
  const named = properties.filter(isNamed);
  if (named.length > 1) return opaque('plugins is there twice');
  const [own] = named;
  const behind = own === undefined ? properties : properties.slice(properties.indexOf(own) + 1);
  if (own !== undefined) {
    const later = behind.find(
      (property) =>
        property.type === 'SpreadElement' ||
        propertyName(property.key, property.computed) === undefined,
    );
    if (later !== undefined) {
      return opaque(
        `a spread or a computed key behind plugins may override it (line ${lineOf(module, later)})`,
      );
    }
    const value = own.type === 'ObjectProperty' ? unwrap(own.value) : undefined;
    return value?.type === 'ArrayExpression'
      ? { status: 'found', list: value }
      : opaque(`plugins is no list literal (line ${lineOf(module, own)})`);
  }
  const unknown = properties.filter(
    (property) =>
      property.type === 'SpreadElement' ||
      propertyName(property.key, property.computed) === undefined,
  );
  const [spread, second] = unknown;
  if (spread === undefined) return { status: 'absent', inherited: undefined };
  const text = spread.type === 'SpreadElement' ? textOf(module, unwrap(spread.argument)) : '';
  if (second === undefined && given.includes(text)) return { status: 'absent', inherited: text };
  const culprit = second !== undefined && given.includes(text) ? second : spread;
  return opaque(
    `a spread or a computed key may bring plugins of its own (line ${lineOf(module, culprit)})`,
  );
}

const textOf = ({ source }: Module, node: Node): string => source.slice(startOf(node), endOf(node));

/** A plugin stands there as a string, or as a list that starts with it. */
function hasPlugin(list: ArrayExpression, plugin: string): boolean {
  return list.elements.some((element) => {
    if (element === null) return false;
    const node = unwrap(element);
    const name = node.type === 'ArrayExpression' ? node.elements[0] : node;
    const text = name ? literalText(unwrap(name)) : undefined;
    return text !== undefined && samePlugin(text, plugin);
  });
}

const normalise = (plugin: string): string =>
  plugin.replace(/^\.\//, '').replace(/(?:\/app\.plugin)?(?:\.js)?$/, '');

const samePlugin = (one: string, other: string): boolean => normalise(one) === normalise(other);

const quoted = (module: Module, text: string): string => quoteText(text, styleOf(module).quote);

function pluginsProperty(
  module: Module,
  inherited: string | undefined,
  plugin: string,
  indent: string | undefined,
): string {
  const items = [
    ...(inherited === undefined ? [] : [`...(${inherited}.plugins ?? [])`]),
    quoted(module, plugin),
  ];
  const line = `plugins: [${items.join(', ')}]`;
  if (indent === undefined || indent.length + line.length < 90) return line;
  const { newline } = styleOf(module);
  const inner = indent + indentUnit(module.source);
  return `plugins: [${newline}${items.map((item) => `${inner}${item},${newline}`).join('')}${indent}]`;
}

/** Adds an item at the end of a list or an object, as its other items are laid out. */
function append(
  module: Module,
  holder: ArrayExpression | ObjectExpression,
  item: (indent: string | undefined) => string,
): Insertion {
  const { source } = module;
  const { newline } = styleOf(module);
  const items = holder.type === 'ArrayExpression' ? holder.elements : holder.properties;
  const last = items.findLast((one) => one !== null);
  const close = endOf(holder) - 1;
  if (!last) {
    const inside = source.slice(startOf(holder) + 1, close);
    if (holder.type === 'ArrayExpression' && !inside.includes('\n')) {
      return { offset: startOf(holder) + 1, text: item(undefined) };
    }
    const outer = lineIndent(source, startOf(holder));
    const indent = outer + indentUnit(source);
    const end = inside.includes('\n') ? '' : newline + outer;
    return {
      offset: startOf(holder) + 1,
      text: `${newline}${indent}${item(indent)},${end}`,
    };
  }
  const comma = commaBehind(module, endOf(last), close);
  if (!isFirstOnLine(source, startOf(last))) {
    return comma === undefined
      ? { offset: endOf(last), text: `, ${item(undefined)}` }
      : { offset: comma + 1, text: ` ${item(undefined)},` };
  }
  const indent = lineIndent(source, startOf(last));
  if (comma === undefined)
    return { offset: endOf(last), text: `,${newline}${indent}${item(indent)}` };
  // Comments that end the line belong to what stands on it.
  const end = skipTrailing(module, comma + 1);
  const offset = lineEnd(source, end) === end ? end : comma + 1;
  return { offset, text: `${newline}${indent}${item(indent)},` };
}

/** Whether the file after the edit is the one before it, with the plugin. */
function isIntended(before: Module, { file, plugin }: AppConfigPlugin, text: string): boolean {
  const parsed = parseModule(text, file);
  if (!parsed.ok) return false;
  const { module } = parsed;
  const config = locateConfig(module);
  const original = locateConfig(before);
  if (config.status !== 'found' || original.status !== 'found') return false;
  const had = findPlugins(before, original);
  const has = findPlugins(module, config);
  if (had.status === 'opaque' || has.status !== 'found') return false;
  if (!hasPlugin(has.list, plugin)) return false;
  // Takes out of the new tree what was put in; the rest has to be the old one.
  if (had.status === 'found') has.list.elements.pop();
  else config.object.properties.pop();
  return (
    meaningOf(statementsOf(module)) === meaningOf(statementsOf(before)) &&
    commentTexts(module) === commentTexts(before)
  );
}
