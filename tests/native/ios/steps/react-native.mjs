import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run, tail } from './shell.mjs';

/** The oldest with a call that starts React without a window, those since which it has another name, and the newest. */
const STARTS = new Map([
  ['0.80.3', 'initializeReactHostWithLaunchOptions:'],
  ['0.83.0', 'initializeReactHostWithLaunchOptions:devMenuConfiguration:'],
  ['0.84.0', 'initializeReactHostWithLaunchOptions:bundleConfiguration:devMenuConfiguration:'],
  ['0.88.1', 'initializeReactHostWithLaunchOptions:bundleConfiguration:devMenuConfiguration:'],
]);

/** The headers of that version, from npm, by their names. */
function headersOf({ here }, version) {
  const folder = join(here, '.cache/react-native', version);
  const from = ['Libraries/AppDelegate', 'React/Base', 'React/CoreModules'];
  if (!existsSync(join(folder, 'complete'))) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const packed = run(npm, ['pack', `react-native@${version}`, '--silent'], { cwd: folder });
    const unpacked = run(
      'tar',
      ['xzf', `react-native-${version}.tgz`, ...from.map((path) => `package/${path}`)],
      { cwd: folder },
    );
    if (packed.status !== 0 || unpacked.status !== 0) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error(`npm pack react-native@${version}\n${tail(packed.output + unpacked.output)}`);
    }
    rmSync(join(folder, `react-native-${version}.tgz`));
    mkdirSync(join(folder, 'complete'));
  }
  const headers = from.flatMap((path) =>
    readdirSync(join(folder, 'package', path))
      .filter((name) => name.endsWith('.h'))
      .map((name) => [name, readFileSync(join(folder, 'package', path, name), 'utf8')]),
  );
  return new Map(headers);
}

/** The instance methods that a header declares, as selectors. */
const selectorsIn = (header) =>
  [...header.matchAll(/^- \([^)]*\)([^;{]+);/gm)].map(([, words]) =>
    [...words.matchAll(/(\w+:)\s*\(/g)].map(([, part]) => part).join(''),
  );

/** The properties that it declares, by name, with whether they can be set. */
const propertiesIn = (header) =>
  new Map(
    [...header.matchAll(/^@property \(([^)]*)\)[^;]*?(\w+);/gm)].map(([, traits, name]) => [
      name,
      !traits.includes('readonly'),
    ]),
  );

/** What the bridge calls by name in React Native, held against its headers. @returns what is not there */
function missing(bridge, version, headers) {
  const known = /@objc private protocol ReactNativeNames \{([\s\S]*?)\n {2}\}/.exec(bridge)?.[1];
  const text = (name) => headers.get(name) ?? '';
  const root = propertiesIn(text('RCTRootViewFactory.h'));
  const factory = propertiesIn(text('RCTReactNativeFactory.h'));
  const start = STARTS.get(version);
  const needs = [...start.matchAll(/(\w+Configuration):/g)].map(([, name]) => name);
  const all = [...headers.values()].join('\n');
  const facts = [
    [selectorsIn(text('RCTRootViewFactory.h')).includes(start), `RCTRootViewFactory has ${start}`],
    [known.includes(`@objc(${start})`), `the bridge knows ${start}`],
    [factory.has('rootViewFactory'), 'RCTReactNativeFactory has rootViewFactory'],
    [known.includes('var rootViewFactory:'), 'the bridge knows rootViewFactory'],
    [root.get('reactHost') === true, 'reactHost of RCTRootViewFactory can be set'],
    [known.includes('func setReactHost('), 'the bridge knows setReactHost:'],
    ...needs.flatMap((name) => {
      const type = `RCT${name[0].toUpperCase()}${name.slice(1)}`;
      return [
        [factory.has(name), `RCTReactNativeFactory has ${name}`],
        [known.includes(`var ${name}:`), `the bridge knows ${name}`],
        [bridge.includes(`defaultConfiguration("${type}")`), `the bridge has a default of ${type}`],
        [
          new RegExp(`@interface ${type}\\b[\\s\\S]*?defaultConfiguration;[\\s\\S]*?@end`).test(
            all,
          ),
          `${type} has defaultConfiguration`,
        ],
      ];
    }),
  ];
  return facts.filter(([holds]) => !holds).map(([, what]) => `${version}: not so: ${what}`);
}

/** The names by which the bridge reaches into React Native are those of the real packages. */
export function reactNativeNames(context) {
  const bridge = readFileSync(join(context.package, 'ios/BackgroundSyncBridge.swift'), 'utf8');
  const problems = [];
  for (const version of STARTS.keys()) {
    const headers = headersOf(context, version);
    const found = missing(bridge, version, headers);
    problems.push(...found);
    if (found.length === 0)
      console.log(`React Native ${version} has what the bridge calls by name`);
    // A comparison that sees nothing proves nothing.
    for (const name of ['initializeReactHostWith', 'setReactHost', 'rootViewFactory']) {
      if (missing(bridge.replaceAll(name, `${name}x`), version, headers).length === 0) {
        problems.push(`${version}: another name than ${name} is not seen`);
      }
    }
  }
  return problems;
}
