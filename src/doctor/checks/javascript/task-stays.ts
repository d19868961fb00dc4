import type { Check, Finding } from '../../check.ts';
import type { TaskCall } from '../../code/js-tasks.ts';
import { TASK_MANAGER, TASK_STARTERS } from '../../code/task-libraries.ts';
import type { DoctorRepo } from '../../repo.ts';

/** What runs without the app's screens alone: to take it back with a screen is no use of it. */
const PERIODIC = ['expo-background-task', 'expo-background-fetch'];

export const taskStays: Check = {
  id: 'J24',
  title: 'A task that is defined is started, and not taken back',
  severity: 'warning',
  why: 'defineTask gives a task its function and starts nothing. What is never registered, or taken back by the app itself, never runs: no error says so.',
  source:
    'https://docs.expo.dev/versions/latest/sdk/task-manager/#taskmanagerunregisteralltasksasync',
  fix: 'Call registerTaskAsync each time that the app starts, without a condition: a task that is registered already stays as it is.',
  explain: [
    'A task of expo-task-manager has two sides: defineTask, at each load of the bundle, and registerTaskAsync (startLocationUpdatesAsync, startGeofencingAsync), once, from the app on the screen. The registration outlives the app.',
    "    // wrong: never true the first time\n    if (await TaskManager.isTaskRegisteredAsync('sync')) {\n      await BackgroundTask.registerTaskAsync('sync');\n    }\n\n    // wrong: gone with the first screen\n    useEffect(() => {\n      BackgroundTask.registerTaskAsync('sync');\n      return () => { BackgroundTask.unregisterTaskAsync('sync'); };\n    }, []);",
    'unregisterAllTasksAsync takes every task of the app back, those of places and pushes too. Behind a log-out the next log-in has to register anew: a call at the top level of a file runs once for each start of the app.',
  ].join('\n\n'),
  appliesTo: (repo) => repo.depends(TASK_MANAGER),
  async run(repo) {
    const apis = TASK_STARTERS.filter(({ module }) => repo.depends(module));
    if (apis.length === 0) return [];
    if ((await repo.sourcesContaining('javascript', ['defineTask'])).length === 0) return [];
    const { definitions, starts } = await import('../../code/js-tasks.ts');
    const [defined, started] = await Promise.all([definitions(repo), starts(repo)]);
    const findings = [
      ...(await neverStarted(repo, defined, started)),
      ...(await takenBack(repo, started)),
    ];
    return findings;
  },
};

async function neverStarted(
  repo: DoctorRepo,
  defined: readonly TaskCall[],
  started: readonly TaskCall[],
): Promise<readonly Finding[]> {
  if ([...defined, ...started].some(({ name }) => name === undefined)) return [];
  const [{ lineIn }, { moduleGraph }, { jsWaysTo }, { isAskedFor, isExported }] = await Promise.all(
    [
      import('../../code/javascript.ts'),
      import('../../code/js-modules.ts'),
      import('../../code/js-reach.ts'),
      import('../../code/js-tasks.ts'),
    ],
  );
  const findings: Finding[] = [];
  for (const { script, call, name } of defined) {
    const own = started.filter((one) => one.name === name);
    const at = { file: script.path, line: lineIn(script, call) };
    const [first] = own;
    if (first === undefined) {
      // Names that differ are J03's.
      if (started.length > 0 || (await mayStartElsewhere(repo))) continue;
      const message = `the task '${name ?? ''}' is defined, and nothing starts it`;
      const evidence = [{ file: 'package.json', says: 'has what would start it' }];
      findings.push({ ...at, message, evidence });
      continue;
    }
    const place = { file: first.script.path, line: lineIn(first.script, first.call) };
    const evidence = [{ ...at, says: `defines ${name ?? ''}` }];
    if (own.every((one) => isAskedFor(one.script, one.call))) {
      const message = `the task '${name ?? ''}' is registered where it is registered already, and nowhere else`;
      findings.push({ ...place, message, evidence, severity: 'error' });
      continue;
    }
    const graph = await moduleGraph(repo);
    if (graph === undefined || graph.importsUnknown) continue;
    const ways = await Promise.all(own.map((one) => jsWaysTo(repo, one.script, one.call)));
    if (!ways.flat().every(({ kind }) => kind === 'never')) continue;
    if (own.some((one) => isExported(one.script, one.call))) continue;
    const message = `the task '${name ?? ''}' is never started: ${ways[0]?.[0]?.through ?? ''}`;
    findings.push({ ...place, message, evidence });
  }
  return findings;
}

/** A start that is written in another way, a package that may have one, or what only takes old tasks back. */
async function mayStartElsewhere(repo: DoctorRepo): Promise<boolean> {
  const names = [...TASK_STARTERS.map(({ name }) => name), 'unregisterTaskAsync'];
  if ((await repo.sourcesContaining('javascript', names)).length > 0) return true;
  const graph = await import('../../code/js-modules.ts').then((one) => one.moduleGraph(repo));
  return graph === undefined || graph.importsUnknown;
}

async function takenBack(
  repo: DoctorRepo,
  started: readonly TaskCall[],
): Promise<readonly Finding[]> {
  const needles = ['unregisterAllTasksAsync', 'unregisterTaskAsync'];
  if ((await repo.sourcesContaining('javascript', needles)).length === 0) return [];
  const [{ callsOf, lineIn }, { jsWaysTo }, { cleanUpOf, follows, hasCall, takesAllBack }] =
    await Promise.all([
      import('../../code/javascript.ts'),
      import('../../code/js-reach.ts'),
      import('../../code/js-tasks.ts'),
    ]);
  const all = await takesAllBack(repo);
  const findings: Finding[] = [];
  const placeOf = ({ script, call }: TaskCall) => ({
    file: script.path,
    line: lineIn(script, call),
  });
  for (const one of started) {
    const evidence = [{ ...placeOf(one), says: `starts ${one.name ?? 'a task'}` }];
    for (const back of all) {
      if (back.script !== one.script || !follows(one.script, back.call, one.call)) continue;
      const message = 'this takes back what was started just before';
      findings.push({ ...placeOf(back), message, evidence, severity: 'error' });
    }
    if (
      !PERIODIC.some((module) =>
        callsOf(one.script, { module, name: 'registerTaskAsync' }).includes(one.call),
      )
    )
      continue;
    const cleanUp = cleanUpOf(one.script, one.call);
    const calls = new Set(
      [...PERIODIC, TASK_MANAGER].flatMap((module) =>
        needles.flatMap((name) => callsOf(one.script, { module, name })),
      ),
    );
    if (cleanUp === undefined || !hasCall(cleanUp, calls)) continue;
    const message = `${one.name ?? 'the task'} is taken back when the component goes: from then on nothing runs`;
    findings.push({ file: one.script.path, line: lineIn(one.script, cleanUp), message, evidence });
  }
  if (started.length === 0 || findings.length > 0) return findings;
  const ways = await Promise.all(started.map(({ script, call }) => jsWaysTo(repo, script, call)));
  if (!ways.flat().every(({ kind }) => kind === 'load' || kind === 'deferred')) return [];
  for (const back of all) {
    const ends = await jsWaysTo(repo, back.script, back.call);
    if (!ends.every(({ kind }) => kind === 'event')) continue;
    const message =
      'this takes every task back, and they are started at the load of the bundle alone: nothing runs until the app is started anew';
    const evidence = started.map((one) => ({
      ...placeOf(one),
      says: `starts ${one.name ?? 'a task'}`,
    }));
    findings.push({ ...placeOf(back), message, evidence });
  }
  return findings;
}
