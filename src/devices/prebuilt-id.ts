import { relative } from 'node:path';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { prebuiltIds } from '../project/prebuilt-ids.ts';

/**
 * The id on a device of an app whose native project is not here.
 *
 * @param pattern of an id
 * @throws UserError where Expo does not make that project, or its config does not name one id in so many words
 */
export async function requirePrebuiltId(
  ctx: Context,
  root: string,
  platform: 'android' | 'ios',
  pattern: RegExp,
): Promise<string> {
  const made = await prebuiltIds(ctx.fs, root, platform);
  const hint = 'Name it with --app.';
  if (made === undefined) {
    const name = platform === 'android' ? 'Android app' : 'Xcode project';
    throw new UserError(`There is no ${name} in ${relative(ctx.shell, root) || 'this folder'}.`, {
      hint: 'Name the app’s id with --app, or run bgsync in the app’s folder.',
    });
  }
  const { file, key, ids } = made;
  const [id, other] = ids;
  if (id !== undefined && other === undefined && pattern.test(id)) return id;
  throw new UserError(
    other === undefined
      ? `${file} does not name ${key} in so many words.`
      : `${file} names several: ${ids.join(', ')}.`,
    { hint },
  );
}
