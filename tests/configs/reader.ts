import { createHash } from 'node:crypto';
import { ensureConfigPlugin } from '../../src/formats/app-config.ts';
import { judgeAppConfig, judgeDependency } from '../../src/formats/config-verdict.ts';
import type { Verdict } from '../../src/formats/config-verdict.ts';
import type { EditResult } from '../../src/formats/edit.ts';
import { ensureReactNativeDependency } from '../../src/formats/js-config.ts';
import { readImportedFiles } from '../../src/project/imported-files.ts';
import type { Shape } from './shapes.ts';

const PLUGIN = './modules/background-sync/app.plugin.js';
const TASK = 'dev.bgsync.processing';
const NAME = 'background-sync';
const ROOT = 'modules/background-sync';

/** What the tools make of a shape, and of what bgsync makes of it. */
export interface Recorded {
  /** Of the files, and of the edited text: what is recorded holds for them alone. */
  readonly hash: string;
  /** Whether the tool gets ours. */
  readonly isPlaced: boolean;
  /** Of the text that bgsync writes; null where it leaves the file to a person. */
  readonly edited: {
    readonly hash: string;
    readonly isPlaced: boolean;
    readonly keeps: boolean;
  } | null;
}

export type Kind = 'appConfig' | 'reactNativeConfig';

export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

const readFrom =
  (shape: Shape) =>
  (path: string): Promise<string | undefined> =>
    Promise.resolve(shape.files[path]);

const givenOf = ({ files }: Shape): unknown => {
  const text = files['app.json'];
  return text === undefined ? undefined : (JSON.parse(text) as { expo: unknown }).expo;
};

/** What the static reader says of a shape, and what bgsync would write. */
export async function readShape(
  kind: Kind,
  shape: Shape,
): Promise<{ readonly verdict: Verdict; readonly result: EditResult }> {
  const { file } = shape;
  const source = shape.files[file] ?? '';
  const around = await readImportedFiles({ read: readFrom(shape) }, file);
  const files = new Map([...around, [file, source]]);
  if (kind === 'appConfig') {
    const wanted = { file, plugin: PLUGIN, taskIds: [TASK], given: givenOf(shape) };
    return {
      verdict: judgeAppConfig({ ...wanted, files }),
      result: ensureConfigPlugin(source, { ...wanted, files: around }),
    };
  }
  const wanted = { file, name: NAME, root: ROOT, esm: file.endsWith('.mjs') };
  return {
    verdict: judgeDependency({ ...wanted, files }),
    result: ensureReactNativeDependency(source, { ...wanted, files: around }),
  };
}
