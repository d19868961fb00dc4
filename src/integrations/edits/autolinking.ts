import type { Config } from '../../config.ts';
import { createReactNativeConfig, ensureReactNativeDependency } from '../../formats/js-config.ts';
import { removeReactNativeDependency } from '../../formats/js-config-remove.ts';
import { readImportedFiles } from '../../project/imported-files.ts';
import type { ReadOnlyFiles } from '../../project/read-only-files.ts';
import { PACKAGE_NAME } from '../../templates/model.ts';
import type { FileKind } from './edit-kind.ts';

export interface Link {
  readonly file: string;
  /** The folder of the generated package. */
  readonly root: string;
  readonly esm: boolean;
  /** What the file imports, by path. */
  readonly files: ReadonlyMap<string, string>;
}

/** The entry of react-native.config.js that links the generated package. */
export const AUTOLINKING: FileKind<Link> = {
  id: 'autolinking',
  reason: 'links the generated package (autolinking)',
  create: ({ root, esm }) =>
    createReactNativeConfig({ name: PACKAGE_NAME, root, esm, lineEnding: '\n' }),
  ensure: (source, wanted) =>
    ensureReactNativeDependency(source, { ...wanted, name: PACKAGE_NAME }),
  inverse: {
    remove: (text, { path, isOwnFile }) =>
      removeReactNativeDependency(text, { file: path, name: PACKAGE_NAME, isOwnFile }),
    isIn: (text) => text.includes(PACKAGE_NAME),
  },
};

/** What {@link AUTOLINKING} needs to know of an app. @param isEsm whether its `.js` files are ES modules */
export async function linkOf(
  files: Pick<ReadOnlyFiles, 'read'>,
  file: string,
  isEsm: boolean,
  { moduleDir }: Config,
): Promise<Link> {
  const esm = file.endsWith('.mjs') || (isEsm && !file.endsWith('.cjs'));
  return { file, root: moduleDir, esm, files: await readImportedFiles(files, file) };
}
