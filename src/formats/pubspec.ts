import type { EditResult } from './edit.ts';
import { changed, editBehindMark, lineEnding } from './text.ts';

/** A package beside the app, as `dependencies:` of a pubspec.yaml names it. */
export interface PathDependency {
  readonly name: string;
  /** Relative to the pubspec, with `/`. */
  readonly path: string;
}

interface Line {
  readonly text: string;
  readonly offset: number;
}

/** What a pubspec.yaml says under one of its keys, as far as its lines tell. */
type Block =
  | { readonly status: 'block'; readonly key: Line; readonly children: readonly Line[] }
  | { readonly status: 'absent' }
  | { readonly status: 'unclear'; readonly reason: string };

/**
 * Makes sure that a pubspec.yaml depends on a package beside the app: two lines at the end of `dependencies:`. Only a
 * block of one entry a line is edited; comments, quotes and whatever else stands there stay as they are. Everything else
 * that YAML allows there (flow style, merge keys, tags) is left to a person.
 */
export function ensurePathDependency(source: string, wanted: PathDependency): EditResult {
  return editBehindMark(source, (body) => {
    const manual = (reason: string, action?: 'replace'): EditResult => ({
      status: 'manual',
      reason,
      snippet: `dependencies:\n${entryText(wanted, '  ', '\n')}`.trimEnd(),
      ...(action && { action }),
    });
    const found = findBlock(body, 'dependencies');
    if (found.status === 'unclear') return manual(found.reason);
    if (found.status === 'absent') return manual('it has no `dependencies:`');
    const { key, children } = found;
    const entries = entriesOf(children);
    if (entries === undefined) return manual('`dependencies:` is not a plain list of entries');
    const own = entries.filter(({ name }) => name === wanted.name);
    const [first] = own;
    if (first !== undefined) {
      return own.length === 1 && pathOf(first) === wanted.path
        ? { status: 'already' }
        : manual(`it has another \`${wanted.name}\` among its dependencies`, 'replace');
    }
    const ending = lineEnding(body);
    const last = children.findLast(({ text }) => text.trim() !== '') ?? key;
    const indent = /^ */.exec(entries[0]?.lines[0]?.text ?? '  ')?.[0] ?? '  ';
    const end = last.offset + last.text.length;
    const text = ending + entryText(wanted, indent, ending).slice(0, -ending.length);
    return changed(body, [{ offset: end, text }]);
  });
}

function entryText({ name, path }: PathDependency, indent: string, ending: string): string {
  const value = /^[\w-][\w./-]*$/.test(path) ? path : JSON.stringify(path);
  return `${indent}${name}:${ending}${indent}${indent}path: ${value}${ending}`;
}

/** The choice of SQLCipher in one line, for people. */
export const SQLCIPHER_HOOK_LINE = 'hooks: { user_defines: { sqlite3: { source: sqlcipher } } }';

const SQLCIPHER_HOOK = ['hooks:', '  user_defines:', '    sqlite3:', '      source: sqlcipher'];

/** Builds of SQLite that encrypt: https://pub.dev/documentation/sqlite3/latest/topics/hook-topic.html */
const ENCRYPTING = ['sqlcipher', 'sqlite3mc'];

/**
 * Makes sure that package:sqlite3 brings a SQLite that encrypts: a section at the end of a pubspec.yaml that has no
 * `hooks:`. One that has some is left to a person, unless it says so already.
 */
export function ensureSqlcipherHook(source: string): EditResult {
  return editBehindMark(source, (body) => {
    const manual = (reason: string, action?: 'replace'): EditResult => ({
      status: 'manual',
      reason,
      snippet: SQLCIPHER_HOOK.join('\n'),
      ...(action && { action }),
    });
    const found = findBlock(body, 'hooks');
    if (found.status === 'unclear') return manual(found.reason);
    if (found.status === 'block') {
      const chosen = valueAt(found.children, ['user_defines', 'sqlite3', 'source']);
      return chosen !== undefined && ENCRYPTING.includes(chosen)
        ? { status: 'already' }
        : manual('it has `hooks:` of its own', 'replace');
    }
    const ending = lineEnding(body);
    // At the end: behind what ends a YAML document nothing more belongs to it.
    if (/^(?:\.\.\.|---)/m.test(body.replace(/^---[\t ]*\r?\n/, ''))) {
      return manual('it is more than one YAML document');
    }
    const gap = body.endsWith('\n') ? ending : ending + ending;
    return changed(body, [
      { offset: body.length, text: gap + SQLCIPHER_HOOK.join(ending) + ending },
    ]);
  });
}

/** A plain value below keys that stand one a line; undefined where there is none, or it is written in another way. */
function valueAt(lines: readonly Line[], path: readonly string[]): string | undefined {
  const [name, ...rest] = path;
  const entry = entriesOf(lines)?.find((one) => one.name === name);
  const [head, ...below] = entry?.lines ?? [];
  if (head === undefined) return undefined;
  if (rest.length > 0) return valueAt(below, rest);
  const value = withoutComment(head.text)
    .slice(head.text.indexOf(':') + 1)
    .trim();
  return value.replace(/^(["'])(.*)\1$/, '$2');
}

/** Keys that need no thought, at the start of a line; what follows is a value, or the end of the line. */
const KEY = /^(?:([\w.-]+)|"([\w.-]+)"|'([\w.-]+)')[\t ]*:(?=[\t \r]|$)/;
const nameIn = (text: string): string | undefined => {
  const [, plain, double, single] = KEY.exec(text) ?? [];
  return plain ?? double ?? single;
};

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let offset = 0;
  for (const line of text.split('\n')) {
    lines.push({ text: line.replace(/\r$/, ''), offset });
    offset += line.length + 1;
  }
  return lines;
}

const isComment = ({ text }: Line): boolean => /^[\t ]*#/.test(text);
const isBlank = ({ text }: Line): boolean => text.trim() === '';

function findBlock(body: string, wanted: string): Block {
  const unclear = (reason: string): Block => ({ status: 'unclear', reason });
  const lines = linesOf(body);
  const keys: number[] = [];
  let isStarted = false;
  for (const [index, line] of lines.entries()) {
    const { text } = line;
    if (isBlank(line) || isComment(line)) continue;
    if (/^---[\t ]*$/.test(text) && !isStarted) continue;
    // What is further in belongs to the key above it; a tab is no indentation in YAML.
    if (text.startsWith(' ') && isStarted) continue;
    const name = nameIn(text);
    if (name === undefined) return unclear(`line ${index + 1} is not a plain key`);
    isStarted = true;
    if (name === wanted) keys.push(index);
  }
  const [at, second] = keys;
  const key = at === undefined ? undefined : lines[at];
  if (at === undefined || key === undefined) return { status: 'absent' };
  if (second !== undefined) return unclear(`it has \`${wanted}:\` twice`);
  const value = key.text.slice(KEY.exec(key.text)?.[0].length);
  if (!/^[\t ]*(?:[\t ]#.*)?$/.test(value)) {
    return unclear(`\`${wanted}:\` has its value in the same line`);
  }
  const rest = lines.slice(at + 1);
  const length = rest.findIndex((line) => !isBlank(line) && !line.text.startsWith(' '));
  return { status: 'block', key, children: length === -1 ? rest : rest.slice(0, length) };
}

interface Entry {
  readonly name: string;
  /** Its own line, and those that are further in. */
  readonly lines: readonly Line[];
}

/** Undefined where the lines are anything but one entry after the other. */
function entriesOf(children: readonly Line[]): Entry[] | undefined {
  const entries: { name: string; lines: Line[] }[] = [];
  let indent: number | undefined;
  for (const line of children) {
    if (isBlank(line) || isComment(line)) continue;
    const own = /^ */.exec(line.text)?.[0].length ?? 0;
    indent ??= own;
    if (own > indent) {
      entries.at(-1)?.lines.push(line);
      continue;
    }
    const name = own === indent ? nameIn(line.text.slice(own)) : undefined;
    if (name === undefined) return undefined;
    // A value that goes on over several lines could hold anything.
    if (/:[\t ]+(?:[|>!]|["'{[](?!.*["'}\]][\t ]*(?:#.*)?$))/.test(line.text)) return undefined;
    entries.push({ name, lines: [line] });
  }
  // A value that is shared (`*version`), or named for that, is understood where it ends with its line.
  const goesOn = entries.some(
    ({ lines: [head, more] }) => more !== undefined && /:[\t ]+[&*]/.test(head?.text ?? ''),
  );
  return goesOn ? undefined : entries;
}

function withoutComment(line: string): string {
  const at = line.search(/[\t ]#/);
  return at < 0 ? line : line.slice(0, at);
}

/** The path of an entry, in either style; undefined where it says anything else. */
function pathOf({ lines }: Entry): string | undefined {
  const [head = '', ...below] = lines.map(({ text }) => withoutComment(text).trim());
  const [only = '', more] = below;
  const brace = head.indexOf('{');
  const isFlow = brace >= 0 && head.endsWith('}') && head.slice(0, brace).trimEnd().endsWith(':');
  const pair = isFlow ? head.slice(brace + 1, -1).trim() : more === undefined ? only : '';
  const written = pair.startsWith('path:') ? pair.slice('path:'.length).trim() : '';
  if (written === '') return undefined;
  const [, single, double, plain] =
    /^(?:'([^']*)'|"([^"\\]*)"|([^'"{}[\],&*!|>%@`]+))$/.exec(written) ?? [];
  return (single ?? double ?? plain)?.replace(/^\.\//, '').replace(/\/$/, '');
}
