import type { Check, Finding } from '../../check.ts';
import { classesOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { DoctorRepo } from '../../repo.ts';
import { classOf, releasedElements } from './merged-manifests.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';

/** From this targetSdk on implicit broadcasts go to receivers that code registers alone. */
const IMPLICIT_TARGET = 26;

/** Broadcasts that no receiver of a manifest gets: https://developer.android.com/develop/background-work/background-tasks/broadcasts/broadcast-exceptions */
const UNDELIVERED: ReadonlySet<string> = new Set([
  'android.net.conn.CONNECTIVITY_CHANGE',
  'android.net.wifi.STATE_CHANGE',
  'android.net.wifi.WIFI_STATE_CHANGED',
  ...[
    'ACTION_POWER_CONNECTED',
    'ACTION_POWER_DISCONNECTED',
    'BATTERY_LOW',
    'BATTERY_OKAY',
    'BATTERY_CHANGED',
    'SCREEN_ON',
    'SCREEN_OFF',
    'TIME_TICK',
  ].map((name) => `android.intent.action.${name}`),
  'android.os.action.DEVICE_IDLE_MODE_CHANGED',
  'android.os.action.POWER_SAVE_MODE_CHANGED',
]);
/** Of Android, and not spelt as it is sent: the name of the constant, or that of the permission. */
const MISSPELT =
  /^android\.(?!intent\.action\.(?:(?:LOCKED|PRE)_)?BOOT_COMPLETED$).*BOOT_?COMPLETED?$/i;
const LOCKED_BOOT = 'android.intent.action.LOCKED_BOOT_COMPLETED';

export const broadcastDelivered: Check = {
  id: 'A59',
  title: 'Android delivers what a receiver of the manifest waits for',
  severity: 'warning',
  why: 'Since Android 8 most broadcasts, that of a network coming back among them, reach receivers that running code registers and no others: the sync that such a receiver of the manifest is to start never starts.',
  source:
    'https://developer.android.com/develop/background-work/background-tasks/broadcasts/broadcast-exceptions',
  fix: 'Enqueue work of WorkManager with a constraint: setRequiredNetworkType(NetworkType.CONNECTED), setRequiresCharging(true).',
  explain: [
    'A receiver for CONNECTIVITY_CHANGE in the manifest is how apps synced “when the network is back” up to Android 6. With targetSdk 26 and higher Android starts no process for it, nor for the charger, the battery or the screen. It works while a library or the app registers the same in code, which is why it seems to work on the desk.',
    'LOCKED_BOOT_COMPLETED, which is sent before the phone is unlocked, goes to receivers with android:directBootAware="true" alone; one with android:enabled="false" gets nothing until setComponentEnabledSetting switches it on. A <data> counts for each action of its filter: PACKAGE_REPLACED, which has a Uri, needs a filter of its own beside BOOT_COMPLETED.',
    '    val online = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()\n    OneTimeWorkRequestBuilder<SyncWorker>().setConstraints(online).build()',
  ].join('\n\n'),
  async run(repo) {
    const receivers = (await releasedElements(repo, 'receiver')).filter(
      ({ actions }) => actions.length > 0,
    );
    if (receivers.length === 0) return [];
    const target = (await repo.androidBuild())?.targetSdk;
    const findings: Finding[] = [];
    for (const one of receivers) {
      const found = await problemOf(repo, one, target?.value ?? 0);
      if (found === undefined) continue;
      const { manifest, line } = one;
      const evidence =
        found.isOfTarget && target !== undefined
          ? [{ file: target.file, line: target.line, says: `targetSdk is ${target.value}` }]
          : (found.evidence ?? []);
      const message = `${classOf(one)} ${found.says}`;
      findings.push({ file: manifest.path, line, message, evidence });
    }
    return findings;
  },
};

interface Problem {
  readonly says: string;
  readonly isOfTarget?: true;
  readonly evidence?: Finding['evidence'];
}

async function problemOf(
  repo: DoctorRepo,
  element: ManifestElement,
  target: number,
): Promise<Problem | undefined> {
  const { actions, attributes } = element;
  const name = classOf(element);
  const last = (action: string): string => action.split('.').at(-1) ?? action;
  const dead = actions.filter((action) => UNDELIVERED.has(action));
  if (target >= IMPLICIT_TARGET && dead.length === actions.length) {
    return (await isIn(repo, 'registerReceiver', name))
      ? undefined
      : {
          says: `waits for ${last(dead[0] ?? '')}, which no receiver of a manifest gets`,
          isOfTarget: true,
        };
  }
  const isBoot = actions.some((action) => action.endsWith('.action.BOOT_COMPLETED'));
  const misspelt = actions.find((action) => MISSPELT.test(action));
  if (misspelt !== undefined && !isBoot) {
    return {
      says: `waits for ${misspelt}, which Android never sends: the action of a restart is android.intent.action.BOOT_COMPLETED`,
    };
  }
  if (element.isOfData) {
    return {
      says: 'never gets BOOT_COMPLETED: its intent filter has a <data>, and that broadcast has none',
    };
  }
  if (
    actions.every((action) => action === LOCKED_BOOT) &&
    !isOn(attributes['android:directBootAware'])
  ) {
    return {
      says: 'waits for LOCKED_BOOT_COMPLETED, which goes to receivers with android:directBootAware="true" alone',
    };
  }
  if (attributes['android:enabled'] !== 'false') return undefined;
  if ((await kotlinAndJava(repo, ['setComponentEnabledSetting'])).length > 0) return undefined;
  const own = (await kotlinAndJava(repo, [`class ${name}`]))
    .flatMap((file) => classesOf(file))
    .find((one) => one.name === name);
  if (own === undefined) return undefined;
  return {
    says: 'is switched off by android:enabled="false", and nothing switches it on',
    evidence: [{ file: own.file.path, line: own.file.line(own.start), says: 'is never called' }],
  };
}

const isOn = (value: string | undefined): boolean => value !== undefined && value !== 'false';

/** Whether a file that has a word names the class, too. */
async function isIn(repo: DoctorRepo, word: string, name: string): Promise<boolean> {
  const files = await kotlinAndJava(repo, [word]);
  return files.some(({ code }) => new RegExp(`\\b${name}\\b`).test(code));
}
