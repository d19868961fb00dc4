import pc from 'picocolors';
import type { Report } from '../context.ts';
import { diffLines } from '../plan/diff.ts';
import type { DiffLine } from '../plan/diff.ts';
import type { LockFile } from '../plan/lock-file.ts';
import type { Drift, DriftCause, ManualStep } from '../plan/plan.ts';
import { printable, printableLine } from '../terminal.ts';
import { VERSION } from '../version.ts';

const WORDS: Record<DriftCause, string> = {
  'your edit': 'you changed it',
  'new version': 'a newer bgsync generates it differently',
  'config change': 'the config changed',
  missing: 'it is missing',
  extra: 'bgsync does not generate it',
  'conflict not settled': 'it has a conflict that is not settled',
  'edit gone': 'what bgsync put in is gone or changed',
};

function explain({ why }: Drift, lock: LockFile): string {
  return why
    .map((cause) => (cause === 'new version' ? `bgsync ${lock.bgsync} → ${VERSION}` : WORDS[cause]))
    .join('; ');
}

/** From the file as it is to the file as it would be; nothing for a file that is there or not as a whole. */
function linesOf({ path, before, after }: Drift): readonly DiffLine[] {
  return before === undefined || after === undefined
    ? []
    : diffLines({ kind: 'replace', path, reason: '', before, after });
}

/** Each file that differs, why, and how. */
export function showDrift(report: Report, lock: LockFile, drift: readonly Drift[]): void {
  const width = Math.max(0, ...drift.map(({ path }) => path.length));
  const rows = drift.map((one) => [printableLine(one.path), explain(one, lock)] as const);
  const columns = Math.max(0, ...rows.map(([, why]) => 4 + width + why.length));
  const isBeside = columns < (report.width ?? Infinity);
  for (const [path, why] of rows) {
    if (isBeside) report.line(`  ${path.padEnd(width)}  ${pc.dim(why)}`);
    else {
      report.line(`  ${path}`);
      report.line(`      ${pc.dim(why)}`);
    }
  }
  for (const one of drift) {
    const lines = linesOf(one);
    if (lines.length === 0) continue;
    report.line();
    report.line(pc.bold(`  ${printableLine(one.path)}`));
    for (const { kind, text } of lines) {
      const paint = { added: pc.green, removed: pc.red, hunk: pc.cyan, context: pc.dim }[kind];
      report.raw(`  ${paint(printable(text))}\n`);
    }
  }
  report.line();
  report.line('− is what is there, + what would be. `npx bgsync update` keeps your own edits.');
}

/** The differences as data. */
export function diffDocument(
  lock: LockFile,
  drift: readonly Drift[],
  manual: readonly ManualStep[],
) {
  return {
    version: 1,
    bgsync: VERSION,
    generatedBy: lock.bgsync,
    retired: lock.retired === true,
    differences: drift.map((one) => ({
      path: one.path,
      why: one.why,
      diff: linesOf(one)
        .map(({ text }) => text)
        .join('\n'),
    })),
    manual,
  };
}
