import { PLUGIN } from '../../../integrations/flutter/plan.ts';
import { PUBSPEC_DEPENDENCY } from '../../../integrations/edits/pubspec.ts';
import { PUBSPEC } from '../../../project/pubspec.ts';
import type { Check } from '../../check.ts';
import { editFix } from '../../edit-fix.ts';
import { settingOf } from '../../evidence.ts';

export const pluginDeclared: Check = {
  id: 'F01',
  title: 'pubspec.yaml depends on the generated plugin',
  severity: 'error',
  why: 'The Flutter tool builds the native half of what pubspec.yaml names, and nothing else: without it the handler does not compile, and no window is ever asked for.',
  source:
    'https://docs.flutter.dev/packages-and-plugins/using-packages#dependencies-on-unpublished-packages',
  fix: 'Run `npx bgsync init` again, then `flutter pub get` and a rebuild.',
  mends:
    'Adds the entry to `dependencies`; nothing else changes. Where another package has that name, or the list cannot be edited with certainty, it is left to you.',
  explain: [
    'The generated plugin is a package beside the app. `flutter pub get` finds it through its path under `dependencies:`, and the Flutter tool then registers its native classes in GeneratedPluginRegistrant.',
    `    dependencies:\n      ${PLUGIN}:\n        path: packages/${PLUGIN}`,
    'Where moduleDir in bgsync.config.json was changed, the path has to change with it: `npx bgsync update` does both.',
  ].join('\n\n'),
  appliesTo: ({ host, integration }) => host === 'flutter' && integration?.config !== undefined,
  async run(repo) {
    const config = repo.integration?.config;
    const text = await repo.read(PUBSPEC);
    if (config === undefined || text === undefined) return [];
    const ensure = (source: string) =>
      PUBSPEC_DEPENDENCY.ensure(source, { name: PLUGIN, path: config.moduleDir });
    const result = ensure(text);
    if (result.status === 'already') return [];
    const says = `the generated plugin is in ${config.moduleDir}`;
    const evidence = [await settingOf(repo, 'moduleDir', says)];
    if (result.status === 'changed') {
      const fixEdits = editFix(PUBSPEC, text, PUBSPEC_DEPENDENCY.reason, ensure);
      return [{ file: PUBSPEC, message: `does not depend on ${PLUGIN}`, evidence, fixEdits }];
    }
    // In a form that is not edited it may be there all the same.
    const lines = text.split('\n');
    const isThere = lines.some(
      (line, at) =>
        line.includes(PLUGIN) && `${line}\n${lines[at + 1] ?? ''}`.includes(config.moduleDir),
    );
    if (isThere) return [];
    return [{ file: PUBSPEC, message: `does not depend on ${PLUGIN}: ${result.reason}`, evidence }];
  },
};
