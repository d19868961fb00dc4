import { Unknown, isPrimitive } from './js-values.ts';
import type { Value } from './js-values.ts';

/** @returns undefined where the result is not known */
export function binary(operator: string, left: Value, right: Value): Value {
  if (!isPrimitive(left) || !isPrimitive(right)) {
    const areKnown = !(left instanceof Unknown) && !(right instanceof Unknown);
    if (areKnown && operator === '===') return left === right;
    if (areKnown && operator === '!==') return left !== right;
    return undefined;
  }
  switch (operator) {
    case '===':
      return left === right;
    case '!==':
      return left !== right;
    case '==':
      return left == right;
    case '!=':
      return left != right;
    case '+':
      return typeof left === 'string' || typeof right === 'string'
        ? String(left) + String(right)
        : Number(left) + Number(right);
    case '-':
      return Number(left) - Number(right);
    case '*':
      return Number(left) * Number(right);
    case '/':
      return Number(left) / Number(right);
    default:
      return undefined;
  }
}
