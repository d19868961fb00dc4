import { CONFIG_FILE } from '../../../config.ts';
import type { Check } from '../../check.ts';

export const platformPresent: Check = {
  id: 'X05',
  title: 'The platforms of the config are in the repo',
  severity: 'error',
  why: 'What is generated for a platform that is not there syncs nothing, and hides that nothing is checked for it.',
  source: 'README, "bgsync.config.json"',
  fix: 'Put the native project back, or take the platform out of `platforms`.',
  explain: [
    '`platforms` in bgsync.config.json says for which platforms the package is generated. Where the native project of one is not in the repo, its half is generated and never built, and doctor cannot check it: a green result would mean nothing for that platform.',
    'Where one platform is enough, take the other out of `platforms` and run `npx bgsync init`.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const present = { android: await repo.android(), ios: await repo.ios() };
    const platforms = repo.integration?.config?.platforms ?? [];
    const expo = await repo.expo();
    const isGenerated = (name: 'android' | 'ios'): boolean =>
      expo?.[name] === 'generated' && expo.platforms.includes(name);
    return platforms
      .filter((name) => present[name] === undefined && !isGenerated(name))
      .map((name) => ({
        file: CONFIG_FILE,
        message:
          name === 'ios'
            ? 'platforms has ios, but there is no Xcode project in ios/'
            : 'platforms has android, but there is no android/app/build.gradle(.kts)',
      }));
  },
};
