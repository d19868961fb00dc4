import { findNodeAtLocation } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import { parseTree } from './jsonc.ts';
import { childrenOf, endOf } from './json-nodes.ts';
import { lineStart } from './text.ts';

/**
 * Takes a property out of an object of a JSON text, positionally.
 *
 * @returns undefined where it is not there
 */
export function removeJsonKey(source: string, path: readonly string[]): string | undefined {
  const mark = source.startsWith('\uFEFF') ? 1 : 0;
  const body = source.slice(mark);
  const root = parseTree(body);
  const value = root && findNodeAtLocation(root, [...path]);
  return value?.parent === undefined
    ? undefined
    : source.slice(0, mark) + without(body, value.parent);
}

/**
 * Takes items out of a list of a JSON text.
 *
 * @param isWanted by their data
 * @returns undefined where there is none
 */
export function removeJsonItems(
  source: string,
  path: readonly string[],
  isWanted: (data: unknown) => boolean,
): string | undefined {
  let text = source.replace(/^\uFEFF/, '');
  const mark = source.slice(0, source.length - text.length);
  let isChanged = false;
  for (;;) {
    const root = parseTree(text);
    const list = root && findNodeAtLocation(root, [...path]);
    const item =
      list?.type === 'array' ? childrenOf(list).find((one) => isWanted(dataOf(one))) : undefined;
    if (item === undefined) return isChanged ? mark + text : undefined;
    text = without(text, item);
    isChanged = true;
  }
}

/** A string, or the items of a list that are strings: what a list of plugins is made of. */
const dataOf = (node: Node): unknown =>
  node.type === 'array' ? childrenOf(node).map((one): unknown => one.value) : node.value;

/** A child of an object or a list, its comma and its lines. */
function without(source: string, child: Node): string {
  const siblings = child.parent === undefined ? [] : childrenOf(child.parent);
  const index = siblings.indexOf(child);
  const [previous, next] = [siblings[index - 1], siblings[index + 1]];
  if (next !== undefined) return source.slice(0, child.offset) + source.slice(next.offset);
  if (previous !== undefined) {
    return source.slice(0, endOf(previous)) + source.slice(endOf(child));
  }
  const { parent } = child;
  if (parent === undefined) return source;
  const inside = source.slice(parent.offset + 1, endOf(parent) - 1);
  const isAlone = inside.trim() === source.slice(child.offset, endOf(child));
  return isAlone
    ? source.slice(0, parent.offset + 1) + source.slice(endOf(parent) - 1)
    : source.slice(0, lineStart(source, child.offset)) + source.slice(endOf(child));
}
