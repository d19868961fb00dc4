import { INFO_PLIST } from '../../../integrations/edits/info-plist.ts';
import type { Check, Finding } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';
import { pushNeedsOf } from './push-needs.ts';
import {
  MODES_KEY,
  hasMode,
  isAboutBackground,
  isLeftOpen,
  permissionFor,
  placed,
  plannedPermissionsOf,
  prebuildFix,
} from './permissions.ts';
import type { Permissions } from './permissions.ts';

/** What people write for a mode. */
const MISTAKES: Readonly<Record<string, readonly string[]>> = {
  processing: ['process', 'background-processing', 'bgprocessing', 'background_processing'],
  fetch: ['background-fetch', 'background_fetch', 'refresh', 'bgfetch', 'app-refresh'],
  'remote-notification': ['remote-notifications', 'remote_notification', 'remote notifications'],
};

export const processingMode: Check = {
  id: 'I03',
  title: 'Info.plist has the background modes that the requests need',
  severity: 'error',
  why: 'Without `processing` iOS refuses every BGProcessingTaskRequest, without `fetch` every BGAppRefreshTaskRequest (BGTaskScheduler error 3, notPermitted), without `remote-notification` it wakes no app for a silent push.',
  source:
    'https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code/notpermitted',
  fix: 'Add the mode to the array UIBackgroundModes. For bgsync’s own, `npx bgsync init` does it.',
  mends:
    'Adds the mode to an Info.plist that lists ids. Without ids it is left to you: `processing` alone is refused at the upload (I04), and `fetch` alone turns the background fetch of before iOS 13 on.',
  explain: [
    'A BGProcessingTaskRequest needs `processing` in UIBackgroundModes, a BGAppRefreshTaskRequest needs `fetch`. Without it BGTaskScheduler.submit fails with error 3 (notPermitted), on a device only: the simulator refuses every request anyway, so the mistake is seen late.',
    'One mode does not stand for the other: an app that had `fetch` for its refresh task and adds a processing task has to add `processing` as well. The opposite mistake, `processing` without permitted identifiers, is refused by App Store Connect (I04).',
    'For a push with content-available it is `remote-notification`; expo-notifications refuses registerTaskAsync without it, and expo-location startLocationUpdatesAsync and startGeofencingAsync without `location`; allowsBackgroundLocationUpdates = true without it ends the app: “Invalid parameter not satisfying: !stayUp || CLClientIsBackgroundable”. A method that only hands the push on is left alone.',
    '    <key>UIBackgroundModes</key>\n    <array>\n      <string>processing</string>\n    </array>',
  ].join('\n\n'),
  async run(repo) {
    const all = await plannedPermissionsOf(repo);
    const found = new Map<string, Finding>();
    const pushes = all.length === 0 ? [] : await pushNeedsOf(repo);
    const needs = (await iosNeedsOf(repo)).map((one) => ({ ...one, isSure: true }));
    for (const { id, mode, who, from, at, isSure } of [...needs, ...pushes]) {
      if (mode === undefined) continue;
      const isOurs = from === 'config';
      // Of several targets, those that have nothing of it do not run it.
      const users = all.filter(
        (one) =>
          isOurs ||
          all.length === 1 ||
          (id !== undefined && permissionFor(one, id).is === 'permitted'),
      );
      const about = all.filter(isAboutBackground);
      const concerned = users.length > 0 ? users : about.length > 0 ? about : all;
      if (users.length === 0 && all.some((one) => hasMode(one, mode))) continue;
      for (const one of concerned) {
        const key = `${one.plist.path} ${mode}`;
        if (found.has(key) || hasMode(one, mode) || isLeftOpen(repo, one)) continue;
        const finding = lacks(one, mode, isOurs ? '' : `, which ${who} needs`);
        const fix = prebuildFix(MODES_KEY, mode, who);
        const own = one.prebuilt === undefined ? finding : { ...placed(finding), fix };
        found.set(key, { ...own, evidence: [at], ...(!isSure && { severity: 'warning' }) });
      }
    }
    return [...found.values()];
  },
};

function lacks(one: Permissions, mode: string, reason: string): Finding {
  const { plist, modes } = one;
  const file = plist.path;
  if (modes.status === 'invalid') {
    return { file, message: `${MODES_KEY} cannot be read: ${modes.reason}` };
  }
  const edits = () => Promise.resolve(addition(one, mode));
  // Alone, `processing` is refused at the upload (I04), and `fetch` turns the fetch of before iOS 13 on.
  const isSafe = one.permitted.status === 'ok' && one.permitted.values.length > 0;
  const offered = isSafe ? { fixEdits: edits } : {};
  if (modes.status === 'absent') {
    return {
      file,
      message: `${MODES_KEY} is missing; it must contain ${mode}${reason}`,
      ...offered,
    };
  }
  const near = modes.values.find(({ text }) => {
    const written = text.toLowerCase();
    return written === mode || MISTAKES[mode]?.includes(written) === true;
  });
  const message =
    near === undefined
      ? `${MODES_KEY} does not contain ${mode}${reason}`
      : `${MODES_KEY} contains ${near.text}, which is no background mode; ${mode} is${reason}`;
  return { file, line: near?.line ?? modes.line, message, ...offered };
}

function addition({ plist: { path, text } }: Permissions, mode: string) {
  const edit = INFO_PLIST.ensure(text, [{ key: MODES_KEY, values: [mode] }]);
  if (edit.status !== 'changed') return [];
  const reason = 'lets iOS accept the requests';
  return [{ kind: 'edit', path, reason, before: text, after: edit.text } as const];
}
