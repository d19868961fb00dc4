import type { Check } from '../../check.ts';
import { entryPoint } from './entry-point.ts';
import { handlerCompiled } from './handler-compiled.ts';
import { iosTarget } from './ios-target.ts';
import { pluginDeclared } from './plugin-declared.ts';

export const FLUTTER_CHECKS: readonly Check[] = [
  pluginDeclared,
  handlerCompiled,
  entryPoint,
  iosTarget,
];
