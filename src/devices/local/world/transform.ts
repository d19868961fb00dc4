import { existsSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Loader, TransformOptions } from 'esbuild';
import type * as Esbuild from 'esbuild';
import { transform as sucrase } from 'sucrase';
import type { Tools } from './tools.ts';

/** CommonJS that Node runs, with its source map inline. */
export interface Transformed {
  readonly code: string;
  /** The source is an ES module: its imports resolve under the condition `import`. */
  readonly isModule: boolean;
}

export type Transform = (source: string, file: string) => Transformed;

export interface TransformerOptions {
  /** The app's root, absolute. */
  readonly root: string;
  /** The folder of the generated package, absolute. */
  readonly generated: string;
  readonly platform: 'android' | 'ios';
  /** What of the app's tsconfig changes how TypeScript runs, as JSON. */
  readonly tsconfig: string;
  /** Outside of the world that the app's code sees; asked when the first file is read, not before. */
  readonly tools: () => Tools;
  /** What could not be used, and why. */
  readonly note: (text: string) => void;
}

/** The parts of `@babel/core` that are used. */
interface Babel {
  transformSync(
    source: string,
    options: Record<string, unknown>,
  ): { code?: string | null; map?: unknown } | null;
}

/** Makes what `import()` gives, from a CommonJS module: {@link IMPORT_ALL} in generated code. */
export const IMPORT_ALL = 'bgsync.importAll';

/** In the order in which Metro's transformers look for one. */
const BABEL_CONFIGS = [
  '.babelrc',
  '.babelrc.js',
  '.babelrc.cjs',
  '.babelrc.json',
  'babel.config.js',
  'babel.config.cjs',
  'babel.config.json',
];

const IS_MODULE = /^[ \t]*(?:import\b(?!\s*\()|export\b)/m;
const HAS_IMPORT = /\bimport\s*\(/;
const IS_FLOW = /@flow\b/;
/** Or a text with tags in it, which comes out as it was. */
const HAS_JSX = /<\/[\w.]*>|\/>/;
const NOT_PLAIN = [HAS_IMPORT, IS_FLOW, HAS_JSX];

const isDependency = (file: string): boolean => file.includes(`${sep}node_modules${sep}`);

/**
 * The app's code goes through its own Babel where that is installed and configured, as with Metro; everything else,
 * and the generated package, through esbuild, which knows TypeScript and JSX, and sucrase, which knows Flow; packages whose Flow is newer through Babel,
 * too. Packages that are CommonJS already stay as they are: Metro runs Babel over them, too, and changes nothing that Node would see.
 */
export function createTransform(options: TransformerOptions): Transform {
  const esbuild = lazily(() => createEsbuild(options));
  const babel = lazily(() => loadBabel(options));
  return (source, file) => {
    const isModule = IS_MODULE.test(source);
    const extension = extname(file);
    const isTyped = extension !== '.js' && extension !== '.cjs';
    if (isDependency(file)) {
      if (!isTyped && !isModule && !NOT_PLAIN.some((sign) => sign.test(source))) {
        return { code: source, isModule };
      }
      try {
        return { code: esbuild()(source, file), isModule };
      } catch (error) {
        // Flow goes on, and what @react-native/babel-preset brings reads it all.
        const code = babel()?.(source, file);
        if (code === undefined) throw error;
        return { code, isModule };
      }
    }
    // Plain TypeScript, of which any config of Babel makes the same, in more time than all else takes.
    const isGenerated = file.startsWith(options.generated + sep);
    const own = isGenerated ? undefined : babel()?.(source, file);
    return { code: own ?? esbuild()(source, file), isModule };
  };
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** tsx brings it, and is the dependency that package.json names. */
function loadEsbuild(tools: Tools): typeof Esbuild {
  const tsx = tools.find('tsx/package.json', fileURLToPath(import.meta.url));
  const file = tsx === undefined ? undefined : tools.find('esbuild', tsx);
  if (file === undefined) throw new Error('esbuild is not installed beside bgsync');
  return tools.load(file) as typeof Esbuild;
}

/** For what is Node's, as `local.alias` files and the configuration of Metro: TypeScript or ES modules to CommonJS. */
export function createStandInTransform(
  tsconfig: string,
  tools: () => Tools,
): (source: string, file: string) => string {
  return (source, file) =>
    loadEsbuild(tools()).transformSync(source, {
      loader: loaderOf(file),
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      sourcemap: 'inline',
      sourcefile: file,
      tsconfigRaw: tsconfig,
      logLevel: 'silent',
      define: {
        'import.meta.url': JSON.stringify(pathToFileURL(file).href),
        'import.meta.filename': JSON.stringify(file),
        'import.meta.dirname': JSON.stringify(dirname(file)),
      },
    }).code;
}

function createEsbuild(options: TransformerOptions): (source: string, file: string) => string {
  const tools = options.tools();
  const { transformSync } = loadEsbuild(tools);
  const has = (name: string): boolean =>
    tools.find(name, join(options.root, 'package.json')) !== undefined;
  const hasReact = has('react/jsx-runtime');
  const shared: TransformOptions = {
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    // Metro has no loader for import(): a call of require, later.
    supported: { 'dynamic-import': false },
    jsx: hasReact ? 'automatic' : 'transform',
    jsxDev: false,
    keepNames: true,
    tsconfigRaw: options.tsconfig,
    logLevel: 'silent',
    ...(has('expo/package.json') && {
      define: { 'import.meta': 'globalThis.__ExpoImportMetaRegistry' },
    }),
  };
  const toCommonJs = (source: string, loader: Loader, file: string): string => {
    const { code } = transformSync(source, {
      ...shared,
      loader,
      sourcefile: file,
      // Hermes has none: https://github.com/expo/expo/pull/34756.
      ...(!isDependency(file) && { logOverride: { 'empty-import-meta': 'error' } }),
    });
    // In .mjs a default import is all of a CommonJS module, as in Node; Metro has Babel's rule everywhere.
    return code.replace(/(\b__toESM\(require\([^()\n]*\)), 1\)/g, '$1)');
  };
  return (source, file) => {
    const loader = loaderOf(file);
    const flow = (): string =>
      stripFlow(source, file, hasReact, (code) => toCommonJs(code, 'js', file));
    if (loader === 'jsx' && IS_FLOW.test(source)) return flow();
    try {
      return toCommonJs(source, loader, file);
    } catch (error) {
      if (loader !== 'jsx') throw error;
      try {
        return flow();
      } catch {
        // What esbuild says names the place better.
        throw error;
      }
    }
  };
}

function loaderOf(file: string): Loader {
  const extension = extname(file);
  if (extension === '.tsx') return 'tsx';
  return extension === '.ts' || extension === '.mts' || extension === '.cts' ? 'ts' : 'jsx';
}

/** Lines stay lines, so that a stack is right without a map of its own. */
function stripFlow(
  source: string,
  file: string,
  hasReact: boolean,
  toCommonJs: (code: string) => string,
): string {
  const { code } = sucrase(source, {
    transforms: ['flow', 'jsx'],
    filePath: file,
    jsxRuntime: hasReact ? 'automatic' : 'classic',
    production: true,
    disableESTransforms: true,
  });
  return toCommonJs(code);
}

/** Metro's own options for Babel: `metro-babel-transformer` and the caller that `@react-native/babel-preset` asks for. */
function loadBabel(
  options: TransformerOptions,
): ((source: string, file: string) => string | undefined) | undefined {
  const { root, platform, note } = options;
  const tools = options.tools();
  const app = join(root, 'package.json');
  const config = BABEL_CONFIGS.find((name) => existsSync(join(root, name)));
  const expo = tools.find('babel-preset-expo/package.json', app);
  if (config === undefined && expo === undefined) return undefined;
  // Hoisted by npm; below the preset with pnpm.
  const file = [app, expo, tools.find('@react-native/babel-preset/package.json', app)]
    .map((from) => (from === undefined ? undefined : tools.find('@babel/core', from)))
    .find((found) => found !== undefined);
  if (file === undefined) return undefined;
  let babel: Babel;
  try {
    babel = tools.load(file) as Babel;
  } catch (error) {
    note(`Babel of the app cannot be loaded; its code is read without it: ${String(error)}`);
    return undefined;
  }
  const preset = config === undefined ? tools.find('babel-preset-expo', app) : undefined;
  // By itself Babel takes `.babelrc` for the files of the package that it lies in, and not for those beside it in a workspace.
  const extended = config?.startsWith('.babelrc') === true ? join(root, config) : undefined;
  let isBroken = false;
  return (source, file) => {
    if (isBroken) return undefined;
    try {
      const result = babel.transformSync(source, {
        filename: file,
        cwd: root,
        root,
        babelrc: true,
        sourceMaps: 'inline',
        compact: false,
        caller: { name: 'metro', bundler: 'metro', platform, engine: 'hermes', isDev: true },
        plugins: [importsBecomeRequires],
        ...(extended !== undefined && { extends: extended }),
        ...(preset !== undefined && { presets: [preset], configFile: false }),
      });
      return result?.code ?? undefined;
    } catch (error) {
      // An error in the code is the code's; one of the config would come with every file.
      if (isSyntaxError(error)) throw error;
      isBroken = true;
      note(
        `${config ?? 'babel-preset-expo'} cannot be used; the code is read without it: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`,
      );
      return undefined;
    }
  };
}

/** Of the parser, and of plugins that say what is wrong with the code (`path.buildCodeFrameError`). */
const isSyntaxError = (error: unknown): boolean =>
  error instanceof Error &&
  ((error as { code?: unknown }).code === 'BABEL_PARSE_ERROR' || error.name === 'SyntaxError');

/** What Metro does with `import()` after Babel: a call of require, later. */
function importsBecomeRequires({
  template,
}: {
  template: { expression(code: string): (parts: Record<string, unknown>) => unknown };
}): object {
  interface Path {
    node: { callee?: { type: string }; source?: unknown; arguments?: unknown[] };
    replaceWith(node: unknown): void;
  }
  const later = template.expression(
    `Promise.resolve().then(() => globalThis[Symbol.for(${JSON.stringify(IMPORT_ALL)})](require(SPECIFIER)))`,
  );
  return {
    visitor: {
      CallExpression(path: Path) {
        if (path.node.callee?.type !== 'Import') return;
        path.replaceWith(later({ SPECIFIER: path.node.arguments?.[0] }));
      },
      ImportExpression(path: Path) {
        path.replaceWith(later({ SPECIFIER: path.node.source }));
      },
    },
  };
}
