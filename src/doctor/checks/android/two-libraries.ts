import type { Check, Evidence } from '../../check.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import {
  BACKGROUND_FETCH,
  WORKMANAGER,
  pubDependencyOf,
  pubPackagesOf,
} from '../../code/pub-packages.ts';
import { onlyUnregisters } from '../../code/task-libraries.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';

const LIBRARIES = [
  '@capacitor/background-runner',
  '@transistorsoft/capacitor-background-fetch',
  'expo-background-fetch',
  'expo-background-task',
  'react-native-background-fetch',
];

export const twoLibraries: Check = {
  id: 'A27',
  title: 'One library does the background sync',
  severity: 'warning',
  tells: true,
  why: 'Each schedules windows of its own, and all share what the system gives the app: every one of them runs less often, and two may upload the same item at once.',
  source: 'https://developer.android.com/topic/performance/power/power-details',
  fix: 'Keep one of them, and take the others out. In an Expo or React Native app `npx bgsync migrate` does that with expo-background-task, expo-background-fetch and react-native-background-fetch.',
  explain: [
    'Android counts the time of background jobs for the app, not for each library; iOS grants one app few launches a day. A second library does not make syncs more frequent: it takes from the first. Where both send what waits in the same queue, an item may be sent twice, as neither knows of the other’s run.',
    'Libraries with different purposes can live side by side. Where that is meant, suppress the finding in bgsync.config.json with a reason.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.packageJson !== undefined || repo.host === 'flutter',
  async run(repo) {
    const libraries = await librariesOf(repo);
    const isSynced = runningConfig(repo) !== undefined;
    const [first] = libraries;
    const others = isSynced ? libraries : libraries.slice(1);
    if (first === undefined || others.length === 0) return [];
    const beside = isSynced ? 'bgsync' : first.name;
    const evidence = [
      isSynced ? await settingOf(repo, 'handler', 'bgsync has a background sync here') : first.at,
    ];
    return others.map(({ name, at: { file, line } }) => ({
      file,
      ...(line !== undefined && { line }),
      message: `${name} is installed beside ${beside}`,
      evidence,
    }));
  },
};

interface Library {
  readonly name: string;
  readonly at: Evidence;
}

async function librariesOf(repo: DoctorRepo): Promise<Library[]> {
  const found: Library[] = [];
  for (const name of LIBRARIES) {
    if (!repo.depends(name) || (await onlyUnregisters(repo, name))) continue;
    found.push({ name, at: await dependencyOf(repo, name) });
  }
  const pub = await pubPackagesOf(repo);
  for (const name of [WORKMANAGER, BACKGROUND_FETCH]) {
    if (pub?.depends(name) === true) found.push({ name, at: await pubDependencyOf(repo, name) });
  }
  return found;
}
