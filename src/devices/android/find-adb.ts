import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { ExitCode } from '../../exit-code.ts';
import { isWithin } from '../../file-system.ts';
import { readProperties } from '../../formats/gradle.ts';
import { at, namedByUser } from '../../place.ts';
import { findCheckout } from '../../project/git-folder.ts';

const VERSION_MS = 10_000;

/** Where an SDK has it, most explicit first. `root` is the app's, for android/local.properties. */
async function candidates(ctx: Context, root: string | undefined): Promise<string[]> {
  const { env, platform } = ctx;
  const fileName = platform === 'win32' ? 'adb.exe' : 'adb';
  const sdks = [env.ANDROID_HOME, env.ANDROID_SDK_ROOT];
  if (root !== undefined) {
    const properties = await ctx.fs.read(at(root, 'android/local.properties'));
    const named = readProperties(properties?.toString('utf8') ?? '').get('sdk.dir');
    if (named !== undefined && (await isOutside(ctx, root, named))) sdks.push(named);
  }
  const home = env.HOME ?? homedir();
  if (platform === 'darwin') sdks.push(join(home, 'Library/Android/sdk'));
  else if (platform === 'win32' && env.LOCALAPPDATA !== undefined) {
    sdks.push(join(env.LOCALAPPDATA, 'Android/Sdk'));
  } else sdks.push(join(home, 'Android/Sdk'), '/usr/lib/android-sdk');
  const inPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, fileName));
  const inSdks = sdks.flatMap((sdk) =>
    sdk === undefined || sdk === '' ? [] : [join(sdk, 'platform-tools', fileName)],
  );
  return [...inPath, ...inSdks];
}

/** Whether a folder is none of the repo's, whose programs are not run: the file should not be committed, and may be. */
async function isOutside(ctx: Context, root: string, folder: string): Promise<boolean> {
  if (!isAbsolute(folder)) return false;
  try {
    const top = (await findCheckout(ctx.fs, root)) ?? root;
    const [repo, real] = await Promise.all([
      ctx.fs.realpath(at(top, '')),
      ctx.fs.realpath(namedByUser(folder)),
    ]);
    return !isWithin(repo, real);
  } catch {
    return false;
  }
}

async function check(path: string, ctx: Context): Promise<void> {
  const result = await ctx.exec.run(path, ['version'], {
    env: ctx.env,
    timeoutMs: VERSION_MS,
    signal: ctx.signal,
  });
  if (result.code === 0 && result.stdout.includes('Android Debug Bridge')) return;
  const [said = ''] = (result.stderr + result.stdout).trim().split('\n');
  const why =
    result.startError !== undefined
      ? `it cannot be started (${result.startError})`
      : result.isTimedOut
        ? 'it does not answer `adb version`'
        : `\`adb version\` ended with ${result.code ?? 'a signal'}${said === '' ? '' : `: ${said}`}`;
  throw new UserError(`${path} is not a usable adb: ${why}.`, {
    hint: 'Install the SDK Platform-Tools, or name another adb with --adb or BGSYNC_ADB.',
    exitCode: ExitCode.tool,
  });
}

/**
 * Finds adb: `--adb`, `BGSYNC_ADB`, the PATH, then the places of the SDK.
 *
 * @param root the app's folder, where there is one
 * @throws UserError, exit code 7, where there is none or it does not run
 */
export async function requireAdb(
  ctx: Context,
  named: string | undefined,
  root: string | undefined,
): Promise<string> {
  const explicit = named ?? ctx.env.BGSYNC_ADB;
  if (explicit !== undefined && explicit !== '') {
    await check(explicit, ctx);
    return explicit;
  }
  for (const path of await candidates(ctx, root)) {
    const place = namedByUser(path);
    if (!(await ctx.fs.exists(place)) || (await ctx.fs.isDirectory(place))) continue;
    await check(path, ctx);
    return path;
  }
  throw new UserError('adb was not found: not in PATH, ANDROID_HOME, or the SDK’s usual places.', {
    hint: 'Install the SDK Platform-Tools (Android Studio has them), or name adb with --adb or BGSYNC_ADB.',
    exitCode: ExitCode.tool,
  });
}
