import { GENERATED_PACKAGE } from '../../../project/android-build.ts';
import { WORK } from '../../../facts.ts';
import { isWithin } from '../../../versions.ts';
import type { Check } from '../../check.ts';
import { settingOf, workUse } from '../../evidence.ts';

const EFFECT = 'work that waits for the network then starts without one on Android 15 and later';

export const workRuntimeNetwork: Check = {
  id: 'A02',
  title: 'androidx.work is not one of 2.10.2 … 2.11.1',
  severity: 'error',
  tells: true,
  why: 'In these versions a worker that waits for the network is started before there is one, on Android 15 and later: its first request fails with "Unable to resolve host".',
  source: 'https://issuetracker.google.com/issues/445324855',
  fix: `Ask for androidx.work:work-runtime:${WORK.default} or newer in the app’s dependencies, and take out what pins a lower one.`,
  mends: `Writes ${WORK.broken.before} in place of the version, where that stands as a literal and nothing but androidx.work is given it. The whole app gets that version. A variable or a line of the catalog that something else uses as well, an older version, whose minSdk and compileSdk differ, and what a lock file holds are left to you.`,
  explain: [
    'From 2.10.2 to 2.11.1 WorkManager takes a network constraint for met too early on Android 15 and 16. The worker runs, and its first request ends with "Unable to resolve host" or "Failed host lookup". It shows in the field as syncs that fail now and then, and never on the desk, where the network is up already.',
    `Gradle takes the highest version that anything in the build asks for. So one line in the app mends what another library brings:\n\n    dependencies {\n        implementation("androidx.work:work-runtime:${WORK.default}")\n    }`,
    'A pin is stronger than that: `force`, `strictly`, `!!` and `useVersion` keep the lower version. Take it out or raise it. `./gradlew app:dependencyInsight --dependency work-runtime --configuration releaseRuntimeClasspath` says which version is taken, and why.',
    `On Capacitor the version of background-runner is a variable: \`workManagerVersion = "${WORK.default}"\` in android/variables.gradle.`,
  ].join('\n\n'),
  async run(repo) {
    const build = await repo.androidBuild();
    if (build?.work === undefined) return [];
    const { version, use } = build.work;
    if (!isWithin(version, WORK.broken)) return [];
    if (use.owner === GENERATED_PACKAGE) {
      const message = `the generated package asks for androidx.work ${version}: ${EFFECT}`;
      const fix = `Set android.workRuntime to "${WORK.broken.before}" in bgsync.config.json, and run \`npx bgsync init\`.`;
      const evidence = [await settingOf(repo, 'android.workRuntime', `is ${version}`)];
      return [{ file: use.file, line: use.line, message, fix, evidence }];
    }
    if (use.owner !== undefined) {
      const message = `${use.owner} brings androidx.work ${version}, and nothing here asks for a higher one: ${EFFECT}`;
      const evidence = [workUse(build.work)];
      if (use.owner !== '@capacitor/background-runner') {
        return [{ file: build.buildFile, message, evidence }];
      }
      const fix = `Write \`workManagerVersion = "${WORK.default}"\` in the ext block of android/variables.gradle.`;
      return [{ file: build.buildFile, message, fix, evidence }];
    }
    const { file, line, isPinned } = use;
    const verb = isPinned ? 'is pinned to' : 'is';
    const fixEdits = async () => {
      const { raiseWork } = await import('../../../integrations/edits/work-version.ts');
      return raiseWork(repo.files, await repo.android(), build.work);
    };
    return [{ file, line, message: `androidx.work ${verb} ${version}: ${EFFECT}`, fixEdits }];
  },
};
