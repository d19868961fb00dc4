import { TRANSISTOR } from '../../../facts.ts';
import { INFO_PLIST } from '../../../integrations/edits/info-plist.ts';
import type { Check, Finding } from '../../check.ts';
import { nearestName } from '../../code/near-names.ts';
import { iosNeedsOf } from './needs.ts';
import type { IosNeed } from './needs.ts';
import { leavesLegacyFetchOn, registersEveryId } from './legacy-fetch.ts';
import {
  PERMITTED_KEY,
  isAboutBackground,
  isLeftOpen,
  permissionFor,
  placed,
  plannedPermissionsOf,
  prebuildFix,
} from './permissions.ts';
import type { Permissions } from './permissions.ts';

const UPDATE_FIRST = `Update ${TRANSISTOR.name} to ${TRANSISTOR.firstWithPrefix} or later, then add the id: as it is, it registers every id that is listed, and the app ends at its launch (I32).`;

export const permittedIdentifier: Check = {
  id: 'I01',
  title: 'Info.plist permits every task id that is registered or requested',
  severity: 'error',
  why: 'iOS refuses to register or submit a task whose id is not listed: nothing ever runs, and nothing crashes.',
  source:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/bgtaskschedulerpermittedidentifiers',
  fix: 'Add the id to the array. For the id of bgsync.config.json, `npx bgsync init` does it.',
  mends:
    'Adds the id. Where the key is new, iOS also stops calling performFetchWithCompletionHandler: with the mode fetch in the Info.plist it is left to you. So it is beside a react-native-background-fetch that registers every id that is listed (I32), and where one of two names is a typo.',
  explain: [
    'iOS only accepts background tasks whose identifier is listed in BGTaskSchedulerPermittedIdentifiers of the Info.plist. BGTaskScheduler.register returns false for any other, and submit fails with error 3 (notPermitted). Nothing crashes and nothing runs.',
    'doctor reads the ids from bgsync.config.json, from the calls of BGTaskScheduler and the requests in the app’s Swift and Objective-C (literals, constants, raw values of enums, and what is built from the bundle’s id), and knows those of expo-background-task, react-native-background-fetch and @capacitor/background-runner.',
    'Upper and lower case count, and every app target and configuration needs the entry in its own plist: a staging target with a plist of its own is often forgotten.',
    '    <key>BGTaskSchedulerPermittedIdentifiers</key>\n    <array>\n      <string>$(PRODUCT_BUNDLE_IDENTIFIER).sync</string>\n    </array>',
  ].join('\n\n'),
  async run(repo) {
    const needs = (await iosNeedsOf(repo)).filter(({ id }) => id !== undefined);
    if (needs.length === 0) return [];
    const all = await plannedPermissionsOf(repo);
    const isTaken = await registersEveryId(repo);
    const found = new Map<string, Finding>();
    for (const need of needs) {
      const id = need.id ?? '';
      // A second target may do without what another one runs.
      const isElsewhere =
        need.from !== 'config' && all.some((one) => permissionFor(one, id).is !== 'missing');
      if (isElsewhere) continue;
      const some = all.filter(isAboutBackground);
      for (const one of need.from === 'config' || some.length === 0 ? all : some) {
        const finding = lacks(one, need, id);
        if (finding === undefined || isLeftOpen(repo, one)) continue;
        const fix = prebuildFix(PERMITTED_KEY, id, need.who);
        const own = one.prebuilt === undefined ? finding : { ...placed(finding), fix };
        const isSafe = !isTaken || id.startsWith(TRANSISTOR.prefix);
        found.set(`${one.plist.path} ${id}`, {
          ...(isSafe ? own : { ...placed(finding), fix: UPDATE_FIRST }),
          evidence: [need.at],
        });
      }
    }
    return [...found.values()];
  },
};

function lacks(one: Permissions, { who, from }: IosNeed, id: string): Finding | undefined {
  const { plist, permitted } = one;
  const file = plist.path;
  if (permitted.status === 'invalid') {
    return { file, message: `${PERMITTED_KEY} cannot be read: ${permitted.reason}` };
  }
  if (permissionFor(one, id).is !== 'missing') return undefined;
  const reason = from === 'config' ? '' : `, which ${who} needs`;
  const fixEdits = () => Promise.resolve(addition(one, id));
  if (permitted.status === 'absent') {
    const message = `${PERMITTED_KEY} is missing; it must contain ${id}${reason}`;
    if (!leavesLegacyFetchOn(one)) return { file, message, fixEdits };
    const fix = `Add the key with ${id}. It also turns off the background fetch of before iOS 13 (performFetchWithCompletionHandler), which the mode fetch leaves on: check first that nothing in the app and its pods uses that.`;
    return { file, message, fix };
  }
  const names = permitted.values.map(({ text }) => text);
  const cased = permitted.values.find(({ text }) => text.toLowerCase() === id.toLowerCase());
  if (cased !== undefined) {
    const message = `${PERMITTED_KEY} contains ${cased.text} where ${id} is needed: upper and lower case count`;
    return { file, line: cased.line, message, fixEdits };
  }
  const message = `${PERMITTED_KEY} does not contain ${id}${reason}`;
  const near = from === 'config' ? undefined : nearestName(id, names);
  if (near === undefined) return { file, line: permitted.line, message, fixEdits };
  // Which of the two is the typo is not known: no edit may make it permanent.
  const fix = `Write one of the two everywhere: ${near} is permitted, ${id} is in the code.`;
  const line = permitted.values.find(({ text }) => text === near)?.line ?? permitted.line;
  return { file, line, message: `${message}: did you mean ${near}?`, fix };
}

function addition({ plist: { path, text }, permitted }: Permissions, id: string) {
  const edit = INFO_PLIST.ensure(text, [{ key: PERMITTED_KEY, values: [id] }]);
  if (edit.status !== 'changed') return [];
  const reason =
    permitted.status === 'absent'
      ? 'permits the task id; the new key also keeps the background fetch of before iOS 13 off, which has no mode here'
      : 'permits the task id';
  return [{ kind: 'edit', path, reason, before: text, after: edit.text } as const];
}
