import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from '@babel/parser';
import { decode, encode } from '@jridgewell/sourcemap-codec';

/** An app that doctor is run in while it is watched. */
const TEMPLATE = 'rn-template-087';

/** Time stands still: what runs once a run has taken long must not depend on the machine. */
const NO_TIME = 'data:text/javascript,process.uptime=()=>0';

/**
 * Has V8 compile the functions that `doctor` calls together with their file. By default it compiles a function when it is
 * first called, and Node's compile cache has nothing but what was compiled with the file
 * (https://nodejs.org/api/module.html#module-compile-cache): every run parsed and compiled a thousand functions, a fifth
 * of its time. A function in brackets is compiled at once (https://v8.dev/blog/preparser#pife); which ones doctor calls,
 * its coverage says, in an app before `init` and behind it.
 *
 * @param {string} root of the repo
 * @throws where doctor, or `init` before it, does not come to an end
 */
export async function compileEagerly(root) {
  const scratch = await mkdtemp(join(tmpdir(), 'bgsync-build-'));
  try {
    const coverage = await watchDoctor(root, scratch);
    // Node names a module by where it really is.
    const dist = `${pathToFileURL(await realpath(join(root, 'dist')))}/`;
    const called = new Map();
    for (const file of await readdir(coverage)) {
      const { result } = JSON.parse(await readFile(join(coverage, file), 'utf8'));
      for (const { url, functions } of result) {
        if (!url.startsWith(dist)) continue;
        const path = fileURLToPath(url);
        const places = called.get(path) ?? new Set();
        for (const { ranges } of functions) {
          const [{ startOffset, endOffset, count }] = ranges;
          if (count > 0) places.add(`${startOffset}:${endOffset}`);
        }
        called.set(path, places);
      }
    }
    if (called.size === 0) throw new Error(`the coverage of doctor has no file of ${dist}`);
    for (const [path, places] of called) {
      const [text, map] = await Promise.all(
        [path, `${path}.map`].map((file) => readFile(file, 'utf8')),
      );
      const pieces = inBrackets(text, (node) => places.has(`${node.start}:${node.end}`));
      const made = pieces.map((piece) =>
        typeof piece === 'string' ? piece : text.slice(...piece),
      );
      await writeFile(path, made.join(''));
      await writeFile(`${path}.map`, mapOf(map, text, pieces));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** @returns the folder of the coverage */
async function watchDoctor(root, scratch) {
  const [app, coverage] = ['app', 'coverage'].map((name) => join(scratch, name));
  const manifest = createRequire(import.meta.url).resolve(`${TEMPLATE}/package.json`);
  await cp(join(manifest, '../template'), app, { recursive: true });
  await mkdir(coverage);
  const env = { PATH: process.env.PATH, HOME: scratch, TMPDIR: scratch };
  const bgsync = (args, more) => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', NO_TIME, join(root, 'bin/bgsync.js'), ...args],
      { cwd: app, env: { ...env, ...more }, encoding: 'utf8' },
    );
    // 1: it found something, which is for the tests to say.
    if (status !== 0 && status !== 1)
      throw new Error(`bgsync ${args.join(' ')} ended with ${status} in ${TEMPLATE}:\n${stderr}`);
  };
  bgsync(['doctor'], { NODE_V8_COVERAGE: coverage });
  bgsync(['init', '--yes']);
  // Without git, doctor reads the rules of what it ignores: as good.
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
  ])
    spawnSync('git', args, { cwd: app, env });
  bgsync(['doctor'], { NODE_V8_COVERAGE: coverage });
  return coverage;
}

/**
 * @param {string} text of a module, minified
 * @param isCalled says it of a function's node
 * @returns the text with those functions in brackets, in pieces: `[start, end]` of the text, or what is new
 */
function inBrackets(text, isCalled) {
  const { program } = parse(text, { sourceType: 'module' });
  /** Each: where, what is put there, and up to where it stands in for the text. */
  const edits = [];
  const declarations = [];
  const visit = (node, parent) => {
    const made = isCalled(node) ? eagerly(text, node) : undefined;
    if (made !== undefined) edits.push([node.start, made.opened, made.until]);
    else if (node.type === 'FunctionDeclaration' && parent === program && isCalled(node))
      declarations.push(node);
    for (const child of childrenOf(node)) visit(child, node);
    if (made !== undefined) edits.push([node.end, made.closed, node.end]);
  };
  visit(program);
  edits.sort(([one], [other]) => one - other);

  const pieces = [];
  const add = (from, to) => {
    let at = from;
    for (const [place, put, until] of edits) {
      if (place < from || place > to || (place === from && place === until)) continue;
      pieces.push([at, place], put);
      at = until;
    }
    pieces.push([at, to]);
  };
  // Declared functions are there before the first statement runs: so are these.
  for (const { id, start, end } of declarations) {
    pieces.push(`var ${id.name}=(`, [start, id.start]);
    add(id.end, end);
    pieces.push(');');
  }
  let at = 0;
  for (const { start, end } of declarations) {
    add(at, start);
    at = end;
  }
  add(at, text.length);
  return pieces;
}

/** @returns how the expression of a function becomes one in brackets; undefined where it stays as it is */
function eagerly(text, node) {
  const { type, start, params, body } = node;
  const isAsync = node.async ? 'async ' : '';
  if (type === 'FunctionExpression' || (type === 'ArrowFunctionExpression' && !node.async))
    return { opened: '(', until: start, closed: ')' };
  if (type === 'ObjectMethod' && node.kind === 'method' && !node.computed && !has(body, 'Super')) {
    const opened = `${text.slice(node.key.start, node.key.end)}:(${isAsync}function${node.generator ? '*' : ''}`;
    return { opened, until: text.indexOf('(', node.key.end), closed: ')' };
  }
  // V8 has no such mark for an async arrow function.
  if (type !== 'ArrowFunctionExpression' || [...params, body].some(asksAround)) return undefined;
  if (params.some((param) => FUNCTIONS.some((kind) => has(param, kind)))) return undefined;
  const arrow = text.lastIndexOf('=>', body.start);
  const named = text.slice(start + 'async'.length, arrow).trim();
  const opened = `(async function${named.startsWith('(') ? named : `(${named})`}`;
  return body.type !== 'BlockStatement'
    ? { opened: `${opened}{return `, until: arrow + 2, closed: '})' }
    : { opened, until: body.start, closed: ')' };
}

const FUNCTIONS = ['ArrowFunctionExpression', 'FunctionExpression', 'ObjectMethod'];

/** Whether the code of an arrow function means something else in another kind of function. */
const asksAround = (node) =>
  has(node, 'ThisExpression') ||
  has(node, 'Super') ||
  has(node, 'MetaProperty') ||
  has(node, 'Identifier', 'arguments');

const has = (node, type, name) =>
  (node.type === type && (name === undefined || node.name === name)) ||
  childrenOf(node).some((child) => has(child, type, name));

const childrenOf = (node) =>
  Object.values(node)
    .flat()
    .filter((child) => typeof child?.type === 'string');

/** @returns the map of the text that the pieces make, as JSON */
function mapOf(map, text, pieces) {
  const parsed = JSON.parse(map);
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  /** In the text's order: where, and what the map says there. */
  const segments = decode(parsed.mappings).flatMap((line, index) =>
    line.map(([column, ...rest]) => [starts[index] + column, rest]),
  );
  const firstFrom = (offset) => {
    let [low, high] = [0, segments.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (segments[middle][0] < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const lines = [[]];
  let column = 0;
  const write = (part) => {
    const parts = part.split('\n');
    for (let more = 1; more < parts.length; more += 1) lines.push([]);
    column = (parts.length > 1 ? 0 : column) + parts.at(-1).length;
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      write(piece);
      continue;
    }
    let [at, to] = piece;
    for (let next = firstFrom(at); next < segments.length && segments[next][0] < to; next += 1) {
      const [offset, rest] = segments[next];
      write(text.slice(at, offset));
      at = offset;
      lines.at(-1).push([column, ...rest]);
    }
    write(text.slice(at, to));
  }
  return JSON.stringify({ ...parsed, mappings: encode(lines) });
}
