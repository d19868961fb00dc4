import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { appRootOrName } from '../app-root.ts';
import { looseFiles } from '../../project/read-only-files.ts';
import { findXcodeProjects, readXcodeTargets } from '../../project/xcode-targets.ts';

/** https://developer.apple.com/documentation/bundleresources/information-property-list/cfbundleidentifier */
const BUNDLE_ID = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

/** Of every app target and configuration; what the project does not say in so many words is left out. */
async function findBundleIds(ctx: Context): Promise<string[]> {
  const files = looseFiles(ctx.fs, await appRootOrName(ctx));
  const { targets } = await readXcodeTargets(files, await findXcodeProjects(files, 'native'));
  const ids = new Set(targets.flatMap(({ bundleIds }) => bundleIds));
  return [...ids].filter((id) => BUNDLE_ID.test(id));
}

/**
 * The bundle id of the app: `--app`, or the only one in the project.
 *
 * @throws UserError where there is none, or several
 */
export async function requireBundleId(ctx: Context, named: string | undefined): Promise<string> {
  if (named !== undefined) {
    if (BUNDLE_ID.test(named)) return named;
    throw new UserError(`"${named}" is no bundle id.`, {
      hint: 'It is a name such as com.example.app.',
    });
  }
  const ids = await findBundleIds(ctx);
  const [id, other] = ids;
  if (id !== undefined && other === undefined) return id;
  throw new UserError(
    id === undefined
      ? 'The bundle id is not in the Xcode project in so many words.'
      : `The project has several bundle ids: ${ids.join(', ')}.`,
    { hint: 'Name it with --app.' },
  );
}
