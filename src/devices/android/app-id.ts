import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { appRootOrName } from '../app-root.ts';
import { requirePrebuiltId } from '../prebuilt-id.ts';
import { detectAndroid } from '../../project/android.ts';
import { looseFiles } from '../../project/read-only-files.ts';
import { PACKAGE_NAME } from './app.ts';

/**
 * The application id on the device: `--app`, or what app/build.gradle says, or the app config of Expo.
 *
 * @throws UserError where neither is there
 */
export async function requireApplicationId(
  ctx: Context,
  named: string | undefined,
): Promise<string> {
  if (named !== undefined) {
    if (PACKAGE_NAME.test(named)) return named;
    throw new UserError(`"${named}" is no application id.`, {
      hint: 'It is a name such as com.example.app.',
    });
  }
  const root = await appRootOrName(ctx);
  const android = await detectAndroid(looseFiles(ctx.fs, root));
  if (android?.applicationId !== undefined) return android.applicationId;
  if (android !== undefined) {
    throw new UserError(`${android.buildFile} does not name the applicationId in so many words.`, {
      hint: 'Name it with --app.',
    });
  }
  return requirePrebuiltId(ctx, root, 'android', PACKAGE_NAME);
}
