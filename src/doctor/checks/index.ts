import type { Check } from '../check.ts';
import { compareIds } from '../rule.ts';
import { ALWAYS } from './always.ts';
import { ANDROID_CODE_CHECKS } from './android/in-code.ts';
import { EXPO_CHECKS } from './expo/index.ts';
import { FLUTTER_CHECKS } from './flutter/index.ts';
import { IOS_CODE_CHECKS } from './ios/in-code.ts';
import { PERMISSION_CHECKS } from './ios/permitted.ts';
import { BACKGROUND_CHECKS } from './javascript/in-background.ts';
import { BGSYNC_CHECKS } from './of-bgsync.ts';
import { LIBRARY_CHECKS } from './of-libraries.ts';

/**
 * Every check of the repo, by id. A file below this folder that is in none of the lists fails the tests. `doctor` itself
 * loads those that the app has something for, by groups.ts.
 */
export const CHECKS: readonly Check[] = [
  ...ALWAYS,
  ...BGSYNC_CHECKS,
  ...ANDROID_CODE_CHECKS,
  ...IOS_CODE_CHECKS,
  ...PERMISSION_CHECKS,
  ...BACKGROUND_CHECKS,
  ...LIBRARY_CHECKS,
  ...EXPO_CHECKS,
  ...FLUTTER_CHECKS,
].toSorted((a, b) => compareIds(a.id, b.id));
