import type { Check } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';
import { PERMITTED_KEY, plannedPermissionsOf } from './permissions.ts';

export const processingWithoutIdentifiers: Check = {
  id: 'I04',
  title: 'The background mode `processing` comes with permitted identifiers',
  severity: 'error',
  why: 'App Store Connect refuses the upload (ITMS-90771), after the build and with no word before it.',
  source: 'https://github.com/expo/expo/issues/32396',
  fix: 'List the task’s id in BGTaskSchedulerPermittedIdentifiers, or take `processing` out of UIBackgroundModes.',
  explain: [
    'An app that has `processing` in UIBackgroundModes must list at least one id in BGTaskSchedulerPermittedIdentifiers. Where the array is missing or empty, the upload is refused: “ITMS-90771: Missing Info.plist value - The Info.plist key BGTaskSchedulerPermittedIdentifiers must contain a list of identifiers used to submit and handle tasks when UIBackgroundModes has a value of processing.”',
    'It shows only when the app is uploaded. The mode is often left over from a library that was removed, or was ticked in Xcode beside `fetch`. Where nothing in the app asks for a processing task, take the mode out.',
  ].join('\n\n'),
  async run(repo) {
    // Where an id is known that is not permitted, I01 names it.
    if ((await iosNeedsOf(repo)).some(({ id }) => id !== undefined)) return [];
    return (await plannedPermissionsOf(repo)).flatMap(({ plist, permitted, modes, prebuilt }) => {
      if (prebuilt?.open !== undefined) return [];
      if (modes.status !== 'ok' || permitted.status === 'invalid') return [];
      const mode = modes.values.find(({ text }) => text === 'processing');
      const isEmpty = permitted.status === 'absent' || permitted.values.length === 0;
      if (mode === undefined || !isEmpty) return [];
      const state = permitted.status === 'absent' ? 'missing' : 'empty';
      const message = `UIBackgroundModes contains processing, and ${PERMITTED_KEY} is ${state}`;
      return [{ file: plist.path, line: mode.line, message }];
    });
  },
};
