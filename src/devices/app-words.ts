import type { Context } from '../context.ts';
import { WORDS } from '../events/words.ts';
import type { HostWords } from '../events/words.ts';
import { requireApp } from '../project/find-root.ts';

/** The words for the app of the folder around. */
export async function wordsAround(ctx: Pick<Context, 'fs' | 'cwd'>): Promise<HostWords> {
  const found = await requireApp(ctx.fs, ctx.cwd).catch(() => undefined);
  return WORDS[found?.ecosystem.language ?? 'unknown'];
}
