import { nameMatches } from '../../../project/ignored.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

/** What a message can hold. */
const MOST_LINES = 6;

export const packageCommitted: Check = {
  id: 'X11',
  title: 'The generated package is not ignored by git',
  severity: 'error',
  why: 'It would never be committed: the app builds here, and CI and everyone else have no package.',
  source: 'https://git-scm.com/docs/gitignore',
  fix: 'Run `npx bgsync update`, which puts the lines that the finding names at the end of the app’s own ignore file; for one above the app, put them there.',
  explain: [
    'The generated package is part of the app’s source: Gradle, CocoaPods and Metro read it where it stands, and it is generated once, not by each build. A pattern such as `modules/` or `android/` in .gitignore keeps it, or its native half, out of the repository.',
    '    # .gitignore\n    /modules/*\n    !/modules/background-sync',
    'Each generated file is asked of: `[Dd]ebug/`, which templates for Xcode and Visual Studio have, keeps the debug sources alone out. git itself is asked, so that rules above the app, in .git/info/exclude and of your own count, too; where it cannot be, the .gitignore files are read, from the top of the repository on. What is tracked all the same (`git add --force`) is in the repository, and is no finding.',
  ].join('\n\n'),
  appliesTo: ({ integration }) => integration?.config !== undefined,
  async run(repo) {
    const { config } = repo.integration ?? {};
    if (config === undefined) return [];
    const says = `the generated package is in ${config.moduleDir}`;
    const evidence = [await settingOf(repo, 'moduleDir', says)];
    const ignored = (await repo.ignored()).filter(({ path }) => path !== '.easignore');
    return ignored.flatMap(({ path, rules, exceptions }) =>
      rules.map((rule): Finding => {
        const isOwn = rule.path === path;
        const where = isOwn ? '' : ` (${rule.path}, line ${rule.line})`;
        const { moduleDir } = config;
        const kept = nameMatches(
          rule.matches.map((match) =>
            `${moduleDir}/`.startsWith(`${match}/`) ? moduleDir : match,
          ),
        );
        const remedy =
          exceptions.length > MOST_LINES
            ? `\`npx bgsync update\` knows the ${exceptions.length} lines that take them back`
            : `at the end of ${path} this takes it back: ${exceptions.join(' ')}`;
        return {
          file: path,
          ...(isOwn && { line: rule.line }),
          message: `${rule.pattern}${where} keeps ${kept} out of the repository; ${remedy}`,
          evidence,
        };
      }),
    );
  },
};
