const noop = (): void => undefined;

/** Where code asks an object what it is, before it uses it. */
const PROBES = new Set(
  'then __esModule prototype toJSON $$typeof constructor name length'.split(' '),
);

/** Of what a phone has and the local runner has not: where it is a native module, its package is named at the end of the run. */
export class UnplayedError extends Error {}

/**
 * Told that something was called.
 *
 * @returns whether that fails: what is called while a module is loaded, as `createAnimatedComponent` is, may come to nothing
 */
export type OnCall = () => boolean;

/**
 * Stands for a native module that a phone has and the local runner has not: a package that enforces it is loaded, as code
 * that the handler imports may never ask it for anything. Whatever is called or read as a text throws, and says so.
 */
export function createUnplayed(name: string, onCall: OnCall = () => true): object {
  return new Proxy(
    {},
    {
      get(_, key) {
        if (typeof key === 'symbol' || PROBES.has(key)) return undefined;
        // A specification's EventEmitter is a function `onX`, and gives a subscription, too.
        if (key === 'addListener' || /^on[A-Z]/.test(key)) return () => ({ remove: noop });
        if (key === 'removeListeners' || key === 'removeListener') return noop;
        return createUnplayedMember(`${name}.${key}`, onCall);
      },
    },
  );
}

/** @returns what errors say of a part of a package that is played here, and lacks it */
export const insteadOf = (packageName: string): string =>
  '. Keep it out of what the handler imports, or set local.alias in bgsync.config.json: ' +
  JSON.stringify({ local: { alias: { [packageName]: '<a file of the app>' } } });

interface MemberOptions {
  /** What the texts of errors end with, besides. */
  readonly advice?: string;
  /** It stands for a module, which exports these, as far as that is known: `export *` copies a module's own names. */
  readonly names?: readonly string[];
}

/** @returns what may be read, and called, derived from or made while a module is loaded; {@link createUnplayed} */
export function createUnplayedMember(
  name: string,
  onCall: OnCall,
  { advice = '', names }: MemberOptions = {},
): object {
  const refuse = (): never => {
    onCall();
    throw new UnplayedError(`${name} does not exist in the local runner${advice}`);
  };
  const answer = (isPromise: boolean): object => {
    if (onCall()) return refuse();
    const result = createUnplayedMember(`${name}()`, onCall, { advice });
    if (!isPromise) return result;
    const later = Promise.resolve(result);
    return new Proxy(result, {
      get: (target, key): unknown =>
        key === 'then' || key === 'catch' || key === 'finally'
          ? later[key].bind(later)
          : Reflect.get(target, key),
    });
  };
  const known = new Map<PropertyKey, unknown>([
    ...['toString', 'toJSON', 'valueOf', Symbol.toPrimitive, Symbol.iterator].map(
      (key) => [key, refuse] as const,
    ),
    ['__esModule', names === undefined ? undefined : true],
  ]);
  const get = (target: object, key: PropertyKey): unknown => {
    if (known.has(key)) return known.get(key);
    // Of a function while modules are loaded; of what it stands for in a run.
    if ((key === 'length' || key === 'name') && onCall()) return refuse();
    if (typeof key !== 'string' || PROBES.has(key) || key in Object.prototype) {
      return Reflect.get(target, key);
    }
    const path = key === 'default' ? name : `${name}.${key}`;
    const member = createUnplayedMember(path, onCall, { advice });
    known.set(key, member);
    return member;
  };
  // A function, as most of a native module is, and what packages derive classes from.
  const target = Object.assign(
    function unplayed(): void {
      refuse();
    },
    Object.fromEntries((names ?? []).filter((key) => !PROBES.has(key)).map((key) => [key, null])),
  );
  // What esbuild makes of an import inherits from what the module inherits from.
  Object.setPrototypeOf(target, new Proxy(Function.prototype, { get }));
  return new Proxy<object>(target, {
    get,
    set: (_, key, value) => known.set(key, value) === known,
    // One of Expo's that is named so gives a promise, whatever happens: expo-notifications calls one while it loads.
    apply: () => (name.endsWith('Async') ? new Promise(refuse) : answer(true)),
    construct: (_, args, derived) =>
      onCall() || derived.prototype === target.prototype
        ? answer(false)
        : (Reflect.construct(target, args, derived) as object),
  });
}
