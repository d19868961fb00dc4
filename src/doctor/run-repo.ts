import { CONFIG_FILE } from '../config.ts';
import { whyNotIos } from '../project/project.ts';
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
  const ios = await repo.ios();
  const platforms = {
    A: await presence(repo, 'android', await repo.android()),
    I: await presence(repo, 'ios', whyNotIos(ios) === undefined ? ios : undefined),
  };
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

/** Of a native project: in the repo, or made by `expo prebuild` when the app is built. */
type Presence = 'there' | 'made' | 'none';

async function presence(
  repo: DoctorRepo,
  platform: 'android' | 'ios',
  project: unknown,
): Promise<Presence> {
  if (project !== undefined) return 'there';
  return (await repo.expo())?.platforms.includes(platform) === true ? 'made' : 'none';
}

/** These look at the build of a native project, and at nothing else: what prebuild will make of it, nobody knows. */
const OF_THE_BUILD = new Set(['A02', 'A04', 'A25', 'A28', 'A34', 'I20', 'I29', 'I34']);

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
  platforms: Readonly<Record<'A' | 'I', Presence>>,
): string | undefined {
  const letter = id.charAt(0);
  if (letter === 'I' && platforms.I === 'none') return 'the app has no iOS project';
  if (letter === 'A' && platforms.A === 'none') return 'the app has no Android project';
  if ((letter === 'I' || letter === 'A') && platforms[letter] === 'made' && OF_THE_BUILD.has(id)) {
    return 'expo prebuild makes the native project: there is none here to look at';
  }
  const note = repo.notes.find(({ path, only }) =>
    only === undefined
      ? READERS.some(([name, letters]) => letters.includes(letter) && name.test(path))
      : only === id,
  );
  return note && `${note.path} was not looked at: ${note.reason}`;
}
