import type { RunnableCheck } from '../run.ts';
import { ANDROID_CHECKS } from './android-checks.ts';
import type { Bench } from './bench.ts';
import { IOS_CHECKS } from './ios-checks.ts';

/** Everything that doctor looks for at devices and the tools for them, by id. */
export const DEVICE_CHECKS: readonly RunnableCheck<Bench>[] = [...ANDROID_CHECKS, ...IOS_CHECKS];
