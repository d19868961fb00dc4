import type { Node } from 'jsonc-parser';
import { parseTree } from './jsonc.ts';
import type { EditResult, SnippetAction } from './edit.ts';
import { changed, editBehindMark, isFirstOnLine, lineEnding, lineIndent } from './text.ts';

/** Makes package.json's `main` name a file; adds it where there is none, below what names the package. */
export function ensureMain(source: string, file: string): EditResult {
  return editBehindMark(source, (body) => {
    const entry = `"main": ${JSON.stringify(file)}`;
    const manual = (reason: string, action: SnippetAction = 'add'): EditResult => ({
      status: 'manual',
      reason,
      snippet: entry,
      action,
    });
    const before = parse(body);
    if (before === undefined) return manual('it is not a JSON object');
    const { root, document } = before;
    const properties = root.children ?? [];
    const found = properties.filter((property) => nameOf(property) === 'main');
    if (found.length > 1) return manual('main is there twice', 'replace');
    const value = found[0]?.children?.[1];
    if (value?.value === file) return { status: 'already' };

    const result =
      value === undefined
        ? changed(body, [insertProperty(body, properties, entry)])
        : changed(body, [
            {
              offset: value.offset,
              text: JSON.stringify(file),
              removed: body.slice(value.offset, value.offset + value.length),
            },
          ]);
    const after = result.status === 'changed' ? parse(result.text)?.document : undefined;
    const isIntended =
      after?.main === file &&
      JSON.stringify(without(after, 'main')) === JSON.stringify(without(document, 'main'));
    return isIntended ? result : manual('the edit could not be verified');
  });
}

type Document = Readonly<Record<string, unknown>>;

function parse(text: string): { root: Node; document: Document } | undefined {
  try {
    const document = JSON.parse(text) as Document;
    const root = parseTree(text);
    return root?.type === 'object' ? { root, document } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const nameOf = (property: Node): unknown => property.children?.[0]?.value;

const without = (document: Document, key: string): Document =>
  Object.fromEntries(Object.entries(document).filter(([name]) => name !== key));

const HEAD = new Set(['name', 'version', 'private', 'description', 'type', 'license']);

function insertProperty(source: string, properties: readonly Node[], entry: string) {
  const above =
    properties.findLast((property) => HEAD.has(String(nameOf(property)))) ?? properties[0];
  if (above === undefined) return { offset: source.indexOf('{') + 1, text: entry };
  const separator = isFirstOnLine(source, above.offset)
    ? lineEnding(source) + lineIndent(source, above.offset)
    : ' ';
  return { offset: above.offset + above.length, text: `,${separator}${entry}` };
}
