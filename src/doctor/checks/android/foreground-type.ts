import { TARGET_SDK } from '../../../facts.ts';
import type { Check } from '../../check.ts';
import { codeOf, contains } from '../../code/kotlin-declarations.ts';
import { workersOf } from '../../code/kotlin-workers.ts';

const SERVICE = 'androidx.work.impl.foreground.SystemForegroundService';

export const foregroundType: Check = {
  id: 'A22',
  title: 'WorkManager’s foreground service has a type',
  severity: 'error',
  why: 'With targetSdk 34 and higher, a foreground service without a type in the manifest may not start: the app crashes with InvalidForegroundServiceTypeException.',
  source: 'https://developer.android.com/about/versions/14/changes/fgs-types-required',
  fix: `Declare ${SERVICE} in the manifest with android:foregroundServiceType and tools:node="merge".`,
  explain: [
    'A worker that calls setForeground is shown by a service of WorkManager’s, SystemForegroundService, which has no type of its own. From Android 14 on (targetSdk 34) the system refuses a foreground service whose type is not in the manifest: "Starting FGS with type none … has been prohibited".',
    'Declare the type, its permission, and give the same one to ForegroundInfo:\n\n    <service\n        android:name="androidx.work.impl.foreground.SystemForegroundService"\n        android:foregroundServiceType="dataSync"\n        tools:node="merge" />',
    'A sync that may take its time needs none of it: without setForeground WorkManager gives it up to ten minutes.',
  ].join('\n\n'),
  async run(repo) {
    const workers = (await workersOf(repo)).map((worker) => ({
      worker,
      at: worker.file.code
        .slice(worker.body.start, worker.body.end)
        .search(/\bsetForeground(?:Async)?\s*\(/),
    }));
    const calling = workers.filter(({ at }) => at !== -1);
    if (calling.length === 0) return [];
    const target = (await repo.androidBuild())?.targetSdk;
    if (target === undefined || target.value < TARGET_SDK.foregroundType) return [];
    if (await isTyped()) return [];
    const evidence = [
      { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
    ];
    return calling
      .filter(({ worker, at }) => contains(worker.body, worker.body.start + at))
      .map(({ worker: { file, body, name }, at }) => ({
        file: file.path,
        line: file.line(body.start + at),
        message: `${name} calls ${codeOf(file, { start: body.start + at, end: file.code.indexOf('(', body.start + at) })}, and no manifest gives ${SERVICE} a type`,
        evidence,
      }));

    /** In the manifest of the app, or of another module of the build. */
    async function isTyped(): Promise<boolean> {
      const project = await repo.android();
      const folders = (project?.libraries ?? []).map(({ folder }) => folder);
      const others = folders.map((folder) => repo.read(`${folder}/src/main/AndroidManifest.xml`));
      const own = (await repo.manifests()).map(({ text }) => text);
      return [...own, ...(await Promise.all(others))].some(
        (text) => text?.includes(SERVICE) === true && text.includes('foregroundServiceType'),
      );
    }
  },
};
