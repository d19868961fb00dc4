import { posix } from 'node:path';
import { findIgnoreRule } from '../../../formats/gitignore.ts';
import type { Check } from '../../check.ts';
import { settingOf } from '../../evidence.ts';

export const packageCommitted: Check = {
  id: 'X11',
  title: 'The generated package is not ignored by git',
  severity: 'error',
  why: 'It would never be committed: the app builds here, and CI and everyone else have no package.',
  source: 'https://git-scm.com/docs/gitignore',
  fix: 'Take the pattern out of the ignore file, or add an exception for the folder.',
  explain: [
    'The generated package is part of the app’s source: Gradle, CocoaPods and Metro read it where it stands, and it is generated once, not by each build. A pattern such as `modules/` or `android/` in .gitignore keeps it, or its native half, out of the repository.',
    '    # .gitignore\n    /modules/*\n    !/modules/background-sync',
    'Looked at are the ignore files in the app’s folder and below, not those of a repository around it.',
  ].join('\n\n'),
  appliesTo: ({ integration }) => integration?.config !== undefined,
  async run(repo) {
    const { config } = repo.integration ?? {};
    if (config === undefined) return [];
    const folders = [''];
    for (const part of config.moduleDir.split('/')) {
      folders.push(posix.join(folders.at(-1) ?? '', part));
    }
    const files: { folder: string; text: string }[] = [];
    for (const folder of folders) {
      const text = await repo.read(posix.join(folder, '.gitignore'));
      if (text !== undefined) files.push({ folder, text });
    }
    if (files.length === 0) return [];
    const parts = [
      config.moduleDir,
      ...config.platforms.map((name) => `${config.moduleDir}/${name}`),
    ];
    for (const path of parts) {
      const rule = findIgnoreRule(files, path);
      if (rule === undefined) continue;
      const file = posix.join(rule.folder, '.gitignore');
      const message = `${rule.pattern} keeps ${path} out of the repository`;
      const says = `the generated package is in ${config.moduleDir}`;
      const evidence = [await settingOf(repo, 'moduleDir', says)];
      return [{ file, line: rule.line, message, evidence }];
    }
    return [];
  },
};
