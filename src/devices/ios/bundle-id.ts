import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { appRootOrName } from '../app-root.ts';
import { requirePrebuiltId } from '../prebuilt-id.ts';
import { looseFiles } from '../../project/read-only-files.ts';
import type { ReadOnlyFiles } from '../../project/read-only-files.ts';
import { findXcodeProjects, readXcodeTargets } from '../../project/xcode-targets.ts';

/** https://developer.apple.com/documentation/bundleresources/information-property-list/cfbundleidentifier */
const BUNDLE_ID = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

/** Of every app target and configuration; what the project does not say in so many words is left out. */
async function findBundleIds(files: ReadOnlyFiles, projects: readonly string[]): Promise<string[]> {
  const { targets } = await readXcodeTargets(files, projects);
  const ids = new Set(targets.flatMap(({ bundleIds }) => bundleIds));
  return [...ids].filter((id) => BUNDLE_ID.test(id));
}

/**
 * The bundle id of the app: `--app`, or the only one in the project, or that of the app config of Expo.
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
  const root = await appRootOrName(ctx);
  const files = looseFiles(ctx.fs, root);
  const projects = await findXcodeProjects(files, 'native');
  if (projects.length === 0) return requirePrebuiltId(ctx, root, 'ios', BUNDLE_ID);
  const ids = await findBundleIds(files, projects);
  const [id, other] = ids;
  if (id !== undefined && other === undefined) return id;
  throw new UserError(
    id === undefined
      ? 'The bundle id is not in the Xcode project in so many words.'
      : `The project has several bundle ids: ${ids.join(', ')}.`,
    { hint: 'Name it with --app.' },
  );
}
