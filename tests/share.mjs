/**
 * The share of what a suite plays in this run: all, unless `BGSYNC_SHARE` says which of how many, as `2/3`. For what proves
 * by its number, or proves the tests: mutants, made-up repos. Every third is of another kind, since neighbours in a list
 * mostly try the same thing.
 *
 * @param {readonly T[]} all
 * @param {string} what they are, for the line on stdout that says how many are left to other commits
 * @returns {T[]} in their order
 * @throws {Error} where `BGSYNC_SHARE` is not `K/N` with 1 ≤ K ≤ N
 * @template T
 */
export function shareOf(all, what = 'mutants') {
  const { BGSYNC_SHARE: share } = process.env;
  if (share === undefined) return [...all];
  const [, which, of] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(share) ?? [];
  if (which === undefined || Number(which) > Number(of))
    throw new Error(`BGSYNC_SHARE=${share}: K/N is needed, as 2/3`);
  const ours = all.filter((_, index) => index % Number(of) === Number(which) - 1);
  console.log(
    `${ours.length} of ${all.length} ${what}: share ${share}, other commits play the rest`,
  );
  return ours;
}
