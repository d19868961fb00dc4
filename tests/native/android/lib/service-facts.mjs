import { foregroundFromBoot } from '../../../../src/doctor/checks/android/foreground-from-boot.ts';
import { foregroundStarted } from '../../../../src/doctor/checks/android/foreground-started.ts';
import { foregroundTimeout } from '../../../../src/doctor/checks/android/foreground-timeout.ts';
import { headlessConfig } from '../../../../src/doctor/checks/android/headless-config.ts';
import { providerReady } from '../../../../src/doctor/checks/android/provider-ready.ts';
import { startedAgain } from '../../../../src/doctor/checks/android/started-again.ts';
import { exec } from './exec.mjs';

const ACTIVE = 'com.android.server.am.ActiveServices';
const CONSTANTS = 'com.android.server.am.ActivityManagerConstants';
const SERVICE = 'android.app.Service';
const TYPES = 'android.content.pm.ServiceInfo';
const TASKS = 'com.facebook.react.jstasks';

/** What a check quotes of an exception, an ellipsis for what differs each time, in pieces. */
const quotedBy = ({ why }) =>
  [...why.matchAll(/“([^”]+)”/g)].flatMap(([, text]) => text.split('…').map((one) => one.trim()));

/** The value of a constant, as javap writes it. */
const valueOf = (code, name) => Number(new RegExp(`\\b${name} = (-?\\d+)`).exec(code)?.[1]);

/**
 * What checks of services and headless tasks hold of Android, React Native and androidx.work, where these have it: texts
 * that a check quotes, and what it says of them.
 *
 * @returns what does not hold, in words
 */
const HELD = [
  {
    check: foregroundStarted,
    classes: { framework: [ACTIVE] },
    problems: () => [],
  },
  {
    check: foregroundFromBoot,
    classes: { framework: [CONSTANTS, TYPES] },
    problems: (code) => {
      const allowed = valueOf(code, 'DEFAULT_FGS_BOOT_COMPLETED_ALLOWLIST');
      const bit = (type) => valueOf(code, `FOREGROUND_SERVICE_TYPE_${type}`);
      const refused = 'DATA_SYNC CAMERA MEDIA_PLAYBACK PHONE_CALL MEDIA_PROJECTION MICROPHONE';
      return [
        ...refused.split(' ').filter((type) => (allowed & bit(type)) !== 0),
        ...['SPECIAL_USE', 'LOCATION'].filter((type) => (allowed & bit(type)) === 0),
      ].map(
        (type) => `Android’s list of what may start at BOOT_COMPLETED says otherwise of ${type}`,
      );
    },
  },
  {
    check: foregroundTimeout,
    classes: { framework: [SERVICE, ACTIVE] },
    // The rest of the sentence is its type, and the name of the service.
    quotes: ['A foreground service of type', 'did not stop within its timeout'],
    problems: (code) =>
      ['onTimeout(int)', 'onTimeout(int, int)']
        .filter((method) => !code.includes(`public void ${method}`))
        .map((method) => `Service has no ${method}`),
  },
  {
    check: headlessConfig,
    classes: { react: [`${TASKS}.HeadlessJsTaskConfig`, `${TASKS}.HeadlessJsTaskContext`] },
    problems: (code) =>
      /HeadlessJsTaskConfig\(java\.lang\.String, [\w.]+, long, boolean\)/.test(code)
        ? []
        : [
            'HeadlessJsTaskConfig takes no name, data, timeout and whether it may run in the foreground',
          ],
  },
  {
    check: providerReady,
    classes: { work: ['androidx.work.impl.WorkManagerImpl'] },
    problems: (code) => {
      const method = code.slice(code.search(/ getInstance\(android\.content\.Context\)/));
      const asked = [
        'Context.getApplicationContext',
        'instanceof',
        'Configuration$Provider.getWork',
      ];
      const places = asked.map((text) => method.indexOf(text));
      return places.every((place, index) => place > (places[index - 1] ?? 0))
        ? []
        : ['WorkManager.getInstance does not ask the Application for its configuration'];
    },
  },
  {
    check: startedAgain,
    classes: { framework: [SERVICE] },
    problems: (code) => (valueOf(code, 'START_STICKY') === 1 ? [] : ['START_STICKY is not 1']),
  },
];

/**
 * Holds what these checks say to the class files themselves.
 *
 * @param jars `framework`: android-all; `react`: the classes of react-android; `work`: those of work-runtime
 * @returns {Promise<{name: string, problems: string[]}[]>}
 */
export function checkServices(jars) {
  return Promise.all(
    HELD.map(async ({ check, classes, quotes, problems }) => {
      const [[jar, names]] = Object.entries(classes);
      const code = await exec('javap', ['-cp', jars[jar], '-p', '-v', '-constants', ...names]);
      // A constant of the value `int 1` stands behind its declaration.
      const constants = code.replace(
        /;\n[^\n]*\n[^\n]*\n\s+ConstantValue: \w+ (-?\d+)/g,
        ' = $1;\n',
      );
      const missing = (quotes ?? quotedBy(check)).filter((text) => !code.includes(text));
      return {
        name: `${check.id} says what ${names.join(' and ')} of the artifacts say`,
        problems: [...missing.map((text) => `no class says: ${text}`), ...problems(constants)],
      };
    }),
  );
}
