import { TARGET_SDK } from '../../../facts.ts';
import type { Check, Finding } from '../../check.ts';
import { membersOf } from '../../code/kotlin-declarations.ts';
import { parametersOf } from '../../code/kotlin-handed.ts';
import { classOf, releasedElements, serviceTypesOf } from './merged-manifests.ts';
import { servicesOf, withParents } from './service-starts.ts';

/** Types whose time Android limits, and the limit in words: https://developer.android.com/develop/background-work/services/fgs/timeout */
const LIMITS: Readonly<Record<string, string>> = {
  dataSync: '6 hours a day',
  mediaProcessing: '6 hours a day',
  shortService: '3 minutes',
};

export const foregroundTimeout: Check = {
  id: 'A50',
  title: 'A foreground service whose time is limited stops when Android says so',
  severity: 'warning',
  why: 'With targetSdk 35 and higher a service of type dataSync has 6 hours a day. Then Android calls onTimeout; a service that does not stop there is ended with the app: “A foreground service of type dataSync did not stop within its timeout”.',
  source: 'https://developer.android.com/develop/background-work/services/fgs/timeout',
  fix: 'Override onTimeout(startId: Int, fgsType: Int) in the service and call stopSelf() in it; of a shortService, onTimeout(startId: Int).',
  explain: [
    'The hours of all services of a type are added up over a day, and begin anew when the user opens the app. A shortService has 3 minutes, and ends in an ANR.',
    '    override fun onTimeout(startId: Int, fgsType: Int) {\n        save()\n        stopSelf(startId)\n    }',
    'WorkManager’s own service has an onTimeout (work-runtime 2.11.2, SystemForegroundService): a worker hears of it as of any other stop. A service that calls stopSelf when its work is done meets the limit only where the work takes that long, so it is told as a note there.',
  ].join('\n\n'),
  async run(repo) {
    const target = (await repo.androidBuild())?.targetSdk;
    if (target === undefined || target.value < TARGET_SDK.foregroundType) return [];
    const elements = (await releasedElements(repo, 'service')).filter(
      ({ attributes }) => attributes['android:foregroundServiceType'] !== undefined,
    );
    if (elements.length === 0) return [];
    const services = await servicesOf(repo);
    const findings: Finding[] = [];
    for (const element of elements) {
      const types = serviceTypesOf(element);
      const [type = ''] = types;
      const limit = LIMITS[type];
      // The other type of two has no limit, and the service may go on with it.
      if (limit === undefined || types.some((one) => LIMITS[one] === undefined)) continue;
      if (type !== 'shortService' && target.value < TARGET_SDK.foregroundLimited) continue;
      const service = services.find(({ name }) => name === classOf(element));
      const own = service && (await withParents(repo, service));
      if (service === undefined || own === undefined) continue;
      const told = own.flatMap(membersOf).filter(({ name }) => name === 'onTimeout');
      if (told.some((one) => type === 'shortService' || parametersOf(one).length !== 1)) continue;
      const code = own.map(({ file, body }) => file.code.slice(body.start, body.end)).join('\n');
      if (!/\bstartForeground\s*\(/.test(code)) continue;
      const ends =
        type !== 'shortService' && told.length === 0 && /\bstopSelf(?:Result)?\s*\(/.test(code);
      const { file, start } = service;
      const message = `${service.name} is of the type ${type}, which has ${limit}, and has ${told.length === 0 ? 'no onTimeout' : 'the onTimeout of a shortService alone, which Android does not call for it'}`;
      const evidence = [
        { file: element.manifest.path, line: element.line, says: `gives the type ${type}` },
        { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
      ];
      findings.push({
        file: file.path,
        line: file.line(start),
        message,
        evidence,
        ...(ends && { severity: 'info' as const }),
      });
    }
    return findings;
  },
};
