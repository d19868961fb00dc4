import type { Check } from '../check.ts';
import { ANDROID_CHECKS } from './android/index.ts';
import { EXPO_CHECKS } from './expo/index.ts';
import { FLUTTER_CHECKS } from './flutter/index.ts';
import { IOS_CHECKS } from './ios/index.ts';
import { JAVASCRIPT_CHECKS } from './javascript/index.ts';
import { QUEUE_CHECKS } from './queue/index.ts';
import { SETUP_CHECKS } from './setup/index.ts';

/** Every check that doctor runs. A file below this folder that is in none of the lists fails the tests. */
export const CHECKS: readonly Check[] = [
  ...ANDROID_CHECKS,
  ...IOS_CHECKS,
  ...JAVASCRIPT_CHECKS,
  ...EXPO_CHECKS,
  ...FLUTTER_CHECKS,
  ...SETUP_CHECKS,
  ...QUEUE_CHECKS,
];
