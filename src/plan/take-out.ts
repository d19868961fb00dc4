import { diffLines } from 'diff';
import { removeReactNativeDependency } from '../formats/js-config-remove.ts';
import { removePlistStrings } from '../formats/plist-remove.ts';
import { PACKAGE_NAME } from '../templates/model.ts';
import { isUntouched } from './line-endings.ts';
import type { LockedEdit, LockedPiece } from './lock-file.ts';
import type { FileChange, ManualStep } from './plan.ts';
import { lineOfPiece, looseLine, undoEdits } from './undo.ts';

export interface TakenOut {
  readonly change?: FileChange;
  /** What is left to a person: the lines that the user changed. */
  readonly steps: readonly ManualStep[];
}

/** Takes out of a file what bgsync put there; a file that it made, and that no one changed, goes. */
export function takeOut(path: string, before: string, records: readonly LockedEdit[]): TakenOut {
  const own = records.find(({ kind }) => kind === 'created');
  const reason = records.map((record) => record.reason).join('; ');
  if (own !== undefined && isUntouched(before, own.sha256)) {
    return { change: { kind: 'delete', path, reason, before }, steps: [] };
  }
  const undone = undoEdits(
    path,
    before,
    records.filter(({ kind }) => kind === 'inserted'),
  );
  let after = undone.text;
  let left: readonly LockedPiece[] = undone.left;
  if (own !== undefined || left.length > 0) {
    const put = [...(own?.pieces ?? []), ...left];
    const said = removeByMeaning(path, after, put, own !== undefined);
    if (said !== undefined && isOursAlone(after, said, put)) {
      after = said;
      left = [];
    }
  }
  const steps = left.map((piece): ManualStep => {
    const line = lineOfPiece(after, piece);
    return {
      path,
      ...(line === undefined ? {} : { line }),
      purpose: reason,
      reason: 'you changed it since',
      snippet: piece.text.replace(/^\r?\n/, ''),
      action: 'remove',
    };
  });
  if (own !== undefined && after === before && isStillOurs(path, before, own)) {
    const why =
      'bgsync made it, and you changed it since: remove it, or what you do not need of it';
    steps.push({ path, purpose: reason, reason: why, snippet: '' });
  }
  return after === before
    ? { steps }
    : { change: { kind: 'edit', path, reason, before, after }, steps };
}

/** Whether no line goes that was not put in: a comment of the user's in our entry stays, and so does the entry. */
function isOursAlone(before: string, after: string, put: readonly LockedPiece[]): boolean {
  const ours = new Set(put.flatMap(({ text }) => text.split(/\r?\n/).map(looseLine)));
  return diffLines(before, after, { stripTrailingCr: true })
    .filter(({ removed }) => removed)
    .flatMap(({ value }) => value.split(/\r?\n/).map(looseLine))
    .every((line) => line === '' || ours.has(line));
}

/** What is left of a file that was made: a react-native.config without our entry, and a file with no line of ours, are the user's. */
function isStillOurs(path: string, text: string, { pieces = [] }: LockedEdit): boolean {
  if (isReactNativeConfig(path)) return text.includes(PACKAGE_NAME);
  const lines = new Set(text.split(/\r?\n/).map(looseLine));
  const put = pieces.flatMap((piece) => piece.text.split(/\r?\n/).map(looseLine));
  return put.length === 0 || put.some((line) => line !== '' && lines.has(line));
}

const isReactNativeConfig = (path: string): boolean =>
  /(?:^|\/)react-native\.config\.[cm]?[jt]s$/.test(path);

/** Where the text is not as it was put in, but what it says is found: in formats that can be read. */
function removeByMeaning(
  path: string,
  text: string,
  pieces: readonly LockedPiece[],
  isOwnFile: boolean,
): string | undefined {
  if (isReactNativeConfig(path)) {
    return removeReactNativeDependency(text, { file: path, name: PACKAGE_NAME, isOwnFile });
  }
  if (!path.endsWith('.plist')) return undefined;
  const put = pieces.map((piece) => piece.text).join('');
  const emptied = [...put.matchAll(/<key>([^<]*)<\/key>/g)].map(([, key = '']) => key);
  return removePlistStrings(text, { keys: PLIST_KEYS, values: stringsIn(put), emptied });
}

const PLIST_KEYS = ['UIBackgroundModes', 'BGTaskSchedulerPermittedIdentifiers'];

const stringsIn = (text: string): string[] =>
  [...text.matchAll(/<string>([^<]*)<\/string>/g)].map(([, value = '']) => value);

/**
 * Takes out of an Info.plist what was put in before and is not wanted any more, where it does not stand as it was put
 * in: the user has a string of his own in the same array.
 *
 * @param isWanted whether a text still has all that is wanted
 */
export function withoutStaleStrings(
  path: string,
  text: string,
  left: readonly LockedPiece[],
  isWanted: (text: string) => boolean,
): string {
  if (!path.endsWith('.plist')) return text;
  return stringsIn(left.map((piece) => piece.text).join('')).reduce((current, value) => {
    const next = removePlistStrings(current, { keys: PLIST_KEYS, values: [value], emptied: [] });
    return next !== undefined && isWanted(next) ? next : current;
  }, text);
}
