import { classNameOf, tagsOf } from '../../../project/manifest-elements.ts';
import { TARGET_SDK } from '../../../facts.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { bracketsOf } from '../../code/brackets.ts';
import { kotlinText } from '../../code/kotlin-constants.ts';
import { callsOf, codeOf, functionsOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { receiverOf, released, typesOf, waysTo } from '../../code/kotlin-reach.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import { classOf, mergedManifests, releasedElements } from './merged-manifests.ts';

const ELEMENTS = ['activity', 'activity-alias', 'service', 'receiver'];
/** In one file. */
const MOST = 20;

export const exported: Check = {
  id: 'A64',
  title: 'Components say whether other apps can start them',
  severity: 'error',
  why: 'With targetSdk 31 and higher a component with an intent filter and no android:exported ends the build. With 34 and higher registerReceiver throws SecurityException where neither RECEIVER_EXPORTED nor RECEIVER_NOT_EXPORTED is given.',
  source:
    'https://developer.android.com/about/versions/14/behavior-changes-14#runtime-receivers-exported',
  fix: 'Write android:exported="false" into the element; give registerReceiver Context.RECEIVER_NOT_EXPORTED, by ContextCompat below Android 13.',
  explain: [
    'The manifest merger asks a boot receiver, or a service with an action, for android:exported. What the app alone or the system sends needs "false".',
    'A receiver that code registers says it by a flag: “One of RECEIVER_EXPORTED or RECEIVER_NOT_EXPORTED should be specified when a receiver isn’t being registered exclusively for system broadcasts”. doctor speaks of actions of the app’s own alone.',
  ].join('\n\n'),
  async run(repo) {
    const files = await kotlinAndJava(repo, ['registerReceiver']);
    const elements = (
      await Promise.all(ELEMENTS.map((name) => releasedElements(repo, name)))
    ).flat();
    const open = elements.filter(
      ({ actions, attributes }) =>
        actions.length > 0 && attributes['android:exported'] === undefined,
    );
    if (files.length === 0 && open.length === 0) return [];
    const build = await repo.androidBuild();
    const target = build?.targetSdk;
    if (build === undefined || target === undefined || target.value < TARGET_SDK.exported)
      return [];
    const evidence = [
      { file: target.file, line: target.line, says: `targetSdk is ${target.value}` },
    ];
    const namespace = build.namespace?.value ?? build.applicationId ?? ' ';
    const findings: Finding[] = [];
    const merged = open.length === 0 ? [] : await mergedManifests(repo);
    // Another manifest of the build may say it.
    const said = new Set(
      ELEMENTS.flatMap((name) => tagsOf(merged, name))
        .filter((tag) => tag['android:exported'] !== undefined)
        .map(classNameOf),
    );
    for (const element of open) {
      const name = element.attributes['android:name'] ?? '';
      const isOwn = name.startsWith('.') || name.startsWith(`${namespace}.`);
      if (!isOwn || said.has(classOf(element))) continue;
      const message = `${classOf(element)} has an intent filter and no android:exported: the build ends there`;
      findings.push({ file: element.manifest.path, line: element.line, message, evidence });
    }
    return target.value < TARGET_SDK.receiverExported
      ? findings
      : [...findings, ...(await unflagged(repo, files, namespace, evidence))];
  },
};

async function unflagged(
  repo: DoctorRepo,
  files: readonly SourceFile[],
  namespace: string,
  evidence: readonly Evidence[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of files) {
    for (const call of callsOf(file, 'registerReceiver').slice(0, MOST)) {
      const [receiver] = call.arguments;
      // With three or five of them the last one is the flags.
      if (receiver === undefined || ![2, 4].includes(call.arguments.length)) continue;
      if (codeOf(file, receiver) === 'null' || !isOfContext(file, call)) continue;
      const action = await ownAction(repo, call, namespace);
      if (action === undefined) continue;
      const ways = await waysTo(repo, file, call.start, TARGET_SDK.receiverExported);
      if (released(ways).length === 0) continue;
      const message = `registerReceiver throws on Android 14: ${action} is no broadcast of the system, and neither RECEIVER_EXPORTED nor RECEIVER_NOT_EXPORTED is given`;
      findings.push({ file: file.path, line: file.line(call.start), message, evidence });
    }
  }
  return findings;
}

/** Not of a LocalBroadcastManager, nor a function of the app. */
function isOfContext(file: SourceFile, { start, end }: KotlinCall): boolean {
  const { code } = file;
  if (/^\s*\{/.test(code.slice(end + 1, end + 40))) return false;
  const receiver = receiverOf(code.slice(Math.max(0, start - 200), start));
  if (receiver === undefined) {
    return !functionsOf(file).some(({ name }) => name === 'registerReceiver');
  }
  const last = receiver.split('.').at(-1) ?? '';
  if (/local|lbm|broadcast|manager|compat/i.test(receiver)) return false;
  return ![...typesOf(file, last)].some((type) => /BroadcastManager|Compat/.test(type));
}

/** An action of the app's own that the filter of a call waits for; undefined where none is seen. */
async function ownAction(
  repo: DoctorRepo,
  { file, arguments: [, filter] }: KotlinCall,
  namespace: string,
): Promise<string | undefined> {
  if (filter === undefined) return undefined;
  const { code } = file;
  const name = /^(?:\w+\s*=\s*)?(\w+)$/.exec(codeOf(file, filter))?.[1];
  const isNamed = ({ start }: KotlinCall): boolean =>
    name !== undefined &&
    new RegExp(
      `(?<![\\w.])${name}\\s*(?::\\s*IntentFilter\\s*)?(?:=\\s*(?:new\\s+)?|\\.\\s*)$`,
    ).test(code.slice(Math.max(0, start - 80), start));
  const within = [
    filter,
    // `val filter = IntentFilter().apply { … }`
    ...callsOf(file, 'IntentFilter')
      .filter(isNamed)
      .flatMap(({ end }) => {
        const opening = /^\s*\.\s*apply\s*\{/.exec(code.slice(end + 1, end + 40))?.[0];
        const block = opening && bracketsOf(file).at(end + opening.length);
        return block ? [{ start: block.open, end: block.close }] : [];
      }),
  ];
  const isOfIt = (one: KotlinCall): boolean =>
    isNamed(one) || within.some(({ start, end }) => start <= one.start && one.end <= end);
  const actions = ['IntentFilter', 'addAction']
    .flatMap((one) => callsOf(file, one))
    .filter(isOfIt)
    .slice(0, MOST);
  for (const { arguments: given } of actions) {
    const text = given[0] && (await kotlinText(repo, file, given[0]));
    if (text === undefined) continue;
    if (text.startsWith(`${namespace}.`) || !text.includes('.')) return text;
  }
  return undefined;
}
