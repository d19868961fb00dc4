import { posix } from 'node:path';
import pc from 'picocolors';
import type { Report } from '../context.ts';
import type { SnippetAction } from '../formats/edit.ts';
import { countLines, diffLines } from '../plan/diff.ts';
import { afterOf, beforeOf, hashOf } from '../plan/plan.ts';
import type { FileChange, ManualStep, Plan, Unproven } from '../plan/plan.ts';
import { plural } from '../plural.ts';
import { printable, printableLine } from '../terminal.ts';

export const countFiles = (count: number): string => plural(count, 'file');

interface Row {
  readonly verb: FileChange['kind'];
  readonly path: string;
  readonly note: string;
  /** Of a row for a folder: its files, relative to that, where each is to be seen. */
  readonly files?: readonly string[];
}

/**
 * One row a file, the generated package as one: a plan has to fit on a screen.
 *
 * @param moduleDir the package's folder; undefined where no package is generated
 * @param lists whether the row of the package has its files below
 */
function rows(plan: Plan, moduleDir: string | undefined, lists: boolean): Row[] {
  const isGenerated = ({ path, kind }: FileChange): boolean =>
    moduleDir !== undefined && isInside(moduleDir, path) && kind !== 'edit';
  const result: Row[] = [];
  for (const kind of ['create', 'replace', 'delete'] as const) {
    const files = plan.changes.filter((change) => change.kind === kind && isGenerated(change));
    if (files.length === 0) continue;
    const lines = files.reduce((sum, change) => sum + lineCount(change), 0);
    const size = `${plural(files.length, 'file')}, ${kind === 'delete' ? '−' : '+'}${lines}`;
    result.push({
      verb: kind,
      path: `${moduleDir ?? ''}/`,
      note: `the generated package: ${size}`,
      ...(lists && { files: files.map(({ path }) => posix.relative(moduleDir ?? '', path)) }),
    });
    for (const { path, reason } of files) {
      // What becomes of a file that the user changed is said for each.
      if (reason.includes('your changes')) result.push({ verb: kind, path, note: reason });
    }
  }
  for (const change of plan.changes.filter((one) => !isGenerated(one))) {
    const { kind, path, reason } = change;
    result.push({
      verb: kind,
      path,
      note: kind === 'edit' ? `${reason} ${sizeOf(change)}` : reason,
    });
  }
  return result;
}

/** Not what only begins with the folder's name, and leaves it again. */
const isInside = (folder: string, path: string): boolean =>
  posix.normalize(path).startsWith(`${posix.normalize(folder)}/`);

const sizeOf = (change: FileChange): string => {
  const { added, removed } = countLines(change);
  return `(+${added} −${removed})`;
};

/** Lines that are written, or go: of a file that is new or gone, all of them. */
const lineCount = (change: FileChange): number =>
  change.kind === 'replace' ? countLines(change).added : wholeLines(change);

const wholeLines = (change: FileChange): number =>
  (afterOf(change) ?? beforeOf(change) ?? '').split('\n').length - 1;

/**
 * Shows the plan: what becomes of each file, and every edit of a user's file as a diff.
 *
 * @param moduleDir whose files are one row together; undefined where there is none of them
 * @param lists whether to name each of those below their row, for who only looks
 */
export function showPlan(
  report: Report,
  plan: Plan,
  moduleDir: string | undefined,
  lists = false,
): void {
  const table = rows(plan, moduleDir, lists);
  const width = Math.max(
    0,
    ...[...table.map(({ path }) => path), ...plan.kept].map((path) => path.length),
  );
  for (const { verb, path, note, files = [] } of table) {
    const paint = { create: pc.green, delete: pc.red, edit: pc.yellow, replace: pc.yellow }[verb];
    report.line(
      `  ${paint(verb.padEnd(7))}  ${printableLine(path).padEnd(width)}  ${pc.dim(note)}`,
    );
    for (const file of files) report.line(`    ${pc.dim(printableLine(file))}`);
  }
  for (const path of plan.kept) {
    report.line(
      `  ${pc.dim('kept   ')}  ${printableLine(path).padEnd(width)}  ${pc.dim('yours, or changed by you')}`,
    );
  }
  for (const change of plan.changes) if (change.kind === 'edit') showDiff(report, change);
}

/** Files with marks of a merge that only a person can settle. */
export function showConflicts(report: Report, paths: readonly string[]): void {
  if (paths.length === 0) return;
  report.line();
  report.line(pc.yellow(`${plural(paths.length, 'conflict')} to settle:`));
  for (const path of paths) report.line(`  ${printableLine(path)}`);
  report.line('Your lines stand between <<<<<<< yours and =======, those of bgsync below.');
}

function showDiff(report: Report, change: FileChange): void {
  report.line();
  report.line(pc.bold(`  ${printableLine(change.path)}`));
  for (const { kind, text } of diffLines(change)) {
    const paint = { added: pc.green, removed: pc.red, hunk: pc.cyan, context: pc.dim }[kind];
    report.raw(`  ${paint(printable(text))}\n`);
  }
}

const ACTIONS: Record<SnippetAction, string> = {
  add: 'Add this',
  append: 'Add this at its end',
  replace: 'Put this in place of what is there',
  remove: 'Take this out',
};

/** Snippets stand without a gutter, so that they can be copied. */
export function showManualSteps(report: Report, steps: readonly ManualStep[]): void {
  if (steps.length === 0) return;
  report.line();
  report.line(pc.yellow(`${plural(steps.length, 'step')} left to you:`));
  for (const [index, { path, line, purpose, reason, snippet, action }] of steps.entries()) {
    const place = line === undefined ? path : `${path}:${line}`;
    report.line();
    report.line(`${index + 1}. ${pc.bold(printableLine(place))}: ${purpose}`);
    report.line(`   Not done by bgsync: ${printableLine(reason)}.`);
    if (snippet === '') continue;
    report.line(`   ${ACTIONS[action ?? 'add']}:`);
    report.line();
    report.raw(`${printable(snippet).replace(/\n$/, '')}\n`);
  }
}

/** What is in place by its text, and may not take effect. */
export function showUnproven(report: Report, unproven: readonly Unproven[]): void {
  for (const { path, purpose, reason } of unproven) {
    report.line();
    report.line(`${pc.bold(printableLine(path))}: ${purpose}`);
    report.line(
      `   Not looked at: it is named there, and whether it takes effect cannot be told (${printableLine(reason)}).`,
    );
    report.line('   `npx bgsync doctor --run-tools` asks the app’s own tools.');
  }
}

/** The plan as data. `diff` is the unified diff without its file header. */
export function planDocument(plan: Plan) {
  return {
    changes: plan.changes.map((change) => ({
      path: change.path,
      kind: change.kind,
      reason: change.reason,
      ...(change.kind === 'create'
        ? { added: wholeLines(change), removed: 0 }
        : change.kind === 'delete'
          ? { added: 0, removed: wholeLines(change) }
          : countLines(change)),
      sha256Before: hashOf(beforeOf(change)),
      sha256After: hashOf(afterOf(change)),
      diff:
        change.kind === 'edit'
          ? diffLines(change)
              .map(({ text }) => text)
              .join('\n')
          : null,
    })),
    manual: plan.manual,
    unproven: plan.unproven,
    kept: plan.kept,
    conflicts: plan.conflicts,
  };
}
