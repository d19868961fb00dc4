/**
 * An edit of a user's file: a pure function from text to text that parses only to find offsets. Nothing that stands in
 * the file is rewritten; the result is re-parsed before it is returned.
 */

/** Text put in at an offset of the text before the edit (UTF-16 units). */
export interface Insertion {
  readonly offset: number;
  readonly text: string;
  /** What stood there and gave way, for the few edits that set a value; most only add. */
  readonly removed?: string;
}

export type EditResult =
  /** `text` is the source with `insertions`, ascending by offset, put in. */
  | { readonly status: 'changed'; readonly text: string; readonly insertions: readonly Insertion[] }
  /**
   * The file already says what was wanted. `unproven`: it names it, but whether it takes effect only a run would tell; the
   * reason.
   */
  | { readonly status: 'already'; readonly unproven?: string }
  /** It cannot be placed with certainty: `reason` says why, `snippet` is what a person has to put there. */
  | {
      readonly status: 'manual';
      readonly reason: string;
      readonly snippet: string;
      readonly action?: SnippetAction;
    };

/** What a person has to do with a snippet: `replace` where the file has something else of that name. */
export type SnippetAction = 'add' | 'append' | 'replace' | 'remove';

export function applyInsertions(source: string, insertions: readonly Insertion[]): string {
  let result = '';
  let from = 0;
  for (const { offset, text, removed = '' } of insertions) {
    result += source.slice(from, offset) + text;
    from = offset + removed.length;
  }
  return result + source.slice(from);
}
