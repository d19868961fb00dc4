import type { Context } from '../../context.ts';
import { requireBundleId } from '../../devices/ios/bundle-id.ts';
import { IosApp } from '../../devices/ios/ios-app.ts';
import { parseDevicectl } from '../../devices/ios/parse-devicectl.ts';
import { parseSimulators } from '../../devices/ios/parse-simctl.ts';
import type { IosDevice } from '../../devices/ios/parse-simctl.ts';
import { openXcrun } from '../../devices/ios/xcrun.ts';
import { isUsable } from '../../devices/device.ts';
import { attempt, isProblem } from './android-bench.ts';
import type { DeviceOptions, Problem } from './android-bench.ts';

/** Xcode, its simulators, the iPhones, and the app on each booted simulator. */
export interface IosBench {
  /** There is no usable Xcode. */
  readonly problem: Problem | undefined;
  /** False where Xcode has no devicectl: before 15. */
  readonly hasDevicectl: boolean;
  readonly devices: readonly IosDevice[];
  readonly bundleId: string | Problem;
  /** Names of booted simulators without the app. */
  readonly withoutApp: readonly string[];
}

/** Looks at everything that the checks of iOS’s side ask for. Changes nothing. */
export async function readIosBench(options: DeviceOptions, ctx: Context): Promise<IosBench> {
  const bundleId = await attempt(() => requireBundleId(ctx, options.app));
  const none = { hasDevicectl: false, devices: [], bundleId, withoutApp: [] };
  const found = await attempt(async () => {
    const xcrun = await openXcrun(ctx, options.xcrun);
    const list = ['simctl', 'list', 'devices', '--json'];
    const simulators = parseSimulators(await xcrun.require('Listing the simulators', list));
    const devicectl = await xcrun.devicectlDevices();
    const all = [...parseDevicectl(devicectl), ...simulators];
    const { device } = options;
    const devices = all.filter(
      ({ id, aliases }) => device === undefined || id === device || aliases.includes(device),
    );
    return { xcrun, devices, hasDevicectl: devicectl !== '' };
  });
  if (isProblem(found)) return { problem: found, ...none };
  const { xcrun, devices, hasDevicectl } = found;
  const withoutApp: string[] = [];
  if (!isProblem(bundleId)) {
    for (const device of devices) {
      if (device.kind !== 'simulator' || !isUsable(device)) continue;
      const app = new IosApp(xcrun, device, bundleId);
      if (isProblem(await attempt(() => app.requireInstalled()))) withoutApp.push(device.id);
    }
  }
  return { problem: undefined, hasDevicectl, devices, bundleId, withoutApp };
}
