/**
 * `npm run test:configs [-- --record]`: what Expo and React Native's CLI make of the configs in shapes.ts, and of what
 * bgsync writes into them, is what verdicts.json says. `--record` writes that file. Needs npm and, the first time, a
 * minute; the installed tools are kept in a folder under the system's temporary one.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { installPackages } from '../helpers/install-packages.ts';
import { runCli } from '../helpers/template-app.ts';
import { hashOf, readShape } from './reader.ts';
import type { Kind, Recorded } from './reader.ts';
import { APP_CONFIGS, REACT_NATIVE_CONFIGS } from './shapes.ts';
import type { Shape } from './shapes.ts';

const VERDICTS = join(import.meta.dirname, 'verdicts.json');
const TOOLS = {
  expo: '57.0.33',
  '@react-native-community/cli': '20.2.0',
  '@react-native-community/cli-platform-android': '20.2.0',
  '@react-native-community/cli-platform-ios': '20.2.0',
  'react-native': '0.86.3',
  react: '19.3.1',
  typescript: '5.9.3',
};
const CACHE = join(tmpdir(), `bgsync-config-tools-${hashOf(TOOLS)}`);

function install(): void {
  if (existsSync(join(CACHE, 'installed'))) return;
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(
    join(CACHE, 'package.json'),
    JSON.stringify({ name: 'tools', private: true, dependencies: TOOLS }),
  );
  const { code, output } = installPackages(CACHE, false);
  if (code !== 0) throw new Error(`the install failed:\n${output}`);
  writeFileSync(join(CACHE, 'installed'), '');
}

/** The package that every shape has, as bgsync generates it. */
function generatedPackage(): string {
  const app = join(CACHE, 'generated');
  rmSync(app, { recursive: true, force: true });
  makeExpoFixture(app);
  const { code, stderr } = runCli(['init', '--yes'], app);
  if (code !== 0) throw new Error(stderr);
  return join(app, 'modules');
}

function writeShape(
  folder: string,
  files: Readonly<Record<string, string>>,
  modules: string,
): void {
  cpSync(modules, join(folder, 'modules'), { recursive: true });
  const all: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'demo',
      version: '1.0.0',
      dependencies: { expo: TOOLS.expo, 'react-native': TOOLS['react-native'] },
    }),
    'packages/other/package.json': '{"name":"other","version":"1.0.0"}\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

interface Answer {
  readonly isPlaced: boolean;
  /** What else is in the list that ours is in. */
  readonly others: readonly string[];
}

/** As `expo config --type introspect`, for many apps in one process. */
const INTROSPECT = `
const { getPrebuildConfigAsync } = require('@expo/prebuild-config');
const { compileModsAsync } = require('@expo/config-plugins');
(async () => {
  const answers = [];
  for (const root of JSON.parse(process.argv[1])) {
    try {
      const { exp } = await getPrebuildConfigAsync(root, { platforms: ['ios'] });
      const others = (exp.plugins ?? []).map((one) => String(Array.isArray(one) ? one[0] : one));
      await compileModsAsync(exp, { projectRoot: root, introspect: true, platforms: ['ios'], assertMissingModProviders: false });
      const plist = exp._internal?.modResults?.ios?.infoPlist ?? exp.ios?.infoPlist ?? {};
      const isPlaced =
        (plist.UIBackgroundModes ?? []).includes('processing') &&
        (plist.BGTaskSchedulerPermittedIdentifiers ?? []).includes('dev.bgsync.processing');
      answers.push({ isPlaced, others: others.filter((one) => !one.includes('background-sync')) });
    } catch (error) {
      answers.push({ isPlaced: false, others: [], error: String(error) });
    }
  }
  process.stdout.write('ANSWERS' + JSON.stringify(answers));
})();
`;

function askExpo(roots: readonly string[]): Answer[] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-e', INTROSPECT, JSON.stringify(roots)],
    {
      cwd: CACHE,
      encoding: 'utf8',
      maxBuffer: 1e9,
      env: { ...process.env, EXPO_NO_TELEMETRY: '1' },
    },
  );
  const at = stdout.indexOf('ANSWERS');
  if (at === -1) throw new Error(stderr);
  const answers = JSON.parse(stdout.slice(at + 7)) as (Answer & { error?: string })[];
  for (const [index, { error }] of answers.entries()) {
    if (error !== undefined && process.argv.includes('--verbose')) console.log(roots[index], error);
  }
  return answers;
}

function askReactNative(roots: readonly string[]): Answer[] {
  const cli = join(CACHE, 'node_modules/@react-native-community/cli/build/bin.js');
  return roots.map((root) => {
    const { stdout, stderr } = spawnSync(process.execPath, [cli, 'config'], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 1e9,
    });
    const start = stdout.indexOf('{');
    if (start === -1) {
      if (process.argv.includes('--verbose')) console.log(root, stderr);
      return { isPlaced: false, others: [] };
    }
    const { dependencies } = JSON.parse(stdout.slice(start)) as {
      dependencies: Record<string, { root: string; platforms: Record<string, unknown> }>;
    };
    const ours = dependencies['background-sync'];
    const isPlaced =
      ours?.root === join(root, 'modules/background-sync') &&
      ours.platforms.android !== null &&
      ours.platforms.ios !== null;
    const others = Object.entries(dependencies).flatMap(([name, one]) =>
      name === 'background-sync' || !one.root.startsWith(root) ? [] : [name],
    );
    return { isPlaced, others };
  });
}

async function judge(kind: Kind, shapes: readonly Shape[], modules: string) {
  const folder = join(CACHE, 'shapes', kind);
  rmSync(folder, { recursive: true, force: true });
  const roots: string[] = [];
  const edits: (number | undefined)[] = [];
  const texts: (string | undefined)[] = [];
  for (const [index, shape] of shapes.entries()) {
    const root = join(folder, `${index}-before`);
    writeShape(root, shape.files, modules);
    roots.push(root);
    const { result } = await readShape(kind, shape);
    texts.push(result.status === 'changed' ? result.text : undefined);
  }
  for (const [index, shape] of shapes.entries()) {
    const text = texts[index];
    if (text === undefined) continue;
    const root = join(folder, `${index}-after`);
    writeShape(root, { ...shape.files, [shape.file]: text }, modules);
    edits[index] = roots.push(root) - 1;
  }
  const answers = kind === 'appConfig' ? askExpo(roots) : askReactNative(roots);
  return Object.fromEntries(
    shapes.map((shape, index): [string, Recorded] => {
      const before = answers[index];
      const at = edits[index];
      const after = at === undefined ? undefined : answers[at];
      const edited =
        after === undefined
          ? null
          : {
              hash: hashOf(texts[index]),
              isPlaced: after.isPlaced,
              keeps: JSON.stringify(after.others) === JSON.stringify(before?.others),
            };
      return [
        shape.name,
        { hash: hashOf(shape.files), isPlaced: before?.isPlaced === true, edited },
      ];
    }),
  );
}

/** One in so many is also asked through `doctor --run-tools`, which has to say the same: each costs seconds. */
const EACH = 6;

/** Whether `doctor --run-tools` says what the tools said of the shapes. */
function checkDoctor(
  kind: Kind,
  shapes: readonly Shape[],
  recorded: Readonly<Record<string, Recorded>>,
) {
  const id = kind === 'appConfig' ? 'T02' : 'T01';
  let asked = 0;
  for (const [index, shape] of shapes.entries()) {
    const root = join(CACHE, 'shapes', kind, `${index}-before`);
    if (index % EACH !== 0) continue;
    // React Native’s CLI is asked where there is no Expo.
    if (kind === 'reactNativeConfig') {
      const dependencies = { 'react-native': TOOLS['react-native'] };
      const text = JSON.stringify({ name: 'demo', version: '1.0.0', dependencies });
      writeFileSync(join(root, 'package.json'), text);
    }
    cpSync(join(CACHE, 'generated/bgsync.config.json'), join(root, 'bgsync.config.json'));
    const { stdout } = runCli(['doctor', '--run-tools', '--only', id, '--json'], root);
    const { findings, couldNotRun } = JSON.parse(stdout) as Record<string, { id: string }[]>;
    const isPlaced = recorded[shape.name]?.isPlaced === true;
    // A config that the tool cannot read is not placed either.
    const says = findings?.length === 0 && couldNotRun?.length === 0;
    asked += 1;
    if (says === isPlaced) continue;
    console.error(`doctor --run-tools of ${shape.name}: ${stdout}`);
    process.exitCode = 1;
  }
  console.log(`doctor --run-tools says the same of ${asked} of them (${id})`);
}

install();
const modules = generatedPackage();
const actual = {
  tools: TOOLS,
  appConfig: await judge('appConfig', APP_CONFIGS, modules),
  reactNativeConfig: await judge('reactNativeConfig', REACT_NATIVE_CONFIGS, modules),
};
const text = `${JSON.stringify(actual, null, 2)}\n`;
if (process.argv.includes('--record')) writeFileSync(VERDICTS, text);
else if (text !== readFileSync(VERDICTS, 'utf8')) {
  writeFileSync(join(CACHE, 'verdicts.json'), text);
  spawnSync('diff', ['-u', VERDICTS, join(CACHE, 'verdicts.json')], { stdio: 'inherit' });
  console.error('verdicts.json is not what the tools say: npm run test:configs -- --record');
  process.exitCode = 1;
}
const all = [...Object.values(actual.appConfig), ...Object.values(actual.reactNativeConfig)];
console.log(
  `${all.length} shapes, ${all.filter(({ edited }) => edited !== null).length} edited, ${all.filter(({ isPlaced }) => isPlaced).length} in place before`,
);
checkDoctor('appConfig', APP_CONFIGS, actual.appConfig);
checkDoctor('reactNativeConfig', REACT_NATIVE_CONFIGS, actual.reactNativeConfig);
