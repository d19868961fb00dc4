import type { EditResult } from '../formats/edit.ts';
import type { Finding } from './check.ts';
import type { DoctorRepo } from './repo.ts';

type Edit<R extends EditResult> = (source: string) => Promise<R> | R;

/** A fix that is one edit of one file; none where it cannot be placed. */
export const editFix =
  (
    path: string,
    before: string,
    reason: string,
    edit: Edit<EditResult>,
  ): NonNullable<Finding['fixEdits']> =>
  async () => {
    const result = await edit(before);
    if (result.status !== 'changed') return [];
    return [{ kind: 'edit', path, reason, before, after: result.text }];
  };

/**
 * What an edit of src/integrations makes of a file: whether its piece is there already, and the fix where it is not.
 *
 * @returns undefined where there is no such file
 */
export async function tryEdit<R extends EditResult>(
  repo: Pick<DoctorRepo, 'files'>,
  path: string,
  reason: string,
  edit: Edit<R>,
): Promise<
  { readonly result: R; readonly fixEdits: NonNullable<Finding['fixEdits']> } | undefined
> {
  const text = await repo.files.read(path);
  if (text === undefined) return undefined;
  return { result: await edit(text), fixEdits: editFix(path, text, reason, edit) };
}
