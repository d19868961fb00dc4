import { nameMatches } from '../../../project/ignored.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

const FILE = '.easignore';

export const easUpload: Check = {
  id: 'E02',
  title: 'EAS Build uploads the generated package',
  severity: 'error',
  why: 'EAS Build uploads what .easignore leaves. A package whose native folders it leaves out builds on this machine, and without the native module there.',
  source: 'https://docs.expo.dev/build-reference/easignore/',
  fix: 'Write the rule with a slash in front, /ios and /android: it is then about the folders of the app alone.',
  explain: [
    'With an .easignore, EAS Build does not look at .gitignore. Apps whose native folders prebuild makes leave out ios/ and android/ there. Without a slash in front such a rule is about folders of that name at any depth, so it matches modules/background-sync/ios and modules/background-sync/android too.',
    'How it shows: the build fails where autolinking looks for the podspec or build.gradle, or it succeeds and the app warns that the native module is not in this build.',
  ].join('\n\n'),
  appliesTo: ({ host, integration }) => host === 'expo' && integration?.config !== undefined,
  async run(repo) {
    const config = repo.integration?.config;
    if (config === undefined) return [];
    const says = `the generated package is in ${config.moduleDir}`;
    const evidence = [await settingOf(repo, 'moduleDir', says)];
    const ignored = (await repo.ignored()).filter(({ path }) => path === FILE);
    return ignored.flatMap(({ rules }) =>
      rules.map(({ line, pattern, matches }): Finding => {
        const message = `${pattern} leaves out ${nameMatches(matches)}`;
        return { file: FILE, line, message, evidence };
      }),
    );
  },
};
