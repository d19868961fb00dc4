import { TARGET_SDK } from '../../../facts.ts';
import type { ManifestElement } from '../../../project/manifest-elements.ts';
import type { Located } from '../../../project/project.ts';
import type { Check, Finding } from '../../check.ts';
import {
  FLUTTER_SERVICE,
  FLUTTER_SERVICE_CLASS,
  foregroundConfigurations,
  isTrue,
} from '../../code/flutter-service.ts';
import type { DoctorRepo } from '../../repo.ts';
import { bootActionOf, classOf, releasedElements, serviceTypesOf } from './merged-manifests.ts';
import { serviceStarts } from './service-starts.ts';

/** https://developer.android.com/about/versions/15/behavior-changes-15#fgs-boot-completed */
const REFUSED = [
  'dataSync',
  'camera',
  'mediaPlayback',
  'phoneCall',
  'mediaProjection',
  'microphone',
];

export const foregroundFromBoot: Check = {
  id: 'A49',
  title: 'No foreground service of type dataSync is started by BOOT_COMPLETED',
  severity: 'error',
  why: 'With targetSdk 35 and higher Android refuses it with ForegroundServiceStartNotAllowedException: the app is ended after each restart of the device, and nothing is synced.',
  source: 'https://developer.android.com/about/versions/15/behavior-changes-15#fgs-boot-completed',
  fix: 'Enqueue work of WorkManager in the receiver: it may start after a restart, and needs no receiver to be kept over one.',
  explain: [
    'Android 15 took this way into the background away: a receiver of BOOT_COMPLETED may not start foreground services of the types dataSync, camera, mediaPlayback, phoneCall, mediaProjection and microphone.',
    'Periodic work of WorkManager goes on by itself after a restart, without a receiver of the app.',
  ].join('\n\n'),
  async run(repo) {
    const target = (await repo.androidBuild())?.targetSdk;
    if (target === undefined || target.value < TARGET_SDK.foregroundLimited) return [];
    const services = await releasedElements(repo, 'service');
    const findings = await ofFlutter(repo, services, target);
    const receivers = (await releasedElements(repo, 'receiver')).filter(
      (one) => bootActionOf(one) !== undefined,
    );
    if (receivers.length === 0) return findings;
    for (const { call, service, ways } of await serviceStarts(repo, ['startForegroundService'])) {
      const owner = ways.find(({ kind }) => kind === 'receiver')?.entry?.owner;
      const receiver = receivers.find((one) => classOf(one) === owner?.name);
      const declared = services.find((one) => classOf(one) === service.name);
      const type = refusedType(declared);
      if (receiver === undefined || declared === undefined || type === undefined) continue;
      const { file, start } = call;
      const message = `${owner?.name ?? ''} starts ${service.name}, of the type ${type}, after a restart of the device, which Android refuses`;
      const evidence = [
        { file: receiver.manifest.path, line: receiver.line, says: 'waits for BOOT_COMPLETED' },
        { file: declared.manifest.path, line: declared.line, says: `gives the type ${type}` },
        { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
      ];
      findings.push({ file: file.path, line: file.line(start), message, evidence });
    }
    return findings;
  },
};

/** The type of a service that has none but what is refused. */
function refusedType(declared: ManifestElement | undefined): string | undefined {
  const types = declared === undefined ? [] : serviceTypesOf(declared);
  return types.every((one) => REFUSED.includes(one)) ? types[0] : undefined;
}

/** The plugin’s own receiver starts its service. */
async function ofFlutter(
  repo: DoctorRepo,
  services: readonly ManifestElement[],
  target: Located<number>,
): Promise<Finding[]> {
  const declared = services.find(
    ({ attributes }) => attributes['android:name'] === FLUTTER_SERVICE_CLASS,
  );
  const type = refusedType(declared);
  if (declared === undefined || type === undefined) return [];
  const call = (await foregroundConfigurations(repo)).find((one) => isTrue(one, 'autoStartOnBoot'));
  if (call === undefined) return [];
  const { file, offset } = call;
  const message = `${FLUTTER_SERVICE} starts its service, of the type ${type}, after a restart of the device, which Android refuses`;
  const evidence = [
    { file: declared.manifest.path, line: declared.line, says: `gives the type ${type}` },
    { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
  ];
  const fix =
    'Say autoStartOnBoot: false, and let periodic work of workmanager do what is due after a restart.';
  return [{ file: file.path, line: file.line(offset), message, evidence, fix }];
}
