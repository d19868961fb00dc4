import { UserError } from '../errors.ts';
import { RefusedError } from '../file-system.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'permission was denied',
  EPERM: 'permission was denied',
  EROFS: 'the file system is read-only',
  EISDIR: 'a folder is where a file has to go',
};

/** A failure of the system's in words, without a full stop. */
export function failureOf(error: unknown): string {
  if (error instanceof UserError) return error.message.replace(/\.$/, '');
  const { code = '', message, path } = error as NodeJS.ErrnoException;
  const reason = REASONS[code];
  if (reason === undefined) return message;
  return `${reason} (${code}${path === undefined ? '' : `, ${path}`})`;
}

/** Whether the system does not let this user write there at all, so that another folder may do. */
export const isDenied = (error: unknown): boolean =>
  (error instanceof RefusedError && error.why === 'system') ||
  ['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '');
