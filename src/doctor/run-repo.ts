import { CONFIG_FILE } from '../config.ts';
import type { Check } from './check.ts';
import type { DoctorRepo, Integration } from './repo.ts';
import { runChecks } from './run.ts';
import type { DoctorResult } from './run.ts';

/**
 * Runs checks of the repo. Where bgsync.config.json is not valid, a check that asks for what it says could look at a part
 * only, if at all: it counts as one that could not run, with what it found.
 */
export async function runRepoChecks(
  checks: readonly Check[],
  repo: DoctorRepo,
  limitMs?: number,
): Promise<DoctorResult> {
  const result = await runAll(checks, repo, limitMs);
  const found = new Set(result.findings.map(({ id }) => id));
  const platforms = { A: await hasAndroid(repo), I: await hasIos(repo) };
  return {
    ...result,
    outcomes: result.outcomes.map((outcome) => {
      const { id } = outcome.rule;
      if (outcome.state !== 'ran' || found.has(id)) return outcome;
      const unseen = whyUnseen(id, repo, platforms);
      return unseen === undefined ? outcome : { ...outcome, unseen };
    }),
  };
}

function runAll(
  checks: readonly Check[],
  repo: DoctorRepo,
  limitMs?: number,
): Promise<DoctorResult> {
  const { integration } = repo;
  if (integration === undefined || integration.configProblems.length === 0) {
    return runChecks(checks, repo, limitMs);
  }
  const reason = `${CONFIG_FILE} is not valid (X07): what it says could not be looked at`;
  return runChecks(
    checks.map((check) => {
      let hasAsked = false;
      const watched: Integration = {
        ...integration,
        get config() {
          hasAsked = true;
          return undefined;
        },
      };
      const view = Object.create(repo, { integration: { value: watched } }) as DoctorRepo;
      return {
        ...check,
        appliesTo: () => check.appliesTo?.(view) !== false || hasAsked,
        run: () => check.run(view),
        partly: () => (hasAsked ? reason : undefined),
      };
    }),
    repo,
    limitMs,
  );
}

const hasIos = async (repo: DoctorRepo): Promise<boolean> =>
  (await repo.ios()) !== undefined || (await repo.expo())?.platforms.includes('ios') === true;

const hasAndroid = async (repo: DoctorRepo): Promise<boolean> =>
  (await repo.android()) !== undefined ||
  (await repo.expo())?.platforms.includes('android') === true;

/** Checks by the letter of their id that read a file of this name. */
const READERS: readonly (readonly [RegExp, string])[] = [
  [/\.(?:plist|entitlements|swift|mm?|h|pbxproj|xcconfig)$|(?:^|\/)Podfile/, 'I'],
  [/\.(?:kts?|java|gradle|toml)$|AndroidManifest\.xml$|gradle\.properties$/, 'A'],
  [/(?:^|\/)(?:capacitor\.config|app\.config|app\.json)/, 'EIJ'],
  [/\.[cm]?[jt]sx?$/, 'JQ'],
  [/\.dart$|(?:^|\/)pubspec\.(?:yaml|lock)$/, 'FQ'],
];

/** Why a check that found nothing cannot be said to have passed; undefined where it can. */
function whyUnseen(
  id: string,
  repo: DoctorRepo,
  platforms: Readonly<Record<'A' | 'I', boolean>>,
): string | undefined {
  const letter = id.charAt(0);
  if (letter === 'I' && !platforms.I) return 'the app has no iOS project';
  if (letter === 'A' && !platforms.A) return 'the app has no Android project';
  const note = repo.notes.find(({ path, only }) =>
    only === undefined
      ? READERS.some(([name, letters]) => letters.includes(letter) && name.test(path))
      : only === id,
  );
  return note && `${note.path} was not looked at: ${note.reason}`;
}
