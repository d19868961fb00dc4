import { ensureJsonLists, readJsonPath } from '../../../formats/json-lists.ts';
import type { JsonList } from '../../../formats/json-lists.ts';
import { readImportedFiles } from '../../../project/imported-files.ts';
import { isAsLeft } from '../../code/verified.ts';
import type { Check, Finding } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { editFix } from '../../edit-fix.ts';
import { MODES_KEY, PERMITTED_KEY } from '../ios/permissions.ts';
import { runningConfig } from '../../repo.ts';

const REASON = 'lets iOS start the task (expo prebuild writes it to Info.plist)';

export const expoAppConfig: Check = {
  id: 'E01',
  title: 'The app config brings the Info.plist entries of the background sync',
  severity: 'error',
  why: '`npx expo prebuild` and EAS Build write the Info.plist from the app config. Without the entries there, iOS refuses the task: registering it ends in an exception, and nothing ever runs.',
  source: 'https://docs.expo.dev/versions/latest/config/app/#infoplist',
  fix: 'Run `npx bgsync init` again.',
  explain: [
    'Where Expo makes the native projects, or makes them anew, what stands in ios/ does not last: the app config is the source. The background sync needs two entries there, the background mode `processing` and its task id in BGTaskSchedulerPermittedIdentifiers.',
    'They are in one of two places: `ios.infoPlist` of app.json, or `plugins` of app.json or app.config.js, which then names ./modules/background-sync/app.plugin.js. The plugin adds to what is there and replaces nothing. `npx bgsync init` takes the place that fits.',
    'How it shows: the next prebuild gives an Info.plist without the entries; `npx expo config --type introspect` says the same without building.',
  ].join('\n\n'),
  appliesTo: (repo) =>
    repo.host === 'expo' && runningConfig(repo)?.platforms.includes('ios') === true,
  async run(repo) {
    const config = runningConfig(repo);
    const expo = await repo.expo();
    if (config === undefined || expo === undefined) return [];
    const { static: path, wrapper, dynamic, isUsed } = expo.config;
    const evidence = [
      await settingOf(repo, 'taskId', `the background sync runs as ${config.taskId}`),
    ];
    const plugin = `./${config.moduleDir}/app.plugin.js`;
    const prefix = wrapper === undefined ? [] : [wrapper];
    const keys: JsonList[] = [
      { path: [...prefix, 'ios', 'infoPlist', MODES_KEY], values: ['processing'] },
      { path: [...prefix, 'ios', 'infoPlist', PERMITTED_KEY], values: [config.taskId] },
    ];
    const plugins: JsonList[] = [{ path: [...prefix, 'plugins'], values: [plugin] }];
    const text = path === undefined ? undefined : await repo.read(path);
    const isSaid = (lists: readonly JsonList[]): boolean =>
      text !== undefined && ensureJsonLists(text, lists).status === 'already';

    if (dynamic !== undefined) {
      const code = (await repo.read(dynamic)) ?? '';
      // The parser is most of doctor’s start-up.
      if (await isAsLeft(repo, dynamic, plugin)) return [];
      const { ensureConfigPlugin, findConfigPlugin } =
        await import('../../../formats/app-config.ts');
      const files = await readImportedFiles((one) => repo.read(one), dynamic);
      const given = text === undefined ? undefined : readJsonPath(text, prefix);
      const wanted = { file: dynamic, plugin, taskId: config.taskId, given, files };
      const found = findConfigPlugin(code, wanted);
      if (found.status === 'found') return [];
      if (found.status === 'unproven') {
        repo.note(
          dynamic,
          `whether Expo gets the plugin from it cannot be told (${found.reason}); --run-tools asks Expo`,
          'T02',
        );
        return [];
      }
      const message =
        found.status === 'absent'
          ? `plugins does not name ${plugin}`
          : `whether it names ${plugin} cannot be read: ${found.reason}`;
      const fixEdits = editFix(dynamic, code, REASON, (source) =>
        ensureConfigPlugin(source, wanted),
      );
      const offered = repo.depends('expo-background-fetch') ? {} : { fixEdits };
      return [{ file: dynamic, message, evidence, ...offered }];
    }
    if ((!isUsed && expo.ios === 'committed') || isSaid(keys) || isSaid(plugins)) return [];
    const missing: Finding = {
      file: path ?? 'app.json',
      message:
        path === undefined
          ? 'the app has no app.json and no app.config.js'
          : `neither ios.infoPlist nor plugins brings the mode processing and the id ${config.taskId}`,
      evidence,
    };
    if (path === undefined || text === undefined) return [missing];
    const lists = expo.ios === 'committed' ? plugins : keys;
    const fixEdits = editFix(path, text, REASON, (source) => ensureJsonLists(source, lists));
    // The ids turn the fetch of before iOS 13 off, which that library is built on.
    return [repo.depends('expo-background-fetch') ? missing : { ...missing, fixEdits }];
  },
};
