import { posix } from 'node:path';
import {
  ArrayValue,
  FunctionValue,
  ObjectValue,
  Thrown,
  Unknown,
  isPrimitive,
  taint,
} from './js-values.ts';
import type { Calls, Value } from './js-values.ts';

/** What configurations use of the language and of Node, for the interpreter in js-evaluate.ts. */

type Method<T> = (self: T, args: readonly Value[], calls: Calls) => Value;

/** A list with items that are not known gives a result that is not known. */
const whole =
  (method: Method<ArrayValue>): Method<ArrayValue> =>
  (list, args, calls) =>
    list.open === undefined ? method(list, args, calls) : new Unknown(list.open);

/** As {@link whole}, where the items that are known are worked on all the same. */
const each =
  (
    method: (list: ArrayValue, args: readonly Value[], calls: Calls) => readonly Value[],
  ): Method<ArrayValue> =>
  (list, args, calls) =>
    new ArrayValue(method(list, args, calls), list.open);

export const ARRAY_METHODS: Readonly<Record<string, Method<ArrayValue> | undefined>> = {
  map: each((list, [callback], calls) =>
    list.items.map((item, index) => calls.call(callback, [item, index, list])),
  ),
  filter: (list, [callback], calls) => {
    const kept = new ArrayValue([], list.open);
    for (const [index, item] of list.items.entries()) {
      const isWanted = calls.call(callback, [item, index, list]);
      // Not the two ways that a condition has: that would be two for each item.
      if (isWanted instanceof Unknown) kept.open ??= isWanted.reason;
      else if (calls.truthy(isWanted)) kept.items.push(item);
    }
    return kept;
  },
  flatMap: each((list, [callback], calls) =>
    list.items.flatMap((item, index) => {
      const value = calls.call(callback, [item, index, list]);
      return value instanceof ArrayValue ? value.items : [value];
    }),
  ),
  flat: each((list) =>
    list.items.flatMap((item) => (item instanceof ArrayValue ? item.items : [item])),
  ),
  slice: whole(
    ({ items }, [from, to]) =>
      new ArrayValue(items.slice(numberOr(from, 0), numberOr(to, items.length))),
  ),
  reverse: each(({ items }) => items.toReversed()),
  concat: (list, args) => {
    const result = new ArrayValue(list.items, list.open);
    for (const arg of args) {
      if (arg instanceof ArrayValue || arg instanceof Unknown) result.spread(arg);
      else result.items.push(arg);
    }
    return result;
  },
  push: (list, args) => {
    list.items.push(...args);
    return list.open === undefined ? list.items.length : new Unknown(list.open);
  },
  unshift: (list, args) => {
    list.items.unshift(...args);
    return list.open === undefined ? list.items.length : new Unknown(list.open);
  },
  forEach: whole((list, [callback], calls) => {
    for (const [index, item] of list.items.entries()) calls.call(callback, [item, index, list]);
    return undefined;
  }),
  reduce: whole((list, [callback, ...rest], calls) => {
    const [first, ...others] = rest.length > 0 ? [rest[0], ...list.items] : list.items;
    return others.reduce((sum: Value, item) => calls.call(callback, [sum, item]), first);
  }),
  find: whole((list, [callback], calls) =>
    list.items.find((item) => calls.truthy(calls.call(callback, [item]))),
  ),
  some: whole((list, [callback], calls) =>
    list.items.some((item) => calls.truthy(calls.call(callback, [item]))),
  ),
  every: whole((list, [callback], calls) =>
    list.items.every((item) => calls.truthy(calls.call(callback, [item]))),
  ),
  includes: (list, [wanted]) => {
    if (isPrimitive(wanted) && list.items.includes(wanted)) return true;
    const isKnown = list.open === undefined && list.items.every(isPrimitive);
    return isKnown ? false : new Unknown(list.open ?? 'what is in a list');
  },
  join: whole((list, [separator]) =>
    list.items.every(isPrimitive)
      ? list.items.join(typeof separator === 'string' ? separator : ',')
      : new Unknown('a text with an unknown part'),
  ),
};

const numberOr = (value: Value, other: number): number =>
  typeof value === 'number' ? value : other;

/** Those of a text that answer from the text and their arguments alone. */
export const STRING_METHODS: Readonly<
  Record<string, ((self: string, args: readonly Value[]) => Value) | undefined>
> = Object.fromEntries(
  (
    [
      'trim',
      'toLowerCase',
      'toUpperCase',
      'startsWith',
      'endsWith',
      'includes',
      'replace',
      'replaceAll',
      'slice',
      'split',
      'concat',
    ] as const
  ).map((name) => [
    name,
    (self: string, args: readonly Value[]): Value => {
      if (!args.every((arg) => typeof arg === 'string' || typeof arg === 'number')) {
        return new Unknown('a text with an unknown part');
      }
      const methods = self as unknown as Record<string, (...given: readonly Value[]) => unknown>;
      const result = methods[name]?.(...args);
      return Array.isArray(result) ? new ArrayValue(result as string[]) : (result as Value);
    },
  ]),
);

const fn = (run: (args: readonly Value[], calls: Calls) => Value): FunctionValue =>
  new FunctionValue(run);

function objectOf(properties: Readonly<Record<string, Value>>): ObjectValue {
  const object = new ObjectValue();
  for (const [key, value] of Object.entries(properties)) object.set(key, value);
  return object.share();
}

function entriesOf(value: Value): [string, Value][] | undefined {
  if (value === null || value === undefined) throw new Thrown();
  return value instanceof ObjectValue ? value.entries() : undefined;
}

const unknownKeys = (): Unknown => new Unknown('the keys of an object');

const OBJECT = objectOf({
  assign: fn(([target, ...sources]) => {
    if (!(target instanceof ObjectValue)) return target;
    for (const source of sources) target.spread(source);
    return target;
  }),
  freeze: fn(([value]) => value),
  defineProperty: fn(([target, key, descriptor], calls) => {
    if (target instanceof ObjectValue && typeof key === 'string') {
      target.set(key, calls.get(descriptor, 'value'));
    } else taint(target, 'a property is defined');
    return target;
  }),
  keys: fn(([value]) => {
    const entries = entriesOf(value);
    return entries === undefined ? unknownKeys() : new ArrayValue(entries.map(([key]) => key));
  }),
  values: fn(([value]) => {
    const entries = entriesOf(value);
    return entries === undefined ? unknownKeys() : new ArrayValue(entries.map(([, one]) => one));
  }),
  entries: fn(([value]) => {
    const entries = entriesOf(value);
    return entries === undefined
      ? unknownKeys()
      : new ArrayValue(entries.map((entry) => new ArrayValue(entry)));
  }),
  fromEntries: fn(([list]) => {
    const object = new ObjectValue();
    if (!(list instanceof ArrayValue)) return new Unknown('the entries of an object');
    if (list.open !== undefined) object.leaveOpen(list.open);
    for (const item of list.items) {
      const [key, value] = item instanceof ArrayValue ? item.items : [];
      if (typeof key === 'string') object.set(key, value);
      else object.loosen('the entries of an object');
    }
    return object;
  }),
});

const ENVIRONMENT = new ObjectValue();
ENVIRONMENT.leaveOpen('it depends on an environment variable');
ENVIRONMENT.share();

const quiet = fn(() => undefined);
const unknownFunction = (reason: string): FunctionValue => fn(() => new Unknown(reason));

const PROCESS = objectOf({
  env: ENVIRONMENT,
  cwd: unknownFunction('it depends on the folder that it runs in'),
  platform: new Unknown('it depends on the machine'),
});

export const GLOBALS: Readonly<Record<string, Value>> = {
  Object: OBJECT,
  Array: objectOf({
    isArray: fn(([value]) => (value instanceof Unknown ? value : value instanceof ArrayValue)),
    from: fn(([list, callback], calls) => {
      if (!(list instanceof ArrayValue)) return new Unknown('a list of something');
      const items =
        callback === undefined
          ? list.items
          : list.items.map((item, index) => calls.call(callback, [item, index]));
      return new ArrayValue(items, list.open);
    }),
  }),
  JSON: objectOf({ stringify: unknownFunction('a text of an object') }),
  Boolean: fn(([value], calls) => calls.truthy(value)),
  String: fn(([value]) => (isPrimitive(value) ? String(value) : new Unknown('a text'))),
  Number: fn(([value]) => (isPrimitive(value) ? Number(value) : new Unknown('a number'))),
  console: objectOf({ log: quiet, warn: quiet, error: quiet, info: quiet, debug: quiet }),
  process: PROCESS,
};

const isText = (value: Value): value is string => typeof value === 'string';

const pathFunction = (name: 'join' | 'resolve' | 'dirname' | 'basename' | 'normalize') =>
  fn((args) => {
    if (!args.every(isText)) return new Unknown('a path with an unknown part');
    if (name === 'join') return posix.join(...args);
    if (name !== 'resolve') return posix[name](args[0] ?? '');
    // What starts nowhere starts at the working directory, which nobody knows.
    const isAbsolute = args.some((arg) => arg.startsWith('/'));
    return isAbsolute
      ? posix.resolve('/', ...args)
      : new Unknown('it depends on the folder that it runs in');
  });

const PATH = objectOf({
  join: pathFunction('join'),
  resolve: pathFunction('resolve'),
  dirname: pathFunction('dirname'),
  basename: pathFunction('basename'),
  normalize: pathFunction('normalize'),
  sep: '/',
});

const URL_MODULE = objectOf({
  fileURLToPath: fn(([url]) => {
    if (!isText(url)) return new Unknown('a path with an unknown part');
    try {
      return decodeURIComponent(new URL(url).pathname);
    } catch {
      throw new Thrown();
    }
  }),
});

/** `withPlugins` runs the plugins that it gets as those in `plugins` are. */
const CONFIG_PLUGINS = new ObjectValue();
CONFIG_PLUGINS.set(
  'withPlugins',
  fn(([config, plugins]) => {
    if (!(config instanceof ObjectValue)) return new Unknown('what withPlugins makes of it');
    const result = new ObjectValue();
    result.spread(config);
    const own = config.get('plugins');
    const list = new ArrayValue([]);
    if (own !== undefined && own !== null) list.spread(own);
    list.spread(plugins);
    result.set('plugins', list);
    return result;
  }),
);
CONFIG_PLUGINS.leaveOpen('what a config plugin makes of it is not known');
CONFIG_PLUGINS.share();

/** A module that comes with Node, or that is known here. */
export function builtInModule(specifier: string): Value {
  switch (specifier) {
    case 'path':
    case 'node:path':
      return PATH;
    case 'url':
    case 'node:url':
      return URL_MODULE;
    case 'process':
    case 'node:process':
      return PROCESS;
    case 'expo/config-plugins':
    case '@expo/config-plugins':
      return CONFIG_PLUGINS;
    default:
      return undefined;
  }
}
