import type { FileSystem } from '../file-system.ts';
import { maskSource } from '../formats/source.ts';
import { RepoFiles } from './repo-files.ts';
import { walkFiles } from './walk.ts';

/** What starts React Native, in any of its versions, from the old bridge to the factory. */
const STARTS =
  /\bstartReactNative\b|\bRCTRootView\b|\bRCTBridge\b|\b(?:RCT|Expo)ReactNativeFactory\s*\(|\brootViewFactory\b|\bview\s*\(\s*withModuleName\b|\bviewWithModuleName\b|\b(?:re)?createRootView|\bRCTAppSetup\w+/;

/** App delegates of React Native and Expo that start it themselves. */
const STARTING_DELEGATE = /(?::|\bextends)\s*(?:RCTAppDelegate|EXAppDelegateWrapper)\b/;
const STARTS_LATER = /\bautomaticallyLoadReactNativeWindow\s*=\s*(?:false|NO)\b/;
const SCENE_DELEGATE = /:\s*ExpoAppSceneDelegate\b/;

/** Sources that can say where React Native starts have one of these. */
export const SCENE_NEEDLES = [
  'willConnectTo',
  'didFinishLaunching',
  'AppDelegate',
  'SceneDelegate',
];

/**
 * Where an app with scenes starts React Native, by its Swift and Objective-C: many declare scenes for CarPlay or for more
 * windows, and start it in the app delegate all the same.
 *
 * @param codes sources with comments and strings as spaces
 * @returns undefined where that cannot be told
 */
export function whereReactStarts(codes: readonly string[]): 'scene' | 'app' | undefined {
  const inBodies = (name: RegExp): boolean =>
    codes.some((code) => bodiesOf(code, name).some((body) => STARTS.test(body)));
  const isScene =
    codes.some((code) => SCENE_DELEGATE.test(code)) ||
    inBodies(/\bwillConnectTo(?:Session)?\b/g) ||
    // What the scene's delegate calls stands in its own file, as a rule.
    codes.some(
      (code) =>
        /\bwillConnectTo/.test(code) && !/\bdidFinishLaunching/.test(code) && STARTS.test(code),
    );
  if (isScene) return 'scene';
  const isApp =
    codes.some((code) => STARTING_DELEGATE.test(code) && !STARTS_LATER.test(code)) ||
    inBodies(/\bdidFinishLaunching\w*/g);
  return isApp ? 'app' : undefined;
}

/** What stands between the braces that follow a name. */
function bodiesOf(code: string, name: RegExp): string[] {
  return [...code.matchAll(name)].flatMap(({ index }) => {
    const start = code.indexOf('{', index);
    if (start === -1) return [];
    let depth = 0;
    for (let at = start; at < code.length; at += 1) {
      if (code[at] === '{') depth += 1;
      else if (code[at] === '}') depth -= 1;
      if (depth === 0) return [code.slice(start, at)];
    }
    return [];
  });
}

const LIMITS = { files: 2000, folders: 2000, depth: 16 };

/** {@link whereReactStarts} of the sources in `ios/`. @param root of the app, absolute */
export async function findWhereReactStarts(
  fs: FileSystem,
  root: string,
): Promise<'scene' | 'app' | undefined> {
  const files = new RepoFiles(fs, root);
  const paths = await walkFiles(files, 'ios', {
    limits: LIMITS,
    accept: (path) => /\.(?:swift|mm?|h)$/.test(path),
    enter: () => true,
  });
  const codes: string[] = [];
  for (const path of paths) {
    const bytes = await files.bytes(path);
    if (!SCENE_NEEDLES.some((needle) => bytes?.includes(needle) === true)) continue;
    const text = await files.read(path);
    const language = path.endsWith('.swift') ? 'swift' : 'objc';
    if (text !== undefined) codes.push(maskSource(text, language).code);
  }
  return whereReactStarts(codes);
}
