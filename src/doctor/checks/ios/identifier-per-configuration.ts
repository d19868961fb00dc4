import type { Check, Evidence, Finding } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';
import { PERMITTED_KEY, isAboutBackground, permissionFor, permissionsOf } from './permissions.ts';
import type { Permission, Permissions } from './permissions.ts';

export const identifierPerConfiguration: Check = {
  id: 'I19',
  title: 'Every configuration and target permits the task id that it uses',
  severity: 'warning',
  why: 'A staging build with a bundle id or an Info.plist of its own permits another id than the code registers: there nothing runs, and the release build works.',
  source:
    'https://developer.apple.com/documentation/bundleresources/information-property-list/bgtaskschedulerpermittedidentifiers',
  fix: 'Write the id as $(PRODUCT_BUNDLE_IDENTIFIER).name in the Info.plist where the code builds it from the bundle id, and as the same literal where it does not.',
  explain: [
    'An id that the code builds from Bundle.main.bundleIdentifier is another one in each configuration that has a bundle id of its own. An Info.plist that lists it as a literal permits one of them. It also happens the other way round: a literal in the code, $(PRODUCT_BUNDLE_IDENTIFIER) in the plist.',
    'The same goes for a second app target with its own Info.plist that has background tasks but lacks one of the ids.',
    '    let taskId = Bundle.main.bundleIdentifier! + ".sync"      // Swift\n    <string>$(PRODUCT_BUNDLE_IDENTIFIER).sync</string>         // Info.plist',
    'doctor compares both for every configuration whose bundle id stands in the Xcode project; those from an xcconfig are not known and not reported.',
  ].join('\n\n'),
  async run(repo) {
    const all = await permissionsOf(repo);
    const found = new Map<string, Finding>();
    for (const { id, who, from, at } of await iosNeedsOf(repo)) {
      if (id === undefined) continue;
      const states = all.map((one) => ({ one, state: permissionFor(one, id) }));
      const isSomewhere = states.some(({ state }) => ['permitted', 'depends'].includes(state.is));
      for (const { one, state } of states) {
        const file = one.plist.path;
        const line = one.permitted.status === 'ok' ? one.permitted.line : undefined;
        if (state.is === 'depends') {
          const message = `${PERMITTED_KEY} does not permit ${id}, which ${who} needs, in ${state.in.join('; ')}`;
          found.set(`${file} ${id}`, {
            ...{ file, ...(line !== undefined && { line }), message },
            evidence: [at],
          });
        } else if (
          state.is === 'missing' &&
          from !== 'config' &&
          isSomewhere &&
          isAboutBackground(one)
        ) {
          const names = one.plist.targets.map(({ name }) => name).join(', ');
          const message = `${PERMITTED_KEY} of target ${names} does not contain ${id}; that of another target does`;
          const evidence = [at, ...states.flatMap(permitting(id))];
          const place = { file, ...(line !== undefined && { line }) };
          found.set(`${file} ${id}`, { ...place, message, evidence });
        }
      }
    }
    return [...found.values()];
  },
};

/** Where another target's plist permits it. */
const permitting =
  (id: string) =>
  ({ one, state }: { one: Permissions; state: Permission }): Evidence[] => {
    const { plist, permitted } = one;
    if (state.is !== 'permitted' || permitted.status !== 'ok') return [];
    const { line } = permitted.values.find(({ text }) => text === id) ?? permitted;
    return [{ file: plist.path, line, says: `permits ${id}` }];
  };
