/**
 * What of ECMAScript Node has and Hermes has not: `npm run test:hermes` holds it to the Hermes that React Native ships.
 */

/** Hermes V1 is the default from here on: `sdks/hermes-engine/hermes-utils.rb` of 0.83 and 0.84. */
const FIRST_WITH_V1 = 84;

/** @param minor React Native's, of 0.84.1 for one 84; undefined where it is not known */
export const hasHermesV1 = (minor: number | undefined): boolean => (minor ?? 99) >= FIRST_WITH_V1;

export interface HermesLack {
  /** The object, as code names it. */
  readonly of: string;
  readonly names: string;
  /** Whether Hermes V1 has them. */
  readonly isInV1?: true;
  readonly hint: string;
}

const GROUP = 'collect in a loop, or use lodash.groupby';
const BASE64 = 'use the package base64-js';

export const HERMES_LACKS: readonly HermesLack[] = [
  { of: 'Array', names: 'fromAsync', hint: 'use for await' },
  { of: 'Array.prototype', names: 'toSorted', hint: 'copy the array first: [...items].sort()' },
  { of: 'TypedArray.prototype', names: 'toSorted toReversed with', hint: 'copy it first: slice()' },
  { of: 'Object', names: 'groupBy', hint: GROUP },
  { of: 'Map', names: 'groupBy', hint: GROUP },
  ...['Map', 'WeakMap'].map((name) => ({
    of: `${name}.prototype`,
    names: 'getOrInsert getOrInsertComputed',
    hint: 'use get, has and set',
  })),
  {
    of: 'Set.prototype',
    names:
      'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom',
    isInV1: true,
    hint: 'Hermes has it from React Native 0.84 on; use filter and has, or core-js',
  },
  {
    of: 'Promise',
    names: 'withResolvers try',
    isInV1: true,
    hint: 'Hermes has it from React Native 0.84 on; use new Promise',
  },
  {
    of: 'String.prototype',
    names: 'isWellFormed toWellFormed',
    isInV1: true,
    hint: 'Hermes has it from React Native 0.84 on; use core-js',
  },
  {
    of: 'Error',
    names: 'isError',
    isInV1: true,
    hint: 'Hermes has it from React Native 0.84 on; use instanceof Error',
  },
  {
    of: 'Iterator.prototype',
    names: 'map filter take drop flatMap reduce toArray forEach some every find',
    hint: 'make an array first: [...values]',
  },
  {
    of: 'ArrayBuffer.prototype',
    names: 'transfer transferToFixedLength resize resizable maxByteLength detached',
    hint: 'copy it: slice()',
  },
  { of: 'DataView.prototype', names: 'getFloat16 setFloat16', hint: 'use getFloat32, setFloat32' },
  { of: 'Uint8Array', names: 'fromBase64 fromHex', hint: BASE64 },
  { of: 'Uint8Array.prototype', names: 'toBase64 toHex setFromBase64 setFromHex', hint: BASE64 },
  { of: 'Date.prototype', names: 'toTemporalInstant', hint: 'use @js-temporal/polyfill' },
  { of: 'Math', names: 'f16round sumPrecise', hint: 'use core-js' },
  { of: 'JSON', names: 'rawJSON isRawJSON', hint: 'use core-js' },
  { of: 'RegExp', names: 'escape', hint: 'use the package escape-string-regexp' },
  ...['DateTimeFormat', 'NumberFormat'].map((name) => ({
    of: `Intl.${name}.prototype`,
    names: 'formatRange formatRangeToParts',
    hint: 'format both ends',
  })),
];

/** Global names, which `typeof` does not find either. */
export const GLOBALS_NOT_IN_HERMES: Readonly<Record<string, string>> = {
  SharedArrayBuffer: 'Hermes has none',
  Atomics: 'Hermes has none',
  WebAssembly: 'Hermes has none',
  FinalizationRegistry: 'Hermes has none',
  Iterator: 'Hermes has none',
  Float16Array: 'use Float32Array',
  Temporal: 'install @js-temporal/polyfill',
  DisposableStack: 'Hermes has none',
  AsyncDisposableStack: 'Hermes has none',
  SuppressedError: 'Hermes has none',
};

/** https://github.com/facebook/hermes/blob/main/doc/IntlAPIs.md; @formatjs has one of each: {@link polyfillOf}. */
export const INTL_NOT_IN_HERMES: readonly string[] = [
  'RelativeTimeFormat',
  'ListFormat',
  'DisplayNames',
  'DurationFormat',
  'Segmenter',
  'PluralRules',
  'Locale',
];

/** @param name of {@link INTL_NOT_IN_HERMES} */
export const polyfillOf = (name: string): string => `install @formatjs/intl-${name.toLowerCase()}`;

/** Why Hermes takes no such regular expression: its own words, and what to do. */
export interface RefusedRegExp {
  readonly what: string;
  /** As its SyntaxError says it, after `Invalid RegExp: `. */
  readonly words: string;
  readonly hint: string;
  /** Babel makes another one of such a literal: the preset of newer React Natives renames the groups. */
  readonly isRenamed?: true;
}

const SETS: RefusedRegExp = {
  what: 'the flag v',
  words: 'Invalid flags',
  hint: 'use the flag u, without sets in classes',
};
const MODIFIERS: RefusedRegExp = {
  what: 'a modifier in a group, as (?i:…)',
  words: 'Quantifier has nothing to repeat',
  hint: 'use the flag for all of it, or [aA]',
};
const TWICE: RefusedRegExp = {
  what: 'two groups of one name',
  words: 'Duplicate capture group name',
  hint: 'give each its own name',
  isRenamed: true,
};

export const REFUSED_REGEXPS: readonly RefusedRegExp[] = [SETS, MODIFIERS, TWICE];

/** Escapes, the edges of classes, and the groups that may be refused. */
const PARTS = /\\[^]|[[\]]|\(\?(?:([ims-]{1,7}):|<([^=!>(][^>(]*)>)/g;

/** @returns undefined where Hermes takes it, or no engine does */
export function refusedByHermes(pattern: string, flags: string): RefusedRegExp | undefined {
  if (flags.includes('v')) return SETS;
  const names = new Set<string>();
  let isInClass = false;
  for (const [part, modifiers, name] of pattern.matchAll(PARTS)) {
    if (part === '[' || part === ']') isInClass = part === '[';
    else if (isInClass) continue;
    else if (modifiers !== undefined) return MODIFIERS;
    else if (name !== undefined && names.has(name)) return TWICE;
    else if (name !== undefined) names.add(name);
  }
  return undefined;
}
