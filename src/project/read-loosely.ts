import type { FileSystem } from '../file-system.ts';

/**
 * Reads a file that is only looked at, never written: bytes that are not UTF-8, as a comment in Latin-1, do not matter.
 *
 * @returns undefined where there is no such file, or it is a folder or a device
 */
export async function readLoosely(fs: FileSystem, path: string): Promise<string | undefined> {
  if ((await fs.stat(path))?.isFile !== true) return undefined;
  const bytes = await fs.read(path);
  return bytes && new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
