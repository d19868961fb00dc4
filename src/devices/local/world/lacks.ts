/** What objects have in Node that a phone has, too, and not there. */

interface Installed {
  /** The installed react-native; undefined where it is not known. */
  readonly reactNative: { readonly minor: number } | undefined;
  /** The installed expo; undefined where there is none. */
  readonly expo: { readonly major: number } | undefined;
}

interface Lack {
  readonly owner: 'AbortSignal' | 'Blob' | 'FormData';
  readonly names: string;
  readonly isStatic?: true;
  readonly has: (installed: Installed) => boolean;
  readonly hint: string;
}

/** Before, abort-controller 3: `Libraries/Core/setUpXHR.js` of 0.77 to 0.88. */
const hasAbort = ({ reactNative }: Installed): boolean => (reactNative?.minor ?? 99) >= 87;

const LACKS: readonly Lack[] = [
  {
    owner: 'AbortSignal',
    names: 'timeout any abort',
    isStatic: true,
    has: hasAbort,
    hint: 'React Native has it from 0.87 on; use an AbortController, and setTimeout',
  },
  {
    owner: 'AbortSignal',
    names: 'throwIfAborted reason',
    has: hasAbort,
    hint: 'React Native has it from 0.87 on; use signal.aborted',
  },
  {
    owner: 'Blob',
    names: 'text arrayBuffer stream bytes',
    has: () => false,
    hint: 'use FileReader, or text() and arrayBuffer() of the Response',
  },
  // `expo/src/winter/FormData.ts` of 52 to 58.
  {
    owner: 'FormData',
    names: 'get has set delete forEach entries keys values',
    has: ({ expo }) => (expo?.major ?? 0) >= 52,
    hint: 'Expo has it; keep what you append',
  },
];

/** https://github.com/facebook/hermes/blob/main/doc/IntlAPIs.md; @formatjs has one of each. */
const NOT_IN_HERMES = [
  'RelativeTimeFormat',
  'ListFormat',
  'DisplayNames',
  'DurationFormat',
  'Segmenter',
];

/** For the documentation: what is not there, and what to use instead. */
export const MEMBERS_OF_NODE: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    LACKS.flatMap(({ owner, names, isStatic, hint }) =>
      names.split(' ').map((name) => [`${owner}.${isStatic ? '' : 'prototype.'}${name}`, hint]),
    ),
  ),
  ...Object.fromEntries(NOT_IN_HERMES.map((name) => [`Intl.${name}`, hintOf(name)])),
};

function hintOf(name: string): string {
  const file = name.replace(/(?<=.)[A-Z]/g, '-$&').toLowerCase();
  return `Hermes has none; install @formatjs/intl-${file.replaceAll('-', '')}`;
}

/**
 * Hides members that a phone has not from the code that `isApp` names; all other code in the process goes on finding them.
 *
 * @param owners the constructors by their names
 * @param isApp whether it is the app's code that calls the getter
 * @returns what to tell of an error whose text names such a member
 */
export function hideMembers(
  installed: Installed,
  owners: Readonly<Record<Lack['owner'], { readonly prototype: object }>>,
  isApp: (getter: () => unknown) => boolean,
): (message: string) => string | undefined {
  const missed = new Map<string, string>();
  for (const { owner, names, isStatic, has, hint } of LACKS) {
    if (has(installed)) continue;
    const holder = isStatic ? owners[owner] : owners[owner].prototype;
    for (const name of names.split(' ')) {
      if (!(name in holder)) continue;
      let own: unknown;
      const found = descriptorOf(holder, name);
      const get = function (this: unknown): unknown {
        if (!isApp(get)) return found?.get === undefined ? found?.value : found.get.call(this);
        if (own === undefined)
          missed.set(name, `${owner}.${name} does not exist on a phone: ${hint}.`);
        return own;
      };
      const set = (given: unknown): void => void (own = given);
      Object.defineProperty(holder, name, { get, set, configurable: true });
    }
  }
  return (message) => {
    if (/\bURL\.\w+ (?:is )?not implemented/.test(message)) {
      return 'The URL of this React Native lacks it: import react-native-url-polyfill/auto first.';
    }
    const name = /\b(\w+) is not a (?:function|constructor)/.exec(message)?.[1] ?? '';
    if (NOT_IN_HERMES.includes(name))
      return `Intl.${name} does not exist on a phone: ${hintOf(name)}.`;
    return missed.get(name);
  };
}

function descriptorOf(holder: object | null, name: string): PropertyDescriptor | undefined {
  if (holder === null) return undefined;
  return (
    Object.getOwnPropertyDescriptor(holder, name) ??
    descriptorOf(Object.getPrototypeOf(holder) as object | null, name)
  );
}

/** @returns Hermes' own `Intl`: packages ask by `in` which parts to add */
export function createIntl(): object {
  const absent = new Set([...NOT_IN_HERMES, 'supportedValuesOf']);
  const parts = Object.entries<PropertyDescriptor>(Object.getOwnPropertyDescriptors(Intl));
  return Object.defineProperties(
    {},
    Object.fromEntries(parts.filter(([name]) => !absent.has(name))),
  );
}

/**
 * React Native's Blob and File, which take no bytes: `Libraries/Blob/BlobManager.js` of 0.77 to 0.88.
 *
 * @returns a constructor whose instances are Node's
 */
export function takingNoBytes(node: typeof Blob): object {
  return new Proxy(node, {
    construct(_, args: Partial<ConstructorParameters<typeof Blob>>) {
      for (const part of args[0] ?? []) {
        if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) {
          throw new Error(
            "Creating blobs from 'ArrayBuffer' and 'ArrayBufferView' are not supported",
          );
        }
      }
      return new node(...(args as ConstructorParameters<typeof Blob>));
    },
  });
}
