/**
 * Small faults, one at a time, in a copy of the sources: which of them does no test see? Those of `KNOWN` survived once,
 * and must be killed; the others are made from the code of plan, schedule and the doctor's checks, and the survivors are
 * listed.
 *
 *     npm run test:mutate [-- --known] [--sample 25] [--minutes 60] [--seed 1] [--under src/plan]
 *
 * Of each folder so many are tried, drawn by the seed. A fault is shown to the tests nearest to its file; what those do
 * not see, to all that load the file. It ends after the last, or after the minutes.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';
import { REPO } from '../helpers/cli.ts';
import { Random } from '../hostile/random.ts';
import { nearestTests } from './nearest-tests.ts';

interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Survivors of a review: the file, what stands there, and the fault. */
const KNOWN: readonly (readonly [file: string, code: string, fault: string])[] = [
  [
    'src/doctor/checks/ios/handler-isolation.ts',
    '/\\bnonisolated\\b/.test(around.header)',
    'false',
  ],
  [
    'src/schedule/policy.ts',
    'clamp(consecutiveFailures, 1, 16)',
    'clamp(consecutiveFailures, 1, 8)',
  ],
  [
    'src/config.ts',
    'schedule.backlogMinutes > schedule.intervalMinutes',
    'schedule.backlogMinutes >= schedule.intervalMinutes',
  ],
  ['src/devices/local/window.ts', 'limits.budgetMs / 10', 'limits.budgetMs / 5'],
  [
    'src/plan/journal.ts',
    "return (error as NodeJS.ErrnoException).code === 'EPERM';",
    'return false;',
  ],
  ['src/formats/gradle.ts', "['=', ',', '+', '.', '?', ':']", "['=', ',', '+', '.']"],
  [
    'src/doctor/code/kotlin-declarations.ts',
    '(?<!::\\s{0,9})\\b(?:class|object)',
    '\\b(?:class|object)',
  ],
  [
    'src/events/verify.ts',
    '`${event.plat} ${event.pid} ${event.seq} ${event.ts}`',
    '`${event.plat} ${event.seq} ${event.ts}`',
  ],
];

const FOLDERS = ['src/plan', 'src/schedule', 'src/doctor/checks'];

/** What each operator is mistaken for. */
const OPERATORS: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
};

const { values: options } = parseArgs({
  options: {
    known: { type: 'boolean', default: false },
    sample: { type: 'string', default: '25' },
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    under: { type: 'string' },
  },
});

/** The faults that one file's code can have. */
function mutantsOf(file: string): Mutant[] {
  const text = readFileSync(join(REPO, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, mutated: string): void =>
    void found.push({ file, start: node.getStart(), end: node.end, text: mutated });
  const visit = (node: ts.Node): void => {
    // What a check says, and types, are no behaviour.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const fault = OPERATORS[node.operatorToken.getText()];
      const isText = [node.left, node.right].some(
        (side) => ts.isStringLiteralLike(side) || ts.isTemplateExpression(side),
      );
      if (fault !== undefined && !isText) add(node.operatorToken, fault);
    }
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      add(node, `(${node.operand.getText()})`);
    if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false');
    if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true');
    if (ts.isNumericLiteral(node)) add(node, `(${node.getText()} + 1)`);
    if (ts.isIfStatement(node)) add(node.expression, 'false');
    if (ts.isConditionalExpression(node)) add(node.condition, `!(${node.condition.getText()})`);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const copy = mkdtempSync(join(tmpdir(), 'bgsync-mutate-'));

/** Every file of the repo: a test that lacks one of them fails, and each fault would pass for killed. */
function copyRepo(): void {
  const git = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = spawnSync('git', git, { cwd: REPO, encoding: 'utf8', maxBuffer: 1 << 26 });
  const paths = stdout
    .split('\0')
    .filter((path) => !['', 'node_modules'].includes(path) && existsSync(join(REPO, path)));
  if (paths.length === 0) throw new Error('this needs a git repository, which knows its files');
  for (const path of [...paths, 'dist'])
    cpSync(join(REPO, path), join(copy, path), { recursive: true, verbatimSymlinks: true });
  symlinkSync(join(REPO, 'node_modules'), join(copy, 'node_modules'));
}

/** A loaded machine runs all tests in a few minutes; an endless loop, which is seen by this alone, never ends. */
const LEAST_MS = 180_000;
let limitMs = 20 * 60_000;

const inCopy = (...args: readonly string[]): boolean =>
  spawnSync(
    process.execPath,
    [
      join(copy, 'node_modules/vitest/vitest.mjs'),
      ...args,
      ...['--project', 'unit', '--bail', '1', '--testTimeout', '60000'],
    ],
    {
      cwd: copy,
      stdio: 'ignore',
      timeout: limitMs,
      killSignal: 'SIGKILL',
      env: { ...process.env, BGSYNC_PROPERTY_RUNS: '20' },
    },
  ).status === 0;

/** All tests, without any fault. What they take is the measure of what is endless. */
function tryWithoutFault(): void {
  const begin = Date.now();
  if (!inCopy('run')) throw new Error(`the tests fail without any fault: see ${copy}`);
  const ms = Date.now() - begin;
  limitMs = Math.max(LEAST_MS, 3 * ms);
  process.stdout.write(`all tests without a fault: ${Math.round(ms / 1000)} s\n`);
}

/** @returns whether the tests see the fault: those nearest to the file, else any that loads it */
function isKilled({ file, start, end, text }: Mutant): boolean {
  const path = join(copy, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.slice(0, start) + text + whole.slice(end));
  try {
    const near = nearestTests(REPO, file);
    if (near.length > 0 && !inCopy('run', ...near)) return true;
    return !inCopy('related', file, '--run');
  } finally {
    writeFileSync(path, whole);
  }
}

function describe({ file, start, end, text }: Mutant): string {
  const whole = readFileSync(join(REPO, file), 'utf8');
  const line = whole.slice(0, start).split('\n').length;
  return `${file}:${line}: ${whole.slice(start, end).slice(0, 80)}  ->  ${text.slice(0, 80)}`;
}

let failed = false;
try {
  copyRepo();
  tryWithoutFault();
  for (const [file, code, fault] of KNOWN) {
    const start = readFileSync(join(REPO, file), 'utf8').indexOf(code);
    if (start < 0)
      throw new Error(`${file} has no longer ${code}: mend the list in tests/mutate/run.ts`);
    const mutant = { file, start, end: start + code.length, text: fault };
    const killed = isKilled(mutant);
    process.stdout.write(`${killed ? 'killed  ' : 'SURVIVES'} ${describe(mutant)}\n`);
    failed ||= !killed;
  }
  if (!options.known) {
    const end = Date.now() + Number(options.minutes) * 60_000;
    const random = new Random(Number(options.seed));
    const { under } = options;
    process.stdout.write(
      `seed ${options.seed}, ${options.sample} mutants a folder, at most ${options.minutes} minutes\n`,
    );
    for (const folder of FOLDERS) {
      const files = readdirSync(join(REPO, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name}`)
        .filter((file) => file.endsWith('.ts') && (under === undefined || file.startsWith(under)));
      const mutants = files.flatMap(mutantsOf);
      const all = mutants.length;
      let tried = 0;
      let survived = 0;
      while (mutants.length > 0 && tried < Number(options.sample) && Date.now() < end) {
        const [mutant] = mutants.splice(random.below(mutants.length), 1);
        if (mutant === undefined) break;
        tried += 1;
        if (isKilled(mutant)) continue;
        survived += 1;
        process.stdout.write(`survives ${describe(mutant)}\n`);
      }
      if (all > 0)
        process.stdout.write(`${folder}: ${tried} of ${all} tried, ${survived} survived\n`);
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
