import type { Node } from '../../formats/javascript.ts';
import type { Finding } from '../check.ts';
import type { DoctorRepo } from '../repo.ts';
import type { BackgroundFunction } from './background-functions.ts';
import type { FunctionNode, Script } from './javascript.ts';
import type * as javascript from './javascript.ts';
import { mayRunInBackground } from './task-libraries.ts';

/** What a finder needs of the parser, loaded with it. */
export type JavaScript = typeof javascript;

export interface FoundFunction {
  readonly script: Script;
  readonly node: FunctionNode;
}

/** The function that an expression is, or names, in whatever file of the app. */
export type FindFunction = (
  script: Script,
  node: Node | null | undefined,
) => Promise<FoundFunction | undefined>;

type Findings = readonly Finding[] | Promise<readonly Finding[]>;

/** A function of the app that a background run comes to, with the kind of run. */
export type ReachedFunction = Pick<BackgroundFunction, 'kind' | 'script' | 'node'> & {
  /** Whether another function of the app calls it, with what it likes. */
  readonly isCalled: boolean;
};

/**
 * Looks into every function of the app that a background run calls, and into those of the app's files that these call, each
 * once for each of them.
 */
export const inReachedFunctions = (
  repo: DoctorRepo,
  look: (one: ReachedFunction, parser: JavaScript) => readonly Finding[],
): Promise<readonly Finding[]> =>
  inEach(repo, look, async ({ kind, script, node }) => {
    const { reachedFunctions } = await import('./js-called.ts');
    return (await reachedFunctions(repo, script, node)).map((one) => ({
      kind,
      ...one,
      isCalled: one.node !== node,
    }));
  });

/** Looks into every function of the app that a background run calls. Without one, nothing is parsed. */
export const inBackgroundFunctions = (
  repo: DoctorRepo,
  look: (one: BackgroundFunction, parser: JavaScript, find: FindFunction) => Findings,
): Promise<readonly Finding[]> => inEach(repo, look, (one) => Promise.resolve([one]));

async function inEach<T>(
  repo: DoctorRepo,
  look: (one: T, parser: JavaScript, find: FindFunction) => Findings,
  expand: (one: BackgroundFunction) => Promise<readonly T[]>,
): Promise<readonly Finding[]> {
  if (!(await mayRunInBackground(repo))) return [];
  const [{ backgroundFunctions }, parser] = await Promise.all([
    import('./background-functions.ts'),
    import('./javascript.ts'),
  ]);
  const functions = await Promise.all((await backgroundFunctions(repo)).map(expand));
  const find: FindFunction = async (script, node) => {
    const { resolveFunction } = await import('./js-resolve.ts');
    return resolveFunction(repo, script, node);
  };
  const looks = functions.flat().map(async (one) => look(one, parser, find));
  const found = (await Promise.all(looks)).flat();
  // Two functions may call the same third one.
  const byPlace = new Map(found.map((one) => [`${one.file}:${one.line ?? 0} ${one.message}`, one]));
  return [...byPlace.values()];
}
