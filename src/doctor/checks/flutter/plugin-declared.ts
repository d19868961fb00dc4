import { PLUGIN } from '../../../integrations/flutter/plan.ts';
import { PUBSPEC_DEPENDENCY } from '../../../integrations/edits/pubspec.ts';
import { PUBSPEC, namesPackage } from '../../../project/pubspec.ts';
import type { Check } from '../../check.ts';
import { tryEdit } from '../../edit-fix.ts';
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
    if (config === undefined) return [];
    const wanted = { name: PLUGIN, path: config.moduleDir };
    const tried = await tryEdit(repo, PUBSPEC, PUBSPEC_DEPENDENCY.reason, (source) =>
      PUBSPEC_DEPENDENCY.ensure(source, wanted),
    );
    if (tried === undefined || tried.result.status === 'already') return [];
    const { result, fixEdits } = tried;
    const says = `the generated plugin is in ${config.moduleDir}`;
    const evidence = [await settingOf(repo, 'moduleDir', says)];
    if (result.status === 'changed') {
      return [{ file: PUBSPEC, message: `does not depend on ${PLUGIN}`, evidence, fixEdits }];
    }
    // In a form that is not edited it may be there all the same.
    if (await namesPackage(repo.files, PLUGIN, config.moduleDir)) return [];
    return [{ file: PUBSPEC, message: `does not depend on ${PLUGIN}: ${result.reason}`, evidence }];
  },
};
