import type { Check } from '../../check.ts';
import { launchHandlersOf, placeOf } from '../../code/launch-handlers.ts';

export const expirationHandlerSet: Check = {
  id: 'I11',
  title: 'Every launch handler sets an expiration handler',
  severity: 'warning',
  why: 'Without one iOS marks the task complete and unsuccessful with no warning when its time is over: the run is suspended in the middle, and nothing is cleaned up or rescheduled.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtask/expirationhandler',
  fix: 'Set task.expirationHandler as the first statement of the launch handler; stop the work in it and call setTaskCompleted(success: false).',
  explain: [
    'iOS ends a window when the user picks up the device, when the time is over, or when power is short. It then calls expirationHandler and gives the app a few seconds. Where none is set, the task counts as failed and the app is suspended as it stands: open transactions stay open, and the code that would submit the next request may never run.',
    '    BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in\n      task.expirationHandler = {\n        drain.cancel()\n        task.setTaskCompleted(success: false)\n      }\n      …\n    }',
    'doctor follows the launch handler into the functions of the app that it calls, by their names.',
  ].join('\n\n'),
  async run(repo) {
    return (await launchHandlersOf(repo))
      .filter(({ registration, reachable, escapes }) => {
        if (registration.isSwiftUi || escapes) return false;
        return !/\bexpirationHandler\b|\bsetExpirationHandler\b/.test(reachable);
      })
      .map(({ registration }) => ({
        ...placeOf(registration),
        message: 'the launch handler sets no expirationHandler',
      }));
  },
};
