import * as v from 'valibot';
import { isPortablePath } from './place.ts';

/** A path below the app, or below the generated package, in what bgsync wrote: it is read back on any system. */
export const repoPath = v.pipe(
  v.string(),
  v.check(isPortablePath, 'must be a relative path with / that stays inside, and never in .git'),
);
