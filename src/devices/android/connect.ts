import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import { findAppRoot } from '../../project/find-root.ts';
import { chooseDevice } from '../choose.ts';
import { Adb, AdbDevice } from './adb.ts';
import type { InstalledApp } from './app.ts';
import { findInstalledApp, findVariants } from './app.ts';
import { requireAdb } from './find-adb.ts';

export interface AdbOptions {
  readonly adb?: string;
  readonly device?: string;
  readonly json?: boolean;
}

/** @throws UserError, exit code 7, where there is no usable adb */
export async function openAdb(ctx: Context, named: string | undefined): Promise<Adb> {
  const root = await findAppRoot(ctx.fs, ctx.cwd);
  return new Adb(await requireAdb(ctx, named, root), ctx);
}

/** @throws UserError, exit code 6, where no device can be used or several can */
export async function connectAndroid(options: AdbOptions, ctx: Context): Promise<AdbDevice> {
  const adb = await openAdb(ctx, options.adb);
  const device = await chooseDevice(
    await adb.devices(),
    options.device ?? ctx.env.ANDROID_SERIAL,
    'Connect a phone with USB debugging on, or start an emulator; `adb devices` must list it.',
    ctx,
    options.json === true,
  );
  return new AdbDevice(adb, device.id);
}

/** @throws UserError, exit code 8, where the app is not installed; 6 while the device starts, when it knows none */
export async function requireInstalled(
  device: AdbDevice,
  packageName: string,
): Promise<InstalledApp> {
  const app = await findInstalledApp(device, packageName);
  if (app !== undefined) return app;
  const { stdout } = await device.shell(['getprop', 'sys.boot_completed']);
  if (stdout.trim() !== '1') {
    throw new UserError(`${device.serial} is still starting.`, {
      hint: 'Wait until it shows its screen, unlock it, and try again.',
      exitCode: ExitCode.device,
    });
  }
  const variants = await findVariants(device, packageName);
  throw new UserError(`${packageName} is not installed on ${device.serial}.`, {
    hint:
      variants.length > 0
        ? `Did you mean ${variants.join(' or ')}? Name it with --app.`
        : 'Install it: `npx react-native run-android`.',
    exitCode: ExitCode.app,
  });
}

/**
 * For `run-as`, which reads the files of a debug build alone.
 *
 * @param instead what the app itself can call
 * @throws UserError, exit code 8, where the app is not installed, or is no debug build
 */
export async function requireReadable(
  device: AdbDevice,
  packageName: string,
  instead: string,
): Promise<void> {
  const app = await requireInstalled(device, packageName);
  if (app.isDebuggable) return;
  throw new UserError(`${packageName} is not debuggable: Android lets nobody read its files.`, {
    hint: `Use a debug build; or, in the app, ${instead}.`,
    exitCode: ExitCode.app,
  });
}
