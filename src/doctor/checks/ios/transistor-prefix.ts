import { TRANSISTOR as TRANSISTOR_FACTS } from '../../../facts.ts';
import { isBelow } from '../../../versions.ts';
import type { Check, Finding } from '../../check.ts';
import { dependencyOf } from '../../evidence.ts';
import { TRANSISTOR, scheduledTasks } from './needs.ts';

export const transistorPrefix: Check = {
  id: 'I33',
  title: 'Ids of BackgroundFetch.scheduleTask start with com.transistorsoft',
  severity: 'error',
  why: 'From 4.2.2 on react-native-background-fetch registers ids with that prefix alone. On iOS scheduleTask fails for any other: “Background procssing task was not registered in AppDelegate”.',
  source: 'https://github.com/transistorsoft/react-native-background-fetch/issues/480',
  fix: 'Name the task com.transistorsoft.<name>, in the call and in BGTaskSchedulerPermittedIdentifiers.',
  explain: [
    'On iOS scheduleTask submits a BGProcessingTaskRequest under the taskId itself. The library registers launch handlers for the permitted ids that start with com.transistorsoft; for any other there is none, and the call is rejected. On Android the name does not matter, which is why it is seen late.',
    "    BackgroundFetch.scheduleTask({ taskId: 'com.transistorsoft.upload', delay: 60_000 });",
  ].join('\n\n'),
  appliesTo: (repo) => TRANSISTOR.some((name) => repo.depends(name)),
  async run(repo) {
    if ((await repo.ios()) === undefined) return [];
    const findings: Finding[] = [];
    for (const library of TRANSISTOR) {
      if (!repo.depends(library)) continue;
      const version = await repo.version(library);
      const isOld =
        library === TRANSISTOR_FACTS.name &&
        version !== undefined &&
        isBelow(version, TRANSISTOR_FACTS.firstWithPrefix);
      if (isOld) continue;
      for (const { id, file, line } of await scheduledTasks(repo, library)) {
        if (id.startsWith('com.transistorsoft.')) continue;
        const message = `${library} registers no handler for ${id} on iOS`;
        const evidence = [await dependencyOf(repo, library)];
        findings.push({ file, line, message, evidence });
      }
    }
    return findings;
  },
};
