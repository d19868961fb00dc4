import { lineOfDependency } from '../../../project/package-json.ts';
import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { onlyUnregisters } from '../../code/task-libraries.ts';
import { runningConfig } from '../../repo.ts';

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
  why: 'Each schedules windows of its own, and all share what the system gives the app: every one of them runs less often, and two may upload the same item at once.',
  source: 'https://developer.android.com/topic/performance/power/power-details',
  fix: 'Keep one of them, and take the others out: `npx bgsync migrate` does that with expo-background-task, expo-background-fetch and react-native-background-fetch.',
  explain: [
    'Android counts the time of background jobs for the app, not for each library; iOS grants one app few launches a day. A second library does not make syncs more frequent: it takes from the first. Where both send what waits in the same queue, an item may be sent twice, as neither knows of the other’s run.',
    'Libraries with different purposes can live side by side. Where that is meant, suppress the finding in bgsync.config.json with a reason.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.packageJson !== undefined,
  async run(repo) {
    const libraries: string[] = [];
    for (const name of LIBRARIES) {
      if (repo.depends(name) && !(await onlyUnregisters(repo, name))) libraries.push(name);
    }
    const others = runningConfig(repo) === undefined ? libraries.slice(1) : libraries;
    const [first] = others;
    if (first === undefined) return [];
    const beside = runningConfig(repo) === undefined ? (libraries[0] ?? '') : 'bgsync';
    const text = (await repo.read('package.json')) ?? '';
    const evidence = [
      beside === 'bgsync'
        ? await settingOf(repo, 'handler', 'bgsync has a background sync here')
        : { file: 'package.json', line: lineOfDependency(text, beside), says: `has ${beside}` },
    ];
    return others.map((name) => ({
      file: 'package.json',
      line: lineOfDependency(text, name),
      message: `${name} is installed beside ${beside}`,
      evidence,
    }));
  },
};
