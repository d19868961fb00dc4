import { parseModule } from '../formats/javascript.ts';
import { readPlistDict } from '../formats/plist.ts';
import { withoutMark } from '../formats/text.ts';

/** Whether a file of a kind that bgsync edits can be read; true for any other file. */
export function parses(path: string, text: string): boolean {
  if (path.endsWith('.plist')) return readPlistDict(text).status === 'ok';
  if (/\.[cm]?[jt]sx?$/.test(path)) return parseModule(withoutMark(text), path).ok;
  if (!path.endsWith('.json')) return true;
  try {
    JSON.parse(withoutMark(text));
    return true;
  } catch {
    return false;
  }
}
