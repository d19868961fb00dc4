import { ANDROID_TRAITS } from './android.ts';
import { EXPO_TRAITS } from './expo.ts';
import { IOS_TRAITS } from './ios.ts';
import { JAVASCRIPT_TRAITS } from './javascript.ts';
import { NEIGHBOUR_TRAITS } from './neighbours.ts';
import { REPO_TRAITS } from './repos.ts';
import type { Trait } from './trait.ts';

/** Every real-world project that bgsync is tried in; each has a golden file under `tests/golden/real-world`. */
export const TRAITS: readonly Trait[] = [
  ...ANDROID_TRAITS,
  ...EXPO_TRAITS,
  ...IOS_TRAITS,
  ...JAVASCRIPT_TRAITS,
  ...NEIGHBOUR_TRAITS,
  ...REPO_TRAITS,
];
