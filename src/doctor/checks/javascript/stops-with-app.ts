import type { Check, Evidence, Finding } from '../../check.ts';
import type { Script } from '../../code/javascript.ts';
import type { Located } from '../../code/js-resolve.ts';
import { BACKGROUND_FETCH, CAPACITOR_FETCH } from '../../code/task-libraries.ts';
import { dependencyOf } from '../../evidence.ts';
import type { DoctorRepo } from '../../repo.ts';

const STOP = 'stopOnTerminate';

/** What asks for runs without the app, and by which calls. */
const LIBRARIES = [
  {
    modules: [BACKGROUND_FETCH, CAPACITOR_FETCH],
    names: ['configure', 'scheduleTask'],
    wishes: ['enableHeadless', 'startOnBoot'],
  },
  {
    modules: [
      'react-native-background-geolocation',
      'react-native-background-geolocation-android',
      '@transistorsoft/capacitor-background-geolocation',
    ],
    names: ['ready'],
    // Its restart is not bound to the other setting.
    wishes: ['enableHeadless'],
  },
];

export const stopsWithApp: Check = {
  id: 'J22',
  title: 'What is to run without the app is not stopped with it',
  severity: 'error',
  why: 'stopOnTerminate is true unless it is set. Android’s part of the library then gives its task up as soon as the app is gone from the recent apps, and starts none after a restart, whatever enableHeadless and startOnBoot say.',
  source:
    'https://github.com/transistorsoft/react-native-background-fetch#config-boolean-startonboot-false',
  fix: 'Say stopOnTerminate: false beside it.',
  explain: [
    'The library reads the three settings together. Where a run begins without the app’s screen, it looks at stopOnTerminate first, and takes the task back where that is true; after a restart of the device it deletes the settings of a task that has startOnBoot and stopOnTerminate both.',
    '    BackgroundFetch.configure({\n      minimumFetchInterval: 15,\n      stopOnTerminate: false,\n      startOnBoot: true,\n      enableHeadless: true,\n    }, onEvent, onTimeout);',
    'iOS knows none of the three: a user who closes the app there ends its runs until they open it again.',
  ].join('\n\n'),
  appliesTo: (repo) => used(repo).length > 0,
  async run(repo) {
    const libraries = used(repo);
    const wishes = [...new Set(libraries.flatMap((one) => one.wishes))];
    if ((await repo.sourcesContaining('javascript', wishes)).length === 0) return [];
    // `config.stopOnTerminate = false`, of whatever object.
    const setting = await repo.sourcesContaining('javascript', [STOP]);
    if (setting.some(({ code }) => /\bstopOnTerminate\s*=(?![=>])/.test(code))) return [];
    const { callsOf, scriptsContaining } = await import('../../code/javascript.ts');
    const findings = new Map<string, Finding>();
    for (const { modules, names, wishes: keys } of libraries) {
      for (const module of modules.filter((one) => repo.depends(one))) {
        for (const script of await scriptsContaining(repo, [module])) {
          for (const name of names) {
            for (const call of callsOf(script, { module, owner: 'BackgroundFetch', name })) {
              const options = call.arguments[0];
              if (options === undefined) continue;
              const found = await stoppedIn(repo, { script, node: options }, keys);
              if (found === undefined) continue;
              const { file, line, message } = found;
              const evidence = [...found.evidence, await dependencyOf(repo, module)];
              findings.set(`${file}:${line} ${message}`, { file, line, message, evidence });
            }
          }
        }
      }
    }
    return [...findings.values()];
  },
};

const used = (repo: DoctorRepo) =>
  LIBRARIES.filter(({ modules }) => modules.some((one) => repo.depends(one)));

interface Stopped {
  readonly file: string;
  readonly line: number;
  readonly message: string;
  readonly evidence: readonly Evidence[];
}

/** The first of the wishes in options that are stopped with the app. */
async function stoppedIn(
  repo: DoctorRepo,
  { script, node }: { readonly script: Script; readonly node: Located['node'] },
  wishes: readonly string[],
): Promise<Stopped | undefined> {
  const [{ lineIn }, { valuesOf }, { entryAt, resolveNode }] = await Promise.all([
    import('../../code/javascript.ts'),
    import('../../code/js-called.ts'),
    import('../../code/js-resolve.ts'),
  ]);
  const settingIn = async (holder: Located, name: string) => {
    const entry = await entryAt(repo, holder, name);
    if (entry === undefined || entry === 'absent') return entry;
    const found = await resolveNode(repo, entry.script, entry.node);
    return found?.node.type === 'BooleanLiteral' ? { entry, value: found.node.value } : undefined;
  };
  for (const options of await valuesOf(repo, script, node)) {
    // Version 5 of the geolocation has them in a group of their own.
    const group = await entryAt(repo, options, 'app');
    const groups =
      group === undefined || group === 'absent'
        ? []
        : await valuesOf(repo, group.script, group.node);
    for (const holder of [options, ...groups]) {
      const stop = await settingIn(holder, STOP);
      if (stop === undefined || (stop !== 'absent' && !stop.value)) continue;
      for (const wish of wishes) {
        const wished = await settingIn(holder, wish);
        if (wished === undefined || wished === 'absent' || !wished.value) continue;
        const { entry } = wished;
        const says = stop === 'absent' ? 'left at true' : 'true';
        const evidence: readonly Evidence[] =
          stop === 'absent'
            ? []
            : [
                {
                  file: stop.entry.script.path,
                  line: lineIn(stop.entry.script, stop.entry.node),
                  says: `${STOP} is true`,
                },
              ];
        return {
          file: entry.script.path,
          line: lineIn(entry.script, entry.node),
          message: `${wish} is true, and ${STOP} is ${says}: ${wish === 'startOnBoot' ? 'nothing starts after a restart of the device' : 'it ends with the app'}`,
          evidence,
        };
      }
    }
  }
  return undefined;
}
