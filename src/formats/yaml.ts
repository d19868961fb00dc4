/**
 * Reads YAML as data, every scalar as the text that it is written in: `18.20` stays `18.20`. Merge keys and anchors are
 * followed, up to a limit.
 *
 * @returns undefined where it is no YAML, or several documents
 */
export async function readYaml(source: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(source, {
      schema: 'failsafe',
      merge: true,
      maxAliasCount: 100,
      uniqueKeys: false,
      logLevel: 'error',
    }) as unknown;
  } catch {
    // Not only its own errors: text that is nested 100,000 deep overflows the stack.
    return undefined;
  }
}
