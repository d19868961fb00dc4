import { findLoad } from './entry.ts';
import {
  calleeName,
  isTypeOnly,
  parseModule,
  requiredModule,
  startOf,
  endOf,
  unwrap,
  walk,
} from './javascript.ts';
import type { Node, Statement } from './javascript.ts';
import { withoutMark } from './text.ts';

/** The whole app: `expo-router/entry`, `expo/AppEntry`. */
const IS_APP = /\/(?:App)?entry(?:\.js)?$/i;
/** What Nativewind and Expo read for screens: `import './global.css'`. */
const IS_STYLE = /\.(?:css|s[ac]ss|less)$/;
const GLOBALS = new Set(['global', 'globalThis', 'window', 'self']);
/** `setupURLPolyfill()`, `polyfillWebCrypto()`, and `install()` of react-native-quick-crypto. */
const IS_POLYFILL = /polyfill|^install$/i;

export interface PreludePart {
  /** The file's text, all else blanked: each line is where it was. */
  readonly text: string;
  /** What is loaded for its side effect; undefined for what defines globals. */
  readonly module?: string;
}

/**
 * What an entry file does for all that it loads: polyfills. Of its statements those that load a module for its side effect
 * before it loads the handler, those that define a global, and what these need.
 *
 * @param handler as {@link EntryImport} has it
 * @returns one part for each module, in their order, and one for the globals
 */
export function preludeOf(source: string, handler: string, file: string): PreludePart[] {
  const text = withoutMark(source);
  const parsed = parseModule(text, file);
  if (!parsed.ok) return [];
  const { program } = parsed.module;
  const load = findLoad(parsed.module, handler);
  const end = load === undefined ? Number.POSITIVE_INFINITY : startOf(load);

  const parts = program.body.flatMap((statement): PreludePart[] => {
    const name = sideEffectOf(statement);
    const isLeftOut = name === undefined || IS_APP.test(name) || IS_STYLE.test(name);
    if (isLeftOut || startOf(statement) >= end) return [];
    return [{ text: textOf(text, [statement]), module: name }];
  });
  const globals = new Set(program.body.filter(definesGlobal));
  for (const statement of globals) {
    const names = namesIn(statement);
    for (const other of program.body) {
      if (!isTypeOnly(other) && declaredBy(other).some((name) => names.has(name))) {
        globals.add(other);
      }
    }
  }
  if (globals.size === 0) return parts;
  const inOrder = program.body.filter((one) => globals.has(one));
  return [...parts, { text: textOf(text, inOrder) }];
}

/** The text up to the last of some statements, all else blanked. */
function textOf(text: string, statements: readonly Statement[]): string {
  let [left, at] = ['', 0];
  for (const statement of statements) {
    left += blank(text.slice(at, startOf(statement)));
    at = endOf(statement);
    left += text.slice(startOf(statement), at);
  }
  return left;
}

const blank = (text: string): string => text.replace(/[^\r\n]/g, ' ');

/** The module that a statement loads, and nothing else. */
function sideEffectOf(statement: Statement): string | undefined {
  if (statement.type === 'ImportDeclaration') {
    const isBare = statement.specifiers.length === 0 && !isTypeOnly(statement);
    return isBare ? statement.source.value : undefined;
  }
  return statement.type === 'ExpressionStatement'
    ? requiredModule(statement.expression)
    : undefined;
}

function definesGlobal(statement: Statement): boolean {
  if (!/^(?:Expression|If|Try|Block)/.test(statement.type)) return false;
  let found = false;
  walk(statement, (node) => {
    if (/Function|Method/.test(node.type)) return false;
    if (node.type === 'AssignmentExpression') found ||= isOfGlobal(unwrap(node.left));
    if (node.type === 'CallExpression') {
      const [first] = node.arguments;
      const name = calleeName(node) ?? '';
      const isObjects = name === 'defineProperty' || name === 'assign';
      found ||= IS_POLYFILL.test(name) || (isObjects && first !== undefined && isGlobal(first));
    }
    return !found;
  });
  return found;
}

const isGlobal = (node: Node): boolean => {
  const value = unwrap(node);
  return value.type === 'Identifier' && GLOBALS.has(value.name);
};

const isOfGlobal = (node: Node): boolean =>
  node.type === 'MemberExpression' && isGlobal(node.object);

/** The names that a statement brings to the top level of its file. */
function declaredBy(statement: Statement): string[] {
  if (statement.type === 'ImportDeclaration') {
    return statement.specifiers.map(({ local }) => local.name);
  }
  if (statement.type === 'FunctionDeclaration') return statement.id ? [statement.id.name] : [];
  if (statement.type !== 'VariableDeclaration') return [];
  return statement.declarations.flatMap(({ id }) => [...namesIn(id)]);
}

function namesIn(root: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(root, (node) => {
    if (node.type === 'Identifier') names.add(node.name);
    return undefined;
  });
  return names;
}
