import { CONFIG_FILE } from '../../../config.ts';
import { describeMoved, movedProjects } from '../../../project/source-dirs.ts';
import { whyNotIos } from '../../../project/project.ts';
import type { Check } from '../../check.ts';

export const platformPresent: Check = {
  id: 'X05',
  title: 'The platforms of the config are in the repo',
  severity: 'error',
  why: 'What is generated for a platform that is not there syncs nothing, and hides that nothing is checked for it.',
  source: 'docs/configuration.md, "bgsync.config.json"',
  fix: 'Put the native project back, or take the platform out of `platforms`.',
  explain: [
    '`platforms` in bgsync.config.json says for which platforms the package is generated. Where the native project of one is not in the repo, its half is generated and never built, and doctor cannot check it: a green result would mean nothing for that platform.',
    'React Native’s CLI takes a native project from another folder where `project.android.sourceDir` or `project.ios.sourceDir` of react-native.config names one. bgsync reads android/ and ios/ alone: init, diff and update refuse such an app, and this check names the line.',
    'Where one platform is enough, take the other out of `platforms` and run `npx bgsync init`.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.integration !== undefined,
  async run(repo) {
    const ios = await repo.ios();
    const other = whyNotIos(ios);
    const present = { android: await repo.android(), ios: other === undefined ? ios : undefined };
    const platforms = repo.integration?.config?.platforms ?? [];
    const expo = await repo.expo();
    const isGenerated = (name: 'android' | 'ios'): boolean =>
      expo?.[name] === 'generated' && expo.platforms.includes(name);
    const moved = await movedProjects(repo.files);
    const elsewhere = moved
      .filter(({ platform }) => platforms.includes(platform))
      .map((one) => ({
        file: one.file,
        line: one.line,
        message: `${describeMoved(one)}: nothing of it was looked at`,
        fix: `Move it to ${one.platform}/ and take sourceDir out.`,
        evidence: [{ file: CONFIG_FILE, says: `platforms has ${one.platform}` }],
      }));
    const isMoved = (name: 'android' | 'ios'): boolean =>
      moved.some(({ platform }) => platform === name);
    const absent = platforms
      .filter((name) => present[name] === undefined && !isGenerated(name) && !isMoved(name))
      .filter((name) => !repo.isRefused(name))
      .map((name) => ({
        file: CONFIG_FILE,
        message:
          name === 'ios'
            ? `platforms has ios, but ${other ?? 'there is no Xcode project in ios/'}`
            : 'platforms has android, but there is no android/app/build.gradle(.kts)',
      }));
    return [...elsewhere, ...absent];
  },
};
