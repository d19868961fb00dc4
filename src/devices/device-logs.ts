import type { Context } from '../context.ts';
import type { DeviceLogOptions, DeviceLogs } from './device-log.ts';

/** Opens the log of the one device of a platform that is meant. */
export async function openDeviceLogs(
  platform: 'android' | 'ios',
  options: DeviceLogOptions,
  ctx: Context,
): Promise<DeviceLogs> {
  return platform === 'android'
    ? (await import('./android/logs.ts')).openAndroidLogs(options, ctx)
    : (await import('./ios/logs.ts')).openIosLogs(options, ctx);
}
