import type { RequestBuilder } from './kotlin-workers.ts';

/** Whether the code calls it, with anything but `false`. */
export function calls(name: string, code: string): boolean {
  const argument = new RegExp(`\\b${name}\\s*\\(\\s*(\\w*)`).exec(code)?.[1];
  return argument !== undefined && argument !== 'false' && argument !== '0' && argument !== '0L';
}

/** Where the chain names a variable for its constraints: what that is set to, where the file sets it once. */
export function constraintsOf({ file }: RequestBuilder, chain: string): string {
  const name = /\bsetConstraints\s*\(\s*(\w+)\s*\)/.exec(chain)?.[1];
  if (name === undefined) return '';
  const set = [
    ...file.code.matchAll(new RegExp(`\\b${name}\\s*(?::\\s*Constraints\\s*)?=(?!=)`, 'g')),
  ];
  const [first] = set;
  if (first === undefined || set.length !== 1) return '';
  const from = first.index + first[0].length;
  const value = file.code.slice(from, from + 2000);
  const end = value.search(/\bbuild\s*\(\s*\)/);
  return end === -1 ? '' : value.slice(0, end);
}
