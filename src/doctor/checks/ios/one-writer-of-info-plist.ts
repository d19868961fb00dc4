import { appConfigList } from '../../../project/expo.ts';
import type { Check, Evidence, Finding } from '../../check.ts';
import { iosNeedsOf } from './needs.ts';
import { MODES_KEY, PERMITTED_KEY, hasMode, permissionFor, permissionsOf } from './permissions.ts';
import type { Permissions } from './permissions.ts';

export const oneWriterOfInfoPlist: Check = {
  id: 'I26',
  title: 'app.json and the Info.plist agree on background modes and task ids',
  severity: 'warning',
  why: '`npx expo prebuild` writes the arrays of app.json over those of the Info.plist: what was added to the Info.plist alone is gone with the next one.',
  source: 'https://docs.expo.dev/versions/latest/config/app/#infoplist',
  fix: 'Add the value to the array in app.json as well, or take the array out of app.json.',
  explain: [
    'Expo merges `expo.ios.infoPlist` of app.json into the Info.plist key by key: an array there takes the place of the one in the file. An id or a mode that somebody added to ios/…/Info.plist by hand disappears with the next `npx expo prebuild`, and the tasks stop.',
    'Keep each array in one place. Where app.json has it, it has to have everything:',
    '    "ios": { "infoPlist": { "UIBackgroundModes": ["processing"],\n      "BGTaskSchedulerPermittedIdentifiers": ["com.example.sync"] } }',
    'What a config plugin adds (expo-background-task for its own id) need not be listed.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.host === 'expo',
  async run(repo) {
    const expo = await repo.expo();
    const file = expo?.config.static;
    if (expo === undefined || file === undefined || expo.prebuild.kind === 'never') return [];
    const plists = await permissionsOf(repo);
    const found = new Map<string, Finding>();
    for (const { id, mode, from, at } of await iosNeedsOf(repo)) {
      // The plugin of a library brings what it needs.
      if (from === 'library') continue;
      for (const [key, value] of [
        [PERMITTED_KEY, id],
        [MODES_KEY, mode],
      ] as const) {
        const keys = ['ios', 'infoPlist', key];
        const list = await appConfigList(repo.files, expo.config, keys);
        if (value === undefined || list === undefined) continue;
        const having = plists.filter((one) =>
          key === MODES_KEY ? hasMode(one, value) : permissionFor(one, value).is === 'permitted',
        );
        if (having.length === 0 || list.values.includes(value)) continue;
        const message = `${key} lacks ${value}, which the Info.plist has: the next prebuild takes it out`;
        found.set(`${key} ${value}`, {
          file,
          line: list.line,
          message,
          evidence: [at, ...having.map((one) => placeIn(one, key, value))],
        });
      }
    }
    return [...found.values()];
  },
};

/** Where an Info.plist has the value; one that a build setting brings has no line there. */
function placeIn({ plist, permitted, modes }: Permissions, key: string, value: string): Evidence {
  const list = key === MODES_KEY ? modes : permitted;
  const lines = list.status === 'ok' ? list.values : [];
  const line = lines.find(({ text }) => text === value)?.line;
  return { file: plist.path, ...(line !== undefined && { line }), says: `has ${value}` };
}
