import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { findAppTargets, parsePbxproj, PbxprojSyntaxError } from '../../formats/pbxproj.ts';
import { findUp } from '../../project/find-root.ts';

/** https://developer.apple.com/documentation/bundleresources/information-property-list/cfbundleidentifier */
const BUNDLE_ID = /^[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*$/;

/** Replaces `$(NAME)` and `$(NAME:rfc1034identifier)` with the target's settings; undefined where one is not there. */
function expand(
  text: string,
  settings: Readonly<Record<string, string>>,
  depth = 0,
): string | undefined {
  let isKnown = depth < 8;
  const result = text.replace(
    /\$[({](\w+)(:\w+)?[)}]/g,
    (_all, name: string, modifier: string | undefined) => {
      const raw = settings[name];
      const value = raw === undefined || !isKnown ? undefined : expand(raw, settings, depth + 1);
      if (value === undefined) isKnown = false;
      return modifier === ':rfc1034identifier'
        ? (value ?? '').replace(/[^A-Za-z0-9.-]/g, '-')
        : (value ?? '');
    },
  );
  return isKnown ? result : undefined;
}

async function findBundleIds(ctx: Context): Promise<string[]> {
  const root = await findUp(ctx.fs, ctx.cwd, 'package.json');
  if (root === undefined) return [];
  const ids = new Set<string>();
  for (const name of await ctx.fs.list(join(root, 'ios'))) {
    if (!name.endsWith('.xcodeproj') || name === 'Pods.xcodeproj') continue;
    const bytes = await ctx.fs.read(join(root, 'ios', name, 'project.pbxproj'));
    if (bytes === undefined) continue;
    try {
      for (const target of findAppTargets(parsePbxproj(bytes.toString('utf8')))) {
        for (const { bundleId, settings } of target.configurations) {
          const id = expand(bundleId ?? '', {
            PRODUCT_NAME: target.name,
            TARGET_NAME: target.name,
            ...settings,
          });
          if (id !== undefined && BUNDLE_ID.test(id)) ids.add(id);
        }
      }
    } catch (error) {
      if (!(error instanceof PbxprojSyntaxError)) throw error;
    }
  }
  return [...ids];
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
