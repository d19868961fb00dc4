import type { Check } from '../check.ts';
import { configValid } from './config-valid.ts';
import { entryImportsHandler } from './entry-imports-handler.ts';
import { generatedFileEdited } from './generated-file-edited.ts';
import { generatedFiles } from './generated-files.ts';
import { handlerExists } from './handler-exists.ts';
import { handlerRegisters } from './handler-registers.ts';
import { infoPlistFound } from './info-plist-found.ts';
import { packageLinked } from './package-linked.ts';
import { permittedIdentifier } from './permitted-identifier.ts';
import { platformPresent } from './platform-present.ts';
import { processingMode } from './processing-mode.ts';
import { taskId } from './task-id.ts';

/** Every check that doctor runs. A file beside this one that is not here fails the tests. */
export const CHECKS: readonly Check[] = [
  permittedIdentifier,
  taskId,
  processingMode,
  infoPlistFound,
  handlerRegisters,
  entryImportsHandler,
  handlerExists,
  packageLinked,
  generatedFileEdited,
  generatedFiles,
  platformPresent,
  configValid,
];
