import { sha256 } from '../../plan/plan.ts';
import type { DoctorRepo } from '../repo.ts';

/**
 * Whether a file is, byte for byte, what bgsync left when it last edited it for the same settings. The edit was verified
 * by parsing then, so the answer is known without the parser, which is most of doctor’s start-up.
 *
 * @param says what bgsync put in has to contain this; without it, the whole file has to be bgsync's
 */
export async function isAsLeft(repo: DoctorRepo, path: string, says?: string): Promise<boolean> {
  const { config, lock } = repo.integration ?? {};
  if (config === undefined || lock === undefined || lock.retired === true) return false;
  if (lock.handler !== config.handler || lock.moduleDir !== config.moduleDir) return false;
  const edit = lock.edits.find((one) => one.path === path);
  if (edit === undefined) return false;
  const pieces = edit.pieces ?? [];
  if (
    says === undefined ? edit.kind !== 'created' : !pieces.some((one) => one.text.includes(says))
  ) {
    return false;
  }
  const text = await repo.files.read(path);
  return text !== undefined && sha256(text) === edit.sha256;
}
