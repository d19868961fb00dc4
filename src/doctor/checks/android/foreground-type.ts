import { TARGET_SDK } from '../../../facts.ts';
import { hasServiceType } from '../../../project/flutter-target.ts';
import { classNameOf, serviceTypesIn, tagsOf } from '../../../project/manifest-elements.ts';
import type { Attributes, Manifest } from '../../../project/manifests.ts';
import { packageManifest } from '../../../project/package-build.ts';
import { lineOfDependency } from '../../../project/package-json.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { dartCalls } from '../../code/dart.ts';
import {
  FLUTTER_SERVICE,
  FLUTTER_SERVICE_CLASS,
  foregroundConfigurations,
} from '../../code/flutter-service.ts';
import { callsOf, classAround, contains, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { released, waysTo } from '../../code/kotlin-reach.ts';
import { workersOf } from '../../code/kotlin-workers.ts';
import { dartUsing, pubDependencyOf } from '../../code/pub-packages.ts';
import { SERVICE_LIBRARIES } from '../../code/task-libraries.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import {
  asksFor,
  classOf,
  hasActivity,
  isManifestOpen,
  mergedManifests,
  prebuildFix,
  releasedElements,
  serviceTypesOf,
} from './merged-manifests.ts';
import { usesWork } from './uses-work.ts';

/** In one file. */
const MOST = 20;
const SERVICE = 'androidx.work.impl.foreground.SystemForegroundService';

export const foregroundType: Check = {
  id: 'A22',
  title: 'Foreground services have a type, and the permission of that type',
  severity: 'error',
  why: 'With targetSdk 34 and higher, a foreground service without a type in the manifest, or without the permission of its type, may not start: the app crashes with MissingForegroundServiceTypeException, InvalidForegroundServiceTypeException or SecurityException.',
  source: 'https://developer.android.com/about/versions/14/changes/fgs-types-required',
  fix: `Declare ${SERVICE} in the manifest with android:foregroundServiceType and tools:node="merge".`,
  explain: [
    'A worker that calls setForeground is shown by a service of WorkManager’s, SystemForegroundService, which has no type of its own. From Android 14 on (targetSdk 34) the system refuses a foreground service whose type is not in the manifest: "Starting FGS with type none … has been prohibited".',
    'Declare the type, its permission, and give the same one to ForegroundInfo:\n\n    <service\n        android:name="androidx.work.impl.foreground.SystemForegroundService"\n        android:foregroundServiceType="dataSync"\n        tools:node="merge" />',
    'The permission is the other half: FOREGROUND_SERVICE_DATA_SYNC for dataSync. The same holds for services of the app that call startForeground, and for the services of react-native-background-actions, @supersami/rn-foreground-service and @voximplant/react-native-foreground-service, which leave the type to the app.',
    'As androidx.work:work-runtime 2.11.2 has it: ForegroundInfo(id, notification) is ForegroundInfo(id, notification, 0), which is no type, whatever the manifest says. On Android 12 and later its SystemForegroundService catches two exceptions and logs them, “Unable to start foreground service”: ForegroundServiceStartNotAllowedException, and the SecurityException of a permission that is missing. The worker goes on without the service then; a type that is missing ends the app.',
    'A sync that may take its time needs none of it: without setForeground WorkManager gives it up to ten minutes.',
  ].join('\n\n'),
  async run(repo) {
    const target = await targetOf(repo);
    if (target === undefined) return [];
    const evidence = [target];
    const merged = await mergedManifests(repo);
    const isTyped = (service: string): boolean =>
      tagsOf(merged, 'service').some(
        (tag) => isOf(tag, service) && tag['android:foregroundServiceType'] !== undefined,
      );
    const found = [
      ...(await ofWorkers(repo, isTyped)),
      ...(await untypedServices(repo)),
      ...(await ofLibraries(repo, isTyped)),
      ...(await ofPlugins(repo, isTyped)),
      ...(await ofLocation(repo, merged)),
      ...(await withoutPermission(repo, merged)),
      ...(await withoutBase(repo, merged)),
      ...(await otherTypes(repo, merged)),
    ];
    if (found.length > 0 && (await isManifestOpen(repo))) return [];
    return found.map((one) => ({ ...one, evidence: [...(one.evidence ?? []), ...evidence] }));
  },
};

/** What makes the app target a version of Android that wants types; undefined where nothing does. */
async function targetOf(repo: DoctorRepo): Promise<Evidence | undefined> {
  const planned = (await repo.manifests()).find(({ prebuilt }) => prebuilt !== undefined);
  const expo = planned === undefined ? undefined : await repo.expo();
  if (planned === undefined || expo === undefined) {
    const target = (await repo.androidBuild())?.targetSdk;
    if (target === undefined || target.value < TARGET_SDK.foregroundType) return undefined;
    return { file: target.file, line: target.line, says: `targetSdk is ${target.value}` };
  }
  const own = planned.prebuilt?.targetSdk;
  if (own !== undefined && own < TARGET_SDK.foregroundType) return undefined;
  // https://docs.expo.dev/versions/latest/#support-for-android-and-ios-versions
  const line = lineOfDependency((await repo.read('package.json')) ?? '', 'expo');
  return { file: 'package.json', line, says: `Expo SDK ${expo.sdk} targets Android 15 or later` };
}

async function ofWorkers(
  repo: DoctorRepo,
  isTyped: (service: string) => boolean,
): Promise<Finding[]> {
  const workers = await workersOf(repo);
  const files = workers.length === 0 ? [] : await kotlinAndJava(repo, ['setForeground']);
  if (files.length === 0 || isTyped(SERVICE)) return [];
  const findings: Finding[] = [];
  const found = new Set<string>();
  for (const file of files) {
    const calls = ['setForeground', 'setForegroundAsync'].flatMap((name) => callsOf(file, name));
    for (const { name: called, start } of calls.slice(0, MOST)) {
      const ways = released(await waysTo(repo, file, start, TARGET_SDK.foregroundType));
      const own = workers.find((one) => one.file === file && contains(one.body, start));
      const owner = own?.name ?? ways.find(({ kind }) => kind === 'worker')?.entry?.owner?.name;
      if (owner === undefined || ways.length === 0 || found.has(owner)) continue;
      found.add(owner);
      const message = `${owner} calls ${called}, and no manifest gives ${SERVICE} a type`;
      findings.push({ file: file.path, line: file.line(start), message });
    }
  }
  return findings;
}

/** The app's own services that go to the foreground and have no type in the manifest. */
export async function untypedServices(repo: DoctorRepo): Promise<Finding[]> {
  const files = await kotlinAndJava(repo, ['startForeground']);
  if (files.length === 0) return [];
  const elements = await releasedElements(repo, 'service');
  const findings: Finding[] = [];
  for (const file of files) {
    for (const call of callsOf(file, 'startForeground').slice(0, MOST)) {
      const ways = released(await waysTo(repo, file, call.start, TARGET_SDK.foregroundType));
      const around = classAround(file, call.start);
      const isOwn = around?.supertypes.some((name) => name.endsWith('Service')) === true;
      const owner = isOwn ? around : ways.find(({ kind }) => kind === 'service')?.entry?.owner;
      if (owner === undefined || ways.length === 0) continue;
      const own = elements.filter((one) => classOf(one) === owner.name);
      for (const { manifest, attributes, line } of own) {
        if (attributes['android:foregroundServiceType'] !== undefined) continue;
        const message = `the service ${owner.name} calls startForeground, and has no foregroundServiceType`;
        const says = 'goes into the foreground';
        const evidence = [{ file: file.path, line: file.line(call.start), says }];
        findings.push({ file: manifest.path, line, message, evidence, fix: OWN_FIX });
      }
    }
  }
  return findings;
}

const OWN_FIX =
  'Give the service android:foregroundServiceType, and ask for the permission of that type.';

const LOCATION = 'expo-location';

/** Its service has its type; the permission is the app’s: ForegroundServicePermissionsException of expo-location 18. */
async function ofLocation(repo: DoctorRepo, merged: readonly Manifest[]): Promise<Finding[]> {
  const permission = 'android.permission.FOREGROUND_SERVICE_LOCATION';
  if (!repo.depends(LOCATION) || merged.length === 0) return [];
  if (asksFor(merged, permission) === 'yes') return [];
  const name = 'startLocationUpdatesAsync';
  if ((await repo.sourcesContaining('javascript', [name])).length === 0) return [];
  const { callsOf, lineIn, propertyOf, scriptsContaining } =
    await import('../../code/javascript.ts');
  for (const script of await scriptsContaining(repo, [LOCATION])) {
    const call = callsOf(script, { module: LOCATION, name }).find(
      (one) => propertyOf(one.arguments[1], 'foregroundService') !== undefined,
    );
    if (call === undefined) continue;
    const message = `${name} starts a foreground service, and the app does not ask for FOREGROUND_SERVICE_LOCATION`;
    const evidence = [await dependencyOf(repo, LOCATION)];
    const planned = prebuildFix(await repo.manifests(), permission);
    const fix =
      planned.fix === undefined
        ? `Add <uses-permission android:name="${permission}" /> to the manifest.`
        : 'Set isAndroidForegroundServiceEnabled of the plugin expo-location in the app config.';
    return [{ file: script.path, line: lineIn(script, call), message, evidence, fix }];
  }
  return [];
}

/** A plugin of Flutter: https://pub.dev/packages/flutter_foreground_task */
const TASK_PLUGIN = 'flutter_foreground_task';
const TASK_SERVICE = 'com.pravera.flutter_foreground_task.service.ForegroundService';

/** Packages whose foreground service has the type that the app gives it, for one kind of work or another. */
export const SERVICE_PACKAGES = [
  ...SERVICE_LIBRARIES.map(({ name }) => name),
  '@notifee/react-native',
  FLUTTER_SERVICE,
  TASK_PLUGIN,
];

async function ofPlugins(
  repo: DoctorRepo,
  isTyped: (service: string) => boolean,
): Promise<Finding[]> {
  const tasks = (await dartUsing(repo, TASK_PLUGIN)).flatMap((file) =>
    dartCalls(file, /\bFlutterForegroundTask\s*\.\s*startService/),
  );
  const starts = [
    {
      name: FLUTTER_SERVICE,
      service: FLUTTER_SERVICE_CLASS,
      calls: await foregroundConfigurations(repo),
    },
    { name: TASK_PLUGIN, service: TASK_SERVICE, calls: tasks },
  ];
  const build = (await repo.androidBuild())?.buildFile ?? '';
  const elements = await releasedElements(repo, 'service');
  const isWhole = await hasActivity(repo);
  const findings: Finding[] = [];
  for (const { name, service, calls } of starts) {
    const [call] = calls;
    if (call === undefined || isTyped(service)) continue;
    if (elements.every((one) => classOf(one) !== service.split('.').at(-1)) && !isWhole) continue;
    if (await hasServiceType(repo.files, build)) continue;
    const { file, offset } = call;
    const evidence = [await pubDependencyOf(repo, name)];
    findings.push({
      file: file.path,
      line: file.line(offset),
      ...untyped(name, service),
      evidence,
    });
  }
  return findings;
}

async function ofLibraries(
  repo: DoctorRepo,
  isTyped: (service: string) => boolean,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, service, starts } of SERVICE_LIBRARIES) {
    if (!repo.depends(name) || isTyped(service) || (await repo.manifests()).length === 0) continue;
    const own = await packageManifest(repo, name);
    if (own?.mentions('foregroundServiceType') === true) continue;
    for (const file of await repo.sourcesContaining('javascript', [name])) {
      const call = startIn(file, name, starts);
      if (call === undefined) continue;
      findings.push({
        file: file.path,
        line: file.line(call),
        ...untyped(name, service),
        evidence: [await dependencyOf(repo, name)],
      });
    }
  }
  return findings;
}

const untyped = (name: string, service: string) => ({
  message: `${name} starts ${service} here, and no manifest gives it a foregroundServiceType`,
  fix: `Declare ${service} in the manifest with android:foregroundServiceType and tools:node="merge", and ask for the permission of that type.`,
});

/** Where a file calls a method of what it imports from a package, or of what it takes from that. */
function startIn(
  { code, noComments }: SourceFile,
  name: string,
  method: string,
): number | undefined {
  const holders = new Set<string>();
  for (let at = noComments.indexOf(name); at !== -1; at = noComments.indexOf(name, at + 1)) {
    const before = noComments.slice(Math.max(0, at - 200), at);
    const words = ['import ', 'const ', 'let ', 'var '].map((word) => before.lastIndexOf(word));
    const statement = Math.max(...words);
    if (statement === -1) continue;
    for (const [word] of before.slice(statement).matchAll(/\w+/g)) holders.add(word);
  }
  // `const service = Actions.default`, `const service = VIForegroundService.getInstance()`
  for (const [, local = '', from = ''] of code.matchAll(
    /\b(?:const|let|var)\s+(\w+)\s*=\s*(\w+)/g,
  )) {
    if (holders.has(from)) holders.add(local);
  }
  for (const { index } of code.matchAll(new RegExp(`\\.\\s*${method}\\s*\\(`, 'g'))) {
    const receiver = code.slice(Math.max(0, index - 80), index).trimEnd();
    const [chain = ''] = /(?<![\w.()?!])[\w.()?!]+$/.exec(receiver) ?? [];
    if (holders.has(/\w+/.exec(chain)?.[0] ?? '')) return index;
  }
  return undefined;
}

const BASE = 'android.permission.FOREGROUND_SERVICE';

/** Services of the app, with a type or without, whose app does not ask for the permission of all foreground services. */
async function withoutBase(repo: DoctorRepo, merged: readonly Manifest[]): Promise<Finding[]> {
  const asked = asksFor(merged, BASE);
  // The manifest of androidx.work brings it.
  if (asked === 'yes' || (asked === 'no' && (await usesWork(repo)) !== undefined)) return [];
  const files = await kotlinAndJava(repo, ['startForeground']);
  if (files.length === 0) return [];
  const elements = await releasedElements(repo, 'service');
  for (const file of files) {
    for (const { start } of callsOf(file, 'startForeground').slice(0, MOST)) {
      const owner = classAround(file, start);
      const element = elements.find((one) => classOf(one) === owner?.name);
      if (element === undefined || owner === undefined) continue;
      if (released(await waysTo(repo, file, start)).length === 0) continue;
      const message = `${owner.name} calls startForeground, and the app does not ask for ${BASE}`;
      const says = 'is the service';
      const evidence = [{ file: element.manifest.path, line: element.line, says }];
      const fix = `Add <uses-permission android:name="${BASE}" /> to the manifest.`;
      return [{ file: file.path, line: file.line(start), message, evidence, fix }];
    }
  }
  return [];
}

const CALLED_TYPE = /\bFOREGROUND_SERVICE_TYPE_([A-Z_]+)\b/g;

/** Types as they stand in code, in the form of the manifest: `DATA_SYNC` is dataSync. */
const typeOf = (name: string): string =>
  name.toLowerCase().replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** What code starts a service as, where the manifest does not give it that type. */
async function otherTypes(repo: DoctorRepo, merged: readonly Manifest[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const files = await kotlinAndJava(repo, ['startForeground', 'ForegroundInfo']);
  const shows = (await kotlinAndJava(repo, ['setForeground'])).length > 0;
  for (const file of files) {
    for (const name of ['startForeground', 'ForegroundInfo']) {
      for (const call of callsOf(file, name).slice(0, MOST)) {
        const service = name === 'ForegroundInfo' ? SERVICE : classAround(file, call.start)?.name;
        if (service === undefined) continue;
        const given = givenTypes(merged, service);
        if (given === undefined) continue;
        if (
          released(await waysTo(repo, file, call.start, TARGET_SDK.foregroundType)).length === 0
        ) {
          continue;
        }
        const at = { file: file.path, line: file.line(call.start) };
        const element = await elementOf(repo, service);
        const evidence = element === undefined ? [] : [element];
        const written = file.code.slice(call.start, call.end);
        const types = [...written.matchAll(CALLED_TYPE)].map(([, type = '']) => typeOf(type));
        const other = types.find((type) => !given.includes(type));
        if (other !== undefined && !FREE.has(other) && other !== 'manifest') {
          const message = `starts as ${other}, and the manifest gives ${service} the type ${given.join('|')} alone`;
          const fix = `Start it as ${given.join(' or ')}, or add ${other} to android:foregroundServiceType.`;
          findings.push({ ...at, message, evidence, fix });
        } else if (name === 'ForegroundInfo' && call.arguments.length === 2 && shows) {
          // Expedited work asks for it below Android 12 alone, where no type is wanted: WorkForeground of work-runtime 2.11.2.
          // One below an if that asks for the level has a twin with the type.
          if (/\bSDK_INT\b/.test(file.code.slice(Math.max(0, call.start - 400), call.start + 400)))
            continue;
          const message = `ForegroundInfo names no type: ${SERVICE} is started as none, which Android refuses`;
          const fix = `Give ForegroundInfo the type as its third argument: ${given.join(' or ')}.`;
          findings.push({ ...at, message, evidence, fix });
        }
      }
    }
  }
  return findings;
}

/** Whether an element is of this class, whatever its package is written as. */
const isOf = (tag: Attributes, service: string): boolean =>
  classNameOf(tag) === service.split('.').at(-1);

/** The types that the manifests give a service; undefined where they give it none, or not in words. */
function givenTypes(merged: readonly Manifest[], service: string): string[] | undefined {
  const types = tagsOf(merged, 'service')
    .filter((tag) => isOf(tag, service))
    .flatMap(serviceTypesIn);
  return types.length === 0 || types.some((one) => !/^[a-z]\w*$/i.test(one)) ? undefined : types;
}

async function elementOf(repo: DoctorRepo, service: string): Promise<Evidence | undefined> {
  const name = service.split('.').at(-1);
  const element = (await releasedElements(repo, 'service')).find((one) => classOf(one) === name);
  return (
    element && {
      file: element.manifest.path,
      line: element.line,
      says: 'gives the service its type',
    }
  );
}

const permissionOf = (type: string): string =>
  `FOREGROUND_SERVICE_${type.replace(/[A-Z]/g, '_$&').toUpperCase()}`;

/** Types that have no permission of their own. */
const FREE = new Set(['shortService', 'none']);

/** The permission that a type of foreground service asks for; undefined where there is none. */
export const permissionOfType = (type: string): string | undefined =>
  FREE.has(type.trim()) ? undefined : `android.permission.${permissionOf(type.trim())}`;

/** A type is refused without its permission: SecurityException, “Starting FGS with type … requires permissions”. */
async function withoutPermission(
  repo: DoctorRepo,
  merged: readonly Manifest[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const element of await releasedElements(repo, 'service')) {
    const { manifest, attributes, line } = element;
    const types = serviceTypesOf(element).filter(
      (one) => !FREE.has(one) && /^[a-z]\w*$/i.test(one),
    );
    const has = (type: string): boolean =>
      asksFor(merged, `android.permission.${permissionOf(type)}`) === 'yes';
    // Code that starts it may name the one type of several that it needs.
    const isKnown = SERVICE_LIBRARIES.some((one) => one.service === attributes['android:name']);
    if (!isKnown && types.some(has)) continue;
    for (const type of types) {
      if (has(type)) continue;
      const permission = permissionOf(type);
      const service = attributes['android:name'] ?? 'the service';
      const message = `${service} is of the type ${type}, and the app does not ask for ${permission}`;
      const fix = `Add <uses-permission android:name="android.permission.${permission}" /> to the manifest.`;
      const planned = prebuildFix(await repo.manifests(), `android.permission.${permission}`);
      findings.push({ file: manifest.path, line, message, fix, ...planned });
    }
  }
  return findings;
}
