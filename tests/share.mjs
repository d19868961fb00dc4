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
  const { which, of } = share();
  if (of === 1) return [...all];
  const ours = all.filter((_, index) => index % of === which - 1);
  console.log(
    `${ours.length} of ${all.length} ${what}: share ${which}/${of}, other commits play the rest`,
  );
  return ours;
}

/**
 * The first and the last always, and {@link shareOf} what lies between them.
 *
 * @param {readonly T[]} all in their order
 * @param {string} what those between are
 * @returns {T[]} in their order
 * @template T
 */
export function shareBetween(all, what, first = 1, last = 1) {
  const between = shareOf(all.slice(first, -last), what);
  return [...all.slice(0, first), ...between, ...all.slice(-last)];
}

/**
 * Of runs that are alike but for chance: so many fewer in a share.
 *
 * @param {number} runs
 * @returns {number} at least 1 of them
 */
export const shareOfRuns = (runs) => Math.ceil(runs / share().of);

/**
 * Which of how many shares `BGSYNC_SHARE` names; the only one, where it is not set.
 *
 * @returns {{ which: number, of: number }} 1 ≤ which ≤ of
 * @throws {Error} where it is not `K/N` with 1 ≤ K ≤ N
 */
export function share() {
  const { BGSYNC_SHARE: given = '1/1' } = process.env;
  const [, which, of] = (/^([1-9]\d*)\/([1-9]\d*)$/.exec(given) ?? []).map(Number);
  if (which === undefined || which > of)
    throw new Error(`BGSYNC_SHARE=${given}: K/N is needed, as 2/3`);
  return { which, of };
}
