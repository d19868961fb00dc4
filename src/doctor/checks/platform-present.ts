import { CONFIG_FILE } from '../../config.ts';
import type { Check } from '../check.ts';

export const platformPresent: Check = {
  id: 'X05',
  title: 'The platforms of the config are in the repo',
  severity: 'error',
  why: 'What is generated for a platform that is not there syncs nothing, and hides that nothing is checked for it.',
  source: 'README, "bgsync.config.json"',
  fix: 'Put the native project back, or take the platform out of `platforms`.',
  run(repo) {
    const { config, project } = repo;
    const missing = (config?.platforms ?? []).filter((name) => project[name] === undefined);
    return Promise.resolve(
      missing.map((name) => ({
        file: CONFIG_FILE,
        message:
          name === 'ios'
            ? 'platforms has ios, but there is no Xcode project in ios/'
            : 'platforms has android, but there is no android/app/build.gradle(.kts)',
      })),
    );
  },
};
