import { TRANSISTOR } from '../../../facts.ts';
import { isBelow } from '../../../versions.ts';
import { dependencyOf } from '../../evidence.ts';
import type { Check, Finding } from '../../check.ts';
import { waysTo } from '../../code/apple-reach.ts';
import type { Way } from '../../code/apple-reach.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { runsThroughLegacyFetch } from './legacy-fetch.ts';
import { RUNNER } from './needs.ts';

export const libraryLaunchCall: Check = {
  id: 'I31',
  title: 'The app delegate makes the call that a library registers its tasks with',
  severity: 'error',
  why: 'Without the line in didFinishLaunching the library registers no launch handler, and nothing that it schedules ever runs.',
  source: 'https://github.com/ionic-team/capacitor-background-runner#ios',
  fix: 'Add the line to application(_:didFinishLaunchingWithOptions:), before it returns.',
  explain: [
    'Some libraries cannot register their launch handlers by themselves and ask for a line in the app delegate. It is lost when the app delegate is written anew, with a new template for example.',
    '@capacitor/background-runner:\n\n    BackgroundRunnerPlugin.registerBackgroundTask()\n    BackgroundRunnerPlugin.handleApplicationDidFinishLaunching(launchOptions: launchOptions)',
    'react-native-background-fetch up to 4.2.8 (from 4.2.9 on it registers by itself):\n\n    TSBackgroundFetch.sharedInstance().didFinishLaunching()',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(RUNNER) || repo.depends('react-native-background-fetch'),
  async run(repo) {
    const ios = await repo.ios();
    if (ios === undefined) return [];
    const findings: Finding[] = [];
    const demand = async (
      library: string,
      who: string,
      needle: string,
      call: RegExp,
      line: string,
    ): Promise<void> => {
      const files = await appleSourcesContaining(repo, [needle]);
      const misplaced: Finding[] = [];
      for (const one of files) {
        const at = call.exec(one.code)?.index;
        if (at === undefined) continue;
        const why = whyNotAtLaunch(await waysTo(repo, one, at));
        if (why === undefined) return;
        const message = `${line} does not run at the launch: ${why}`;
        const evidence = [await dependencyOf(repo, library)];
        misplaced.push({ file: one.path, line: one.line(at), message, evidence });
      }
      if (misplaced.length > 0) {
        findings.push(...misplaced);
        return;
      }
      const [delegate] = await appleSourcesContaining(repo, ['didFinishLaunchingWithOptions']);
      if (delegate === undefined) return;
      const at = delegate.code.indexOf('didFinishLaunchingWithOptions');
      if (at === -1) return;
      const message = `${who} needs ${line} here`;
      const evidence = [await dependencyOf(repo, library)];
      findings.push({ file: delegate.path, line: delegate.line(at), message, evidence });
    };
    if (repo.depends(RUNNER)) {
      await demand(
        RUNNER,
        RUNNER,
        'registerBackgroundTask',
        /\bBackgroundRunnerPlugin\s*\.\s*registerBackgroundTask\b/,
        'BackgroundRunnerPlugin.registerBackgroundTask()',
      );
    }
    const fetch = TRANSISTOR.name;
    const version = repo.depends(fetch) ? await repo.version(fetch) : undefined;
    if (
      version !== undefined &&
      isBelow(version, TRANSISTOR.firstWithoutCall) &&
      !(await runsThroughLegacyFetch(repo))
    ) {
      await demand(
        fetch,
        `${fetch} ${(await repo.versionText(fetch)) ?? version}`,
        'TSBackgroundFetch',
        /\bTSBackgroundFetch\b[^;{}]{0,80}\bdidFinishLaunching\b/,
        'TSBackgroundFetch.sharedInstance().didFinishLaunching()',
      );
    }
    return findings;
  },
};

/** Why none of the ways to a call is one of the launch; undefined where one is, or may be. */
function whyNotAtLaunch(ways: readonly Way[]): string | undefined {
  if (ways.some(({ kind, isDebug }) => !isDebug && ['launch', 'unknown'].includes(kind))) {
    return undefined;
  }
  const [way] = ways.filter(({ isDebug }) => !isDebug);
  if (way === undefined) return ways.length === 0 ? undefined : 'it is in debug builds alone';
  if (way.kind === 'never') return way.through;
  return way.kind === 'late'
    ? `it stands in ${way.through}, which is not called when the app is launched for a task`
    : `it stands in ${way.through}, which runs when the launch is over`;
}
