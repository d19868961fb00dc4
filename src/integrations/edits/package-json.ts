import { ensureDevDependency } from '../../formats/json.ts';
import { ensureMain } from '../../formats/package-main.ts';
import type { EditKind } from './edit-kind.ts';

/** The file that an app starts at, where a package's file did before. */
export const MAIN: EditKind<string> = {
  id: 'main',
  reason: 'starts the app at index.js, which loads your handler first',
  loadsHandler: true,
  ensure: ensureMain,
};

/** bgsync itself. */
export const PIN: EditKind<{ readonly name: string; readonly version: string }> = {
  id: 'pin',
  reason: 'pins bgsync, so that CI runs what generated (--no-pin: not)',
  ensure: ensureDevDependency,
};
