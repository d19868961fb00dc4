import packageJson from '../package.json' with { type: 'json' };

/** What is known of a published bgsync: the release workflow writes the repository into package.json before the build. */
export interface Published {
  readonly version: string;
  readonly repository?: { readonly url: string };
}

/**
 * The address of a file of the repository, at this version.
 *
 * @param path from the repository's top, with `/`; an anchor may follow
 * @returns undefined in a build that knows no repository
 */
export function pageAt(path: string, of: Published = packageJson): string | undefined {
  const address = /^git\+(https:\/\/[^\s?#]+?)\.git$/.exec(of.repository?.url ?? '')?.[1];
  return address === undefined ? undefined : `${address}/blob/v${of.version}/${path}`;
}
