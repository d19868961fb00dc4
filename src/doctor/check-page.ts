import { pageAt } from '../pages.ts';
import type { Published } from '../pages.ts';

/**
 * The address of a check's page.
 *
 * @returns undefined in a build that knows no repository: `doctor --explain` says the same, offline
 */
export const checkPage = (id: string, of?: Published): string | undefined =>
  pageAt(`docs/checks/${id}.md`, of);

export type PageOf = (id: string) => string | undefined;

/** Where the whole story of a check is: its page, else the command that tells it. */
export const moreOn = (id: string, pageOf: PageOf): string =>
  pageOf(id) ?? `npx bgsync doctor --explain ${id}`;
