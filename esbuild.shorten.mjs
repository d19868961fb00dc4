import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minify } from '@swc/core';

/**
 * Writes each file of a bundle shorter, its map with it: esbuild names things shortly and joins what it sees at a glance,
 * swc looks for what can be joined, reckoned or left out as well (https://swc.rs/docs/configuration/minification). It is a
 * thirtieth of what has to be fetched and compiled.
 *
 * @param {string} folder of the bundle, with a map beside each file
 */
export async function shorten(folder) {
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.js'))) {
    const path = join(folder, name);
    const [text, content] = await Promise.all(
      [path, `${path}.map`].map((file) => readFile(file, 'utf8')),
    );
    const { code, map } = await minify(text, {
      module: true,
      ecma: 2022,
      // A function's length may be asked for.
      compress: { passes: 2, keep_fargs: true },
      mangle: true,
      format: { comments: false },
      sourceMap: { filename: name, content },
    });
    await writeFile(path, code);
    await writeFile(`${path}.map`, map);
  }
}
