import { structuredPatch } from 'diff';
import { afterOf, beforeOf } from './plan.ts';
import type { FileChange } from './plan.ts';

export interface DiffLine {
  readonly kind: 'context' | 'added' | 'removed' | 'hunk';
  readonly text: string;
}

/** The unified diff of a change, without its file header. */
export function diffLines(change: FileChange): DiffLine[] {
  const [before, after] = [beforeOf(change) ?? '', afterOf(change) ?? ''];
  // The line ending stays part of the line, so that a changed one would show.
  const { hunks } = structuredPatch(change.path, change.path, before, after, '', '', {
    context: 2,
    stripTrailingCr: false,
  });
  return hunks.flatMap((hunk) => [
    {
      kind: 'hunk' as const,
      text: `@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`,
    },
    ...hunk.lines.map((line): DiffLine => {
      const kind = line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : 'context';
      return { kind, text: line.replace(/\r$/, '') };
    }),
  ]);
}

export function countLines(change: FileChange): { added: number; removed: number } {
  const lines = diffLines(change);
  const count = (kind: DiffLine['kind']) => lines.filter((line) => line.kind === kind).length;
  return { added: count('added'), removed: count('removed') };
}
