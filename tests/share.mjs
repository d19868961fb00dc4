/**
 * The share of a list of mutants that this run plays: all, unless `BGSYNC_SHARE` says which of how many, as `2/3`. Mutants
 * prove the tests, and those change seldom: each commit plays a part in CI. Every third is another kind of fault, since
 * neighbours in a list mostly break the same thing.
 *
 * @param {readonly T[]} mutants
 * @returns {T[]} in their order; says on stdout how many are left to other commits
 * @throws {Error} where `BGSYNC_SHARE` is not `K/N` with 1 ≤ K ≤ N
 * @template T
 */
export function shareOf(mutants) {
  const { BGSYNC_SHARE: share } = process.env;
  if (share === undefined) return [...mutants];
  const [, which, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(share) ?? [];
  if (which === undefined || Number(which) > Number(of))
    throw new Error(`BGSYNC_SHARE=${share}: K/N is needed, as 2/3`);
  const ours = mutants.filter((_, index) => index % Number(of) === Number(which) - 1);
  console.log(
    `${ours.length} of ${mutants.length} mutants: share ${share}, other commits play the rest`,
  );
  return ours;
}
