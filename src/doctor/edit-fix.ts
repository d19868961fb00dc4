import type { EditResult } from '../formats/edit.ts';
import type { Finding } from './check.ts';

/** A fix that is one edit of one file; none where it cannot be placed. */
export const editFix =
  (
    path: string,
    before: string,
    reason: string,
    edit: (source: string) => Promise<EditResult> | EditResult,
  ): NonNullable<Finding['fixEdits']> =>
  async () => {
    const result = await edit(before);
    if (result.status !== 'changed') return [];
    return [{ kind: 'edit', path, reason, before, after: result.text }];
  };
