/**
 * `npm run test:doctor [-- NAME…]`: doctor over the public templates of React Native, Expo and Capacitor, and boilerplates
 * made of them. An app that no one has touched must have no errors; after `init`, where bgsync supports the host, no
 * errors and no warnings but those that are right; and `remove` must leave every file as it was. Prints a table; ends with 1 where a template has any, or cannot be got. Needs npm the first time; what it fetches is kept.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, run } from '../apps/expo/install.ts';
import { fetchPackage } from '../helpers/fetch-package.ts';
import { fillInFile } from '../helpers/fill-in.ts';
import { templateChange } from '../helpers/scene-template.mjs';
import { restoreDotFiles, spawnCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

interface Template {
  readonly name: string;
  /** The package that it comes in; with others, where `make` needs them. */
  readonly spec: string;
  readonly others?: readonly string[];
  readonly make: (unpacked: string, app: string, others: readonly string[]) => void;
  readonly supportsInit: boolean;
  /** What doctor is right to warn of after `init`. */
  readonly warns?: readonly string[];
  /** What doctor must warn of after `init`, and what of docs/ios.md's, put over `ios/HelloWorld`, ends it. */
  readonly mended?: { readonly id: string; readonly by: () => ReadonlyMap<string, string> };
}

const REACT_NATIVE = [
  '0.77.3',
  '0.78.3',
  '0.79.7',
  '0.80.3',
  '0.81.6',
  '0.82.1',
  '0.83.10',
  '0.84.1',
  '0.85.3',
  '0.86.3',
  '0.87.2',
];
const EXPO = {
  'bare-minimum': ['53.0.42', '54.0.54', '55.0.43', '56.0.37', '57.0.28', '58.0.8'],
  blank: ['53.0.42', '57.0.28', '58.0.8'],
  default: ['57.0.28'],
};
const CAPACITOR = '7.6.9';

const copy =
  (below: string) =>
  (unpacked: string, app: string): void => {
    cpSync(join(unpacked, below), app, { recursive: true });
    restoreDotFiles(app);
  };

/** What `npx cap init`, `cap add android` and `cap add ios` leave. */
const makeCapacitor =
  (iosTemplate: string) =>
  (unpacked: string, app: string): void => {
    const json = (path: string, value: unknown): void =>
      writeFileSync(join(app, path), JSON.stringify(value, null, 2));
    for (const [folder, archive] of [
      ['android', 'android-template'],
      ['ios', iosTemplate],
    ] as const) {
      mkdirSync(join(app, folder), { recursive: true });
      const archivePath = join(unpacked, `assets/${archive}.tar.gz`);
      const { code, output } = run(join(app, folder), 'tar', ['xzf', archivePath]);
      if (code !== 0) throw new Error(output);
    }
    const dependencies = Object.fromEntries(
      ['android', 'core', 'ios'].map((name) => [`@capacitor/${name}`, `^${CAPACITOR}`]),
    );
    json('package.json', { name: 'demo', version: '1.0.0', dependencies });
    json('capacitor.config.json', { appId: 'com.example.demo', appName: 'demo', webDir: 'www' });
  };

/** Apps that people start from besides, as their makers ship them: what each has that the templates have not. */
const BOILERPLATES: readonly Template[] = [
  {
    // A function in app.config.ts that spreads the plugins of app.json; MMKV.
    name: 'expo-ignite-11.5.0',
    spec: 'ignite-cli@11.5.0',
    make: copy('boilerplate'),
    supportsInit: true,
  },
  {
    // A committed Podfile.lock; MMKV 4.
    name: 'react-native-thecodingmachine-4.11.1',
    spec: '@thecodingmachine/react-native-boilerplate@4.11.1',
    make: copy('template'),
    supportsInit: true,
    warns: ['I34'],
  },
  {
    // The native folders come in packages of their own.
    name: 'react-native-rock-0.15.2',
    spec: '@rock-js/template-default@0.15.2',
    others: ['@rock-js/platform-ios@0.13.4', '@rock-js/platform-android@0.13.4'],
    make(unpacked, app, others) {
      copy('')(unpacked, app);
      others.forEach((folder, index) => {
        const name = index === 0 ? 'ios' : 'android';
        cpSync(join(folder, 'template', name), join(app, name), { recursive: true });
      });
    },
    supportsInit: true,
  },
  {
    name: 'react-native-rnstarterkit-1.1.5',
    spec: '@highbeek/create-rnstarterkit@1.1.5',
    make: copy('dist/templates/cli-base'),
    supportsInit: true,
    warns: ['I34'],
  },
  {
    name: 'expo-rnstarterkit-1.1.5',
    spec: '@highbeek/create-rnstarterkit@1.1.5',
    make: copy('dist/templates/expo-base'),
    supportsInit: true,
  },
  {
    // iOS, and a project of its own for visionOS beside it.
    name: 'react-native-visionos-0.79.6',
    spec: '@callstack/visionos-template@0.79.6',
    make: copy('template'),
    supportsInit: true,
  },
  {
    // ios/ builds for tvOS alone; React Native by an alias.
    name: 'react-native-tvos-0.83.0-0',
    spec: '@react-native-tvos/template-tv@0.83.0-0',
    make: copy('template'),
    supportsInit: true,
  },
  {
    // Committed native folders and no prebuild; an applicationId from the environment; MMKV.
    name: 'expo-rn-boiler-1.81.2',
    spec: 'rn-boiler-template@1.81.2',
    make: copy('template'),
    supportsInit: true,
  },
  {
    // Three targets and their Info.plists: development, staging, release.
    name: 'react-native-computools-1.0.65',
    spec: '@computools/react-native-template-controller@1.0.65',
    make: copy('template'),
    supportsInit: true,
  },
];

const TEMPLATES: readonly Template[] = [
  ...REACT_NATIVE.map((version) => ({
    name: `react-native-${version}`,
    spec: `@react-native-community/template@${version}`,
    make: copy('template'),
    supportsInit: true,
  })),
  {
    name: 'react-native-0.88.0-rc.2',
    spec: '@react-native-community/template@0.88.0-rc.2-c821f5d',
    make: copy('template'),
    supportsInit: true,
    mended: { id: 'I18', by: templateChange },
  },
  ...Object.entries(EXPO).flatMap(([kind, versions]) =>
    versions.map((version) => ({
      name: `expo-${kind}-${version}`,
      spec: `expo-template-${kind}@${version}`,
      make: copy(''),
      supportsInit: true,
    })),
  ),
  ...['ios-pods-template', 'ios-spm-template'].map((ios) => ({
    name: `capacitor-${CAPACITOR}-${ios}`,
    spec: `@capacitor/cli@${CAPACITOR}`,
    make: makeCapacitor(ios),
    supportsInit: false,
  })),
  ...BOILERPLATES,
];

const HANDLERS = ['src/background-sync.ts', 'src/background-sync.js'];

const SEVERITIES = ['error', 'warning', 'info'] as const;
type Severity = (typeof SEVERITIES)[number];

interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

interface Row {
  readonly name: string;
  readonly when: 'untouched' | 'after init' | 'as in docs/ios.md';
  /** Of each severity; undefined where doctor did not run. */
  readonly counts?: readonly number[];
  /** What is wrong, a line each. */
  readonly problems: readonly string[];
}

const lineOf = ({ severity, id, file, line, message }: Finding): string =>
  `${severity} ${id} ${file}${line === undefined ? '' : `:${line}`}  ${message}`;

function doctor(
  name: string,
  app: string,
  refused: readonly Severity[],
  right: readonly string[] = [],
): Omit<Row, 'name' | 'when'> {
  const { code, stdout, stderr } = spawnCli(['doctor', '--json'], app);
  if (code !== 0 && code !== 1) {
    return { problems: [`doctor ended with ${code ?? 'a signal'}: ${stderr}`] };
  }
  const { host, findings, couldNotRun, notes } = JSON.parse(stdout) as {
    host: string;
    findings: Finding[];
    couldNotRun: { id: string; reason: string }[];
    notes: { path: string; reason: string }[];
  };
  const counts = SEVERITIES.map(
    (one) => findings.filter(({ severity }) => severity === one).length,
  );
  const problems = [
    ...findings
      .filter(({ severity, id }) => refused.includes(severity) && !right.includes(id))
      .map(lineOf),
    ...right
      .filter((id) => !findings.some((one) => one.id === id))
      .map((id) => `doctor must warn of ${id}`),
    ...(name.startsWith(host) ? [] : [`doctor takes it for an app of ${host}`]),
    ...couldNotRun.map(({ id, reason }) => `${id} could not run: ${reason}`),
    ...notes.map(({ path, reason }) => `${path} was not looked at: ${reason}`),
  ];
  return { counts, problems };
}

/** The folder that a package is in, unpacked. */
function unpack(spec: string): string {
  const unpacked = join(CACHE, 'templates', spec.replaceAll(/[@/]/g, '_'));
  fetchPackage(spec, unpacked);
  return unpacked;
}

/** What `remove` leaves of an app that has its background sync as `init` made it. */
function leftBy(app: string, before: Map<string, Buffer>): string[] {
  const { code, stdout, stderr } = spawnCli(['remove', '--yes', '--force'], app);
  if (code !== 0) return [`remove ended with ${code ?? 'a signal'}: ${stdout}${stderr}`];
  return changedPaths(before, readTree(app)).map((path) => `remove left ${path}`);
}

function examine(template: Template): Row[] {
  const { name, spec, others = [], make, supportsInit, warns = [], mended } = template;
  const app = scratchFolder();
  try {
    make(unpack(spec), app, others.map(unpack));
    const before: Row = { name, when: 'untouched', ...doctor(name, app, ['error']) };
    if (!supportsInit) return [before];
    const files = readTree(app);
    const init = spawnCli(['init', '--yes'], app);
    const handler = HANDLERS.map((path) => join(app, path)).find(existsSync);
    const asMade = handler === undefined ? '' : readFileSync(handler, 'utf8');
    if (handler !== undefined) fillInFile(handler);
    const after =
      init.code === 0
        ? doctor(name, app, ['error', 'warning'], warns)
        : {
            problems: [`init ended with ${init.code ?? 'a signal'}: ${init.stdout}${init.stderr}`],
          };
    if (mended === undefined || init.code !== 0) {
      if (handler !== undefined) writeFileSync(handler, asMade);
      const left = init.code === 0 ? leftBy(app, files) : [];
      const problems = [...after.problems, ...left];
      return [before, { name, when: 'after init', ...after, problems }];
    }
    const isOnlyThat = after.problems.length === 1 && after.problems[0]?.includes(mended.id);
    const problems = isOnlyThat
      ? []
      : [`doctor must warn of ${mended.id} alone`, ...after.problems];
    for (const [file, text] of mended.by()) {
      const path = join(app, 'ios/HelloWorld', file);
      if (!existsSync(path)) throw new Error(`the template has no ${file}`);
      writeFileSync(path, text);
    }
    return [
      before,
      { name, when: 'after init', ...after, problems },
      { name, when: 'as in docs/ios.md', ...doctor(name, app, ['error', 'warning']) },
    ];
  } catch (error) {
    return [{ name, when: 'untouched', problems: [String(error)] }];
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}

const wanted = process.argv.slice(2);
const chosen = TEMPLATES.filter(
  ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
);
console.log(`     ${'template'.padEnd(36)} ${'when'.padEnd(12)} errors warnings infos`);
let failed = chosen.length === 0 ? 1 : 0;
for (const template of chosen) {
  for (const { name, when, counts, problems } of examine(template)) {
    if (problems.length > 0) failed += 1;
    const [errors = '-', warnings = '-', infos = '-'] = counts ?? [];
    const cells = [
      String(errors).padStart(6),
      String(warnings).padStart(8),
      String(infos).padStart(5),
    ];
    const state = problems.length === 0 ? 'ok  ' : 'FAIL';
    console.log(`${state} ${name.padEnd(36)} ${when.padEnd(12)} ${cells.join(' ')}`);
    for (const problem of problems) console.log(`       ${problem}`);
  }
}
console.log(failed === 0 ? `${chosen.length} templates, all sound` : `${failed} failed`);
if (failed > 0) process.exitCode = 1;
