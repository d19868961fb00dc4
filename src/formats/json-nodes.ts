import type { Node } from 'jsonc-parser';
import { indentUnit, isFirstOnLine, lineIndent } from './text.ts';

/** What the editors of JSON files share: where things stand in a parsed one. */

export const childrenOf = (node: Node): readonly Node[] => node.children ?? [];

export const endOf = (node: Node): number => node.offset + node.length;

/** One step of a file's indentation: what its first property stands behind, where that has a line of its own. */
export function jsonIndentUnit(source: string, root: Node): string {
  const [first] = childrenOf(root);
  const own =
    first !== undefined && isFirstOnLine(source, first.offset)
      ? lineIndent(source, first.offset)
      : '';
  return own === '' ? indentUnit(source) : own;
}
