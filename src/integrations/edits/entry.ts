import { ensureEntryImport } from '../../formats/entry.ts';
import type { EditKind } from './edit-kind.ts';

/** The import of the handler, at the top level of the file that a bundle starts at. */
export const ENTRY: EditKind<{ readonly file: string; readonly specifier: string }> = {
  id: 'entry',
  reason: 'loads your handler when the app starts',
  loadsHandler: true,
  ensure: ensureEntryImport,
};
