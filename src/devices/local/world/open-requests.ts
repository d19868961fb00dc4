/** Requests of the app's own that have no answer yet, with the time when each began. */
const open = new Map<symbol, { readonly url: string; readonly since: number }>();

/** Counts what a `fetch` has under way; what is thrown and what is answered goes through. */
export const counted =
  (real: typeof fetch): typeof fetch =>
  async (input, init) => {
    const request = Symbol('request');
    const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
    open.set(request, { url, since: performance.now() });
    try {
      return await real(input, init);
    } finally {
      open.delete(request);
    }
  };

/**
 * The URLs of requests that were begun at or after a time, and are still open.
 *
 * @param since of `performance.now()`, in milliseconds
 */
export const openRequests = (since: number): readonly string[] =>
  [...open.values()].filter((one) => one.since >= since).map(({ url }) => url);
