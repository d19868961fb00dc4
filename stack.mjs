/*
 * npm run stack < REPORT: puts the sources' names and lines back into a bug report's stack, with the maps of the last
 * build. They fit the version that is checked out, built by Node 24 as a release is: the same sources, packages and Node
 * always make the same files.
 */
import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { text } from 'node:stream/consumers';

/** Of V8: `at name (file:///…/dist/chunk.js:1:2)`, or the place alone. */
const FRAME = /^(\s*at (?:async )?)(?:.+? \()?[^()]*\/dist\/([\w-]+\.js):(\d+):(\d+)\)?$/;

const maps = new Map();
async function mapOf(file) {
  const path = new URL(`maps/${file}.map`, import.meta.url);
  if (!maps.has(file)) maps.set(file, new SourceMap(JSON.parse(await readFile(path, 'utf8'))));
  return maps.get(file);
}

const lines = (await text(process.stdin)).split('\n');
const frames = await Promise.all(
  lines.map(async (line) => {
    const [, at, file, row, column] = FRAME.exec(line) ?? [];
    if (file === undefined) return undefined;
    const found = (await mapOf(file)).findEntry(Number(row) - 1, Number(column) - 1);
    const source = found.originalSource?.replace(/^(?:\.\.\/)+/, '');
    return {
      at,
      name: found.name,
      place: `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`,
    };
  }),
);
for (const [index, line] of lines.entries()) {
  const frame = frames[index];
  // A function is called by its own name where the next frame is.
  const name = frames[index + 1]?.name;
  if (frame === undefined) console.log(line);
  else console.log(frame.at + (name === undefined ? frame.place : `${name} (${frame.place})`));
}
