import type { Check } from '../../check.ts';
import { configValid } from './config-valid.ts';
import { constraintsTogether } from './constraints-together.ts';
import { generatedFileEdited } from './generated-file-edited.ts';
import { generatedFiles } from './generated-files.ts';
import { newerGenerated } from './newer-generated.ts';
import { olderGenerated } from './older-generated.ts';
import { packageCommitted } from './package-committed.ts';
import { pinnedInCi } from './pinned-in-ci.ts';
import { platformPresent } from './platform-present.ts';
import { retired } from './retired.ts';

export const SETUP_CHECKS: readonly Check[] = [
  generatedFileEdited,
  olderGenerated,
  generatedFiles,
  platformPresent,
  configValid,
  newerGenerated,
  pinnedInCi,
  retired,
  packageCommitted,
  constraintsTogether,
];
