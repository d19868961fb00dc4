import type { Finding } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';
import type { BackgroundFunction } from './background-functions.ts';
import type * as javascript from './javascript.ts';
import { mayRunInBackground } from './task-libraries.ts';

/** What a finder needs of the parser, loaded with it. */
export type JavaScript = typeof javascript;

/** Looks into every function of the app that a background run calls. Without one, nothing is parsed. */
export async function inBackgroundFunctions(
  repo: DoctorRepo,
  look: (one: BackgroundFunction, parser: JavaScript) => readonly Finding[],
): Promise<readonly Finding[]> {
  if (!(await mayRunInBackground(repo))) return [];
  const [{ backgroundFunctions }, parser] = await Promise.all([
    import('./background-functions.ts'),
    import('./javascript.ts'),
  ]);
  const found = (await backgroundFunctions(repo)).flatMap((one) => look(one, parser));
  // Two functions may call the same third one.
  const byPlace = new Map(found.map((one) => [`${one.file}:${one.line ?? 0} ${one.message}`, one]));
  return [...byPlace.values()];
}
