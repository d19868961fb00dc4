/** What objects have in Node that a phone has, too, and not there. */
import process from 'node:process';
import { HERMES_LACKS, INTL_NOT_IN_HERMES, hasHermesV1, polyfillOf } from '../../../hermes.ts';

interface Installed {
  /** The installed react-native; undefined where it is not known. */
  readonly reactNative: { readonly minor: number } | undefined;
  /** The installed expo; undefined where there is none. */
  readonly expo: { readonly major: number } | undefined;
}

type Owner = 'AbortSignal' | 'Blob' | 'FormData';

interface Lack {
  /** The object, as code names it. */
  readonly of: string;
  readonly names: string;
  readonly has: (installed: Installed) => boolean;
  readonly hint: string;
}

/** Before, abort-controller 3: `Libraries/Core/setUpXHR.js` of 0.77 to 0.88. */
const hasAbort = ({ reactNative }: Installed): boolean => (reactNative?.minor ?? 99) >= 87;

const LACKS: readonly Lack[] = [
  {
    of: 'AbortSignal',
    names: 'timeout any abort',
    has: hasAbort,
    hint: 'React Native has it from 0.87 on; use an AbortController, and setTimeout',
  },
  {
    of: 'AbortSignal.prototype',
    names: 'throwIfAborted reason',
    has: hasAbort,
    hint: 'React Native has it from 0.87 on; use signal.aborted',
  },
  {
    of: 'Blob.prototype',
    names: 'text arrayBuffer stream bytes',
    has: () => false,
    hint: 'use FileReader, or text() and arrayBuffer() of the Response',
  },
  // `expo/src/winter/FormData.ts` of 52 to 58.
  {
    of: 'FormData.prototype',
    names: 'get has set delete forEach entries keys values',
    has: ({ expo }) => (expo?.major ?? 0) >= 52,
    hint: 'Expo has it; keep what you append',
  },
  ...HERMES_LACKS.map(({ of, names, isInV1, hint }) => ({
    of,
    names,
    has: ({ reactNative }: Installed) => isInV1 === true && hasHermesV1(reactNative?.minor),
    hint,
  })),
];

const hintOf = (name: string): string => `Hermes has none; ${polyfillOf(name)}`;

/** For the documentation: what is not there, and what to use instead. */
export const MEMBERS_OF_NODE: readonly {
  readonly names: readonly string[];
  readonly hint: string;
}[] = [
  ...LACKS.map(({ of, names, hint }) => ({
    names: names.split(' ').map((name) => `${of}.${name}`),
    hint,
  })),
  ...INTL_NOT_IN_HERMES.map((name) => ({ names: [`Intl.${name}`], hint: hintOf(name) })),
];

/**
 * Hides members that a phone has not from the code that `isApp` names; all other code in the process goes on finding them.
 *
 * @param owners the constructors by their names
 * @param isApp whether it is the app's code that calls the getter
 * @returns what to tell of an error whose text names such a member
 */
export function hideMembers(
  installed: Installed,
  owners: Readonly<Record<Owner, { readonly prototype: object }>>,
  isApp: (getter: () => unknown) => boolean,
): (message: string) => string | undefined {
  const missed = new Map<string, string>();
  for (const { of, names, has, hint } of LACKS) {
    const holder = holderOf(of, owners);
    if (holder === undefined) continue;
    const isOnPhone = has(installed);
    for (const name of names.split(' ')) {
      if (isOnPhone) {
        if (name in holder) continue;
        const key = of.endsWith('.prototype') ? name : `${of}.${name}`;
        missed.set(key, notInThisNode(`${of}.${name}`));
        continue;
      }
      const said = `${of}.${name} does not exist on a phone: ${hint}.`;
      if (name in holder) hide(holder, name, isApp, () => missed.set(name, said));
      // This Node has none either. Of `items.map is not a function` no one knows whose `map` is meant.
      else missed.set(`${of}.${name}`, said);
    }
  }
  return (message) => {
    if (/\bURL\.\w+ (?:is )?not implemented/.test(message)) {
      return 'The URL of this React Native lacks it: import react-native-url-polyfill/auto first.';
    }
    const [, full = '', name = ''] =
      /\b((?:\w+\.)?(\w+)) is not a (?:function|constructor)/.exec(message) ?? [];
    if (INTL_NOT_IN_HERMES.includes(name))
      return `Intl.${name} does not exist on a phone: ${hintOf(name)}.`;
    return missed.get(full) ?? missed.get(name);
  };
}

const notInThisNode = (name: string): string =>
  `Node ${process.version}, which runs this, has no ${name}, and a phone with this React Native has: run it with a newer Node, or import a polyfill (core-js).`;

/**
 * @param own what stands for a global of the name
 * @returns the object that {@link Lack.of} names; undefined where this Node has none
 */
function holderOf(of: string, own: Readonly<Record<string, object>>): object | undefined {
  const [name = '', ...keys] = of.split('.');
  const first = Object.hasOwn(own, name) ? own[name] : holderNamed(name);
  return keys.reduce<object | undefined>(
    (object, key) => (object as Readonly<Record<string, object>> | undefined)?.[key],
    first,
  );
}

function holderNamed(name: string): object | undefined {
  if (name === 'TypedArray') return Object.getPrototypeOf(Uint8Array) as object;
  if (name === 'Iterator') {
    // Node 20 has no global of the name, and the prototype.
    const ofArrays = Object.getPrototypeOf([][Symbol.iterator]()) as object;
    return { prototype: Object.getPrototypeOf(ofArrays) as object };
  }
  return (globalThis as unknown as Readonly<Record<string, object | undefined>>)[name];
}

/**
 * Makes a member undefined for the app's code, until somebody sets it. Each object keeps what was set on it: a polyfill sets
 * on the holder, and what inherits from it finds that.
 *
 * @param onMissed the app's code asked for it
 */
function hide(
  holder: object,
  name: string,
  isApp: (getter: () => unknown) => boolean,
  onMissed: () => void,
): void {
  let own: unknown;
  const found = descriptorOf(holder, name);
  const get = function (this: unknown): unknown {
    if (!isApp(get)) return found?.get === undefined ? found?.value : found.get.call(this);
    if (own === undefined) onMissed();
    return own;
  };
  const set = function (this: object, given: unknown): void {
    if (this === holder) own = given;
    else {
      const kind = { writable: true, configurable: true, enumerable: true };
      Object.defineProperty(this, name, { value: given, ...kind });
    }
  };
  Object.defineProperty(holder, name, { get, set, configurable: true });
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
  const absent = new Set([...INTL_NOT_IN_HERMES, 'supportedValuesOf']);
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
