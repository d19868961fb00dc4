/**
 * `npm run test:doctor [-- NAME…]`: doctor over the public templates of React Native, Expo and Capacitor. An app that no
 * one has touched must have no errors; after `init`, where bgsync supports the host, no errors and no warnings. Prints a
 * table; ends with 1 where a template has any, or cannot be got. Needs npm the first time; what it fetches is kept.
 */
import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, run } from '../apps/expo/install.ts';
import { fetchPackage } from '../helpers/fetch-package.ts';
import { fillInFile } from '../helpers/fill-in.ts';
import { templateChange } from '../helpers/scene-template.mjs';
import { restoreDotFiles, spawnCli, scratchFolder } from '../helpers/template-app.ts';

interface Template {
  readonly name: string;
  /** The package that it comes in. */
  readonly spec: string;
  readonly make: (unpacked: string, app: string) => void;
  readonly supportsInit: boolean;
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
    ...findings.filter(({ severity }) => refused.includes(severity)).map(lineOf),
    ...(name.startsWith(host) ? [] : [`doctor takes it for an app of ${host}`]),
    ...couldNotRun.map(({ id, reason }) => `${id} could not run: ${reason}`),
    ...notes.map(({ path, reason }) => `${path} was not looked at: ${reason}`),
  ];
  return { counts, problems };
}

function examine({ name, spec, make, supportsInit, mended }: Template): Row[] {
  const app = scratchFolder();
  try {
    const unpacked = join(CACHE, 'templates', spec.replaceAll(/[@/]/g, '_'));
    fetchPackage(spec, unpacked);
    make(unpacked, app);
    const before: Row = { name, when: 'untouched', ...doctor(name, app, ['error']) };
    if (!supportsInit) return [before];
    const init = spawnCli(['init', '--yes'], app);
    const handler = HANDLERS.map((path) => join(app, path)).find(existsSync);
    if (handler !== undefined) fillInFile(handler);
    const after =
      init.code === 0
        ? doctor(name, app, ['error', 'warning'])
        : {
            problems: [`init ended with ${init.code ?? 'a signal'}: ${init.stdout}${init.stderr}`],
          };
    if (mended === undefined || init.code !== 0)
      return [before, { name, when: 'after init', ...after }];
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
