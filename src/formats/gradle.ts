import { withoutMark } from './text.ts';

/** Reads Gradle files, Groovy and Kotlin alike; nothing here writes one. What is no literal is not there. */

export interface AndroidBuild {
  /** Of `android { defaultConfig { … } }`; flavors may have others. */
  readonly applicationId: string | undefined;
  readonly namespace: string | undefined;
}

/** Reads what app/build.gradle or app/build.gradle.kts says in so many words. */
export function readAndroidBuild(text: string): AndroidBuild {
  const literals = readLiterals(withoutMark(text));
  return {
    applicationId: literals.get('android.defaultConfig.applicationId'),
    namespace: literals.get('android.namespace'),
  };
}

/**
 * Reads a .properties file, as java.util.Properties does
 * (https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)), but for
 * blanks at the end of a value: they are left out.
 */
export function readProperties(text: string): Map<string, string> {
  const properties = new Map<string, string>();
  const lines = withoutMark(text).split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index += 1) {
    let line = (lines[index] ?? '').trimStart();
    if (line === '' || line.startsWith('#') || line.startsWith('!')) continue;
    while (/(?<!\\)(?:\\\\)*\\$/.test(line) && index + 1 < lines.length) {
      index += 1;
      line = line.slice(0, -1) + (lines[index] ?? '').trimStart();
    }
    const match = /^((?:\\.|[^\\=:\s])*)[\t\f ]*[=:]?[\t\f ]*(.*)$/s.exec(line);
    if (match === null) continue;
    const [, key = '', value = ''] = match;
    properties.set(unescape(key), unescape(value.trimEnd()));
  }
  return properties;
}

const CONTROL: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescape = (text: string): string =>
  text.replace(/\\(?:u([0-9A-Fa-f]{4})|(.?))/gs, (_match, hex?: string, character?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return CONTROL[character ?? ''] ?? character ?? '';
  });

type Token =
  | { readonly kind: 'word' | 'mark'; readonly text: string }
  /** `text` is undefined where an expression is inside. */
  | { readonly kind: 'string'; readonly text: string | undefined };

const TOKEN = new RegExp(
  [
    /(?<blank>\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))/,
    /(?<long>"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$))/,
    // A string ends with its line, even where its quote is missing.
    /(?<short>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)/,
    /(?<word>[A-Za-z_][\w]*)/,
    /(?<mark>[\s\S])/,
  ]
    .map((part) => part.source)
    .join('|'),
  'g',
);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const { long, short, word, mark } = match.groups ?? {};
    if (long !== undefined) tokens.push(stringToken(long, 3));
    else if (short !== undefined) tokens.push(stringToken(short, 1));
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (mark !== undefined) tokens.push({ kind: 'mark', text: mark });
  }
  return tokens;
}

function stringToken(raw: string, quotes: number): Token {
  const body = raw.slice(quotes, -quotes);
  const isInterpolated = raw.startsWith('"') && /(?<!\\)(?:\\\\)*\$/.test(body);
  return { kind: 'string', text: isInterpolated ? undefined : body.replace(/\\(.)/gs, '$1') };
}

/** Strings that are assigned, or given to a setter, by the dotted path of blocks and names that leads there. */
function readLiterals(text: string): Map<string, string> {
  const tokens = tokenize(text);
  const literals = new Map<string, string>();
  const blocks: string[] = [];
  // The dotted name that the next block, or the next value, belongs to.
  let name = '';
  const isMark = (token: Token | undefined, mark: string): boolean =>
    token?.kind === 'mark' && token.text === mark;

  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind === 'word') {
      const isContinued = isMark(tokens[index - 1], '.');
      name = isContinued ? `${name}.${token.text}` : token.text;
      let next = index + 1;
      while (isMark(tokens[next], '=') || isMark(tokens[next], '(')) next += 1;
      const value = tokens[next];
      const after = tokens[next + 1];
      const isWhole = !['+', '.', '?'].some((mark) => isMark(after, mark));
      if (value?.kind === 'string' && value.text !== undefined && isWhole) {
        literals.set([...blocks, name].join('.'), value.text);
      }
    } else if (isMark(token, '{')) {
      blocks.push(name === '' ? '?' : name);
      name = '';
    } else if (isMark(token, '}')) {
      blocks.pop();
      name = '';
    } else if (!isMark(token, '.')) {
      // What a parenthesis closes names no block: if (…) { }, create("debug") { }.
      name = '';
    }
  }
  return literals;
}
