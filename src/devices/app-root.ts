import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { requireAppRoot } from '../project/find-root.ts';

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
    throw new UserError(error.message, {
      hint: `${error.hint ?? ''}\nOr name the app’s id with --app.`.trim(),
      exitCode: error.exitCode,
    });
  }
}
