/** `file:line:column`, as terminals and editors make a link of it. */
export function placeOf({
  file,
  line,
  column,
}: {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}): string {
  if (line === undefined) return file;
  return column === undefined ? `${file}:${line}` : `${file}:${line}:${column}`;
}
