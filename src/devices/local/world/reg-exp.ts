/** Regular expressions that V8 takes and Hermes does not. */
import type { RefusedRegExp } from '../../../hermes.ts';
import { refusedByHermes } from '../../../hermes.ts';

const said = ({ what, hint }: RefusedRegExp): string =>
  `A regular expression with ${what} is refused by Hermes: ${hint}.`;

/**
 * Makes `new RegExp` fail as on a phone, for all code: that of Node keeps its own.
 *
 * @returns what to tell of an error whose text is that of such a failure
 */
export function installRegExp(): (message: string) => string | undefined {
  const missed = new Map<string, string>();
  const refuse = ([pattern, flags]: readonly unknown[]): void => {
    const isCopy = pattern instanceof RegExp;
    const text = isCopy ? pattern.source : String(pattern);
    const own = isCopy ? pattern.flags : '';
    const refused = refusedByHermes(text, typeof flags === 'string' ? flags : own);
    if (refused === undefined) return;
    missed.set(refused.words, said(refused));
    throw new SyntaxError(`Invalid RegExp: ${refused.words}`);
  };
  globalThis.RegExp = new Proxy(RegExp, {
    construct(target, args, newTarget: new () => object) {
      refuse(args);
      return Reflect.construct(target, args, newTarget) as object;
    },
    apply(target, self, args) {
      refuse(args);
      return Reflect.apply(target, self, args) as unknown;
    },
  });
  return (message) => missed.get(/\bInvalid RegExp: (.*)/.exec(message)?.[1] ?? '');
}
