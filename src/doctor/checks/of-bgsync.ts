import type { Check } from '../check.ts';
import { buildTools } from './android/build-tools.ts';
import { debugHookReleased } from './android/debug-hook-released.ts';
import { workRuntimeDeclared } from './android/work-runtime-declared.ts';
import { workRuntimePinned } from './android/work-runtime-pinned.ts';
import { deploymentTarget } from './ios/deployment-target.ts';
import { podsInstalled } from './ios/pods-installed.ts';
import { sceneHost } from './ios/scene-host.ts';
import { taskId } from './ios/task-id.ts';
import { autolinkingAsked } from './javascript/autolinking-asked.ts';
import { entryImportsHandler } from './javascript/entry-imports-handler.ts';
import { handlerExists } from './javascript/handler-exists.ts';
import { moduleName } from './javascript/module-name.ts';
import { packageLinked } from './javascript/package-linked.ts';
import { sideEffects } from './javascript/side-effects.ts';
import { configValid } from './setup/config-valid.ts';
import { constraintsTogether } from './setup/constraints-together.ts';
import { filledIn } from './setup/filled-in.ts';
import { generatedFileEdited } from './setup/generated-file-edited.ts';
import { generatedFiles } from './setup/generated-files.ts';
import { newerGenerated } from './setup/newer-generated.ts';
import { olderGenerated } from './setup/older-generated.ts';
import { packageCommitted } from './setup/package-committed.ts';
import { platformPresent } from './setup/platform-present.ts';
import { retired } from './setup/retired.ts';

/** They look at bgsync’s own part of an app. */
export const BGSYNC_CHECKS: readonly Check[] = [
  workRuntimeDeclared,
  debugHookReleased,
  buildTools,
  workRuntimePinned,
  taskId,
  sceneHost,
  deploymentTarget,
  podsInstalled,
  entryImportsHandler,
  handlerExists,
  packageLinked,
  sideEffects,
  moduleName,
  autolinkingAsked,
  generatedFileEdited,
  olderGenerated,
  generatedFiles,
  platformPresent,
  configValid,
  newerGenerated,
  retired,
  packageCommitted,
  constraintsTogether,
  filledIn,
];
