import { ensureDartExport } from '../../formats/dart.ts';
import type { DartExport } from '../../formats/dart.ts';
import type { EditKind } from './edit-kind.ts';

/** The export of the handler, in the file that a Flutter app starts at. */
export const DART_MAIN: EditKind<DartExport> = {
  id: 'dart-main',
  reason: 'brings your handler into the compiled app',
  loadsHandler: true,
  ensure: ensureDartExport,
};
