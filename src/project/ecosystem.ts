import type { FileSystem } from '../file-system.ts';
import type { Language } from '../language.ts';
import type { HostId, Project } from './project.ts';

/** Hosts whose apps are found by the same file and read in one go. */
export interface Ecosystem {
  /** The file that the folder of each of its apps has: `package.json`. */
  readonly marker: string;
  /** Where all of its apps are of one host, that; else package.json tells it. */
  readonly host?: HostId;
  /** What their handlers are written in. */
  readonly language: Language;
  /** Whether a folder is an app that runs: not a library, not the root of a workspace. */
  isApp(fs: FileSystem, folder: string): Promise<boolean>;
  /**
   * The folder of the app that is meant: this one, the one that it lies in, or the only one below it.
   *
   * @param nearest absolute; it has the marker
   * @throws UserError where there is none, or where there are several: with the flag that names each
   */
  findRoot(fs: FileSystem, nearest: string): Promise<string>;
  /**
   * Reads what is there, and changes nothing.
   *
   * @param root absolute, as `findRoot` finds it
   * @throws UserError where it is not an app that bgsync supports: what it is, and what would make it work
   */
  detect(fs: FileSystem, root: string): Promise<Project>;
}
