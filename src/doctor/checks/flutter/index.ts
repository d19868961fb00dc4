import type { Check } from '../../check.ts';
import { bindingFirst } from './binding-first.ts';
import { callbackKept } from './callback-kept.ts';
import { callbackSetsUp } from './callback-sets-up.ts';
import { callbackWaits } from './callback-waits.ts';
import { databaseInTwoIsolates } from './database-in-two-isolates.ts';
import { entryPoint } from './entry-point.ts';
import { handlerCompiled } from './handler-compiled.ts';
import { headlessRegistered } from './headless-registered.ts';
import { iosTarget } from './ios-target.ts';
import { pluginDeclared } from './plugin-declared.ts';
import { pluginInterval } from './plugin-interval.ts';
import { pluginLaunchHandler } from './plugin-launch-handler.ts';
import { pluginRegistrant } from './plugin-registrant.ts';
import { runFinished } from './run-finished.ts';
import { workNames } from './work-names.ts';

export const FLUTTER_CHECKS: readonly Check[] = [
  pluginDeclared,
  handlerCompiled,
  entryPoint,
  iosTarget,
  callbackKept,
  headlessRegistered,
  pluginInterval,
  pluginLaunchHandler,
  pluginRegistrant,
  databaseInTwoIsolates,
  callbackWaits,
  bindingFirst,
  callbackSetsUp,
  runFinished,
  workNames,
];
