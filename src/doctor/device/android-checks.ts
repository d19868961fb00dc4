import type { Finding } from '../check.ts';
import type { RunnableCheck } from '../run.ts';
import { isProblem } from './android-bench.ts';
import type { AndroidBench, AndroidPhone, PhoneApp } from './android-bench.ts';
import type { Bench } from './bench.ts';

/** Where a finding is that is about no one device. */
const ADB = 'adb';

type DeviceCheck = RunnableCheck<Bench>;
type Texts = Omit<DeviceCheck, 'appliesTo' | 'run'>;

/** A check of what stands around Android's devices. */
const onAndroid = (texts: Texts, find: (bench: AndroidBench) => Finding[]): DeviceCheck => ({
  ...texts,
  appliesTo: ({ android }) => android !== undefined,
  run: ({ android }) => Promise.resolve(android === undefined ? [] : find(android)),
});

/** A check of each phone that answers. */
const onPhones = (
  texts: Texts,
  find: (phone: AndroidPhone, bench: AndroidBench) => Omit<Finding, 'file'> | undefined,
): DeviceCheck => ({
  ...texts,
  appliesTo: ({ android }) => android?.phones.some(({ problem }) => problem === undefined) === true,
  run: ({ android }) =>
    Promise.resolve(
      (android?.phones ?? []).flatMap((phone) => {
        if (android === undefined || phone.problem !== undefined) return [];
        const found = find(phone, android);
        return found === undefined ? [] : [{ file: phone.serial, ...found }];
      }),
    ),
});

/** A check of the app on each phone that has it. */
const onApps = (
  texts: Texts,
  find: (app: PhoneApp, phone: AndroidPhone) => string | undefined,
): DeviceCheck => ({
  ...onPhones(texts, (phone) => {
    const message = phone.app === undefined ? undefined : find(phone.app, phone);
    return message === undefined ? undefined : { message };
  }),
  appliesTo: ({ android }) => android?.phones.some(({ app }) => app !== undefined) === true,
});

const adbRuns = onAndroid(
  {
    id: 'D01',
    title: 'adb is there and runs',
    severity: 'error',
    why: 'Everything that bgsync does with an Android device goes through adb.',
    source: 'https://developer.android.com/tools/adb',
    fix: 'Install the SDK Platform-Tools (Android Studio has them), or name adb with --adb or BGSYNC_ADB.',
    explain:
      'adb is looked for in --adb, BGSYNC_ADB, the PATH, ANDROID_HOME, android/local.properties and the usual places of the SDK, and is asked for its version and its devices. It fails where it is missing, is built for another processor, or cannot start its server because the port 5037 is taken.',
  },
  ({ problem }) => (problem === undefined ? [] : [toFinding(ADB, problem)]),
);

const oneServer = onAndroid(
  {
    id: 'D02',
    title: 'There is one adb, of one version',
    severity: 'warning',
    why: 'Two adbs of different versions end each other’s server at every call: devices go offline in the middle of a run.',
    source: 'https://developer.android.com/tools/adb#howadbworks',
    fix: 'Use one adb: put the SDK’s platform-tools first in PATH, and close tools that bring their own (emulators of other vendors, Vysor, scrcpy bundles).',
    explain:
      'adb talks to a server that runs in the background. A client of another version ends the server and starts its own, and the other client does the same at its next call. The devices are gone for a moment each time, and `adb logcat` ends.',
  },
  ({ otherServer }) => (otherServer === undefined ? [] : [{ file: ADB, message: otherServer }]),
);

const deviceThere = onAndroid(
  {
    id: 'D03',
    title: 'An Android device can be used',
    severity: 'error',
    why: 'Without one nothing can be triggered or watched.',
    source: 'https://developer.android.com/studio/run/device',
    fix: 'Connect a phone with USB debugging on, or start an emulator; `adb devices` must list it.',
    explain:
      'adb lists no device in the state `device`. A phone has to have the developer options and USB debugging on, and this computer’s key allowed in its dialog; some cables only charge. An emulator appears when it has started.',
  },
  ({ problem, phones, devices }) => {
    if (problem !== undefined || phones.length > 0) return [];
    const [first] = devices;
    if (first === undefined) return [{ file: ADB, message: 'adb lists no device that is meant' }];
    return [
      {
        file: first.id,
        message: `no device can be used; this one is ${first.state}`,
        fix: first.problem ?? '',
      },
    ];
  },
);

const devicesWell = onAndroid(
  {
    id: 'D04',
    title: 'Every device that is connected can be used',
    severity: 'warning',
    why: 'bgsync leaves a device out that adb cannot talk to.',
    source: 'https://developer.android.com/tools/adb#devicestatus',
    fix: 'See the message of each device.',
    explain:
      '`unauthorized`: the dialog on the phone was not answered. `offline`: the connection is broken, or an emulator is still starting. `no permissions`: this user may not open the USB device. `recovery`, `sideload`, `bootloader`: Android is not running.',
  },
  ({ phones, devices }) =>
    phones.length === 0
      ? []
      : devices
          .filter(({ problem }) => problem !== undefined)
          .map(({ id, state, problem = '' }) => ({
            file: id,
            message: `it is ${state}`,
            fix: problem,
          })),
);

const answers: DeviceCheck = onAndroid(
  {
    id: 'D05',
    title: 'The device has started and answers',
    severity: 'error',
    why: 'Before the boot is completed there is no package manager and no JobScheduler to ask.',
    source: 'https://developer.android.com/reference/android/content/Intent#ACTION_BOOT_COMPLETED',
    fix: 'Wait until the lock screen is there, and unlock it once. An emulator that hangs: cold boot it.',
    explain:
      'The property sys.boot_completed is 1 once the system is up. A device that does not answer `getprop` within seconds is frozen, or its connection is.',
  },
  ({ phones }) =>
    phones.flatMap(({ serial, problem, isBooted }) => {
      if (problem !== undefined) return [toFinding(serial, problem)];
      return isBooted ? [] : [{ file: serial, message: 'it has not finished starting' }];
    }),
);

const installed = onPhones(
  {
    id: 'D06',
    title: 'The app is installed',
    severity: 'error',
    why: 'What is not there cannot be run.',
    source: 'https://reactnative.dev/docs/running-on-device',
    fix: 'Install it: `npx react-native run-android`.',
    explain:
      'The application id is taken from --app, else from app/build.gradle. A flavor or an applicationIdSuffix makes another one of it: name that with --app.',
  },
  ({ isBooted, app, variants }, { applicationId }) => {
    if (!isBooted || app !== undefined) return undefined;
    if (isProblem(applicationId)) {
      return { message: applicationId.message, ...fixOf(applicationId.hint) };
    }
    return {
      message: `${applicationId} is not installed`,
      ...(variants.length > 0
        ? { fix: `Name it with --app: ${variants.join(' or ')} is there.` }
        : {}),
    };
  },
);

const hookInDebug = onApps(
  {
    id: 'D07',
    title: 'The debug build has bgsync’s debug hook',
    severity: 'warning',
    why: '`npx bgsync trigger` asks this hook for a run; without it only a job that is due can be run.',
    source: 'docs/commands.md, "trigger on a device"',
    fix: 'Build it anew, as the plain debug build: `npx react-native run-android`. Build types such as debugOptimized take their libraries’ release variant, which has no hook.',
    explain:
      'The generated package has a receiver in its debug source set. It is missing where the app was built before bgsync was in it, where the package is not linked (J12), or where the app’s build type takes the release variant of libraries.',
  },
  ({ isDebuggable, hasHook }) =>
    isDebuggable && !hasHook ? 'the app is debuggable and has no debug hook' : undefined,
);

const noHookInRelease = onApps(
  {
    id: 'D08',
    title: 'A release build has no debug hook',
    severity: 'error',
    why: 'Whoever has adb could run the sync of a shipped app.',
    source: 'https://developer.android.com/build/build-variants#sourcesets',
    fix: 'Ship the release variant of the generated package. Where its manifest was copied into the app’s own, take the receiver out.',
    explain:
      "The hook belongs to the debug source set of the generated package, and is guarded by the permission DUMP, which adb has and apps do not. A build that is not debuggable must not have it: a build type with `matchingFallbacks = ['debug']`, or a copied manifest, brings it in.",
  },
  ({ isDebuggable, hasHook }) =>
    !isDebuggable && hasHook ? 'the build is not debuggable, and has the debug hook' : undefined,
);

const forceStopped = onApps(
  {
    id: 'D09',
    title: 'The app is not force-stopped',
    severity: 'warning',
    why: 'Android starts nothing of a stopped app, no job and no alarm, until the user opens it.',
    source:
      'https://developer.android.com/about/versions/15/behavior-changes-all#enhanced-stop-states',
    fix: 'Open the app once.',
    explain:
      'An app is stopped after it was installed and not opened yet, after “Force stop” in its settings, and on phones of some vendors after a swipe from the recent apps. `adb shell am force-stop` and some install tools do it too.',
  },
  ({ isStopped }) => (isStopped ? 'the app is stopped' : undefined),
);

const backgroundFree = onApps(
  {
    id: 'D10',
    title: 'The app may run in the background',
    severity: 'warning',
    why: 'Its jobs do not run while its background use is restricted.',
    source: 'https://developer.android.com/topic/performance/background-optimization#bg-restrict',
    fix: 'Allow it: the app’s settings, Battery, Unrestricted or Optimised.',
    explain:
      'The user, or the vendor’s battery manager, switched the app’s background use off (RUN_ANY_IN_BACKGROUND). The app can ask with `ActivityManager.isBackgroundRestricted()` and tell the user.',
  },
  ({ restrictions }) =>
    restrictions.background === true ? 'its background use is restricted' : undefined,
);

const batterySaver = onPhones(
  {
    id: 'D11',
    title: 'Battery saver is off',
    severity: 'info',
    why: 'While it is on, jobs wait, and apps in the background have no network.',
    source: 'https://developer.android.com/topic/performance/power/power-details',
    fix: 'For a test, switch it off: `adb shell settings put global low_power 0`, or connect the charger.',
    explain:
      'Battery saver (Settings.Global low_power) defers jobs, and takes the network from apps in the background. It ends when the phone charges.',
  },
  ({ app }) =>
    app?.restrictions.batterySaver === true ? { message: 'battery saver is on' } : undefined,
);

const HOLDING = new Set(['RARE', 'RESTRICTED', 'NEVER']);

const bucket = onApps(
  {
    id: 'D12',
    title: 'The app’s standby bucket lets it run',
    severity: 'warning',
    why: 'In the buckets rare, restricted and never its jobs run about once a day, or not at all.',
    source: 'https://developer.android.com/topic/performance/appstandby',
    fix: 'Use the app; for a test, `adb shell am set-standby-bucket PACKAGE active`.',
    explain:
      'Android sorts apps by how much they are used. active, working_set and frequent run jobs within minutes or hours; rare once a day, restricted in one batch a day, never not at all until the app is opened. Charging lifts the limits of most.',
  },
  ({ restrictions }) =>
    restrictions.bucket !== undefined && HOLDING.has(restrictions.bucket)
      ? `it is in the bucket ${restrictions.bucket}`
      : undefined,
);

const scheduled = onApps(
  {
    id: 'D13',
    title: 'The background sync is scheduled',
    severity: 'warning',
    why: 'Without a job in JobScheduler, nothing will ever be run.',
    source: 'https://developer.android.com/reference/androidx/work/WorkManager',
    fix: 'Open the app, so that it registers; then look at `npx bgsync logs --platform android --history`.',
    explain:
      'The sync is one unique periodic work of WorkManager, which is a job of JobScheduler. It is made when the app starts and JavaScript registers. It is missing after a force-stop, after `cancelAllWork()`, where the handler was never registered (J01, J02), or where the package is not linked (J12).',
  },
  ({ jobs, isStopped }) =>
    jobs.length === 0 && !isStopped ? 'no job of WorkManager’s is scheduled' : undefined,
);

/** Android 14: jobs have namespaces. WorkManager 2.10 uses one. */
const NAMESPACES_SINCE = 34;

const workManager = onApps(
  {
    id: 'D14',
    title: 'The build has a WorkManager of today',
    severity: 'info',
    why: 'A build with WorkManager 2.9 or older mixes its jobs with those of other libraries, and cannot tell why they were stopped.',
    source: 'https://developer.android.com/jetpack/androidx/releases/work#2.10.0',
    fix: 'Find out what pins it: `./gradlew :app:dependencyInsight --dependency work-runtime --configuration releaseRuntimeClasspath`, then build again.',
    explain:
      'From Android 14 on WorkManager 2.10 puts its jobs into a namespace of their own. The job on this device is in none: the build has an older WorkManager than the generated package asks for, by a forced version or an old build.',
  },
  ({ jobs }, { apiLevel = 0 }) =>
    apiLevel >= NAMESPACES_SINCE &&
    jobs.length > 0 &&
    jobs.every(({ namespace }) => namespace === undefined)
      ? 'its jobs are in no namespace: WorkManager 2.9 or older'
      : undefined,
);

const fixOf = (hint: string | undefined): { readonly fix?: string } =>
  hint === undefined ? {} : { fix: hint };

const toFinding = (
  file: string,
  { message, hint }: { readonly message: string; readonly hint: string | undefined },
): Finding => ({ file, message, ...fixOf(hint) });

export const ANDROID_CHECKS: readonly DeviceCheck[] = [
  adbRuns,
  oneServer,
  deviceThere,
  devicesWell,
  answers,
  installed,
  hookInDebug,
  noHookInRelease,
  forceStopped,
  backgroundFree,
  batterySaver,
  bucket,
  scheduled,
  workManager,
];
