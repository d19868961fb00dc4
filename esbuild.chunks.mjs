import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';

/** Bundled CommonJS calls it by way of esbuild's helper, which is in one file. */
const HELPER = 'Dynamic require of';

/** As esbuild prints them with `minifyWhitespace`. */
const IMPORT = /import(?:\{([^{}]*)\}from)?"\.\/([\w-]+\.js)"/g;

/** The same where it is a statement of its own. */
const STATEMENT = /(?<=^|;)import(?:\{([^{}]*)\}from)?"\.\/([\w-]+\.js)";/gm;
/** What a file ends with. */
const EXPORTS = /export\{([^{}]*)\};\s*$/;

/**
 * @param text of a file
 * @param map of it, as JSON
 * @param replace gives another text for each match, on the same line
 * @returns both, the columns of the map moved with the text
 */
function replaceImports(text, map, replace, pattern = IMPORT) {
  const parsed = JSON.parse(map);
  const lines = decode(parsed.mappings);
  const renamed = text.split('\n').map((line, index) => {
    let moved = 0;
    return line.replaceAll(pattern, (all, names, chunk, offset) => {
      const other = replace(all, names, chunk);
      const end = offset + all.length + moved;
      moved += other.length - all.length;
      for (const segment of lines[index] ?? [])
        if (segment[0] >= end) segment[0] += other.length - all.length;
      return other;
    });
  });
  return { text: renamed.join('\n'), map: JSON.stringify({ ...parsed, mappings: encode(lines) }) };
}

/**
 * Joins chunks that are always loaded together. esbuild makes one for each set of entry points that share some code, of a
 * few hundred bytes as well, and Node takes longer to find, read and link sixty of them than to run `doctor`.
 *
 * @param options of the first build: those that make one file of several
 * @param metafile of that build: its output is rewritten in place
 * @param groups in this order: a file's name, the entry points whose static imports go there, and those whose do not
 */
export async function joinChunks(options, metafile, groups) {
  const folder = join(options.absWorkingDir, options.outdir);
  const chunks = new Map(
    Object.entries(metafile.outputs)
      .filter(([path]) => path.endsWith('.js'))
      .map(([path, output]) => [basename(path), output]),
  );
  const entryOf = (source) => {
    const [name] = [...chunks].find(([, { entryPoint }]) => entryPoint === source) ?? [];
    if (name === undefined) throw new Error(`${source} is no entry point of the bundle`);
    return name;
  };
  const closureOf = (chunk, found = new Set()) => {
    if (!chunks.has(chunk) || found.has(chunk)) return found;
    found.add(chunk);
    for (const { path, kind } of chunks.get(chunk).imports) {
      if (kind === 'import-statement') closureOf(basename(path), found);
    }
    return found;
  };
  const closure = (sources) => {
    const found = new Set();
    for (const source of sources) closureOf(entryOf(source), found);
    return found;
  };
  /** Where a chunk went, and what it is there. */
  const joined = new Map();
  for (const [name, { of, sharedWith, without }] of Object.entries(groups)) {
    const [left, shared] = [closure(without), sharedWith && closure(sharedWith)];
    for (const chunk of closure(of)) {
      const isTaken = joined.has(chunk) || left.has(chunk) || shared?.has(chunk) === false;
      // An entry point is loaded by its own name.
      if (isTaken || chunks.get(chunk).entryPoint !== undefined) continue;
      joined.set(chunk, { file: `${name}.js`, prefix: `c${joined.size}_` });
    }
  }

  // A file that imports a later one would run before what it needs.
  const rank = (chunk) => Object.keys(groups).indexOf(joined.get(chunk)?.file.slice(0, -3));
  for (const chunk of chunks.keys()) {
    for (const { path, kind } of chunks.get(chunk).imports) {
      if (kind !== 'import-statement' || rank(chunk) < 0) continue;
      if (rank(basename(path)) > rank(chunk)) throw new Error(`${chunk} would come too early`);
      if (
        rank(basename(path)) < 0 &&
        [...closureOf(basename(path))].some((one) => rank(one) >= rank(chunk))
      )
        throw new Error(`${basename(path)} would need what is joined with ${chunk}`);
    }
  }

  /** Names in braces, each with the prefix that keeps it apart from the same one of another chunk. */
  const rename = (text, map) =>
    replaceImports(text, map, (all, names, chunk) => {
      const { file, prefix } = joined.get(chunk) ?? {};
      if (file === undefined) return all;
      if (names === undefined) return `import"./${file}"`;
      const renamed = names.split(',').map((one) => {
        const [name, local = name] = one.split(' as ');
        return `${prefix}${name} as ${local}`;
      });
      return `import{${renamed.join(',')}}from"./${file}"`;
    });

  /** The banner makes a `require`, which takes time: it stays where one is called. */
  const read = async (path) => {
    const text = await readFile(path, 'utf8');
    return text.includes(HELPER) ? text : text.replace(options.banner.js, '');
  };
  const write = (file, { text, map }) =>
    Promise.all([writeFile(join(folder, file), text), writeFile(join(folder, `${file}.map`), map)]);

  for (const name of Object.keys(groups)) {
    const own = [...joined].filter(([, { file }]) => file === `${name}.js`);
    const names = new Set(own.map(([chunk]) => chunk));
    const contents = own
      .map(([chunk, { prefix }]) => {
        const all = chunks.get(chunk).exports.map((one) => `${one} as ${prefix}${one}`);
        return `import './${chunk}';${all.length > 0 ? `export {${all.join()}} from './${chunk}';` : ''}`;
      })
      .join('\n');
    const { outputFiles } = await build({
      ...options,
      entryPoints: undefined,
      stdin: { contents, resolveDir: folder },
      outfile: join(folder, `${name}.js`),
      outdir: undefined,
      splitting: false,
      metafile: false,
      banner: {},
      write: false,
      plugins: [
        {
          name: 'chunks-of-others',
          setup(context) {
            context.onResolve({ filter: /^\.\// }, ({ path }) =>
              names.has(basename(path)) ? undefined : { path, external: true },
            );
            context.onLoad({ filter: /\.js$/ }, async ({ path }) => ({
              contents: `${await read(path)}\n//# sourceMappingURL=${basename(path)}.map`,
            }));
          },
        },
      ],
    });
    const [made, map] = ['.js', '.js.map'].map((end) =>
      outputFiles.find(({ path }) => path.endsWith(end)),
    );
    await write(`${name}.js`, rename(made.text, map.text));
  }
  for (const chunk of chunks.keys()) {
    const path = join(folder, chunk);
    if (joined.has(chunk)) {
      await Promise.all([rm(path), rm(`${path}.map`)]);
      continue;
    }
    const renamed = rename(await read(path), await readFile(`${path}.map`, 'utf8'));
    const lost = [...joined.keys()].find((one) => renamed.text.includes(one));
    if (lost !== undefined) throw new Error(`${chunk} still imports ${lost}, which was joined`);
    await write(chunk, renamed);
  }
  const entries = [...chunks].filter(([, { entryPoint }]) => entryPoint !== undefined);
  await tidy(folder, new Set(entries.map(([name]) => name)));
}

/**
 * What is left of the chunks in a file that was joined: an import of another file for each of them, and an export for
 * whatever one had for another.
 *
 * @param folder of the bundle; its files and maps are written anew
 * @param entries names of files that are loaded by their own name
 */
async function tidy(folder, entries) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const read = (name) => readFile(join(folder, name), 'utf8');
  const texts = new Map();
  const asked = new Map(names.map((name) => [name, new Set()]));
  for (const name of names) {
    const text = await read(name);
    const imports = new Map();
    for (const [, list, from] of text.matchAll(STATEMENT)) {
      imports.set(from, [...(imports.get(from) ?? []), ...(list === undefined ? [] : [list])]);
    }
    const merged = replaceImports(
      text,
      await read(`${name}.map`),
      (_all, _list, from) => {
        const lists = imports.get(from);
        if (lists === undefined) return '';
        imports.delete(from);
        return lists.length === 0
          ? `import"./${from}";`
          : `import{${lists.join()}}from"./${from}";`;
      },
      STATEMENT,
    );
    texts.set(name, merged);
    for (const [, list = '', from] of merged.text.matchAll(IMPORT)) {
      for (const one of list.split(',')) asked.get(from).add(one.split(' as ')[0]);
    }
  }
  for (const [name, { text, map }] of texts) {
    const wanted = asked.get(name);
    const pruned = text.replace(EXPORTS, (all, list) => {
      // Whoever loads one by its own name may ask for anything.
      if (entries.has(name)) return all;
      const left = list.split(',').filter((one) => wanted.has(one.split(' as ').at(-1)));
      return left.length === 0 ? '' : `export{${left.join()}};\n`;
    });
    await writeFile(join(folder, name), pruned);
    await writeFile(join(folder, `${name}.map`), map);
  }
}
