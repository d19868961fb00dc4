import type { Check } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';
import { MODES_KEY, permissionsOf } from './permissions.ts';

export const refreshIdentifiers: Check = {
  id: 'I27',
  title: 'The app has one app refresh task',
  severity: 'warning',
  why: 'iOS keeps one pending app refresh request for the whole app: the second submit is refused or takes the place of the first (error 2, tooManyPendingTaskRequests).',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/submittaskrequest(_:completionhandler:)',
  fix: 'Do both jobs in one refresh task, or make one a processing task.',
  explain: [
    'There can be a total of one refresh task and ten processing tasks scheduled at any time. An app with two BGAppRefreshTask ids, or one of its own beside that of a library (react-native-background-fetch and @capacitor/background-runner each use one), sees one of them starve, by the order in which they submit.',
    'A sync that may wait for the night is better off as a processing task; a refresh task gets about 30 seconds.',
  ].join('\n\n'),
  async run(repo) {
    const refresh = (await iosNeedsOf(repo)).filter(
      ({ id, mode }) => id !== undefined && mode === 'fetch',
    );
    const [first, second] = refresh;
    if (first === undefined || second === undefined) return [];
    const [one] = await permissionsOf(repo);
    if (one === undefined) return [];
    const { plist, modes } = one;
    const list = refresh.map(({ id, who }) => `${id ?? ''} (${who})`).join(', ');
    const line = modes.status === 'ok' ? modes.line : undefined;
    const message = `${refresh.length} app refresh tasks share one pending request: ${list}`;
    return [
      {
        file: plist.path,
        ...(line !== undefined && { line }),
        message: `${MODES_KEY}: ${message}`,
        evidence: refresh.map(({ at }) => at),
      },
    ];
  },
};
