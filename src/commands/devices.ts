import type { CommandResult, Context } from '../context.ts';
import { openAdb } from '../devices/android/connect.ts';
import { describeDevice } from '../devices/choose.ts';
import type { Device } from '../devices/device.ts';
import { isUsable } from '../devices/device.ts';
import { listIosDevices, openXcrun } from '../devices/ios/xcrun.ts';
import { UserError } from '../errors.ts';
import { ExitCode } from '../exit-code.ts';
import { printableJson, printableLine } from '../terminal.ts';

export interface DevicesOptions {
  readonly cwd?: string;
  readonly adb?: string;
  readonly xcrun?: string;
  readonly json?: boolean;
}

type Listing = { readonly devices: readonly Device[] } | { readonly problem: UserError };

/** A platform whose tool is missing does not hide the other's devices. */
async function listing(list: () => Promise<readonly Device[]>): Promise<Listing> {
  try {
    return { devices: await list() };
  } catch (error) {
    if (error instanceof UserError) return { problem: error };
    throw error;
  }
}

/** Lists phones, emulators and simulators. Without any tool to list them with, it ends with 7. */
export async function devices(options: DevicesOptions, ctx: Context): Promise<CommandResult> {
  const listings = {
    android: await listing(async () => (await openAdb(ctx, options.adb)).devices()),
    ios: await listing(async () => listIosDevices(await openXcrun(ctx, options.xcrun))),
  };
  const found = Object.values(listings).flatMap((one) => ('devices' in one ? one.devices : []));
  const problems = Object.entries(listings).flatMap(([platform, one]) =>
    'problem' in one ? [{ platform, error: one.problem }] : [],
  );
  if (options.json === true) {
    const document = {
      v: 1,
      devices: found.map((device) => ({
        platform: device.platform,
        kind: device.kind,
        id: device.id,
        name: device.name,
        state: device.state,
        usable: isUsable(device),
        problem: device.problem ?? null,
      })),
      problems: problems.map(({ platform, error }) => ({ platform, message: error.message })),
    };
    ctx.report.raw(printableJson(document));
  } else {
    for (const device of found) {
      ctx.report.line(printableLine(`${device.platform.padEnd(8)} ${describeDevice(device)}`));
    }
    for (const { platform, error } of problems) {
      ctx.report.warn(printableLine(`${platform.padEnd(8)} ${error.message} ${error.hint ?? ''}`));
    }
    if (found.length === 0) ctx.report.warn('No device is connected, no simulator there.');
  }
  return { exitCode: problems.length === 2 ? ExitCode.tool : ExitCode.ok };
}
