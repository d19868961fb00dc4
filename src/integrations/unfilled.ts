import { join, relative } from 'node:path';
import type { Config } from '../config.ts';
import type { FileSystem } from '../file-system.ts';
import { lineAt } from '../formats/text.ts';
import { at } from '../place.ts';
import { readText } from '../project/read-text.ts';
import { queueFile } from './model.ts';

/** What the templates throw where the app has to say something, in TypeScript and in Dart. */
const THROWN =
  /\bthrow (?:new Error|UnimplementedError)\(\s*(['"`])((?:(?:Take|Send) \$\{item\.id\}|[^'"`\n]+: (?:import|open|return) (?:here|your)) [^'"`\n]*)\1/;
/** Their server: a name that is kept for examples (https://www.rfc-editor.org/rfc/rfc2606#section-3). */
const SERVER = /['"`](?:https:\/\/)?(api\.example\.com)\b/;

export interface Unfilled {
  /** From the app's root. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What stands there, in words. */
  readonly says: string;
  /** The setting that has the file, or asks for it. */
  readonly key: 'handler' | 'queue';
}

/**
 * The first place of the handler, and of the queue's file, at which what `init` left to the user is still as it was made:
 * such a sync ends its runs as `done`, and sends nothing.
 *
 * @param read a file by its path from the app's root; undefined where it is not there, or cannot be read
 */
export async function findUnfilled(
  config: Config,
  read: (path: string) => Promise<string | undefined>,
): Promise<readonly Unfilled[]> {
  const files = [
    [config.handler, 'handler'],
    ...(config.queue === 'none' ? [] : [[queueFile(config), 'queue'] as const]),
  ] as const;
  const found = await Promise.all(
    files.map(async ([path, key]) => {
      const first = unfilledIn((await read(path)) ?? '');
      return first === undefined ? [] : [{ path, key, ...first }];
    }),
  );
  return found.flat();
}

/**
 * @param root the app's, absolute
 * @param from where the user is, absolute
 * @returns the first of {@link findUnfilled} as `path:line`, from there
 */
export async function unfilledPlace(
  fs: FileSystem,
  root: string,
  config: Config,
  from: string,
): Promise<string | undefined> {
  const [first] = await findUnfilled(config, (path) => readText(fs, at(root, path)));
  return first && `${relative(from, join(root, first.path))}:${first.line}`;
}

/** @param text of a file that is the user's */
export function unfilledIn(text: string): Pick<Unfilled, 'line' | 'says'> | undefined {
  const thrown = THROWN.exec(text);
  const server = SERVER.exec(text);
  const first = [thrown, server]
    .filter((match) => match !== null)
    .sort((one, other) => one.index - other.index)[0];
  if (first === undefined) return undefined;
  return {
    line: lineAt(text, first.index),
    says: first === thrown ? `still throws “${thrown[2]}”` : `still sends to ${first[1]}`,
  };
}
