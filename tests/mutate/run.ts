/**
 * Small faults, one at a time, in a copy of the sources: which of them does no test see? Those of `KNOWN` survived once,
 * and must be killed; the others are made from the code of plan, schedule and the doctor's checks, without those of
 * `EQUIVALENT`, and the survivors are listed.
 *
 *     npm run test:mutate [-- --known] [--sample 25] [--minutes 60] [--seed 1] [--under src/plan/undo.ts[:40]]
 *
 * Of each folder so many are tried, drawn by the seed; under a folder, a file or one of its lines, only what is there. A
 * fault is shown to the tests nearest to its file; what those do not see, to all that load the file. It ends after the
 * last, or after the minutes.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
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
import { EQUIVALENT, KNOWN, placeFault, withFault } from './faults.ts';
import type { Mutant } from './faults.ts';
import { nearestTests } from './nearest-tests.ts';

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

const [under = '', line] = options.under?.split(':') ?? [];
const isOneFile = under.endsWith('.ts');
const isUnder = (file: string): boolean => file.startsWith(under);

/** The faults that one file's code can have. */
function mutantsOf(file: string): Mutant[] {
  const source = ts.createSourceFile(file, sourceOf(file), ts.ScriptTarget.Latest, true);
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

/**
 * Vitest's workers in a group of their own: one that is in an endless loop outlives the process that started it.
 *
 * @returns whether all tests pass, within the limit
 */
async function inCopy(...args: readonly string[]): Promise<boolean> {
  const child = spawn(
    process.execPath,
    [
      join(copy, 'node_modules/vitest/vitest.mjs'),
      ...args,
      ...['--project', 'unit', '--project', 'trees', '--bail', '1', '--testTimeout', '60000'],
      // They run what was built, which has no fault, or measure.
      ...['--exclude', 'tests/cli/**', '--exclude', 'tests/unit/growth/**'],
    ],
    {
      cwd: copy,
      stdio: 'ignore',
      detached: true,
      env: { ...process.env, BGSYNC_PROPERTY_RUNS: '20' },
    },
  );
  const endGroup = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  // A signal at the terminal reaches the runner's own group alone.
  const interrupt = (): never => {
    endGroup();
    rmSync(copy, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of SIGNALS) process.once(signal, interrupt);
  const limit = setTimeout(endGroup, limitMs);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      child.once('error', reject).once('exit', (code) => {
        resolve(code === 0);
      });
    });
  } finally {
    clearTimeout(limit);
    for (const signal of SIGNALS) process.off(signal, interrupt);
    endGroup();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** All tests, or those of one file, without any fault. What they take is the measure of what is endless. */
async function tryWithoutFault(): Promise<void> {
  const begin = Date.now();
  if (!(await inCopy(...(isOneFile ? ['related', under, '--run'] : ['run']))))
    throw new Error(`the tests fail without any fault: see ${copy}`);
  const ms = Date.now() - begin;
  limitMs = Math.max(LEAST_MS, 3 * ms);
  process.stdout.write(`the tests without a fault: ${Math.round(ms / 1000)} s\n`);
}

/** @returns whether the tests see the fault: those nearest to the file, else any that loads it */
async function isKilled(mutant: Mutant): Promise<boolean> {
  const { file } = mutant;
  const path = join(copy, file);
  const whole = sourceOf(file);
  writeFileSync(path, withFault(whole, mutant));
  try {
    const near = nearestTests(REPO, file);
    if (near.length > 0 && !(await inCopy('run', ...near))) return true;
    return !(await inCopy('related', file, '--run'));
  } finally {
    writeFileSync(path, whole);
  }
}

const sources = new Map<string, string>();

/** The source of a file as it is at the beginning: someone may go on working meanwhile. */
function sourceOf(file: string): string {
  const text = sources.get(file) ?? readFileSync(join(copy, file), 'utf8');
  sources.set(file, text);
  return text;
}

const lineOf = ({ file, start }: Mutant): number =>
  sourceOf(file).slice(0, start).split('\n').length;

function describe(mutant: Mutant): string {
  const { file, start, end, text } = mutant;
  const [whole, line] = [sourceOf(file), lineOf(mutant)];
  return `${file}:${line}: ${whole.slice(start, end).slice(0, 80)}  ->  ${text.slice(0, 80)}`;
}

/** For the nightly run also on its page, where a person looks. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary !== undefined) appendFileSync(summary, `    ${line}\n`);
}

const isSame = (one: Mutant, other: Mutant): boolean =>
  one.file === other.file &&
  withFault(sourceOf(one.file), one) === withFault(sourceOf(other.file), other);

let failed = false;
try {
  copyRepo();
  await tryWithoutFault();
  for (const known of KNOWN.filter(([file]) => isUnder(file))) {
    const mutant = placeFault(sourceOf(known[0]), known);
    const killed = await isKilled(mutant);
    say(`${killed ? 'killed  ' : 'SURVIVES'} ${describe(mutant)}`);
    failed ||= !killed;
  }
  if (!options.known) {
    const end = Date.now() + Number(options.minutes) * 60_000;
    const random = new Random(Number(options.seed));
    say(
      `seed ${options.seed}, ${options.sample} mutants a folder, at most ${options.minutes} minutes`,
    );
    const equivalent = EQUIVALENT.map(([file, code, fault]) =>
      placeFault(sourceOf(file), [file, code, fault]),
    );
    for (const folder of FOLDERS) {
      const files = readdirSync(join(copy, folder), { recursive: true, encoding: 'utf8' })
        .map((name) => `${folder}/${name}`)
        .filter((file) => file.endsWith('.ts') && isUnder(file));
      const mutants = files
        .flatMap(mutantsOf)
        .filter((mutant) => line === undefined || lineOf(mutant) === Number(line))
        .filter((mutant) => !equivalent.some((one) => isSame(one, mutant)));
      const all = mutants.length;
      let tried = 0;
      let survived = 0;
      while (mutants.length > 0 && tried < Number(options.sample) && Date.now() < end) {
        const [mutant] = mutants.splice(random.below(mutants.length), 1);
        if (mutant === undefined) break;
        tried += 1;
        if (await isKilled(mutant)) continue;
        survived += 1;
        say(`survives ${describe(mutant)}`);
      }
      if (all > 0) say(`${folder}: ${tried} of ${all} tried, ${survived} survived`);
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
if (failed) process.exitCode = 1;
