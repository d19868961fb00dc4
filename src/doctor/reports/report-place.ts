import { posix, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileSystem } from '../../file-system.ts';
import { gitMarker } from '../../place.ts';
import { findFolder } from '../../project/find-up.ts';
import { areaOf } from '../rule.ts';

/** Where a report's paths lead to: CI services count them from the checkout's top, findings from the app's root. */
export interface ReportPlace {
  /** Of the checkout. Absolute. */
  readonly top: string;
  /** From there to the app, with `/`; '' where they are one. */
  readonly prefix: string;
}

/** @param root of the app. Absolute. */
export async function findReportPlace(
  fs: FileSystem,
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReportPlace> {
  const workspace = env.GITHUB_WORKSPACE;
  const candidates = [
    await findFolder(fs, root, gitMarker),
    workspace === '' ? undefined : workspace,
  ];
  for (const top of candidates) {
    if (top === undefined) continue;
    const prefix = relative(top, root).split(sep).join('/');
    if (prefix !== '..' && !prefix.startsWith('../') && !/^[A-Za-z]:/.test(prefix)) {
      return { top, prefix };
    }
  }
  return { top: root, prefix: '' };
}

/**
 * A finding's path as CI services want it.
 *
 * @returns undefined where it is no file of the checkout
 */
export function pathFromTop(
  { id, file }: { readonly id: string; readonly file: string },
  { prefix }: ReportPlace,
): string | undefined {
  if (areaOf(id) === 'device') return undefined;
  const path = posix.normalize(posix.join(prefix, file));
  return path === '..' || path.startsWith('../') || posix.isAbsolute(file) ? undefined : path;
}

/** A folder as a URL that relative ones can be resolved against. */
export const folderUrl = (folder: string): string =>
  `${pathToFileURL(folder).href}/`.replace(/\/+$/, '/');
