import { unwrap } from '../formats/javascript.ts';
import type { Node } from '../formats/javascript.ts';

/** `console.log(…)` and the like. */
export function isConsole(node: Node): boolean {
  const value = unwrap(node);
  return value.type === 'CallExpression' && isOfConsole(value.callee);
}

/** `console.log` */
function isOfConsole(node: Node): boolean {
  if (node.type !== 'MemberExpression') return false;
  const owner = unwrap(node.object);
  return owner.type === 'Identifier' && owner.name === 'console';
}

/**
 * Whether a function's body does nothing but say something on the console.
 *
 * @param isKnown what else it may do
 */
export function isHarmless(body: Node, isKnown: (node: Node) => boolean): boolean {
  const isFine = (node: Node): boolean => {
    const value = unwrap(node);
    return (
      isConsole(value) ||
      isKnown(value) ||
      value.type === 'NullLiteral' ||
      (value.type === 'Identifier' && value.name === 'undefined')
    );
  };
  if (body.type !== 'BlockStatement') return isFine(body);
  return body.body.every((statement) => {
    if (statement.type === 'EmptyStatement') return true;
    if (statement.type === 'ReturnStatement')
      return !statement.argument || isFine(statement.argument);
    return statement.type === 'ExpressionStatement' && isFine(statement.expression);
  });
}

/** What a promise's `then` and `catch` are given, where it only says how it went. */
export function isSayingOnly(node: Node): boolean {
  const value = unwrap(node);
  if (value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression') {
    return isHarmless(value.body, () => false);
  }
  return isOfConsole(value);
}
