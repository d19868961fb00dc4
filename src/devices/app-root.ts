import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { requireAppRoot } from '../project/find-root.ts';
import { SeveralAppsError } from '../project/several-apps.ts';

/**
 * The app's folder, for its id on a device.
 *
 * @throws UserError where there is none, or where there are several: its hint has `--app`, too, which needs no folder
 */
export async function appRootOrName(ctx: Context): Promise<string> {
  try {
    return await requireAppRoot(ctx.fs, ctx.cwd);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const otherwise = 'Or name the app’s id with --app.';
    // Stays what it is: a terminal asks which.
    if (error instanceof SeveralAppsError) throw new SeveralAppsError(error.apps, otherwise);
    throw new UserError(error.message, {
      hint: `${error.hint ?? ''}\n${otherwise}`.trim(),
      exitCode: error.exitCode,
    });
  }
}
