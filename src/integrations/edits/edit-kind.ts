import type { EditResult } from '../../formats/edit.ts';
import type { Purpose } from '../../plan/edits.ts';

/**
 * One thing that bgsync puts into a file of the user's: the way in and the way back as one object. `init`, `update` and
 * `remove` use it through the planner, `doctor` to see whether it is there and to mend it.
 */
export interface EditKind<Wanted> extends Purpose {
  /** Puts it into a text, or says that it is there, or why a person has to. */
  ensure(source: string, wanted: Wanted): EditResult;
}

/** An {@link EditKind} of a file that is made where there is none. */
export interface FileKind<Wanted> extends EditKind<Wanted> {
  create(wanted: Wanted): string;
}
