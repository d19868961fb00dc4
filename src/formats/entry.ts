import { posix } from 'node:path';
import type { EditResult, Insertion } from './edit.ts';
import {
  bindingsOf,
  calleeName,
  childrenOf,
  commentTexts,
  insertAtTop,
  insertBelow,
  isConditional,
  isImport,
  isModuleExports,
  isTypeOnly,
  lineOf,
  literalText,
  meaningOf,
  parseModule,
  propertyName,
  quoteText,
  requireOf,
  requiredModule,
  startOf,
  statementsOf,
  styleOf,
  unwrap,
  walk,
} from './javascript.ts';
import type { CallExpression, Module, Node, Statement } from './javascript.ts';
import { changed, editBehindMark, withoutMark } from './text.ts';

export interface EntryImport {
  /** Decides which syntax is tried first. */
  readonly file: string;
  /** Relative to the file, with `./`. */
  readonly specifier: string;
}

export type EntryImportPlace =
  | {
      readonly status: 'top-level';
      readonly line: number;
      /** Whether it is loaded before the app registers its root component. */
      readonly beforeRegister: boolean;
      /**
       * Whether it is only bound to a name: Metro's `inlineRequires`, on by default in React Native, then loads it
       * where the name is first used, and never if it is not
       * (https://github.com/facebook/react-native/blob/main/packages/metro-config/src/index.flow.js).
       */
      readonly mayBeDeferred: boolean;
    }
  | { readonly status: 'nested'; readonly line: number }
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly reason: string };

export type CallPlace =
  | { readonly status: 'top-level' | 'nested'; readonly line: number }
  | { readonly status: 'absent' }
  | { readonly status: 'unreadable'; readonly reason: string };

/**
 * Makes sure that an entry file loads a module for its side effect: one line, below the last import, or below the last
 * `require` before the app is registered. An import of the same module that only binds names stays, and does not count
 * (see {@link EntryImportPlace}). One inside a function or a condition is left to the user.
 */
export function ensureEntryImport(source: string, { file, specifier }: EntryImport): EditResult {
  return editBehindMark(source, (body) => {
    const parsed = parseModule(body, file);
    if (!parsed.ok) {
      return { status: 'manual', reason: parsed.reason, snippet: formatImport(specifier) };
    }
    const { module } = parsed;
    const snippet = formatLoad(module, specifier, true);
    const loads = findLoads(module, specifier);
    if (loads.some((load) => load.kind === 'eager')) return { status: 'already' };
    const [nested] = loads;
    if (nested !== undefined && loads.every((load) => load.kind === 'nested')) {
      const reason = `it loads ${specifier} only inside a function or a condition (line ${lineOf(module, nested.node)}), not at the top level`;
      return { status: 'manual', reason, snippet };
    }
    // Where a line without a semicolon would run into the next one, it gets its semicolon.
    for (const semicolon of [styleOf(module).semicolons, true]) {
      const insertion = place(module, formatLoad(module, specifier, semicolon));
      const result = changed(body, [insertion]);
      if (result.status === 'changed' && isIntended(module, file, result.text, insertion)) {
        return result;
      }
    }
    return { status: 'manual', reason: 'the edit could not be verified', snippet };
  });
}

/** Where an entry file loads a module. */
export function findEntryImport(source: string, specifier: string, file = ''): EntryImportPlace {
  const parsed = parseModule(withoutMark(source), file);
  if (!parsed.ok) return { status: 'unreadable', reason: parsed.reason };
  const { module } = parsed;
  const loads = findLoads(module, specifier);
  const register = findRegister(module);
  const isBefore = ({ node }: Load): boolean =>
    register === undefined ||
    /^(?:Import|Export|TSExternal)/.test(node.type) ||
    startOf(node) < startOf(register);
  const eager = loads.filter((load) => load.kind === 'eager');
  const best =
    eager.find(isBefore) ?? eager[0] ?? loads.find((load) => load.kind === 'bound') ?? loads[0];
  if (best === undefined) return { status: 'absent' };
  const line = lineOf(module, best.node);
  if (best.kind === 'nested') return { status: 'nested', line };
  return {
    status: 'top-level',
    line,
    beforeRegister: isBefore(best),
    mayBeDeferred: best.kind === 'bound',
  };
}

/** The first place at which a file loads a module when it is loaded itself. */
export const findLoad = (module: Module, specifier: string): Node | undefined =>
  findLoads(module, specifier).find(({ kind }) => kind !== 'nested')?.node;

/**
 * Where a file calls a function. It is found by its name, by the name that an import gives it, and as a member.
 *
 * @param matchesModule only calls of what is imported from a module that this accepts
 */
export function findTopLevelCall(
  source: string,
  name: string,
  matchesModule?: (specifier: string) => boolean,
  file = '',
): CallPlace {
  const parsed = parseModule(withoutMark(source), file);
  if (!parsed.ok) return { status: 'unreadable', reason: parsed.reason };
  const { module } = parsed;
  const bindings = bindingsOf(module).filter(
    (binding) => matchesModule === undefined || matchesModule(binding.module),
  );
  const aliases = new Set(
    bindings.filter(({ imported }) => imported === name).map(({ local }) => local),
  );
  const wholes = new Set(
    bindings
      .filter(({ imported }) => imported === '*' || imported === 'default')
      .map(({ local }) => local),
  );
  const isCall = ({ callee }: Pick<CallExpression, 'callee'>): boolean => {
    const target = unwrap(callee);
    if (target.type === 'Identifier') {
      return aliases.has(target.name) || (matchesModule === undefined && target.name === name);
    }
    if (target.type !== 'MemberExpression' && target.type !== 'OptionalMemberExpression') {
      return false;
    }
    if (propertyName(target.property, target.computed) !== name) return false;
    const object = unwrap(target.object);
    return matchesModule === undefined || (object.type === 'Identifier' && wholes.has(object.name));
  };

  let nested: number | undefined;
  for (const { node, isNested } of withPlaces(module)) {
    if (node.type !== 'CallExpression' && node.type !== 'OptionalCallExpression') continue;
    if (!isCall(node)) continue;
    const line = lineOf(module, node);
    if (!isNested) return { status: 'top-level', line };
    nested ??= line;
  }
  return nested === undefined ? { status: 'absent' } : { status: 'nested', line: nested };
}

const formatImport = (specifier: string): string => `import ${quoteText(specifier, "'")};`;

function formatLoad(module: Module, specifier: string, semicolon: boolean): string {
  const text = quoteText(specifier, styleOf(module).quote);
  return (usesRequire(module) ? `require(${text})` : `import ${text}`) + (semicolon ? ';' : '');
}

/** Whether the file is CommonJS: in one with neither `import` nor `require`, an import is right. */
function usesRequire({ program }: Module): boolean {
  const hasEsm = program.body.some(
    (statement) => isImport(statement) || statement.type.startsWith('Export'),
  );
  if (hasEsm) return false;
  let found = false;
  walk(program, (node) => {
    found ||= requiredModule(node) !== undefined || isModuleExports(node);
    return !found;
  });
  return found;
}

function place(module: Module, line: string): Insertion {
  const { body } = module.program;
  const lastImport = body.findLast(isImport);
  if (lastImport !== undefined) return insertBelow(module, lastImport, line);
  const register = findRegister(module);
  const limit = register === undefined ? Number.POSITIVE_INFINITY : startOf(register);
  const lastRequire = body.findLast(
    (statement) => startOf(statement) < limit && requireOf(statement) !== undefined,
  );
  return lastRequire === undefined
    ? insertAtTop(module, line)
    : insertBelow(module, lastRequire, line);
}

const REGISTER = new Set(['registerComponent', 'registerRootComponent', 'registerRunnable']);

/** The first statement that registers the app's root component. */
function findRegister({ program }: Module): Statement | undefined {
  return program.body.find((statement) => {
    const calls: Node[] = [];
    walk(statement, (node) => {
      if (/Function|Method/.test(node.type)) return false;
      if (node.type === 'CallExpression' && REGISTER.has(calleeName(node) ?? '')) calls.push(node);
      return undefined;
    });
    return calls.length > 0;
  });
}

interface Load {
  /** `bound`: at the top level, for what it exports alone. */
  readonly kind: 'eager' | 'bound' | 'nested';
  readonly node: Node;
}

/** Two specifiers are the same where they differ in `./`, an extension or `/index` alone. */
function normalise(specifier: string): string {
  return posix
    .normalize(specifier)
    .replace(/\/$/, '')
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/\/index$/, '');
}

const isRelative = (specifier: string): boolean => /^\.\.?(?:\/|$)/.test(specifier);

function findLoads(module: Module, specifier: string): Load[] {
  const wanted = normalise(specifier);
  const isWanted = (candidate: string | undefined): boolean =>
    candidate !== undefined && isRelative(candidate) && normalise(candidate) === wanted;

  const loads: Load[] = [];
  const bound = new Set<Node>();
  for (const { node, isNested } of withPlaces(module)) {
    switch (node.type) {
      case 'ImportDeclaration':
        if (isWanted(node.source.value) && !isTypeOnly(node)) {
          loads.push({ kind: node.specifiers.length === 0 ? 'eager' : 'bound', node });
        }
        break;
      case 'ExportAllDeclaration':
      case 'ExportNamedDeclaration':
        if (isWanted(node.source?.value) && !isTypeOnly(node)) {
          loads.push({ kind: node.type === 'ExportAllDeclaration' ? 'eager' : 'bound', node });
        }
        break;
      case 'TSExternalModuleReference':
        if (isWanted(node.expression.value)) loads.push({ kind: 'bound', node });
        break;
      case 'VariableDeclarator': {
        let value = node.init ? unwrap(node.init) : undefined;
        while (value?.type === 'MemberExpression') value = unwrap(value.object);
        if (value !== undefined) bound.add(value);
        break;
      }
      case 'ImportExpression':
        if (isWanted(literalText(node.source))) loads.push({ kind: 'nested', node });
        break;
      case 'CallExpression': {
        const [argument] = node.arguments;
        if (isWanted(requiredModule(node))) {
          loads.push({ kind: isNested ? 'nested' : bound.has(node) ? 'bound' : 'eager', node });
        } else if (node.callee.type === 'Import' && argument && isWanted(literalText(argument))) {
          loads.push({ kind: 'nested', node });
        }
        break;
      }
    }
  }
  return loads;
}

interface Place {
  readonly node: Node;
  readonly isNested: boolean;
}

/** Every node, in the file's order; `isNested` where it does not run once when the file is loaded. */
function withPlaces({ program }: Module): Place[] {
  const places: Place[] = [];
  const stack: Place[] = [{ node: program, isNested: false }];
  for (let place = stack.pop(); place !== undefined; place = stack.pop()) {
    places.push(place);
    const isNested = place.isNested || isConditional(place.node);
    stack.push(
      ...childrenOf(place.node)
        .map((node) => ({ node, isNested }))
        .reverse(),
    );
  }
  return places;
}

/** Whether the file after the edit is the one before it and one statement. */
function isIntended(before: Module, file: string, text: string, insertion: Insertion): boolean {
  const parsed = parseModule(text, file);
  if (!parsed.ok) return false;
  const end = insertion.offset + insertion.text.length;
  const statements = statementsOf(parsed.module);
  const rest = statements.filter(
    (statement) => startOf(statement) < insertion.offset || startOf(statement) >= end,
  );
  return (
    rest.length === statements.length - 1 &&
    meaningOf(rest) === meaningOf(statementsOf(before)) &&
    meaningOf(parsed.module.program.directives) === meaningOf(before.program.directives) &&
    commentTexts(parsed.module) === commentTexts(before)
  );
}
