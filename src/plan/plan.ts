import { createHash } from 'node:crypto';
import type { Insertion } from '../formats/edit.ts';

/** One file that a plan touches. Paths are relative to the app's root, with `/`. */
export type FileChange =
  | {
      readonly kind: 'create';
      readonly path: string;
      readonly reason: string;
      readonly after: string;
    }
  | {
      /** Text put into a file of the user's. */
      readonly kind: 'edit';
      readonly path: string;
      readonly reason: string;
      readonly before: string;
      readonly after: string;
      readonly insertions: readonly Insertion[];
    }
  | {
      /** A file of ours that the user has not touched, replaced by what is generated today. */
      readonly kind: 'replace';
      readonly path: string;
      readonly reason: string;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: 'delete';
      readonly path: string;
      readonly reason: string;
      readonly before: string;
    };

/** The file's text before a change, or undefined where there is none. */
export const beforeOf = (change: FileChange): string | undefined =>
  change.kind === 'create' ? undefined : change.before;

/** The file's text after a change, or undefined where it is gone. */
export const afterOf = (change: FileChange): string | undefined =>
  change.kind === 'delete' ? undefined : change.after;

/** Something that only a person can do. */
export interface ManualStep {
  readonly path: string;
  /** What the step is for. */
  readonly purpose: string;
  /** Why it was not done. */
  readonly reason: string;
  /** What to put there; '' where there is nothing to paste. */
  readonly snippet: string;
}

export interface Plan {
  readonly changes: readonly FileChange[];
  readonly manual: readonly ManualStep[];
  /** Files that the user changed and that are therefore left as they are. */
  readonly kept: readonly string[];
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const hashOf = (text: string | undefined): string | null =>
  text === undefined ? null : sha256(text);
