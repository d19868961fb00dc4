import type { Check, Evidence, Finding } from '../../check.ts';
import { bracketsOf, splitTopLevel } from '../../code/brackets.ts';
import {
  callsOf,
  classAround,
  classesOf,
  contains,
  importAliases,
  isKotlin,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { requestsOf, workersOf } from '../../code/kotlin-workers.ts';
import type { WorkerClass } from '../../code/kotlin-workers.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import { configurationProviders, ownStarts } from './work-starts.ts';

/** In one file. */
const MOST = 20;

export const workerCreated: Check = {
  id: 'A31',
  title: 'WorkManager, or a factory of the app, can create every worker',
  severity: 'error',
  tells: true,
  why: 'WorkManager makes a worker by its class name, with a Context and WorkerParameters. Where there is no such constructor and no factory that makes the class, the work fails: “Could not instantiate …”, in logcat alone.',
  source: 'https://developer.android.com/reference/androidx/work/WorkerFactory',
  fix: 'Give the worker a public constructor of (Context, WorkerParameters) alone, or let a WorkerFactory of the app make it.',
  explain: [
    'Without a factory, WorkManager looks for the constructor (Context, WorkerParameters) by reflection. A third parameter, a private constructor or an inner class, which has its outer object as a hidden parameter, are NoSuchMethodException; the work is marked as failed. A Kotlin parameter with a default is a parameter all the same, unless @JvmOverloads makes the shorter constructor, too.',
    'With Hilt, a worker needs @HiltWorker, @AssistedInject on its constructor, @Assisted on Context and WorkerParameters, and HiltWorkerFactory in the configuration:\n\n    @HiltWorker\n    class SyncWorker @AssistedInject constructor(\n        @Assisted context: Context,\n        @Assisted params: WorkerParameters,\n        private val api: Api,\n    ) : CoroutineWorker(context, params)',
    'A factory that compares with a class name as a string goes on with the old name when the class is renamed or moved: use SyncWorker::class.java.name.',
  ].join('\n\n'),
  async run(repo) {
    const workers = await workersOf(repo);
    if (workers.length === 0) return [];
    const stale = await staleNames(repo, workers);
    const findings: Finding[] = [...stale, ...(await abstractRequests(repo, workers))];
    findings.push(...(await withoutCompiler(repo, workers)));
    for (const worker of workers) {
      const hilt = hiltProblem(worker);
      if (hilt !== undefined) {
        const { file, start } = worker;
        const evidence = [
          {
            file: file.path,
            line: file.line(worker.body.start),
            says: 'ends the head of the class',
          },
        ];
        findings.push({ file: file.path, line: file.line(start), message: hilt, evidence });
        continue;
      }
      const problem = constructorProblem(worker);
      if (problem === undefined) continue;
      const maker = await makerProblem(repo, worker, problem, stale.length > 0);
      if (maker === undefined) continue;
      const { file, start, name } = worker;
      const evidence: Evidence[] = [
        {
          file: file.path,
          line: file.line(worker.body.start),
          says: `${name} is a ${worker.base}`,
        },
      ];
      findings.push({ file: file.path, line: file.line(start), message: maker, evidence });
    }
    return findings;
  },
};

const headOf = ({ file, start, body }: WorkerClass): string =>
  modifiersOf(file, start) + file.code.slice(start, body.start);

const isHiltWorker = (worker: WorkerClass): boolean => /@HiltWorker\b/.test(headOf(worker));

/**
 * What androidx.hilt:hilt-compiler refuses of a @HiltWorker when the app is built, in the words of WorkerStep in AndroidX’s repo;
 * undefined where it takes it. The HiltWorker that Dagger will have itself, dagger.hilt.android.work, takes @Inject as well.
 */
function hiltProblem(worker: WorkerClass): string | undefined {
  const { file, body, name } = worker;
  if (!isHiltWorker(worker) || /\bdagger\.hilt\.android\.work\b/.test(file.code)) return undefined;
  const all = headOf(worker) + file.code.slice(body.start, body.end);
  const refused = (says: string): string =>
    `${name} is a @HiltWorker, and Hilt does not build it: ${says}`;
  const injected = /@AssistedInject\b\s*((?:\w+\s+)*)(?:constructor\s*)?\(/.exec(all);
  if (injected === null) {
    if (/@AssistedInject\b/.test(all)) return undefined;
    return refused(
      /@Inject\s+(?:internal\s+|public\s+)?(?:constructor\b|\w+\s*\()/.test(all)
        ? '“Worker constructor should be annotated with @AssistedInject instead of @Inject.”'
        : '“@HiltWorker annotated class should contain exactly one @AssistedInject annotated constructor.”',
    );
  }
  if (/\bprivate\b/.test(injected[1] ?? '')) {
    return refused('“@AssistedInject annotated constructors must not be private.”');
  }
  const parameters = all.slice(injected.index + injected[0].length);
  const assisted = parameters.match(/@Assisted\b/g) ?? [];
  if (assisted.length < 2) {
    return refused('“Missing @Assisted annotation in param …”, of Context or of WorkerParameters');
  }
  const [context, given] = [
    /@Assisted\b[^,]*\bContext\b/,
    /@Assisted\b[^,]*\bWorkerParameters\b/,
  ].map((pattern) => parameters.search(pattern));
  return context !== undefined && given !== undefined && given !== -1 && given < context
    ? refused("“The 'Context' parameter must be declared before the 'WorkerParameters' …”")
    : undefined;
}

/** The build that makes no factories for the app's @HiltWorker classes. */
async function withoutCompiler(
  repo: DoctorRepo,
  workers: readonly WorkerClass[],
): Promise<Finding[]> {
  const worker = workers.find(isHiltWorker);
  const project = worker && (await repo.android());
  if (worker === undefined || project === undefined) return [];
  const { missingHiltCompiler } = await import('../../../project/hilt.ts');
  const missing = missingHiltCompiler(project);
  if (missing === undefined) return [];
  const { file, line, configuration } = missing;
  const message =
    configuration === undefined
      ? `androidx.hilt:hilt-compiler is not in the build: ${worker.name} gets no factory, and WorkManager cannot create it`
      : `androidx.hilt:hilt-compiler is in ${configuration}, where nothing runs it: ${worker.name} gets no factory, and WorkManager cannot create it`;
  const says = `${worker.name} is a @HiltWorker`;
  const evidence = [{ file: worker.file.path, line: worker.file.line(worker.start), says }];
  const fix =
    'Add androidx.hilt:hilt-compiler with ksp (kapt, annotationProcessor), beside the compiler of com.google.dagger.';
  return [{ file, line, message, evidence, fix }];
}

/** What keeps WorkManager from making a worker by itself; undefined where nothing does. */
function constructorProblem(worker: WorkerClass): string | undefined {
  const { file, start, name } = worker;
  const modifiers = modifiersOf(file, start);
  if (/\b(?:abstract|sealed|interface)\b/.test(modifiers)) return undefined;
  const outer = classAround(file, start);
  if (isKotlin(file)) {
    if (/\binner\b/.test(modifiers)) return 'it is an inner class';
  } else if (outer !== undefined && outer.start !== start && !/\bstatic\b/.test(modifiers)) {
    return 'it is a class inside another one, and not static';
  }
  return isKotlin(file) ? kotlinProblem(worker) : javaProblem(file, worker, name);
}

/** What stands in front of `class Name`: modifiers and annotations. */
function modifiersOf({ code }: SourceFile, start: number): string {
  const last = /(?<![\w.)])(?:[a-z]+|@[\w.]+)$|(?<![\w.])@[\w.]+\([^()]*\)$/;
  let at = start;
  for (;;) {
    const before = code.slice(Math.max(0, at - 200), at);
    const text = before.trimEnd();
    const word = text.length < before.length ? last.exec(text)?.[0] : undefined;
    if (word === undefined || start - at > 400) return code.slice(at, start);
    at -= before.length - text.length + word.length;
  }
}

function kotlinProblem({ file, start, name, body }: WorkerClass): string | undefined {
  const { code } = file;
  const inside = code.slice(body.start, body.end);
  const secondary = [...inside.matchAll(/\bconstructor\s*\(/g)].flatMap(({ index, 0: text }) => {
    const list = bracketsOf(file).at(body.start + index + text.length - 1);
    return list ?? [];
  });
  if (secondary.some(({ open, close }) => isPlain(code, open, close))) return undefined;
  const header = code.slice(start + name.length, body.start);
  const opening =
    /^\s*(?:<[^>]*>\s*)?((?:@[\w.]+(?![\w.])(?:\([^()]*\))?\s*|\w+\s+)*(?:constructor(?!\w)\s*)?)\(/.exec(
      header,
    );
  const list =
    opening === null
      ? secondary[0]
      : bracketsOf(file).at(start + name.length + opening[0].length - 1);
  if (list === undefined) return undefined;
  if (opening !== null && /\b(?:private|protected)\b/.test(opening[1] ?? '')) {
    return 'its constructor is private';
  }
  const aliases = importAliases(file);
  const parameters = parametersOf(code, list.open, list.close).map((one) =>
    one.replace(/:\s*(\w+)/, (_all, type: string) => `: ${aliases.get(type) ?? type}`),
  );
  const others = parameters.filter(
    (one) => !/:\s*(?:[\w.]+\.)?(?:Context|WorkerParameters)\b/.test(one),
  );
  if (others.length === 0) {
    return parameters.length === 2 &&
      /:\s*(?:[\w.]+\.)?WorkerParameters\b/.test(parameters[0] ?? '')
      ? 'its constructor takes them in another order'
      : undefined;
  }
  const needed = others.filter((one) => !/=(?!=)/.test(one));
  if (needed.length === 0 && /@JvmOverloads\b/.test(opening?.[1] ?? '')) return undefined;
  const [first = ''] = needed.length > 0 ? needed : others;
  const type = /:\s*([\w.<>?]+)/.exec(first)?.[1] ?? first.trim();
  return needed.length > 0
    ? `its constructor also takes a ${type}`
    : `its constructor also takes a ${type}, whose default needs @JvmOverloads`;
}

function javaProblem(file: SourceFile, { body }: WorkerClass, name: string): string | undefined {
  const { code } = file;
  const declared = [
    ...code
      .slice(body.start, body.end)
      .matchAll(
        new RegExp(
          `(?:^|[;{}\\n)])[^\\S\\n]*(?:@\\w+\\s+)*(?:(public|protected|private)\\s+)?${name}\\s*\\(`,
          'g',
        ),
      ),
  ];
  if (declared.length === 0) return undefined;
  let isPrivate = false;
  for (const { index, 0: text, 1: visibility } of declared) {
    const list = bracketsOf(file).at(body.start + index + text.length - 1);
    if (list === undefined) return undefined;
    const isTwo = isPlain(code, list.open, list.close);
    if (isTwo && visibility !== 'private') return undefined;
    isPrivate ||= isTwo;
  }
  return isPrivate
    ? 'its constructor is private'
    : 'it has no constructor (Context, WorkerParameters)';
}

const parametersOf = (code: string, open: number, close: number): string[] =>
  splitTopLevel(code, { start: open + 1, end: close }, ',')
    .map(({ start, end }) => code.slice(start, end).trim())
    .filter((one) => one !== '');

const isPlain = (code: string, open: number, close: number): boolean => {
  const parameters = parametersOf(code, open, close);
  return (
    parameters.length === 2 &&
    /\bContext\b/.test(parameters[0] ?? '') &&
    /\bWorkerParameters\b/.test(parameters[1] ?? '')
  );
};

/** Requests that name a class of which nothing can make an object. */
async function abstractRequests(
  repo: DoctorRepo,
  workers: readonly WorkerClass[],
): Promise<Finding[]> {
  const bases = workers.filter(({ file, start }) =>
    /\b(?:abstract|sealed)\b/.test(modifiersOf(file, start)),
  );
  if (bases.length === 0) return [];
  return (await requestsOf(repo)).flatMap((request): Finding[] => {
    const worker = bases.find(({ name }) => name === request.worker);
    if (worker === undefined) return [];
    const { file, start } = request;
    const message = `WorkManager cannot create ${worker.name}: it is abstract`;
    const says = `${worker.name} is declared here`;
    const evidence = [{ file: worker.file.path, line: worker.file.line(worker.start), says }];
    return [{ file: file.path, line: file.line(start), message, evidence }];
  });
}

/** Why nothing of the app makes a worker that WorkManager cannot make; undefined where something does, or may. */
async function makerProblem(
  repo: DoctorRepo,
  worker: WorkerClass,
  problem: string,
  isStale: boolean,
): Promise<string | undefined> {
  const { file, start, name, body } = worker;
  const own = modifiersOf(file, start) + file.code.slice(start, body.start);
  const isSet = await isFactorySet(repo);
  const hilt = isSet ? await kotlinAndJava(repo, ['HiltWorkerFactory']) : [];
  const isAssisted = /@AssistedInject\b/.test(own + file.code.slice(body.start, body.end));
  if (/@HiltWorker\b/.test(own)) {
    // Without the Application in sight, its configuration is not, either.
    const app = await kotlinAndJava(repo, ['HiltAndroidApp']);
    return hilt.length > 0 || app.length === 0
      ? undefined
      : `${name} is a @HiltWorker, and no configuration of the app has the HiltWorkerFactory`;
  }
  // A factory, a module of Koin, a map of Dagger.
  const factories = await kotlinAndJava(repo, [
    'WorkerFactory',
    'KoinWorkerFactory',
    'workManagerFactory',
    'androidx.workmanager',
    'worker {',
    'worker<',
    'workerOf',
    'AssistedFactory',
  ]);
  const idle = await idleFactory(repo, factories, isSet);
  const word = new RegExp(`\\b${name}\\b`);
  const named = factories.filter(
    (one) => one !== file && one !== idle?.file && word.test(one.code),
  );
  const koin = factories.filter(({ code }) => KOIN_WORKER.test(code));
  const isKoinIdle = koin.length > 0 && (await isKoinWithoutFactory(repo));
  if (named.some((one) => !isKoinIdle || !koin.includes(one))) return undefined;
  if (isKoinIdle && koin.some(({ code }) => word.test(code))) {
    return `WorkManager cannot create ${name}: ${problem}, and nothing calls workManagerFactory() of Koin, whose module makes it`;
  }
  if (idle !== undefined && new RegExp(`\\b${name}\\b`).test(idle.file.code)) {
    return `WorkManager cannot create ${name}: ${problem}, and no configuration of WorkManager has ${idle.name}, which makes it`;
  }
  if (isAssisted && hilt.length > 0) {
    return `${name} is made by Hilt where it is marked with @HiltWorker, which it is not: ${problem}`;
  }
  const isGeneric = factories.some((one) =>
    classesOf(one).some(({ supertypes }) =>
      supertypes.some((type) => type.endsWith('WorkerFactory')),
    ),
  );
  // It may make any class: from a map, by reflection.
  if ((isGeneric && isSet) || isStale || (await usesOtherInjection(repo))) return undefined;
  return `WorkManager cannot create ${name}: ${problem}, and no WorkerFactory of the app makes it`;
}

/** A definition of a worker: https://insert-koin.io/docs/reference/koin-android/workmanager */
const KOIN_WORKER = /\borg\.koin\.androidx\.workmanager\.dsl\b/;

/** Whether the app starts Koin, and gives WorkManager no factory of it. */
async function isKoinWithoutFactory(repo: DoctorRepo): Promise<boolean> {
  const starts = await kotlinAndJava(repo, [
    'startKoin',
    'workManagerFactory',
    'KoinWorkerFactory',
  ]);
  return (
    starts.some(({ code }) => /\bstartKoin\b/.test(code)) &&
    !starts.some(({ code }) => /\b(?:workManagerFactory|KoinWorkerFactory)\b/.test(code))
  );
}

/** Whether a configuration of the app gets a WorkerFactory, in code that a release reaches. */
async function isFactorySet(repo: DoctorRepo): Promise<boolean> {
  for (const file of await kotlinAndJava(repo, ['setWorkerFactory'])) {
    for (const { start } of callsOf(file, 'setWorkerFactory').slice(0, MOST)) {
      if (await isUnreleased(repo, file, start)) continue;
      const provider = (await configurationProviders(repo)).find(
        ({ owner }) => owner.file === file && contains(owner.body, start),
      );
      // Nobody asks a provider that is no Application, unless it is handed to WorkManager.initialize.
      if (provider?.isApplication !== false || (await ownStarts(repo)).length > 0) return true;
    }
  }
  return false;
}

/** A WorkerFactory of the app that no configuration has: nothing sets one, or nothing names it. */
async function idleFactory(
  repo: DoctorRepo,
  files: readonly SourceFile[],
  isSet: boolean,
): Promise<KotlinClass | undefined> {
  const owners = files
    .flatMap((file) => classesOf(file).slice(0, MOST))
    .filter(({ supertypes }) => supertypes.includes('WorkerFactory'));
  for (const owner of owners) {
    if (!isSet || !(await isNamedElsewhere(repo, owner))) return owner;
  }
  return undefined;
}

async function isNamedElsewhere(
  repo: DoctorRepo,
  { file, name, start }: KotlinClass,
): Promise<boolean> {
  const word = new RegExp(`^(?![ \\t]*import\\b).*\\b${name}\\b`, 'm');
  return (await kotlinAndJava(repo, [name])).some((one) => {
    const code =
      one === file ? `${one.code.slice(0, start)}${one.code.slice(start + name.length)}` : one.code;
    return word.test(code);
  });
}

/** Metro, Anvil, kotlin-inject and Toothpick make factories that are in no source. */
const usesOtherInjection = async (repo: DoctorRepo): Promise<boolean> =>
  (await kotlinAndJava(repo, ['ContributesWorker', 'kotlin_inject', 'kotlininject', 'toothpick']))
    .length > 0;

/** Class names that a factory compares with, and that no class of the app has. */
async function staleNames(repo: DoctorRepo, workers: readonly WorkerClass[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of await kotlinAndJava(repo, ['WorkerFactory'])) {
    const owners = classesOf(file).filter(({ supertypes }) =>
      supertypes.some((type) => type === 'WorkerFactory'),
    );
    for (const { body } of owners.slice(0, MOST)) {
      for (const { offset, text } of file.strings) {
        if (offset < body.start || offset > body.end) continue;
        if (!/^(?:[a-z]\w*\.){2,}(?:[A-Z]\w*[.$])*[A-Z]\w*$/.test(text)) continue;
        const simple = text.split(/[.$]/).at(-1) ?? '';
        const same = workers.find((one) => one.name === simple);
        const isThere =
          same !== undefined
            ? packageOf(same.file) === undefined ||
              text.startsWith(`${packageOf(same.file) ?? ''}.`)
            : await isDeclared(repo, simple);
        if (isThere || !isOwn(text, workers)) continue;
        const [worker] = workers;
        const evidence: Evidence[] =
          worker === undefined
            ? []
            : [
                {
                  file: worker.file.path,
                  line: worker.file.line(worker.start),
                  says: `the app’s worker is ${packageOf(worker.file) ?? ''}.${worker.name}`,
                },
              ];
        const message = `the factory knows ${text}, and the app has no such class`;
        findings.push({ file: file.path, line: file.line(offset), message, evidence });
      }
    }
  }
  return findings;
}

const packageOf = (file: SourceFile): string | undefined =>
  /^[\t ]*package\s+([\w.]+)/m.exec(file.code)?.[1];

/** Whether a class name is in the app's own packages: of others, the sources are not in the repo. */
const isOwn = (name: string, workers: readonly WorkerClass[]): boolean =>
  workers.some(({ file }) => {
    const [first, second] = (packageOf(file) ?? '').split('.');
    return first !== undefined && second !== undefined && name.startsWith(`${first}.${second}.`);
  });

const isDeclared = async (repo: DoctorRepo, name: string): Promise<boolean> =>
  (await kotlinAndJava(repo, [name])).some((file) =>
    classesOf(file).some((one) => one.name === name),
  );
