import { iosIdsOf } from '../../config.ts';
import type { Config } from '../../config.ts';
import { ensurePlistArrays } from '../../formats/plist.ts';
import type { PlistArrayEntry } from '../../formats/plist.ts';
import { removePlistStrings } from '../../formats/plist-remove.ts';
import { MODES_KEY, PERMITTED_KEY } from '../../project/info-plist.ts';
import type { LockedPiece } from '../../plan/lock-file.ts';
import type { EditKind } from './edit-kind.ts';

/**
 * The Info.plist entries without which iOS refuses the tasks.
 *
 * @param retiredIds ids that versions of the app had before: iOS takes a launch handler for a permitted id only, and ends
 *   an app that it starts for an id without one
 */
export const plistEntries = (config: Config, retiredIds: readonly string[]): PlistArrayEntry[] => [
  { key: MODES_KEY, values: ['processing', ...(config.ios.refresh ? ['fetch'] : [])] },
  { key: PERMITTED_KEY, values: [...iosIdsOf(config), ...retiredIds] },
];

const KEYS = [MODES_KEY, PERMITTED_KEY];

const textOf = (pieces: readonly LockedPiece[]): string =>
  pieces.map((piece) => piece.text).join('');

const inTags = (name: string, text: string): string[] =>
  [...text.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, value = '']) => value);

/** Values of the two arrays of an Info.plist. */
export const INFO_PLIST: EditKind<readonly PlistArrayEntry[]> = {
  id: 'info-plist',
  reason: 'lets iOS start the task',
  ensure: ensurePlistArrays,
  inverse: {
    remove(text, { pieces }) {
      const put = textOf(pieces);
      return removePlistStrings(text, {
        keys: KEYS,
        values: inTags('string', put),
        emptied: inTags('key', put),
      });
    },
    parts: (pieces) =>
      inTags('string', textOf(pieces)).map(
        (value) => (text) => removePlistStrings(text, { keys: KEYS, values: [value], emptied: [] }),
      ),
  },
};
