import { createHash } from 'node:crypto';
import type { SnippetAction } from '../formats/edit.ts';

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
    }
  | {
      /** A file of ours, replaced by what is generated today, or merged with it. */
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
  /** Where it is in the file, 1-based, where it is one place that can be told. */
  readonly line?: number;
  /** What the step is for. */
  readonly purpose: string;
  /** Why it was not done. */
  readonly reason: string;
  /** What to put there, or to take out; '' where it is neither. */
  readonly snippet: string;
  /** By default `add`. */
  readonly action?: SnippetAction;
}

/** How a file differs from what is generated today. */
export interface Drift {
  readonly path: string;
  readonly why: readonly DriftCause[];
  /** As it is; undefined where it is missing. */
  readonly before: string | undefined;
  /** As it would be; undefined where it would not be there. */
  readonly after: string | undefined;
}

export type DriftCause =
  | 'your edit'
  | 'new version'
  | 'config change'
  | 'missing'
  | 'extra'
  | 'conflict not settled'
  | 'edit gone';

/** What is in place by its text, and what only the app's own tools could confirm. */
export interface Unproven {
  readonly path: string;
  readonly purpose: string;
  readonly reason: string;
}

export interface Plan {
  readonly changes: readonly FileChange[];
  readonly manual: readonly ManualStep[];
  /** What could not be looked at: neither done nor to be done. */
  readonly unproven: readonly Unproven[];
  /** Files that the user changed and that are therefore left as they are. */
  readonly kept: readonly string[];
  /** Files with a merge that has to be settled by a person. */
  readonly conflicts: readonly string[];
  /** Folders of ours, to be removed where the plan empties them. */
  readonly folders: readonly string[];
  /** What differs from what is generated today, before the plan is applied. */
  readonly drift: readonly Drift[];
}

/** A plan that does nothing, for what has only a part to say. */
export const EMPTY_PLAN: Plan = {
  changes: [],
  manual: [],
  unproven: [],
  kept: [],
  conflicts: [],
  folders: [],
  drift: [],
};

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const hashOf = (text: string | undefined): string | null =>
  text === undefined ? null : sha256(text);
