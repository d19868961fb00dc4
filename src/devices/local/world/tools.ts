export interface Tools {
  /** @returns the file that Node finds for `name` from a file; undefined where there is none */
  find(name: string, from: string): string | undefined;
  load(file: string): unknown;
}
