import type { ArrayExpression, ObjectExpression } from '@babel/types';
import { judgeAppConfig, pluginsOf, samePlugin } from './config-verdict.ts';
import type { Verdict } from './config-verdict.ts';
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
  moduleExportName,
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
  /** With it, its entries in `ios.infoPlist` do as well as the plugin. */
  readonly taskIds?: readonly string[];
  /** What app.json says, which Expo hands to a function. */
  readonly given?: unknown;
  /** The modules that it imports, by path relative to the app's root. */
  readonly files?: ReadonlyMap<string, string>;
}

/**
 * Makes sure that a dynamic app config has a config plugin. The object literal that the file exports, or that the
 * function it exports returns, is extended, or the one in its `expo`: its literal `plugins`, else a new one, which keeps
 * those that a spread brings. An edit is made only where Expo, as far as that can be told from the text, then gets the
 * plugin and every one that it had.
 */
export function ensureConfigPlugin(source: string, wanted: AppConfigPlugin): EditResult {
  return editBehindMark(source, (body) => {
    const parsed = parseModule(body, wanted.file);
    if (!parsed.ok) {
      return {
        status: 'manual',
        reason: parsed.reason,
        snippet: pluginsSnippet([], wanted.plugin),
      };
    }
    const { module } = parsed;
    const verdict = judge(wanted, body);
    if (verdict.status === 'placed') return { status: 'already' };
    const manual = (reason: string, snippet: string): EditResult =>
      verdict.status === 'unknown' && isNamed(module, wanted)
        ? { status: 'already', unproven: verdict.reason }
        : { status: 'manual', reason, snippet };

    const config = locateConfig(module);
    if (config.status === 'opaque') {
      const { reason, returned } = config;
      const snippet =
        returned === undefined
          ? pluginsSnippet([], wanted.plugin)
          : `${returned}.plugins = [...(${returned}.plugins ?? []), ${quoteText(wanted.plugin, "'")}];`;
      return manual(reason, snippet);
    }
    const plugins = findPlugins(module, config);
    if (plugins.status === 'opaque') {
      return manual(plugins.reason, pluginsSnippet(plugins.inherited, wanted.plugin));
    }
    const doubt = config.doubt ?? plugins.doubt;
    const isThere = plugins.status === 'found' && hasPlugin(plugins.list, wanted.plugin);
    if (isThere && doubt === undefined && verdict.status !== 'absent') return { status: 'already' };

    for (const inherited of plugins.status === 'found' || isThere ? [[]] : plugins.inherited) {
      if (isThere) break;
      const insertion =
        plugins.status === 'found'
          ? append(module, plugins.list, () => quoted(module, wanted.plugin))
          : append(module, config.object, (indent) =>
              pluginsProperty(module, inherited, wanted.plugin, indent),
            );
      const result = changed(body, [insertion]);
      if (result.status !== 'changed' || !isIntended(module, wanted, result.text)) continue;
      const now = judge(wanted, result.text);
      const isKept = pluginsOf(inFiles(wanted, body)) === pluginsOf(inFiles(wanted, result.text));
      if (now.status === 'placed' ? isKept : now.status === 'unknown' && doubt === undefined) {
        return result;
      }
    }
    const inherited = plugins.status === 'absent' ? (plugins.inherited.at(-1) ?? []) : [];
    return manual(
      doubt ?? (verdict.status === 'unknown' ? verdict.reason : 'the edit could not be verified'),
      pluginsSnippet(inherited, wanted.plugin),
    );
  });
}

function pluginsSnippet(inherited: readonly string[], plugin: string): string {
  const before = inherited.length === 0 ? '// … those that are there' : `${spreadOf(inherited)},`;
  return `plugins: [\n  ${before}\n  ${quoteText(plugin, "'")},\n],`;
}

/** The last that has any has the word, as in an object literal. */
const spreadOf = (inherited: readonly string[]): string => `...(${inherited.join(' ?? ')} ?? [])`;

const inFiles = (wanted: AppConfigPlugin, body: string) => ({
  ...wanted,
  files: new Map([...(wanted.files ?? []), [wanted.file, body]]),
});

const judge = (wanted: AppConfigPlugin, body: string): Verdict =>
  judgeAppConfig(inFiles(wanted, body));

/** Whether the file, or one that it imports, names the plugin somewhere. */
function isNamed(
  { program }: Module,
  { plugin, given, files = new Map<string, string>() }: AppConfigPlugin,
): boolean {
  const texts: string[] = [];
  walk(program, (node) => {
    const text = literalText(node);
    if (text !== undefined) texts.push(text);
    return undefined;
  });
  if (texts.some((text) => samePlugin(text, plugin))) return true;
  if (JSON.stringify(given ?? null).includes(plugin)) return true;
  return [...files.values()].some((text) => text.includes(plugin.replace(/^\.\//, '')));
}

export type FoundPlugin =
  | { readonly status: 'found' }
  | { readonly status: 'absent' }
  /** It names the plugin; whether Expo gets it only a run would tell. */
  | { readonly status: 'unproven'; readonly reason: string }
  | { readonly status: 'unreadable'; readonly reason: string };

/** Whether Expo gets a config plugin from a dynamic app config. */
export function findConfigPlugin(source: string, wanted: AppConfigPlugin): FoundPlugin {
  const body = source.replace(/^\uFEFF/, '');
  const verdict = judge(wanted, body);
  if (verdict.status === 'placed') return { status: 'found' };
  const result = ensureConfigPlugin(source, wanted);
  if (result.status === 'already') {
    return result.unproven === undefined
      ? { status: 'found' }
      : { status: 'unproven', reason: result.unproven };
  }
  return verdict.status === 'absent'
    ? { status: 'absent' }
    : { status: 'unreadable', reason: result.status === 'manual' ? result.reason : verdict.reason };
}

type LocatedConfig =
  | {
      readonly status: 'found';
      readonly object: ObjectExpression;
      /** The text by which the function knows the config that Expo read from app.json. */
      readonly given: readonly string[];
      /** Why it may not be what Expo gets. */
      readonly doubt?: string;
    }
  | {
      readonly status: 'opaque';
      readonly reason: string;
      /** What the function that it exports returns, by name. */
      readonly returned?: string;
    };

/** What only types its argument: https://docs.expo.dev/workflow/configuration/, and what people write in its place. */
const IDENTITY = new Set(['defineConfig', 'defineExpoConfig']);

function locateConfig(module: Module): LocatedConfig {
  const opaque = (reason: string): LocatedConfig => ({ status: 'opaque', reason });
  const [exported, second] = exportedValues(module);
  if (exported === undefined) return opaque('it exports no config');
  if (second !== undefined) return opaque('it has several exports');
  let node = unwrap(exported);
  let given: string[] = [];
  let body: Node | undefined;
  let doubt: string | undefined;
  let isInside = false;
  for (let steps = 0; steps < 10; steps += 1) {
    switch (node.type) {
      case 'ObjectExpression': {
        // Of an object with `expo`, Expo reads nothing else.
        const inner: Node | undefined = isInside ? undefined : wrappedConfig(node);
        if (inner === undefined) {
          return { status: 'found', object: node, given, ...(doubt !== undefined && { doubt }) };
        }
        isInside = true;
        node = unwrap(inner);
        break;
      }
      case 'Identifier': {
        const { name } = node;
        const local = body && findValue(body, name);
        const value = local ?? findValue(module.program, name);
        if (value === undefined) {
          return body === undefined
            ? opaque(`what it exports, ${name}, is no literal`)
            : {
                ...opaque(
                  `the function that it exports returns ${name}, which it may have changed`,
                ),
                ...(given.some((one) => one === name) || local === undefined
                  ? { returned: name }
                  : {}),
              };
        }
        const change = value.type === 'FunctionDeclaration' ? undefined : findUse(module, name);
        if (change !== undefined) {
          doubt ??= `${name}, which it exports, may be changed (line ${lineOf(module, change)})`;
        }
        node = unwrap(value);
        break;
      }
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
      case 'FunctionDeclaration': {
        given = givenNames(node.params[0]);
        body = node.body;
        const returned = body.type === 'BlockStatement' ? onlyReturn(body) : body;
        if (returned === undefined) {
          return opaque(
            `the function that it exports has not one return (line ${lineOf(module, node)})`,
          );
        }
        node = unwrap(returned);
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
  return opaque(doubt ?? 'what it exports cannot be followed');
}

/** The value of `expo` in an object literal. */
const wrappedConfig = (object: ObjectExpression): Node | undefined =>
  object.properties.flatMap((property) =>
    property.type === 'ObjectProperty' && propertyName(property.key, property.computed) === 'expo'
      ? [property.value]
      : [],
  )[0];

function exportedValues({ program }: Module): Node[] {
  const values: Node[] = [];
  walk(program, (node) => {
    if (node.type === 'ExportDefaultDeclaration') values.push(node.declaration);
    else if (node.type === 'TSExportAssignment') values.push(node.expression);
    else if (node.type === 'AssignmentExpression' && isModuleExports(node.left)) {
      values.push(node.right);
    } else if (node.type === 'ExportSpecifier') {
      const { exported } = node;
      const name = moduleExportName(exported);
      if (name === 'default') values.push(node.local);
    }
    return undefined;
  });
  return values;
}

/** What the statements of a module or a function declare a name as: a constant's value, or a function. */
function findValue(scope: Node, name: string): Node | undefined {
  const found: Node[] = [];
  if (scope.type !== 'Program' && scope.type !== 'BlockStatement') return undefined;
  for (const statement of scope.body) {
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
      node.type === 'ReturnStatement' ||
      (node.type === 'ObjectProperty' && propertyName(node.key, node.computed) === 'expo') ||
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
  | { readonly status: 'found'; readonly list: ArrayExpression; readonly doubt?: string }
  | {
      readonly status: 'absent';
      /** What spreads may bring, each a way to name it, the likely ones first. */
      readonly inherited: readonly (readonly string[])[];
      readonly doubt?: string;
    }
  | { readonly status: 'opaque'; readonly reason: string; readonly inherited: readonly string[] };

type Found = Extract<LocatedConfig, { status: 'found' }>;

function findPlugins(module: Module, { object, given }: Found): Plugins {
  const opaque = (reason: string, ...inherited: string[]): Plugins => ({
    status: 'opaque',
    reason,
    inherited,
  });
  const { properties } = object;
  const isOpen = (property: (typeof properties)[number]): boolean =>
    property.type === 'SpreadElement' ||
    propertyName(property.key, property.computed) === undefined;
  const named = properties.filter(
    (property) =>
      property.type !== 'SpreadElement' &&
      propertyName(property.key, property.computed) === 'plugins',
  );
  if (named.length > 1) return opaque('plugins is there twice');
  const [own] = named;
  if (own !== undefined) {
    const later = properties.slice(properties.indexOf(own) + 1).find(isOpen);
    const doubt =
      later &&
      `a spread or a computed key behind plugins may override it (line ${lineOf(module, later)})`;
    const value = own.type === 'ObjectProperty' ? listOf(module, unwrap(own.value)) : undefined;
    if (value === undefined) {
      const text = own.type === 'ObjectProperty' ? textOf(module, own.value) : '';
      const isShort = text !== '' && text.length <= 80 && !text.includes('\n');
      return opaque(
        `plugins is no list literal (line ${lineOf(module, own)})`,
        ...(isShort ? [isPlainName(text) ? text : `(${text})`] : []),
      );
    }
    const isElsewhere = own.type === 'ObjectProperty' && unwrap(own.value) !== value;
    const moved = isElsewhere ? 'plugins is a list that other code may change' : undefined;
    const reason = doubt ?? moved;
    return { status: 'found', list: value, ...(reason !== undefined && { doubt: reason }) };
  }
  const unknown = properties.filter(isOpen);
  const texts = unknown.map((property) =>
    property.type === 'SpreadElement' ? textOf(module, unwrap(property.argument)) : '',
  );
  const [only, second] = texts;
  if (only === undefined) return { status: 'absent', inherited: [[]] };
  if (second === undefined && given.includes(only)) {
    return { status: 'absent', inherited: [[`${only}.plugins`]] };
  }
  const culprit = unknown[texts.findIndex((text) => !given.includes(text))] ?? unknown[0];
  const names = texts
    .filter(isPlainName)
    .map((text) => `${text}.plugins`)
    .reverse();
  const single = names.map((name) => [name]);
  return {
    status: 'absent',
    inherited: [[], ...single, ...(names.length > 1 ? [names] : [])],
    doubt: `a spread or a computed key may bring plugins of its own (line ${lineOf(module, culprit ?? object)})`,
  };
}

const isPlainName = (text: string): boolean => /^[\w$]+(?:\??\.[\w$]+)*$/.test(text);

/** A list literal, or that of the constant that is named. */
function listOf(module: Module, value: Node): ArrayExpression | undefined {
  if (value.type === 'ArrayExpression') return value;
  if (value.type === 'CallExpression' && value.callee.type === 'MemberExpression') {
    // `[…].filter(Boolean)` keeps a text.
    const { object, property, computed } = value.callee;
    const [argument] = value.arguments;
    const drops =
      propertyName(property, computed) === 'filter' && argument && isName(argument, 'Boolean');
    return drops ? listOf(module, unwrap(object)) : undefined;
  }
  if (value.type !== 'Identifier') return undefined;
  const initial = findValue(module.program, value.name);
  const list = initial && unwrap(initial);
  return list?.type === 'ArrayExpression' ? list : undefined;
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

const quoted = (module: Module, text: string): string => quoteText(text, styleOf(module).quote);

function pluginsProperty(
  module: Module,
  inherited: readonly string[],
  plugin: string,
  indent: string | undefined,
): string {
  const items = [...(inherited.length === 0 ? [] : [spreadOf(inherited)]), quoted(module, plugin)];
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
