/**
 * The child's module loading: react-native is replaced, `local.alias` applies, and what cannot be loaded is remembered
 * with the import that asked for it.
 */
import Module, { register } from 'node:module';
import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reactNativeEsm } from './react-native-stub.ts';

/** Node's CommonJS loader; `_load` is what every tool of the kind (jest, tsx, proxyquire) hooks into. */
interface ModuleLoader {
  _load(request: string, parent: { filename?: string } | undefined, isMain: boolean): unknown;
}

/** An import of the app's own code that failed. */
export interface Culprit {
  readonly specifier: string;
  /** The importing file, absolute; undefined where Node does not tell. */
  readonly importer: string | undefined;
  readonly notFound: boolean;
}

const isBare = (specifier: string): boolean =>
  !specifier.startsWith('.') && !isAbsolute(specifier) && !specifier.startsWith('node:');

const inDependency = (file: string): boolean => file.includes(`${sep}node_modules${sep}`);

/** @returns the file that stands in for `specifier`: its own entry, or that of the longest package path around it */
export function findAlias(
  alias: Readonly<Record<string, string>>,
  specifier: string,
): string | undefined {
  if (Object.hasOwn(alias, specifier)) return alias[specifier];
  const [key] = Object.keys(alias)
    .filter((name) => specifier.startsWith(`${name}/`))
    .sort((a, b) => b.length - a.length);
  return key === undefined ? undefined : alias[key];
}

const isReactNative = (specifier: string): boolean =>
  specifier === 'react-native' || specifier.startsWith('react-native/');

/** Hooks into `require` and `import`. The returned function tells which import is to blame for an error. */
export function hookModules(options: {
  readonly alias: Readonly<Record<string, string>>;
  readonly reactNative: object;
}): (error: unknown) => Culprit | undefined {
  const culprits = new WeakMap<object, Culprit>();
  const { alias, reactNative } = options;

  const loader = Module as unknown as ModuleLoader;
  const load = loader._load.bind(loader);
  loader._load = (request, parent, isMain) => {
    const file = findAlias(alias, request);
    if (file === undefined && request === 'react-native') return reactNative;
    try {
      if (file === undefined && isReactNative(request)) {
        throw new Error('parts of react-native do not exist in the local runner');
      }
      return load(file ?? request, parent, isMain);
    } catch (error) {
      const importer = parent?.filename;
      // The innermost import of the app's own code is the one that the user can act on.
      const isOwn = importer === undefined || !inDependency(importer);
      if (isOwn && typeof error === 'object' && error !== null && !culprits.has(error)) {
        const notFound = isNotFound(error, request);
        if (notFound || isBare(request))
          culprits.set(error, { specifier: request, importer, notFound });
      }
      throw error;
    }
  };

  hookImports(alias, reactNative);
  return (error) => (typeof error === 'object' && error !== null ? culprits.get(error) : undefined);
}

function isNotFound(error: object, request: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 'MODULE_NOT_FOUND' && String(message).includes(`'${request}'`);
}

const STUB_KEY = 'bgsync.react-native';

/** `import()` and .mjs files pass Node's other loader, whose hooks live on a thread of their own. */
function hookImports(alias: Readonly<Record<string, string>>, reactNative: object): void {
  Object.defineProperty(globalThis, Symbol.for(STUB_KEY), { value: reactNative });
  const asUrl = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
  const stub = asUrl(reactNativeEsm(`globalThis[Symbol.for('${STUB_KEY}')]`));
  const urls = Object.fromEntries(
    Object.entries(alias).map(([name, file]) => [name, pathToFileURL(file).href]),
  );
  const hooks = `
    const urls = new Map(${JSON.stringify(Object.entries(urls))});
    export async function resolve(specifier, context, next) {
      const names = [...urls.keys()].filter((name) => specifier === name || specifier.startsWith(name + '/'));
      const [name] = names.sort((a, b) => b.length - a.length);
      if (name !== undefined) return next(urls.get(name), context);
      if (specifier === 'react-native') return { url: ${JSON.stringify(stub)}, format: 'module', shortCircuit: true };
      return next(specifier, context);
    }`;
  register(asUrl(hooks), import.meta.url);
}

/** Puts an error that ended the load into words: what, where, and the key to set. */
export function explainLoadError(
  error: unknown,
  culprit: Culprit | undefined,
  root: string,
): { message: string; hint: string } {
  const show = (file: string): string => relative(root, file).replaceAll('\\', '/');
  const text = describeError(error, root);
  if (culprit === undefined) {
    return {
      message: `${text}${placeOf(error, root)}`,
      hint: 'Mend the file; nothing was run.',
    };
  }
  const { specifier, importer, notFound } = culprit;
  const by = importer === undefined ? '' : ` (imported by ${show(importer)})`;
  if (!isBare(specifier)) {
    return {
      message: `cannot find ${specifier}${by}.`,
      hint: 'Mend the path. `npx bgsync init` brings back a generated file that is missing.',
    };
  }
  const example = JSON.stringify({ local: { alias: { [specifier]: standIn(specifier) } } });
  return {
    message: notFound
      ? `cannot find the module ${specifier}${by}.`
      : `Node cannot load the module ${specifier}${by}: ${text}`,
    hint: `Install it, or write a stand-in for it and name that in bgsync.config.json, local.alias: ${example}`,
  };
}

/** esbuild, with which tsx reads the code, gives the place in the message itself. */
function describeError(error: unknown, root: string): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  return name === 'TransformError'
    ? message.replace(/^Transform failed with \d+ errors?:\n/, '').replaceAll(`${root}${sep}`, '')
    : `${name}: ${message}`;
}

const standIn = (specifier: string): string =>
  `local/${specifier.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '')}.ts`;

/** The first line of the app's own code in a stack. */
function placeOf(error: unknown, root: string): string {
  if (!(error instanceof Error)) return '';
  const own = (error.stack ?? '')
    .split('\n')
    .find((line) => line.includes(root) && !line.includes(`${sep}node_modules${sep}`));
  const [, place] = /\(?((?:\/|[A-Za-z]:\\|file:)[^()]*:\d+):\d+\)?$/.exec(own ?? '') ?? [];
  return place === undefined
    ? ''
    : ` (${place.replace(/^file:\/\//, '').replace(`${root}${sep}`, '')})`;
}
