import type { AndroidBench } from './android-bench.ts';
import type { IosBench } from './ios-bench.ts';

/** What `doctor --device` looks at; a platform that is not asked for is left out. */
export interface Bench {
  readonly android: AndroidBench | undefined;
  readonly ios: IosBench | undefined;
}
