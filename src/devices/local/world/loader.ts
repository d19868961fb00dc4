/**
 * Node's CommonJS loader, with Metro's rules for the app's code. Two worlds live in one process: what the app imports
 * finds what a phone has; `local.alias` files, the app's build tools and bgsync itself find Node.
 */
import { readFileSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import { extname, isAbsolute, sep } from 'node:path';
import type { Resolved } from './metro-resolution.ts';
import { packageOf } from './missing-modules.ts';
import type { MissingModules } from './missing-modules.ts';
import { UnplayedError } from '../unplayed.ts';
import { IMPORT_ALL } from './transform.ts';
import type { Tools } from './tools.ts';
import type { Transform } from './transform.ts';

interface LoadedModule {
  readonly id: string;
  readonly filename: string | null;
  exports: unknown;
  _compile(code: string, file: string): unknown;
}

type Extension = (module: LoadedModule, file: string) => void;

/** What every tool of the kind (jest, tsx, pirates) hooks into. */
interface ModuleLoader {
  new (id: string): LoadedModule & { filename: string };
  _load(
    request: string,
    parent: { filename?: string | null } | undefined,
    isMain: boolean,
  ): unknown;
  _resolveFilename(
    request: string,
    parent: { filename?: string | null } | undefined,
    ...rest: unknown[]
  ): string;
  _extensions: Record<string, Extension>;
  _cache: Record<string, LoadedModule>;
}

/** An import that failed. */
export interface Culprit {
  readonly specifier: string;
  /** The importing file, absolute; undefined where Node does not tell. */
  readonly importer: string | undefined;
  readonly notFound: boolean;
  /** What could not be found below it, which a package of it imports; undefined where it failed for another reason. */
  readonly asked?: string;
  /** The app's own import that led to one of a package; undefined where it is the app's own. */
  readonly through?: { readonly specifier: string; readonly importer: string | undefined };
}

export interface LoaderOptions {
  /** Module specifier to file, absolute. */
  readonly alias: Readonly<Record<string, string>>;
  /** What replaces a module: a part of React Native, or a stand-in. Undefined for all others. */
  readonly replace: (
    specifier: string,
    importer: string | undefined,
  ) => { readonly exports: unknown } | undefined;
  /** Metro's resolution; throws where it finds nothing. */
  readonly resolve: (specifier: string, from: string, isImport: boolean) => Resolved;
  /** To the CommonJS that a bundle would hold. */
  readonly transform: Transform;
  /** TypeScript to CommonJS for `local.alias` files, which run in Node's world. */
  readonly transformStandIn: (source: string, file: string) => string;
  /** What Node's world has and the phone's has not: each global by name, as it was. */
  readonly nodeGlobals: ReadonlyMap<string, () => unknown>;
  /** Files below these folders are bgsync's own, and live in Node's world. Absolute. */
  readonly own: readonly string[];
  /** Told each file of the app's own before it is loaded, packages left out: it may fail, or never end. Absolute. */
  readonly onFile: (file: string) => void;
  /** What of the native side is not here. */
  readonly missing: Pick<MissingModules, 'count' | 'give' | 'replace'>;
}

export interface Loader {
  /** Loads a file in the phone's world. */
  load(file: string): unknown;
  /** Runs a text in the phone's world as if it were a file's. */
  run(text: string, file: string): void;
  /** @returns the text of the app's own file that an import finds; undefined for a package, and where nothing is found */
  textOf(specifier: string, from: string): string | undefined;
  /** Whether a module is being evaluated. */
  readonly isLoading: boolean;
  /** @returns the code that runs for a file of the app */
  sourceOf(file: string): string | undefined;
  /** Node's own world, for build tools and Node packages. */
  readonly tools: Tools;
  /** Which import is to blame for an error that ended a load. */
  blame(error: unknown): Culprit | undefined;
}

const SOURCES = new Set(['.js', '.jsx', '.ts', '.tsx', '.mjs', '.cjs', '.mts', '.cts']);

const isBare = (specifier: string): boolean => !specifier.startsWith('.') && !isAbsolute(specifier);

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

/** `import()` of a CommonJS module, as Babel's interop has it. */
function importAll(loaded: unknown): unknown {
  if (typeof loaded !== 'object' || loaded === null) return { default: loaded };
  return '__esModule' in loaded ? loaded : { ...loaded, default: loaded };
}

const NODE_WORLD = 'bgsync.node';

/** With Metro a module may name a variable as Node names its own; Node would then take it for an ES module. */
const TAKES_A_NAME = /^(?:let|const|class)\s+(?:module|exports|require|__filename|__dirname)\b/m;

class NotFoundError extends Error {
  readonly code = 'MODULE_NOT_FOUND';

  readonly specifier: string;

  constructor(specifier: string, cause: unknown) {
    super(`Cannot find module '${specifier}'`, { cause });
    this.specifier = specifier;
  }
}

/** What a phone's bundle, or its Hermes, fails at, too: nothing native is to blame. */
const isOfPhones = (error: unknown): boolean =>
  error instanceof NotFoundError || error instanceof ReferenceError || error instanceof SyntaxError;

/** Replaces how this process loads CommonJS. Node's own world goes on working for what it marks as such. */
export function installLoader(options: LoaderOptions): Loader {
  const {
    alias,
    replace,
    resolve,
    transform,
    transformStandIn,
    nodeGlobals,
    own,
    onFile,
    missing,
  } = options;
  const define = (name: string, value: unknown): void => {
    Object.defineProperty(globalThis, Symbol.for(name), { value, configurable: true });
  };
  define(IMPORT_ALL, importAll);
  define(NODE_WORLD, (names: readonly string[]) => names.map((name) => nodeGlobals.get(name)?.()));
  /** A function around a function, since a module may declare one of the names itself. */
  const inNode = (code: string): string => {
    const names = [...nodeGlobals.keys()].filter((name) => code.includes(name));
    if (names.length === 0) return code;
    const values = `globalThis[Symbol.for('${NODE_WORLD}')](${JSON.stringify(names)})`;
    return `(function (${names.join(', ')}) { (function () { ${code.replace(/^#!.*/, '')}\n}).call(this); }).apply(this, ${values});`;
  };

  const loader = Module as unknown as ModuleLoader;
  const nodeLoad = loader._load.bind(loader);
  const nodeResolve = loader._resolveFilename.bind(loader);

  const isOurs = (file: string): boolean =>
    own.some((folder) => file.startsWith(`${folder}${sep}`));
  const nodeFiles = new Set<string>();
  /** The text of each ES module, by its file. */
  const modules = new Map<string, string>();
  // A compiler adds requires of its own helpers, which are not imports.
  const isImport = (specifier: string, from: string): boolean =>
    [`'${specifier}'`, `"${specifier}"`].some((text) => modules.get(from)?.includes(text) === true);
  const sources = new Map<string, string>();
  let toolDepth = 0;
  const isNode = (file: string | null | undefined): boolean =>
    toolDepth > 0 || (typeof file === 'string' && (nodeFiles.has(file) || isOurs(file)));

  const culprits = new WeakMap<object, Culprit>();
  const accuse = (error: unknown, specifier: string, importer: string | undefined): void => {
    if (typeof error !== 'object' || error === null) return;
    const isOwn = importer === undefined || !inDependency(importer);
    const known = culprits.get(error);
    if (known !== undefined) {
      const isLed = known.importer !== undefined && inDependency(known.importer);
      if (isOwn && isLed && known.through === undefined) {
        culprits.set(error, { ...known, through: { specifier, importer } });
      }
      return;
    }
    // The innermost package that fails is the one that a stand-in can be for, whoever imports it. A part of Node
    // belongs to the package that asks for it, and a package's own files are nobody else's.
    if (!isOwn && (!isBare(specifier) || isBuiltin(specifier))) return;
    const missed = error instanceof NotFoundError ? error.specifier : undefined;
    const notFound = missed === specifier;
    if (!notFound && !isBare(specifier)) return;
    const asked = notFound || missed === undefined ? {} : { asked: missed };
    culprits.set(error, { specifier, importer, notFound, ...asked });
  };

  /** Loads in Node's world, and keeps what it loads there. */
  const asNode = <T>(run: () => T): T => {
    toolDepth += 1;
    try {
      return run();
    } finally {
      toolDepth -= 1;
    }
  };

  let assets = 0;
  const loadForPhone = (request: string, parent: { filename?: string | null }): unknown => {
    const from = parent.filename ?? '';
    const found =
      request === from ? ({ type: 'source', file: from } as const) : find(request, from);
    if (found.type === 'empty') return {};
    if (found.type === 'asset') return (assets += 1);
    const extension = extname(found.file);
    if (extension !== '.json' && !SOURCES.has(extension)) {
      throw new Error(
        `Metro reads no ${extension === '' ? 'file without an extension' : `${extension} file`} by itself (${found.file}): it takes a plugin in babel.config.js, as babel-plugin-inline-import`,
      );
    }
    return evaluate(found.file, parent);
  };
  /** What is evaluated, or was, in order. */
  const evaluated: { file: string; module: LoadedModule }[] = [];
  let depth = 0;
  /**
   * On a phone everything native is there. A module that cannot be evaluated without it is evaluated again with what stands
   * for it; a package that cannot go on with that, either, is replaced as a whole.
   */
  const evaluate = (file: string, parent: { filename?: string | null }): unknown => {
    for (;;) {
      const { length } = evaluated;
      const { count } = missing;
      depth += 1;
      try {
        return nodeLoad(file, parent, false);
      } catch (error) {
        const begun = evaluated.splice(length);
        if (isOfPhones(error)) throw error;
        for (const one of begun) Reflect.deleteProperty(loader._cache, one.file);
        if (missing.give(count)) continue;
        const owner = packageOf(file);
        const isAsking = missing.count > count || error instanceof UnplayedError;
        const isInside = owner === undefined || owner === packageOf(parent.filename ?? '');
        if (isInside || !isAsking) throw error;
        const names = Object.getOwnPropertyNames(begun[0]?.module.exports ?? {});
        const stub = { ...begun[0]?.module, exports: missing.replace(owner, names), loaded: true };
        loader._cache[file] = stub as LoadedModule;
        return stub.exports;
      } finally {
        depth -= 1;
      }
    }
  };
  const find = (request: string, from: string): Resolved => {
    try {
      return resolve(request, from, isImport(request, from));
    } catch (error) {
      throw new NotFoundError(request, error);
    }
  };

  loader._load = (request, parent, isMain) => {
    const importer = parent?.filename ?? undefined;
    if (isNode(importer)) return nodeLoad(request, parent, isMain);
    try {
      const file = findAlias(alias, request);
      if (file !== undefined) return asNode(() => nodeLoad(file, parent, false));
      const replaced = replace(request, importer);
      if (replaced !== undefined) return replaced.exports;
      return loadForPhone(request, parent ?? {});
    } catch (error) {
      accuse(error, request, importer);
      throw error;
    }
  };

  loader._resolveFilename = (request, parent, ...rest) => {
    // What `loadForPhone` hands over is a file; `require.resolve` of the app's code is Metro's `require.resolveWeak`, and rare.
    if (isNode(parent?.filename) || isAbsolute(request)) {
      const file = nodeResolve(request, parent, ...rest);
      if (isNode(parent?.filename) && !isBuiltin(file)) nodeFiles.add(file);
      return file;
    }
    const found = find(request, parent?.filename ?? '');
    return found.type === 'empty' ? request : found.file;
  };

  const tell = (file: string): void => {
    if (!inDependency(file) && !isOurs(file)) onFile(file);
  };
  const compile: Extension = (module, file) => {
    evaluated.push({ file, module });
    tell(file);
    const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    if (isNode(file)) {
      const isPlain =
        /\.c?js$/.test(file) && !/^[ \t]*(?:import\b(?!\s*\()|export\b)/m.test(source);
      module._compile(inNode(isPlain ? source : transformStandIn(source, file)), file);
      return;
    }
    compileText(module, source, file);
  };
  const compileText = (module: LoadedModule, source: string, file: string): void => {
    const { code, isModule } = transform(source, file);
    if (isModule) modules.set(file, source);
    const runnable = TAKES_A_NAME.test(code) ? `(function () { ${code}\n}).call(this);` : code;
    sources.set(file, runnable);
    module._compile(runnable, file);
  };
  for (const extension of SOURCES) loader._extensions[extension] = compile;
  const { '.json': parseJson } = loader._extensions;
  loader._extensions['.json'] = (module, file) => {
    tell(file);
    parseJson?.(module, file);
  };

  return {
    load: (file) => loader._load(file, { filename: file }, false),
    run(text, file) {
      tell(file);
      const module = new loader(file);
      module.filename = file;
      compileText(module, text, file);
    },
    textOf(specifier, from) {
      if (isBare(specifier)) return undefined;
      try {
        const found = find(specifier, from);
        return found.type === 'source' ? readFileSync(found.file, 'utf8') : undefined;
      } catch {
        return undefined;
      }
    },
    get isLoading() {
      return depth > 0;
    },
    sourceOf: (file) => sources.get(file),
    tools: {
      find: (name, from) =>
        asNode(() => {
          try {
            return createRequire(from).resolve(name);
          } catch {
            return undefined;
          }
        }),
      load: (file) => asNode(() => nodeLoad(file, undefined, false)),
    },
    blame: (error) =>
      typeof error === 'object' && error !== null ? culprits.get(error) : undefined,
  };
}
