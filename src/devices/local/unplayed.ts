const noop = (): void => undefined;

/** Where code asks an object what it is, before it uses it. */
const PROBES = new Set([
  'then',
  '__esModule',
  'prototype',
  'toJSON',
  '$$typeof',
  'constructor',
  'name',
  'length',
]);

/** Of a native module that is not here: its package is named at the end of the run. */
export class UnplayedError extends Error {}

/**
 * Stands for a native module that a phone has and the local runner has not: a package that enforces it is loaded, as code
 * that the handler imports may never ask it for anything. Whatever is called or read as a text throws, and says so.
 *
 * @param onUse called before it throws
 */
export function createUnplayed(name: string, onUse: () => void = noop): object {
  return new Proxy(
    {},
    {
      get(_, key) {
        if (typeof key === 'symbol' || PROBES.has(key)) return undefined;
        // A specification's EventEmitter is a function `onX`, and gives a subscription, too.
        if (key === 'addListener' || /^on[A-Z]/.test(key)) return () => ({ remove: noop });
        if (key === 'removeListeners' || key === 'removeListener') return noop;
        return createMember(`${name}.${key}`, onUse);
      },
    },
  );
}

function createMember(name: string, onUse: () => void): unknown {
  const refuse = (): never => {
    onUse();
    throw new UnplayedError(`${name} does not exist in the local runner`);
  };
  // A function, as most of a native module is, and what packages derive classes from. One of Expo's that is named so gives a
  // promise, whatever happens: expo-notifications calls one while it loads.
  return Object.assign(
    function unplayed(): unknown {
      return name.endsWith('Async') ? new Promise(refuse) : refuse();
    },
    { toString: refuse, toJSON: refuse, valueOf: refuse, [Symbol.toPrimitive]: refuse },
  );
}
