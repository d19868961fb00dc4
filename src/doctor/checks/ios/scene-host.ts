import { runsReactNative } from '../../../project/host.ts';
import { sceneManifestLine } from '../../../project/info-plist.ts';
import { SCENE_NEEDLES, whereReactStarts } from '../../../project/scenes.ts';
import type { Check, Finding } from '../../check.ts';
import { dependencyOf, settingOf } from '../../evidence.ts';
import { typesAround } from '../../code/apple-functions.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';

export const sceneHost: Check = {
  id: 'I18',
  title: 'JavaScript can start without a scene',
  severity: 'warning',
  why: 'Where React Native starts with a scene, a background launch that connects none runs no JavaScript: the run ends as skipped, and the sync waits until the app is in memory or opened.',
  source:
    'https://developer.apple.com/documentation/technotes/tn3187-migrating-to-the-uikit-scene-based-life-cycle',
  fix: 'Create the React Native factory in the app delegate, in a property reactNativeFactory, or set BackgroundSync.hostProvider in didFinishLaunching.',
  explain: [
    'Under the scene-based life cycle (the templates of React Native 0.88 and Expo 58) React Native starts in scene(_:willConnectTo:). When iOS launches the app for a background task it calls didFinishLaunching, and as far as is known connects no scene. There is then nothing that runs JavaScript.',
    'Where the app delegate owns the factory in a property `reactNativeFactory`, the background sync finds it and starts JavaScript with it when there is no scene. Where it has another name, or is computed and not `@objc`, one line hands it over; the scene has to use the same factory later:',
    '    BackgroundSync.hostProvider = { [weak self] in self?.reactNativeFactory }',
    'With expo-updates this is not possible: it needs a window to start. There, and where the scene delegate makes the factory, a cold launch ends as `run.skip why=no-host`, and runs happen while the app is in memory.',
    'expo-background-task has no such line: at a cold launch its task waits for JavaScript until its time is over.',
  ].join('\n\n'),
  appliesTo: (repo) =>
    runsReactNative(repo) &&
    (repo.integration !== undefined || repo.depends('expo-background-task')),
  async run(repo) {
    const plists = (await repo.infoPlists()).flatMap((plist) => {
      const line = sceneManifestLine(plist);
      return line === undefined ? [] : [{ path: plist.path, line }];
    });
    if (plists.length === 0 || (await startsInApp(repo))) return [];
    const isOurs = runningConfig(repo)?.platforms.includes('ios') === true;
    const hasProvider = isOurs && (await handsFactoryOver(repo));
    if (hasProvider && !repo.depends('expo-updates')) return [];
    if (!isOurs && !repo.depends('expo-background-task')) return [];
    const evidence = [
      isOurs
        ? await settingOf(repo, 'handler', 'the background sync runs JavaScript')
        : await dependencyOf(repo, 'expo-background-task'),
      ...(repo.depends('expo-updates') ? [await dependencyOf(repo, 'expo-updates')] : []),
    ];
    return plists.flatMap(({ path, line }): Finding[] => {
      const message = repo.depends('expo-updates')
        ? 'the app starts React Native with a scene and has expo-updates, so a cold background launch runs no JavaScript'
        : 'the app starts React Native with a scene, so a cold background launch runs no JavaScript';
      const fix =
        isOurs && !repo.depends('expo-updates')
          ? {}
          : { fix: 'There is none yet: see `npx bgsync doctor --explain I18`.' };
      return [{ file: path, line, message, evidence, ...fix }];
    });
  },
};

/** Whether the app declares scenes for something else, and starts React Native in the app delegate. */
async function startsInApp(repo: DoctorRepo): Promise<boolean> {
  const files = await appleSourcesContaining(repo, SCENE_NEEDLES);
  return whereReactStarts(files.map(({ code }) => code)) === 'app';
}

/** Whether the generated code finds a factory: the app sets it, or the app delegate has it as `reactNativeFactory`. */
async function handsFactoryOver(repo: DoctorRepo): Promise<boolean> {
  const files = await appleSourcesContaining(repo, ['hostProvider', 'reactNativeFactory']);
  return files.some((file) => {
    if (/\bhostProvider\s*=/.test(file.code)) return true;
    const property = FACTORY.exec(file.code);
    const [type] = property === null ? [] : typesAround(file, property.index);
    return (
      type !== undefined &&
      /AppDelegate|UIApplicationDelegate/.test(type.header) &&
      !isHidden(property?.[0] ?? '')
    );
  });
}

/** The declaration with the words before it, up to what opens its body, if it has one. */
const FACTORY =
  /(?<![^\n;{}])(?:[\t ]*@objc\b[^\n;{}]*\n)?[^\n;{}]*\b(?:var|let)\s+reactNativeFactory\b[^\n={}]*(?:\{\s*\w*)?/;

/**
 * Whether the Objective-C runtime, by which the generated code looks, does not know the property: one that is computed has
 * no storage, and without `@objc` no getter either.
 */
const isHidden = (declaration: string): boolean =>
  !declaration.includes('@objc') &&
  declaration.includes('{') &&
  !/\{\s*(?:willSet|didSet)$/.test(declaration);
