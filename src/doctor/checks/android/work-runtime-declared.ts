import { lineWithoutWork } from '../../../project/package-build.ts';
import { WORK } from '../../../facts.ts';
import type { Check } from '../../check.ts';

export const workRuntimeDeclared: Check = {
  id: 'A01',
  title: 'The generated package depends on androidx.work',
  severity: 'error',
  why: 'Its worker extends a class of androidx.work. Without the dependency the Android build fails, whatever the app itself depends on.',
  source: 'https://developer.android.com/jetpack/androidx/releases/work',
  fix: `Put \`implementation("androidx.work:work-runtime:${WORK.default}")\` back into its dependencies, or delete the file and run \`npx bgsync init\`.`,
  explain: [
    'The generated package is a Gradle project of its own. It compiles against what its own build.gradle names: an `implementation` of the app is not seen there.',
    'It shows as "Unresolved reference: work" in BackgroundSyncWorker.kt, in a clean build. A build cache can hide it for a while.',
    `Put the line back:\n\n    dependencies {\n        implementation("androidx.work:work-runtime:${WORK.default}")\n    }`,
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration?.config?.platforms.includes('android') === true,
  async run(repo) {
    const file = `${repo.integration?.config?.moduleDir ?? ''}/android/build.gradle`;
    const line = await lineWithoutWork(repo.files, file);
    if (line === undefined) return [];
    const place = line === 0 ? {} : { line };
    return [{ file, ...place, message: 'its dependencies do not name androidx.work:work-runtime' }];
  },
};
