/**
 * Reads two shapes that pnpm-workspace.yaml and .yarnrc.yml are made of, by their lines; nothing here writes one. What is
 * written in another way (anchors, block scalars) is not there.
 */

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** The lists of strings at the top level, by their keys. */
export function readLists(source: string): Map<string, string[]> {
  const lists = new Map<string, string[]>();
  let list: string[] | undefined;
  for (const { indent, text } of readLines(source)) {
    const item = /^-\s+(.*)$/.exec(text)?.[1];
    if (item !== undefined) {
      list?.push(readScalar(item));
      continue;
    }
    if (indent > 0) continue;
    list = undefined;
    const entry = readEntry(text);
    if (entry === undefined) continue;
    const flow = /^\[(.*)\]$/.exec(entry.value)?.[1];
    list = flow === undefined ? [] : flow.split(',').map((one) => readScalar(one.trim()));
    lists.set(entry.key, list);
  }
  return lists;
}

/** The strings of nested maps, by their keys joined with a line break. */
export function readMaps(source: string): Map<string, string> {
  const values = new Map<string, string>();
  const stack: { readonly indent: number; readonly key: string }[] = [];
  for (const { indent, text } of readLines(source)) {
    while ((stack.at(-1)?.indent ?? -1) >= indent) stack.pop();
    const entry = text.startsWith('- ') ? undefined : readEntry(text);
    if (entry === undefined) continue;
    stack.push({ indent, key: entry.key });
    if (entry.value === '') continue;
    values.set(stack.map(({ key }) => key).join('\n'), readScalar(entry.value));
  }
  return values;
}

function readLines(source: string): Line[] {
  return source
    .split(/\r?\n/)
    .map((line) => ({ indent: line.length - line.trimStart().length, text: withoutComment(line) }))
    .filter(({ text }) => text !== '');
}

/** A `#` starts a comment at the start of the line or behind a blank, outside of quotes. */
function withoutComment(line: string): string {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") {
      quote = char;
    } else if (char === '#' && /^\s?$/.test(line[at - 1] ?? '')) {
      return line.slice(0, at).trim();
    }
  }
  return line.trim();
}

function readEntry(text: string): { key: string; value: string } | undefined {
  const match = /^("[^"]*"|'[^']*'|[^\s"':][^:]*):(?:\s+(.*))?$/.exec(text);
  const [, key, value = ''] = match ?? [];
  return key === undefined ? undefined : { key: readScalar(key), value };
}

function readScalar(text: string): string {
  return /^(["']).*\1$/.test(text) ? text.slice(1, -1) : text;
}
