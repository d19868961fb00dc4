import type { Check, Finding } from '../../check.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';
import { classesOf, isKotlin, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { DoctorRepo } from '../../repo.ts';
import { classOf, releasedElements } from './merged-manifests.ts';
import { configurationProviders } from './work-starts.ts';

export const providerReady: Check = {
  id: 'A52',
  title:
    'The Configuration.Provider is the app’s Application, and has its factory when it is asked',
  severity: 'error',
  why: 'WorkManager asks the Application of the manifest for its configuration, at its first use. Where another class has it nothing is configured; where the factory is not injected by then, the app ends with UninitializedPropertyAccessException.',
  source: 'https://developer.android.com/training/dependency-injection/hilt-jetpack#workmanager',
  fix: 'Give the Application @HiltAndroidApp, its factory `@Inject lateinit var`, the configuration a getter, and its name to android:name of <application>.',
  explain: [
    'Hilt injects an Application in its onCreate. A property that is made with the class comes before that, so the configuration has to be a getter:',
    '    @HiltAndroidApp\n    class App : Application(), Configuration.Provider {\n        @Inject lateinit var workerFactory: HiltWorkerFactory\n        override val workManagerConfiguration: Configuration\n            get() = Configuration.Builder().setWorkerFactory(workerFactory).build()\n    }',
    '`= Configuration.Builder()…` in place of `get() =`, a factory without @Inject, or an Application without @HiltAndroidApp compile, and fail when WorkManager is first asked for. So does a provider that the manifest does not name: another Application runs.',
  ].join('\n\n'),
  async run(repo) {
    const providers = (await configurationProviders(repo)).filter((one) => one.isApplication);
    const findings: Finding[] = [];
    for (const { owner } of providers) {
      const { file, start, name } = owner;
      const at = { file: file.path, line: file.line(start) };
      const other = await otherApplication(repo, owner);
      if (other !== undefined) {
        const message = `${name} is a Configuration.Provider, and the manifest starts ${other.name}: nobody asks ${name}`;
        findings.push({ ...at, message, evidence: [other.evidence] });
        continue;
      }
      const problem = isKotlin(file) ? factoryProblem(owner) : undefined;
      if (problem === undefined) continue;
      const { offset, message, says, from } = problem;
      const evidence = [{ file: file.path, line: file.line(from), says }];
      findings.push({ file: file.path, line: file.line(offset), message, evidence });
    }
    return findings;
  },
};

/** The Application that the manifest names in place of this one; undefined where it names this one, or one that extends it. */
async function otherApplication(repo: DoctorRepo, { name }: KotlinClass) {
  const elements = (await releasedElements(repo, 'application')).filter(
    ({ manifest }) => manifest.sourceSet === 'main',
  );
  const [element] = elements;
  const named = element && classOf(element);
  if (element === undefined || named === undefined || named === '' || named === name) {
    return undefined;
  }
  // One that is not in the repo may hand it on, or a build may put another name in: ${applicationName}.
  const files = await kotlinAndJava(repo, [`class ${named}`]);
  const application = files.flatMap(classesOf).find((one) => one.name === named);
  if (application === undefined) return undefined;
  const code = application.file.code.slice(application.start, application.body.end);
  if (new RegExp(`\\b${name}\\b`).test(code)) return undefined;
  // A flavor, or a build type, may name it.
  if ((await repo.manifests()).some((one) => one.sourceSet !== 'main' && one.mentions(name)))
    return undefined;
  const says = `names ${named}`;
  return { name: named, evidence: { file: element.manifest.path, line: element.line, says } };
}

interface FactoryProblem {
  readonly offset: number;
  readonly message: string;
  /** Of the other side. */
  readonly from: number;
  readonly says: string;
}

function factoryProblem({ file, start, body, name }: KotlinClass): FactoryProblem | undefined {
  const { code } = file;
  const inside = code.slice(body.start, body.end);
  const factory = /\blateinit\s+var\s+(\w+)\s*:\s*(?:[\w.]+\.)?(?:Hilt)?WorkerFactory\b/.exec(
    inside,
  );
  const [, property = ''] = factory ?? [];
  if (factory === null) return undefined;
  const from = body.start + factory.index;
  const configuration = /\bva[lr]\s+workManagerConfiguration\s*(?::\s*[\w.]+\s*)?(=|\bby\b)?/.exec(
    inside,
  );
  const use = new RegExp(`\\bsetWorkerFactory\\s*\\(\\s*${property}\\s*\\)`).exec(inside);
  if (configuration?.[1] === '=' && use !== null && use.index > configuration.index) {
    const between = inside.slice(configuration.index + configuration[0].length, use.index);
    if (!/[{}]|\b(?:fun|va[lr])\b/.test(between)) {
      const offset = body.start + configuration.index;
      const message = `the configuration is made with ${name}, before ${property} is injected: the app ends at its start`;
      return { offset, message, from, says: 'is injected in onCreate' };
    }
  }
  const head = inside.slice(Math.max(0, factory.index - 200), factory.index);
  const isInjected = /@(?:[\w.]+\.)?Inject\b(?:\s*(?:@[\w.]+|internal|public))*\s*$/.test(head);
  const isSet = new RegExp(`(?<![\\w])${property}\\s*=(?!=)`).test(code);
  if (!isInjected && !isSet && use !== null) {
    const message = `${property} is never set, as it has no @Inject: the app ends when WorkManager is first asked for`;
    return { offset: from, message, from: body.start + use.index, says: 'uses it' };
  }
  const annotations = code.slice(Math.max(0, start - 300), start);
  const own = annotations.slice(
    Math.max(annotations.lastIndexOf('}'), annotations.lastIndexOf('import ')),
  );
  const isHilt = /@(?:[\w.]+\.)?HiltAndroidApp\b/.test(own);
  // Dagger by hand, or a base class that injects.
  const injects = /\binject\s*\(|\bDagger\w+|DaggerApplication\b|\bHilt_\w+/.test(code);
  const imports = /^[ \t]*import\s+androidx\.hilt\b/m.test(code);
  if (isInjected && imports && !isHilt && !injects) {
    const message = `${name} has no @HiltAndroidApp, so nothing injects ${property}: the app ends when WorkManager is first asked for`;
    return { offset: start, message, from, says: 'is to be injected' };
  }
  return undefined;
}
