import { WORK } from '../../../facts.ts';
import { isBelow, isWithin } from '../../../versions.ts';
import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';

export const workRuntimePinned: Check = {
  id: 'A40',
  title: 'androidx.work is not pinned below what the generated package asks for',
  severity: 'warning',
  tells: true,
  why: 'A pin is stronger than what any library asks for: the generated worker is then compiled and run with a version that it was not written for.',
  source: 'https://docs.gradle.org/current/userguide/dependency_versions.html',
  fix: 'Take the pin out, or raise it to the version that android.workRuntime in bgsync.config.json names.',
  explain: [
    'Gradle takes the highest version of a library that anything in the build asks for, unless one is pinned: `force`, `strictly`, `!!` and `useVersion` keep theirs, a lower one, too. The generated package asks for the androidx.work that it was tested with, and gets the pinned one.',
    'From 2.10.2 to 2.11.1 the network constraint does not hold (A02); below 2.9 the build fails (A03). Other versions are not tested with the package. Where the pin is an expression, doctor cannot tell which it is.',
    'Where the app needs the lower version, say so to both: set `android.workRuntime` in bgsync.config.json to it, and run `npx bgsync init`.',
  ].join('\n\n'),
  appliesTo: (repo) => runningConfig(repo)?.platforms.includes('android') === true,
  async run(repo) {
    const ours = runningConfig(repo)?.android.workRuntime;
    const uses = (await repo.androidBuild())?.workUses ?? [];
    if (ours === undefined) return [];
    const pinned = uses.filter(({ isPinned, owner, version }) => {
      if (!isPinned || owner !== undefined) return false;
      if (version === undefined) return true;
      // A02 and A03 have their own word for these.
      const isTold = isWithin(version, WORK.broken) || isBelow(version, WORK.oldestForWorker);
      return isBelow(version, ours) && !isTold;
    });
    if (pinned.length === 0) return [];
    const evidence = [
      await settingOf(repo, 'android.workRuntime', `the generated package asks for ${ours}`),
    ];
    return pinned.map(({ module, version, file, line }) => {
      const message =
        version === undefined
          ? `${module} is pinned to a version that only the build knows, and the background sync asks for ${ours}`
          : `${module} is pinned to ${version}, so Gradle does not take the ${ours} of the background sync`;
      return { file, line, message, evidence };
    });
  },
};
