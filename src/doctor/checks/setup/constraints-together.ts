import type { Config } from '../../../config.ts';
import { CONFIG_FILE } from '../../../config.ts';
import type { Check, Severity } from '../../check.ts';
import { runningConfig } from '../../repo.ts';

interface Contradiction {
  readonly holds: (config: Config) => boolean;
  readonly message: string;
  readonly severity?: Severity;
}

const onIos = ({ platforms }: Config): boolean => platforms.includes('ios');

const CONTRADICTIONS: readonly Contradiction[] = [
  {
    holds: (config) => onIos(config) && config.constraints.deviceIdle && config.ios.refresh,
    message:
      'constraints.deviceIdle turns ios.refresh off: iOS gives the windows of refresh while the device is used',
  },
  {
    holds: (config) =>
      onIos(config) && config.constraints.deviceIdle && config.ios.drainOnBackground,
    message:
      'constraints.deviceIdle turns ios.drainOnBackground off: who leaves the app uses the device',
  },
  {
    holds: (config) => onIos(config) && config.constraints.charging && config.ios.refresh,
    message:
      'with constraints.charging the windows of ios.refresh are held back while the device is not on the charger, which is when iOS gives most of them',
  },
  {
    holds: ({ constraints, queue }) => constraints.network === 'none' && queue !== 'none',
    message:
      'constraints.network is none, and the generated queue sends over the network: each window without one ends as a retry and backs off',
  },
  {
    holds: (config) => onIos(config) && config.constraints.network === 'notRoaming',
    message:
      'iOS does not tell roaming: there constraints.network notRoaming is any, and the user’s own switch for data roaming decides',
    severity: 'info',
  },
  {
    holds: (config) => onIos(config) && config.constraints.storageNotLow,
    message: 'iOS does not tell the free storage: there constraints.storageNotLow is ignored',
    severity: 'info',
  },
];

export const constraintsTogether: Check = {
  id: 'X12',
  title: 'The constraints go together with the other settings',
  severity: 'warning',
  why: 'A window that needs what is never there at its time is held back each time: the sync is rarer than the config reads.',
  source: 'docs/handler.md, "Constraints"',
  fix: 'Take one of the two out of bgsync.config.json, then run `npx bgsync update`.',
  explain: [
    '`constraints` says what must be there before a window opens. Other settings ask for windows at times when that is not so: iOS gives those of BGAppRefreshTask while the device is used and on battery, and the drain on leaving the app is in the user’s hand by definition. Those windows end as `run.skip why=constraint`, or are not asked for at all.',
    'What a platform does not tell is ignored there, and named here, so that nobody counts on it.',
  ].join('\n\n'),
  appliesTo: (repo) => runningConfig(repo) !== undefined,
  run(repo) {
    const config = runningConfig(repo);
    if (config === undefined) return Promise.resolve([]);
    return Promise.resolve(
      CONTRADICTIONS.filter(({ holds }) => holds(config)).map(({ message, severity }) => ({
        file: CONFIG_FILE,
        message,
        ...(severity !== undefined && { severity }),
      })),
    );
  },
};
