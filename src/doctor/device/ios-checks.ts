import { isUsable } from '../../devices/device.ts';
import type { Finding } from '../check.ts';
import type { RunnableCheck } from '../run.ts';
import { isProblem } from './android-bench.ts';
import type { Bench } from './bench.ts';
import type { IosBench } from './ios-bench.ts';

/** Where a finding is that is about no one device. */
const XCODE = 'Xcode';

type DeviceCheck = RunnableCheck<Bench>;

/** @param needsXcode whether there is anything to look at without Xcode */
const onIos = (
  texts: Omit<DeviceCheck, 'appliesTo' | 'run'>,
  find: (bench: IosBench) => Finding[],
  needsXcode = true,
): DeviceCheck => ({
  ...texts,
  appliesTo: ({ ios }) => ios !== undefined && (!needsXcode || ios.problem === undefined),
  run: ({ ios }) => Promise.resolve(ios === undefined ? [] : find(ios)),
});

const xcode = onIos(
  {
    id: 'D15',
    title: 'Xcode is selected and its tools run',
    severity: 'error',
    why: 'Simulators and iPhones are reached through xcrun, simctl and devicectl, which belong to Xcode.',
    source: 'https://developer.apple.com/documentation/xcode/installing-the-command-line-tools',
    fix: 'Install Xcode, open it once, and select it: `sudo xcode-select -s /Applications/Xcode.app/Contents/Developer`.',
    explain:
      'xcrun finds the tools of the Xcode that xcode-select points to, or DEVELOPER_DIR. With the Command Line Tools alone there is no simctl; after an update the licence has to be accepted anew.',
  },
  ({ problem }) =>
    problem === undefined
      ? []
      : [
          {
            file: XCODE,
            message: problem.message,
            ...(problem.hint === undefined ? {} : { fix: problem.hint }),
          },
        ],
  false,
);

const iosDevice = onIos(
  {
    id: 'D16',
    title: 'A simulator is booted, or an iPhone connected',
    severity: 'error',
    why: 'Without one nothing can be triggered or watched.',
    source:
      'https://developer.apple.com/documentation/xcode/running-your-app-in-simulator-or-on-a-device',
    fix: 'Boot a simulator in the Simulator app, or connect an iPhone and unlock it.',
    explain:
      '`simctl list devices` has no booted iOS simulator, and `devicectl list devices` no iPhone that can be reached. A simulator runs the handler when it is triggered, but has no scheduler: only a real iPhone starts the task by itself.',
  },
  ({ devices }) =>
    devices.some(isUsable) ? [] : [{ file: XCODE, message: 'no device can be used' }],
);

const iphones = onIos(
  {
    id: 'D17',
    title: 'Every iPhone that is known can be used',
    severity: 'warning',
    why: 'An iPhone that is not paired, not reachable or not in Developer Mode takes no build and no trigger.',
    source: 'https://developer.apple.com/documentation/xcode/enabling-developer-mode-on-a-device',
    fix: 'See the message of each device.',
    explain:
      'Since iOS 16 a device has to be in Developer Mode (Settings, Privacy & Security), trust this Mac, and be unlocked when it is connected.',
  },
  ({ devices }) =>
    devices
      .filter(({ kind, problem }) => kind === 'device' && problem !== undefined)
      .map(({ id, name, problem = '' }) => ({
        file: id,
        message: `${name} cannot be used`,
        fix: problem,
      })),
);

const devicectl = onIos(
  {
    id: 'D18',
    title: 'Xcode has devicectl',
    severity: 'info',
    why: 'iPhones with iOS 17 and newer are reached through it alone.',
    source: 'https://developer.apple.com/documentation/xcode-release-notes/xcode-15-release-notes',
    fix: 'Update Xcode to 15 or newer.',
    explain:
      'devicectl came with Xcode 15. Without it bgsync works with simulators only. It also answers nothing while CoreDevice’s service is stuck: restart the Mac then.',
  },
  ({ hasDevicectl }) =>
    hasDevicectl ? [] : [{ file: XCODE, message: 'devicectl does not list devices' }],
);

const iosInstalled = onIos(
  {
    id: 'D19',
    title: 'The app is installed on the simulator',
    severity: 'warning',
    why: 'What is not there cannot be run.',
    source: 'https://reactnative.dev/docs/running-on-simulator-ios',
    fix: 'Install it: `npx react-native run-ios`.',
    explain:
      'The bundle id is taken from --app, else from the Xcode project. A configuration or an .xcconfig may make another one of it: name that with --app.',
  },
  ({ bundleId, withoutApp }) =>
    isProblem(bundleId)
      ? [
          {
            file: XCODE,
            message: bundleId.message,
            ...(bundleId.hint === undefined ? {} : { fix: bundleId.hint }),
          },
        ]
      : withoutApp.map((file) => ({ file, message: `${bundleId} is not installed` })),
);

export const IOS_CHECKS: readonly DeviceCheck[] = [
  xcode,
  iosDevice,
  iphones,
  devicectl,
  iosInstalled,
];
