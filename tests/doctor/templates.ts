/**
 * `npm run test:doctor [-- NAME…]`: doctor over the public templates of React Native, Expo and Capacitor. An app that no
 * one has touched must have no errors; after `init`, where bgsync supports the host, no errors and no warnings. Needs npm
 * the first time; what it fetches is kept.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { restoreDotFiles, runCli, scratchFolder } from '../helpers/template-app.ts';

const CACHE = process.env.BGSYNC_TEMPLATE_CACHE ?? join(tmpdir(), 'bgsync-templates');

interface Template {
  readonly name: string;
  /** The package that it comes in. */
  readonly spec: string;
  readonly make: (unpacked: string, app: string) => void;
  readonly supportsInit: boolean;
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
};

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
      unpack(join(unpacked, `assets/${archive}.tar.gz`), join(app, folder), 0);
    }
    const dependencies = Object.fromEntries(
      ['android', 'core', 'ios'].map((name) => [`@capacitor/${name}`, '^7.6.9']),
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
  ...Object.entries(EXPO).flatMap(([kind, versions]) =>
    versions.map((version) => ({
      name: `expo-${kind}-${version}`,
      spec: `expo-template-${kind}@${version}`,
      make: copy(''),
      supportsInit: true,
    })),
  ),
  ...['ios-pods-template', 'ios-spm-template'].map((ios) => ({
    name: `capacitor-${ios}-7.6.9`,
    spec: '@capacitor/cli@7.6.9',
    make: makeCapacitor(ios),
    supportsInit: false,
  })),
];

function run(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

const unpack = (archive: string, folder: string, strip: number): void =>
  void run(folder, 'tar', ['xzf', archive, `--strip-components=${strip}`]);

/** @returns the unpacked package, fetched once */
function fetchPackage(spec: string): string {
  const folder = join(CACHE, spec.replaceAll(/[@/]/g, '_'));
  if (existsSync(folder)) return folder;
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  run(part, 'npm', ['pack', '--silent', spec]);
  const archive = readdirSync(part).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error(`npm pack ${spec} left no archive`);
  unpack(archive, part, 1);
  rmSync(join(part, archive));
  renameSync(part, folder);
  return folder;
}

interface Finding {
  readonly id: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

const line = ({ severity, id, file, line, message }: Finding): string =>
  `  ${severity} ${id} ${file}${line === undefined ? '' : `:${line}`}  ${message}`;

/** @returns what is wrong, a line each */
function doctor(app: string, counts: readonly Finding['severity'][]): string[] {
  const { code, stdout, stderr } = runCli(['doctor', '--json'], app);
  if (code !== 0 && code !== 1) return [`  doctor ended with ${code ?? 'a signal'}: ${stderr}`];
  const { findings, couldNotRun } = JSON.parse(stdout) as {
    findings: Finding[];
    couldNotRun: { id: string; reason: string }[];
  };
  return [
    ...findings.filter(({ severity }) => counts.includes(severity)).map(line),
    ...couldNotRun.map(({ id, reason }) => `  ${id} could not run: ${reason}`),
  ];
}

let failed = 0;
function report(name: string, problems: readonly string[]): void {
  if (problems.length > 0) failed += 1;
  console.log([`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${name}`, ...problems].join('\n'));
}

const wanted = process.argv.slice(2);
for (const { name, spec, make, supportsInit } of TEMPLATES) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  const app = scratchFolder();
  try {
    make(fetchPackage(spec), app);
    report(`${name}, untouched`, doctor(app, ['error']));
    if (!supportsInit) continue;
    const init = runCli(['init', '--yes'], app);
    const problems = init.code === 0 ? doctor(app, ['error', 'warning']) : [init.stderr];
    report(`${name}, after init`, problems);
  } finally {
    rmSync(app, { recursive: true, force: true });
  }
}
console.log(failed === 0 ? 'all sound' : `${failed} failed`);
if (failed > 0) process.exitCode = 1;
