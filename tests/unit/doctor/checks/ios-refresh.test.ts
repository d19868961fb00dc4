import { describeCheck } from '../../../helpers/doctor-case.ts';
import { DELEGATE, PLIST, background, delegate, integrated } from './ios-files.ts';

const REFRESHING = {
  ...integrated(),
  'bgsync.config.json': JSON.stringify({ platforms: ['ios'], ios: { refresh: true } }),
};
const REFRESH_IDS = ['dev.bgsync.processing', 'dev.bgsync.refresh'];
const BOTH = ['processing', 'fetch'];
const SOUND = { ...REFRESHING, [PLIST]: background(BOTH, REFRESH_IDS) };

/** `ios.refresh: true`: a second id, a second mode, and the rules for whoever uses refresh tasks. */
describeCheck('I01', {
  base: 'react-native',
  triggers: {
    'the id of refresh is not permitted': {
      files: { ...REFRESHING, [PLIST]: background(BOTH, ['dev.bgsync.processing']) },
      at: `${PLIST}:12`,
      message: 'dev.bgsync.refresh',
    },
  },
  near: {
    'both ids': SOUND,
    'refresh is off': { ...integrated(), [PLIST]: background(BOTH, ['dev.bgsync.processing']) },
  },
});

describeCheck('I03', {
  base: 'react-native',
  triggers: {
    'the mode of refresh is missing': {
      files: { ...REFRESHING, [PLIST]: background(['processing'], REFRESH_IDS) },
      at: `${PLIST}:7`,
      message: 'fetch',
    },
  },
  near: { 'both modes': SOUND },
});

describeCheck('I27', {
  base: 'react-native',
  triggers: {
    'the app has a refresh task of its own': {
      files: {
        ...SOUND,
        [PLIST]: background(BOTH, [...REFRESH_IDS, 'com.example.demo.feed']),
        [DELEGATE]: delegate(
          `BGTaskScheduler.shared.register(forTaskWithIdentifier: "com.example.demo.feed", using: nil) { task in
  task.expirationHandler = { task.setTaskCompleted(success: false) }
  task.setTaskCompleted(success: true)
}
let request = BGAppRefreshTaskRequest(identifier: "com.example.demo.feed")
try? BGTaskScheduler.shared.submit(request)`,
        ),
      },
      at: `${PLIST}:7`,
      message: '2 app refresh tasks',
    },
  },
  near: { 'ours alone': SOUND },
});
