import { runsReactNative } from '../../../project/host.ts';
import type { Check, Finding } from '../../check.ts';
import { classAround, classesOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import { settingOf } from '../../evidence.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';

const BACKGROUND =
  /^(?:Coroutine|Listenable|Rx)?Worker$|^(?:BroadcastReceiver|Service|JobService|JobIntentService)$/;

export const reactHost: Check = {
  id: 'A24',
  title: 'The background starts React through reactHost',
  severity: 'error',
  why: 'On the New Architecture the app has a ReactHost. Without one the background cannot start JavaScript; the old reactNativeHost throws.',
  source: 'https://reactnative.dev/blog/2024/10/23/release-0.76-new-architecture',
  fix: 'Override reactHost in MainApplication, and use `(application as ReactApplication).reactHost` in the background.',
  explain: [
    'React Native’s New Architecture is started by a ReactHost, which MainApplication gives. The generated background sync asks it for `reactHost`; where MainApplication does not override it, it is null, and each run ends without any JavaScript.',
    'As the template has it:\n\n    class MainApplication : Application(), ReactApplication {\n        override val reactHost: ReactHost by lazy {\n            getDefaultReactHost(applicationContext, PackageList(this).packages)\n        }\n    }',
    'Code of before, such as a worker that asks `reactNativeHost` for its instance manager, finds nothing there: the getter throws "You should not use ReactNativeHost directly in the New Architecture".',
  ].join('\n\n'),
  appliesTo: runsReactNative,
  async run(repo) {
    const applications = (await kotlinAndJava(repo, ['ReactApplication']))
      .flatMap((file) => [...classesOf(file)])
      .filter(({ supertypes }) => supertypes.includes('ReactApplication'));
    const [application, ...others] = applications;
    // A superclass that is not known may have what this one has not.
    if (application === undefined || others.length > 0 || !isWhole(application)) return [];
    const has = (name: string): boolean => application.file.code.includes(name);
    const findings: Finding[] = [];
    if (
      isOurs(repo) &&
      !(await isOldArchitecture(repo)) &&
      !has('reactHost') &&
      !has('getReactHost')
    ) {
      const { file, start, name } = application;
      const message = `${name} has no reactHost`;
      const asks = 'the background sync starts React through reactHost';
      const evidence = [await settingOf(repo, 'platforms', asks)];
      findings.push({ file: file.path, line: file.line(start), message, evidence });
    }
    if (has('reactNativeHost') || has('ReactNativeHost')) return findings;
    for (const file of await kotlinAndJava(repo, ['reactNativeHost', 'getReactNativeHost'])) {
      for (const match of file.code.matchAll(
        /\b(?:reactNativeHost|getReactNativeHost\s*\(\s*\))/g,
      )) {
        const owner = classAround(file, match.index);
        if (owner?.supertypes.some((name) => BACKGROUND.test(name)) !== true) continue;
        const message = `${owner.name} asks for reactNativeHost, which ${application.name} does not have: it throws`;
        const says = `${application.name} has no reactNativeHost`;
        const { file: of, start } = application;
        const evidence = [{ file: of.path, line: of.line(start), says }];
        findings.push({ file: file.path, line: file.line(match.index), message, evidence });
      }
    }
    return findings;
  },
};

const isOurs = (repo: DoctorRepo): boolean =>
  runningConfig(repo)?.platforms.includes('android') === true;

const isWhole = ({ supertypes }: KotlinClass): boolean =>
  supertypes.every((name) =>
    /^(?:(?:MultiDex)?Application|ReactApplication|Provider|\w*Factory|\w*Listener|\w*Callbacks)$/.test(
      name,
    ),
  );

async function isOldArchitecture(repo: DoctorRepo): Promise<boolean> {
  const properties = (await repo.androidBuild())?.properties;
  return properties?.get('newArchEnabled')?.value === 'false';
}
