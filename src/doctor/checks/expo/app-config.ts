import { isAsLeft } from '../../code/verified.ts';
import type { Check, Evidence } from '../../check.ts';
import { settingOf } from '../../evidence.ts';
import { editFix } from '../../edit-fix.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';
import { leavesLegacyFetchOn, registersEveryId } from '../ios/legacy-fetch.ts';
import { plannedPermissionsOf } from '../ios/permissions.ts';

export const expoAppConfig: Check = {
  id: 'E01',
  title: 'The app config brings the Info.plist entries of the background sync',
  severity: 'error',
  why: '`npx expo prebuild`, which EAS Build runs where ios/ is not committed, writes the Info.plist from the app config. Without the entries there, iOS refuses the task: registering it ends in an exception, and nothing ever runs.',
  source: 'https://docs.expo.dev/versions/latest/config/app/#infoplist',
  fix: 'Run `npx bgsync init` again: it puts them in, or prints what to put in by hand.',
  mends:
    'Adds the entries, or the plugin that writes them. A permitted id turns the background fetch of before iOS 13 off: with expo-background-fetch, or the mode fetch and no ids, it is left to you. So it is beside a react-native-background-fetch that registers every id that is listed (I32).',
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
    const evidence = [
      await settingOf(repo, 'taskId', `the background sync runs as ${config.taskId}`),
    ];
    // The parser is most of doctor’s start-up.
    const { APP_CONFIG, findPlugin, pluginPath, placeAppConfig } =
      await import('../../../integrations/edits/app-config.ts');
    const plugin = pluginPath(config.moduleDir);
    const { dynamic } = expo.config;
    if (dynamic !== undefined && (await isAsLeft(repo, dynamic, plugin))) return [];
    const place = await placeAppConfig(repo.files, expo, config, []);
    if (place === 'unused') return [];
    if (place === 'missing') {
      const file = expo.config.static ?? 'app.json';
      return [{ file, message: 'the app has no app.json and no app.config.js', evidence }];
    }
    const { path, text, wanted } = place;
    const message = whatIsMissing();
    if (message === undefined) return [];
    const fixEdits = editFix(path, text, APP_CONFIG.reason, (source) =>
      APP_CONFIG.ensure(source, wanted),
    );
    // The ids turn the fetch of before iOS 13 off, which that library is built on.
    const isLegacyOn =
      repo.depends('expo-background-fetch') ||
      (await plannedPermissionsOf(repo)).some(leavesLegacyFetchOn);
    const offered = isLegacyOn || (await registersEveryId(repo)) ? {} : { fixEdits };
    const { prebuild } = expo;
    if (prebuild.kind === 'makes') return [{ file: path, message, evidence, ...offered }];
    if (prebuild.kind === 'runs') {
      const { file, line, says } = prebuild;
      const all = [...evidence, { file, line, says }];
      return [{ file: path, message, evidence: all, ...offered }];
    }
    return [
      {
        file: path,
        message: `${message}; ios/ is committed and counts, and \`npx expo prebuild --clean\` would write it without them`,
        severity: 'info',
        evidence: [...evidence, await onlyByHand(repo)],
        ...offered,
      },
    ];

    function whatIsMissing(): string | undefined {
      if (!('plugin' in wanted)) {
        return APP_CONFIG.ensure(text, wanted).status === 'already'
          ? undefined
          : `neither ios.infoPlist nor plugins brings the mode processing and the id ${config?.taskId ?? ''}`;
      }
      const found = findPlugin(text, wanted);
      if (found.status === 'found') return undefined;
      if (found.status === 'absent') return `plugins does not name ${plugin}`;
      if (found.status === 'unreadable') {
        return `whether it names ${plugin} cannot be read: ${found.reason}`;
      }
      const what = `whether Expo gets the plugin from it cannot be told (${found.reason})`;
      repo.note(path, `${what}; --run-tools asks Expo`, { answeredBy: 'T02' });
      return undefined;
    }
  },
};

/** The Info.plist that the build reads, where nothing tells that prebuild writes it. */
async function onlyByHand(repo: DoctorRepo): Promise<Evidence> {
  const [plist] = await repo.infoPlists();
  return { file: plist?.path ?? 'ios', says: 'what the build reads; no script runs prebuild' };
}
