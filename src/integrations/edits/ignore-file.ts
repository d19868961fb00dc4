import { ensureExceptions } from '../../formats/gitignore.ts';
import type { FileKind } from './edit-kind.ts';

const HEADING = 'Made once by bgsync, and part of the source';

/** Lines that take the generated package back out of what a .gitignore or .easignore leaves out. */
export const IGNORE_FILE: FileKind<readonly string[]> = {
  id: 'ignore-file',
  reason: 'lets what is generated reach the build machine',
  create: (lines) => `${[`# ${HEADING}`, ...lines].join('\n')}\n`,
  ensure: (source, lines) => ensureExceptions(source, { heading: HEADING, lines }),
};

/** The lines of a piece that {@link IGNORE_FILE} put in. */
export const exceptionsIn = (piece: string): string[] =>
  piece.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
