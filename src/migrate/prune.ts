import { endOf, requiredModule, startOf, unwrap } from '../formats/javascript.ts';
import type { Node, Statement } from '../formats/javascript.ts';
import { scriptOf } from '../doctor/code/javascript.ts';
import type { Script } from '../doctor/code/javascript.ts';
import { referencesIn } from './names.ts';
import { applyEdits, cut } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';

const usedIn = (script: Script): ReadonlySet<string> =>
  new Set(referencesIn(script, script.module.program).map(({ name }) => name));

/**
 * Takes out the imports and plain constants of a file that nothing uses any more, and something did before.
 *
 * @param after the file's text once it is changed
 * @returns undefined where that cannot be parsed
 */
export function prune(before: Script, after: string): string | undefined {
  const wasUsed = usedIn(before);
  let text = after;
  // A constant may have been the last to use another.
  for (let round = 0; round < 8; round += 1) {
    const script = scriptOf(before.path, text);
    if (script === undefined) return undefined;
    const used = usedIn(script);
    const isIdle = (name: string): boolean => wasUsed.has(name) && !used.has(name);
    const edits = script.module.program.body.flatMap((one) => pruned(script, one, isIdle));
    if (edits.length === 0) return text;
    text = applyEdits(text, edits);
  }
  return text;
}

function pruned(
  { module }: Script,
  statement: Statement,
  isIdle: (name: string) => boolean,
): TextEdit[] {
  const whole = (): TextEdit[] => [cut(module, startOf(statement), endOf(statement))];
  if (statement.type === 'VariableDeclaration') {
    const isPlain = statement.declarations.every(
      ({ id, init }) =>
        id.type === 'Identifier' &&
        isIdle(id.name) &&
        init &&
        (isLiteral(init) || requiredModule(unwrap(init)) !== undefined),
    );
    return isPlain ? whole() : [];
  }
  if (statement.type !== 'ImportDeclaration' || statement.specifiers.length === 0) return [];
  const { specifiers } = statement;
  const idle = specifiers.filter(({ local }) => isIdle(local.name));
  if (idle.length === 0) return [];
  if (idle.length === specifiers.length) return whole();
  const { source } = module;
  const named = specifiers.filter(({ type }) => type === 'ImportSpecifier');
  const idleNamed = named.filter((one) => idle.includes(one));
  const edits: TextEdit[] = [];
  const [first] = specifiers;
  if (first !== undefined && first.type !== 'ImportSpecifier' && idle.includes(first)) {
    const next = specifiers[1];
    const brace = source.indexOf('{', endOf(first));
    const to = next?.type === 'ImportSpecifier' ? brace : next === undefined ? -1 : startOf(next);
    if (to > 0) edits.push({ start: startOf(first), end: to, text: '' });
  }
  if (named.length > 0 && idleNamed.length === named.length && first !== undefined) {
    const close = source.indexOf('}', endOf(named.at(-1) ?? first));
    edits.push({ start: endOf(first), end: close + 1, text: '' });
    return edits;
  }
  for (const one of idleNamed) {
    const index = named.indexOf(one);
    const next = named[index + 1];
    const previous = named.slice(0, index).findLast((other) => !idleNamed.includes(other));
    if (next !== undefined) edits.push({ start: startOf(one), end: startOf(next), text: '' });
    else if (previous !== undefined) {
      edits.push({ start: endOf(previous), end: endOf(one), text: '' });
    }
  }
  return edits;
}

/** What has no effect and reads nothing. */
function isLiteral(node: Node): boolean {
  const value = unwrap(node);
  switch (value.type) {
    case 'StringLiteral':
    case 'NumericLiteral':
    case 'BooleanLiteral':
    case 'NullLiteral':
    case 'Identifier':
      return true;
    case 'TemplateLiteral':
      return value.expressions.every((one) => isLiteral(one));
    case 'UnaryExpression':
      return isLiteral(value.argument);
    case 'BinaryExpression':
      return isLiteral(value.left) && isLiteral(value.right);
    case 'MemberExpression':
      return isLiteral(value.object) && !value.computed;
    case 'ObjectExpression':
      return value.properties.every(
        (one) => one.type === 'ObjectProperty' && !one.computed && isLiteral(one.value),
      );
    default:
      return false;
  }
}
