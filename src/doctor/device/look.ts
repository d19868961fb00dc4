import type { Context } from '../../context.ts';
import type { DoctorRepo } from '../repo.ts';
import { runChecks } from '../run.ts';
import type { DoctorResult } from '../run.ts';
import { chosen } from '../select.ts';
import type { IsSelected } from '../select.ts';
import { readAndroidBench } from './android-bench.ts';
import type { DeviceOptions } from './android-bench.ts';
import { DEVICE_CHECKS } from './index.ts';
import { readIosBench } from './ios-bench.ts';

export interface LookOptions extends DeviceOptions {
  readonly platform?: 'android' | 'ios';
}

/** Looks at the devices, and at the tools for them. Changes nothing there. */
export async function lookAtDevices(
  options: LookOptions,
  repo: DoctorRepo | undefined,
  isSelected: IsSelected,
  ctx: Context,
): Promise<DoctorResult> {
  const { hasAndroid, hasIos } = await platformsOf(options, repo, ctx);
  const [android, ios] = await Promise.all([
    hasAndroid ? readAndroidBench(options, ctx) : undefined,
    hasIos ? readIosBench(options, ctx) : undefined,
  ]);
  return runChecks(chosen(DEVICE_CHECKS, isSelected), { android, ios });
}

/** What is asked for; else what the repo has, and this machine can have tools for. */
async function platformsOf(
  { platform, xcrun }: LookOptions,
  repo: DoctorRepo | undefined,
  ctx: Context,
): Promise<{ readonly hasAndroid: boolean; readonly hasIos: boolean }> {
  if (platform !== undefined) {
    return { hasAndroid: platform === 'android', hasIos: platform === 'ios' };
  }
  const [android, ios] = await Promise.all([repo?.android(), repo?.ios()]);
  const isAny = android === undefined && ios === undefined;
  const hasTools = ctx.platform === 'darwin' || (xcrun ?? ctx.env.BGSYNC_XCRUN) !== undefined;
  return {
    hasAndroid: isAny || android !== undefined,
    hasIos: hasTools && (isAny || ios !== undefined),
  };
}
