export interface BroadcastResult {
  /** The receiver's result code; 0 where nobody received it, or nobody set one. */
  readonly result: number;
  /** What the receiver answered. */
  readonly data: string | undefined;
}

/**
 * Reads what `am broadcast` prints for an ordered broadcast. Its exit code is 0 whether or not anybody received it.
 *
 * @returns undefined where it did not complete
 */
export function parseBroadcast(output: string): BroadcastResult | undefined {
  const start = output.lastIndexOf('Broadcast completed: result=');
  if (start < 0) return undefined;
  const text = output.slice(start, start + 65_536);
  const [head, code] = /^Broadcast completed: result=(-?\d+)/.exec(text) ?? [];
  if (head === undefined) return undefined;
  // The data is printed as it is: quotes inside it are not escaped, so its end is the last one.
  const rest = text.slice(head.length);
  const extras = rest.lastIndexOf('", extras: Bundle[');
  const last = extras >= 0 ? extras : rest.lastIndexOf('"');
  const opening = ', data="';
  const data =
    rest.startsWith(opening) && last >= opening.length
      ? rest.slice(opening.length, last)
      : undefined;
  return { result: Number(code), data };
}

/** An answer of the debug hook: `ok v=1 …` or `error v=1 why=…`. */
export type HookAnswer =
  | { readonly kind: 'ok'; readonly rest: string }
  | { readonly kind: 'error'; readonly why: string }
  | { readonly kind: 'none' };

export function parseHookAnswer(broadcast: BroadcastResult): HookAnswer {
  const data = broadcast.data ?? '';
  const ok = /^ok v=\d+ ([^]*)$/.exec(data);
  if (ok !== null) return { kind: 'ok', rest: ok[1] ?? '' };
  const error = /^error v=\d+ why=(\S+)/.exec(data);
  if (error !== null) return { kind: 'error', why: error[1] ?? '' };
  return { kind: 'none' };
}
