import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { createRequire } from 'node:module';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { installPackages } from '../helpers/install-packages.ts';
import { CACHE, ENGINES } from './engine.ts';
import type { Line } from './engine.ts';

interface Babel {
  transformAsync(code: string, options: object): Promise<{ readonly code: string } | null>;
}

const PLAYED = join(import.meta.dirname, 'node.ts');

/** Of the scenarios' imports: what is of Node. What nobody calls in Hermes is empty. */
const withoutNode: Plugin = {
  name: 'without Node',
  setup(given) {
    given.onResolve({ filter: /^node:(?:timers\/promises|assert\/strict)$|\/mortal\.ts$/ }, () => ({
      path: PLAYED,
    }));
    given.onResolve({ filter: /^node:|\/wasm-lock\.ts$/ }, ({ path }) => ({
      path,
      namespace: 'empty',
    }));
    given.onLoad({ filter: /./, namespace: 'empty' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * What React Native of that line makes of a file and all that it imports: by its own preset of Babel.
 *
 * @param define values of names that the files use
 * @returns the path of the script
 * @throws where it does not compile
 */
export async function bundleFor(
  line: Line,
  entry: string,
  define: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const folder = join(CACHE, 'babel', line);
  mkdirSync(folder, { recursive: true });
  const dependencies = {
    '@babel/core': '7.28.4',
    '@react-native/babel-preset': ENGINES[line].preset,
    'abort-controller': '3.0.0',
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const installed = installPackages(folder, false);
  if (installed.code !== 0) throw new Error(installed.output);

  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'esnext',
    nodePaths: [join(folder, 'node_modules')],
    define: Object.fromEntries(
      Object.entries(define).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    plugins: [withoutNode],
    logLevel: 'error',
  });
  const require = createRequire(join(folder, 'package.json'));
  const babel = require('@babel/core') as Babel;
  const result = await babel.transformAsync(outputFiles[0]?.text ?? '', {
    babelrc: false,
    configFile: false,
    compact: false,
    sourceType: 'script',
    filename: entry.replace(/ts$/, 'js'),
    // Metro's module system is not there.
    presets: [
      [
        require.resolve('@react-native/babel-preset'),
        { disableImportExportTransform: true, enableBabelRuntime: false },
      ],
    ],
  });
  const script = join(folder, `${parse(entry).name}.script.js`);
  writeFileSync(script, result?.code ?? '');
  return script;
}
