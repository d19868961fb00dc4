import type { Finding } from '../../../../src/doctor/check.ts';
import { afterOf } from '../../../../src/plan/plan.ts';

/** The files as the fix of a finding leaves them, by path. */
export async function applyEdit(
  finding: Pick<Finding, 'fixEdits'> | undefined,
): Promise<Record<string, string | undefined>> {
  const changes = (await finding?.fixEdits?.()) ?? [];
  return Object.fromEntries(changes.map((change) => [change.path, afterOf(change)]));
}
