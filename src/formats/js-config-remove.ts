import type { ObjectExpression } from '@babel/types';
import { endOf, parseModule, requireOf, startOf, statementsOf, walk } from './javascript.ts';
import type { Module } from './javascript.ts';
import { findDependencies, locate, nameOf } from './js-config-object.ts';
import type { Property } from './js-config-object.ts';
import { BYTE_ORDER_MARK, isFirstOnLine, lineEnd, lineStart, nextLine } from './text.ts';

export interface RemovedDependency {
  readonly file: string;
  readonly name: string;
  /** Whether bgsync made the file: what only the entry needed goes with it. */
  readonly isOwnFile: boolean;
}

/**
 * Takes an entry out of `dependencies` in a react-native.config file. Everything else stays as it is.
 *
 * @returns undefined where the file cannot be read, or has no such entry, or has it twice
 */
export function removeReactNativeDependency(
  source: string,
  { file, name, isOwnFile }: RemovedDependency,
): string | undefined {
  const mark = source.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const body = source.slice(mark.length);
  const parsed = parseModule(body, file);
  if (!parsed.ok) return undefined;
  const config = locate(parsed.module);
  if (config.status !== 'found') return undefined;
  const list = findDependencies(config.object);
  if (list.status !== 'found') return undefined;
  const [entry, second] = list.object.properties.filter((property) => nameOf(property) === name);
  if (entry === undefined || second !== undefined) return undefined;

  const goesWhole = isOwnFile && list.object.properties.length === 1;
  const whole = config.object.properties.find(
    (property) => nameOf(property) === 'dependencies' && endOf(property) >= endOf(list.object),
  );
  const text =
    goesWhole && whole !== undefined
      ? withoutProperty(parsed.module, config.object, whole)
      : withoutProperty(parsed.module, list.object, entry);
  const tidy = isOwnFile ? withoutUnused(text, file) : text;
  return parseModule(tidy, file).ok ? mark + tidy : undefined;
}

function withoutProperty(
  { source, comments }: Module,
  object: ObjectExpression,
  property: Property,
): string {
  const start = startOf(property);
  const limit = endOf(object) - 1;
  let end = endOf(property);
  for (let at = end; at < limit; at += 1) {
    const comment = comments.find((candidate) => candidate.start === at);
    if (typeof comment?.end === 'number') at = comment.end - 1;
    else if (source[at] === ',') {
      end = at + 1;
      break;
    }
  }
  const isAlone =
    isFirstOnLine(source, start) && source.slice(end, lineEnd(source, end)).trim() === '';
  if (isAlone)
    return source.slice(0, lineStart(source, start)) + source.slice(nextLine(source, end));
  // In one line with others: the comma in front goes where there is none behind.
  const before = source.slice(0, start);
  const hasComma = source[end - 1] === ',';
  return (
    (hasComma ? before : before.replace(/(?<![\t ])[\t ]+$/, '').replace(/,$/, '')) +
    (hasComma ? source.slice(end).replace(/^[\t ]+/, '') : source.slice(end))
  );
}

/** Takes out the import of Node's `path` or `node:url` that nothing uses any more. */
function withoutUnused(source: string, file: string): string {
  const parsed = parseModule(source, file);
  if (!parsed.ok) return source;
  const { module } = parsed;
  for (const statement of statementsOf(module)) {
    const from =
      statement.type === 'ImportDeclaration' ? statement.source.value : requireOf(statement);
    const local = from === 'path' ? 'path' : from === 'node:url' ? 'fileURLToPath' : undefined;
    if (local === undefined) continue;
    let uses = 0;
    walk(module.program, (node) => {
      if (node === statement) return false;
      if (node.type === 'Identifier' && node.name === local) uses += 1;
      return undefined;
    });
    if (uses > 0) continue;
    const end = nextLine(source, endOf(statement));
    const blank = /^\r?\n/.exec(source.slice(end))?.[0].length ?? 0;
    const start = lineStart(source, startOf(statement));
    return source.slice(0, start) + source.slice(start === 0 ? end + blank : end);
  }
  return source;
}
