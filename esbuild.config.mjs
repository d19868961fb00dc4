import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm(new URL('dist/', import.meta.url), { recursive: true, force: true });

/** commander asks for it at once and needs it for subcommands in files of their own, which bgsync has none of. */
const withoutChildProcess = {
  name: 'commander-without-child-process',
  setup(context) {
    context.onResolve({ filter: /^(?:node:)?child_process$/ }, ({ importer }) =>
      importer.includes('/commander/') ? { path: 'nothing', namespace: 'nothing' } : undefined,
    );
    context.onLoad({ filter: /./, namespace: 'nothing' }, () => ({
      contents: 'module.exports = {};',
    }));
  },
};

await build({
  plugins: [withoutChildProcess],
  absWorkingDir: import.meta.dirname,
  entryPoints: {
    main: 'src/main.ts',
    // The program without its process: the tests call it.
    index: 'src/index.ts',
    // The process that `trigger --platform local` starts.
    'local-child': 'src/devices/local/child.ts',
  },
  outdir: 'dist',
  bundle: true,
  // One chunk per command: `--version` loads commander and nothing else.
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.12',
  // jsonc-parser's CommonJS entry cannot be bundled: it requires its parts by variable names.
  mainFields: ['module', 'main'],
  // Finds its own loader threads by path, so it stays a package.
  external: ['tsx'],
  // Bundled CommonJS (ejs, commander) calls require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  // Names stay, for the stacks of bug reports: `keepNames` would put a call behind every function.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'external',
  logLevel: 'warning',
});
