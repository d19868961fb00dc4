import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { toAsciiJson } from '../../src/events/write.ts';
import { APP_JSON, makeExpoFixture } from '../helpers/expo-app.ts';
import { fillInFile } from '../helpers/fill-in.ts';
import { makeTemplateApp, runCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const PLIST = 'ios/HelloWorld/Info.plist';

let app = '';
let integrated = new Map<string, Buffer>();
beforeAll(() => {
  app = scratchFolder();
  makeTemplateApp('0.87', app);
  expect(runCli(['init', '--yes'], app).code).toBe(0);
  fillInFile(join(app, 'src/background-sync.ts'));
  integrated = readTree(app);
});
afterAll(() => rmSync(app, { recursive: true, force: true }));
beforeEach(() => {
  for (const path of changedPaths(integrated, readTree(app))) {
    const bytes = integrated.get(path);
    if (bytes === undefined) rmSync(join(app, path));
    else {
      mkdirSync(join(app, path, '..'), { recursive: true });
      writeFileSync(join(app, path), bytes);
    }
  }
});

const read = (path: string): string => readFileSync(join(app, path), 'utf8');
const write = (path: string, text: string): void => {
  mkdirSync(join(app, path, '..'), { recursive: true });
  writeFileSync(join(app, path), text);
};
const rewrite = (path: string, from: string | RegExp, to: string): void => {
  const text = read(path);
  expect(text.replace(from, to)).not.toBe(text);
  write(path, text.replace(from, to));
};
const doctor = (...args: string[]) => runCli(['doctor', ...args], app);

/** Two errors: the entry file does not import the handler, and the plist does not permit the id. */
function breakTwo(): void {
  rewrite('index.js', "import './src/background-sync';\n", '');
  rewrite(PLIST, /\t\t<string>dev\.bgsync\.processing<\/string>\n/, '');
}
const suppress = (entry: object): void =>
  rewrite(
    'bgsync.config.json',
    /^\{/,
    `{\n  "doctor": { "suppress": [${JSON.stringify(entry)}] },`,
  );

interface Document {
  readonly findings: readonly { readonly id: string; readonly fixable: boolean }[];
  readonly known: readonly unknown[];
  readonly suppressed: readonly unknown[];
  readonly notices: readonly string[];
}
const json = (...args: string[]) => {
  const { code, stdout } = doctor('--json', ...args);
  return { code, document: JSON.parse(stdout) as Document };
};
const idsOf = ({ findings }: Document): string[] => findings.map(({ id }) => id);

describe('exit codes', () => {
  test('0 where nothing is wrong, 1 where something is, in every format', () => {
    for (const format of ['text', 'json', 'sarif', 'github', 'junit', 'html']) {
      expect(doctor('--format', format).code).toBe(0);
    }
    breakTwo();
    for (const format of ['text', 'json', 'sarif', 'github', 'junit', 'html']) {
      const { code, stdout, stderr } = doctor('--format', format);
      expect([format, code, stderr]).toEqual([format, 1, '']);
      expect(stdout).toContain('J02');
      expect(stdout).toContain('index.js');
    }
  });

  test('--strict: warnings fail, too', () => {
    rewrite(
      'ios/HelloWorld.xcodeproj/project.pbxproj',
      'INFOPLIST_FILE = HelloWorld/Info.plist;',
      'INFOPLIST_FILE = "$(NOWHERE)/Info.plist";',
    );
    expect(doctor('--only', 'I20').code).toBe(0);
    expect(doctor('--only', 'I20', '--strict').code).toBe(1);
  });

  test.each([
    [['--only', 'J2'], 'Did you mean J02?'],
    [['--skip', 'nonsense'], 'There is no check nonsense.\n  `npx bgsync doctor --explain` lists'],
    [['--only', 'J99'], 'There is no check J99.\n  There are J01 to J'],
    [['--only', 'R01'], '--log FILE'],
    [['--format', 'xml'], 'sarif'],
    [['--baseline', 'nowhere'], '--write-baseline nowhere'],
    [['--fix', '--log', 'x'], '--fix is about the repo'],
    [['--fix', '--json'], '--fix shows a plan'],
    [['--platform', 'ios'], '--platform needs --device or --log'],
    [['--yes'], '--yes needs --fix'],
    [['--dry-run'], '--dry-run needs --fix'],
    [['--write-baseline', 'package.json'], 'package.json is not a baseline'],
    [['--baseline', 'index.js'], 'index.js:1 is no line of a baseline'],
    [['--baseline', 'ios'], 'ios is a folder, where a file is expected'],
    [['--write-baseline', 'nowhere/base'], 'The baseline nowhere/base cannot be written (ENOENT)'],
    [['--only', 'J02', '--skip', 'J02'], '--skip wins over --only'],
    [['--explain', 'A999'], 'There is no check A999'],
    [['--log', 'nowhere'], 'nowhere cannot be read (ENOENT)'],
    [['--log', 'live'], '--platform'],
    [['--log', 'index.js'], 'No event of a background sync'],
  ])('2 for %j', (args, says) => {
    const { code, stdout, stderr } = doctor(...args);
    expect(stderr).toContain(says);
    expect([code, stdout]).toEqual([2, '']);
  });
});

test('--only and --skip choose', () => {
  breakTwo();
  expect(idsOf(json().document)).toEqual(['J02', 'I01']);
  expect(idsOf(json('--only', 'j02,J12', '--only', 'X01').document)).toEqual(['J02']);
  expect(idsOf(json('--skip', 'J02').document)).toEqual(['I01']);
  expect(json('--skip', 'J02', '--skip', 'I01').code).toBe(0);
});

test('a baseline takes what is there, and not what comes later', () => {
  breakTwo();
  expect(doctor('--write-baseline', 'base.ndjson').code).toBe(0);
  expect(read('base.ndjson').split('\n')).toHaveLength(4);
  const first = json('--baseline', 'base.ndjson');
  expect([first.code, idsOf(first.document), first.document.known.length]).toEqual([0, [], 2]);

  // Lines above do not matter; another finding does; one that is mended is told.
  write('index.js', `// moved\n\n${read('index.js')}`);
  rewrite(PLIST, '<string>processing</string>', '');
  const second = json('--baseline', 'base.ndjson');
  expect([second.code, idsOf(second.document)]).toEqual([1, ['I03']]);
  rewrite('index.js', /$/, "import './src/background-sync';\n");
  const { stdout } = doctor('--baseline', 'base.ndjson', '--only', 'J02,I01');
  expect(stdout).toContain('The baseline has J02 in index.js, which is not found any more.');
  expect(stdout).toContain('1 known from the baseline');
});

test('a baseline that is written anew keeps what was not looked for, and heals after a merge', () => {
  breakTwo();
  doctor('--write-baseline', 'base.ndjson');
  const whole = read('base.ndjson');
  rewrite('index.js', /$/, "import './src/background-sync';\n");
  doctor('--write-baseline', 'base.ndjson', '--only', 'J02');
  expect(read('base.ndjson')).toBe(whole.replace(/^.*"J02".*\n/m, ''));
  write('base.ndjson', `<<<<<<< ours\n${whole}=======\n`);
  expect(doctor('--baseline', 'base.ndjson').code).toBe(2);
  expect(doctor('--write-baseline', 'base.ndjson').code).toBe(0);
  expect(read('base.ndjson')).toBe(whole.replace(/^.*"J02".*\n/m, ''));
  expect(read('package.json')).toBe(integrated.get('package.json')!.toString());
});

describe('a suppression', () => {
  test('needs a reason, is shown as one, and is told when it is of no use', () => {
    breakTwo();
    suppress({ id: 'J02', file: 'index.*', reason: 'a tool adds the import' });
    const { code, document } = json('--skip', 'I01');
    expect([code, idsOf(document)]).toEqual([0, []]);
    expect(document.suppressed).toMatchObject([{ id: 'J02', reason: 'a tool adds the import' }]);
    expect(document.notices).toEqual([]);
    rewrite('bgsync.config.json', 'index.*', 'other.js');
    const other = json('--skip', 'I01');
    expect([other.code, idsOf(other.document)]).toEqual([1, ['J02']]);
    expect(other.document.notices.join()).toContain('suppresses J02 in other.js');
  });

  test('without a reason is an error of use', () => {
    suppress({ id: 'J02', reason: '' });
    const { code, stderr } = doctor();
    expect(code).toBe(2);
    expect(stderr).toContain('bgsync.config.json:2');
    expect(stderr).toContain('reason');
  });

  test('may stand in a repo without the sync', () => {
    rmSync(join(app, 'modules'), { recursive: true });
    write('bgsync.config.json', '{ "doctor": { "suppress": [{ "id": "Z1", "reason": "x" }] } }');
    rewrite('index.js', "import './src/background-sync';\n", '');
    const { code, stdout } = doctor();
    expect(code).toBe(0);
    expect(stdout).toContain('suppresses Z1: there is no such check');
  });
});

describe('--explain', () => {
  test('tells the whole story, outside of any app too', () => {
    const { code, stdout } = runCli(['doctor', '--explain', 'i01'], '/');
    expect(code).toBe(0);
    for (const part of ['I01', 'Why it matters', 'How to mend it', 'Source', '"reason"']) {
      expect(stdout).toContain(part);
    }
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(160);
  });

  test('without an id lists all', () => {
    const { stdout } = runCli(['doctor', '--explain'], '/');
    for (const id of ['I01', 'J02', 'R18', 'D01', 'T01'])
      expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
  });

  test('for a program: a document, and none of the formats of findings', () => {
    const one = runCli(['doctor', '--explain', 'i01', '--json'], '/');
    expect(one.code).toBe(0);
    expect(JSON.parse(one.stdout)).toMatchObject({
      version: 1,
      checks: [{ id: 'I01', severity: 'error', looksAt: 'repo' }],
    });
    const all = JSON.parse(runCli(['doctor', '--explain', '--format', 'json'], '/').stdout) as {
      checks: { id: string; looksAt: string }[];
    };
    expect(all.checks.find(({ id }) => id === 'R18')).toMatchObject({ looksAt: 'log' });
    const { code, stderr } = runCli(['doctor', '--explain', 'I01', '--format', 'sarif'], '/');
    expect(code).toBe(2);
    expect(stderr).toContain('--explain tells of checks, and sarif reports findings');
  });
});

describe('--fix', () => {
  const fixed = (): string[] =>
    changedPaths(integrated, readTree(app)).filter((path) => path !== 'bgsync.config.json');

  test('--dry-run shows the plan; without an answer nothing is written', () => {
    breakTwo();
    const before = readTree(app);
    const { stdout } = doctor('--fix', '--dry-run');
    expect(stdout).toContain("+import './src/background-sync';");
    const { code, stderr } = doctor('--fix');
    expect(code).toBe(2);
    expect(stderr).toContain('--yes');
    expect(changedPaths(before, readTree(app))).toEqual([]);
  });

  test('--yes mends I01, I03, J02 and J12 byte for byte, and nothing is left to do', () => {
    breakTwo();
    rewrite(PLIST, /\t\t<string>processing<\/string>\n/, '');
    rewrite('react-native.config.js', /^ {4}'background-sync'[^]*?\n {4}\},\n/m, '');
    // I03 has to wait for I01: `processing` without permitted ids is refused at the upload (I04).
    const offered = json().document.findings.filter(({ fixable }) => fixable);
    expect(offered.map(({ id }) => id).sort()).toEqual(['I01', 'J02', 'J12']);
    const { code, stdout } = doctor('--fix', '--yes');
    expect(stdout).toContain('3 files changed');
    expect(code).toBe(0);
    expect(fixed()).toEqual([]);
    expect(doctor('--fix', '--yes').stdout).toContain('Nothing that is found can be mended');
  });

  test('mends A02 in an app without the sync: one number, in its line', () => {
    const bare = scratchFolder();
    onTestFinished(() => rmSync(bare, { recursive: true, force: true }));
    makeTemplateApp('0.87', bare);
    const file = join(bare, 'android/app/build.gradle');
    const text = readFileSync(file, 'utf8');
    const work = 'dependencies {\n    implementation("androidx.work:work-runtime:2.11.0")\n';
    writeFileSync(file, text.replace('dependencies {\n', work));
    const before = readTree(bare);
    expect(runCli(['doctor', '--only', 'A02'], bare).stdout).toContain(
      'For 1 of these: `npx bgsync doctor --fix`',
    );
    expect(runCli(['doctor', '--fix', '--yes'], bare).code).toBe(0);
    expect(changedPaths(before, readTree(bare))).toEqual(['android/app/build.gradle']);
    expect(readFileSync(file, 'utf8')).toBe(
      text.replace('dependencies {\n', work.replace('2.11.0', '2.11.2')),
    );
  });

  test('mends E01: app.json is as init leaves it', () => {
    const expo = scratchFolder();
    onTestFinished(() => rmSync(expo, { recursive: true, force: true }));
    makeExpoFixture(expo);
    expect(runCli(['init', '--yes'], expo).code).toBe(0);
    const whole = readTree(expo);
    expect(whole.get('app.json')?.toString()).not.toBe(APP_JSON);
    writeFileSync(join(expo, 'app.json'), APP_JSON);
    expect(runCli(['doctor', '--only', 'E01'], expo).code).toBe(1);
    expect(runCli(['doctor', '--fix', '--yes', '--only', 'E01'], expo).code).toBe(0);
    expect(changedPaths(whole, readTree(expo))).toEqual([]);
  });

  test('leaves a file that has uncommitted changes, unless it is allowed', () => {
    const git = (...args: string[]) =>
      expect(
        spawnSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@x', ...args], { cwd: app })
          .status,
      ).toBe(0);
    breakTwo();
    git('init', '-q');
    try {
      git('add', '-A');
      git('commit', '-qm', 'x');
      const theirs = `${read('index.js')}// theirs\n`;
      write('index.js', theirs);
      const { code, stderr } = doctor('--fix', '--yes');
      expect([code, stderr]).toEqual([2, expect.stringContaining('index.js')]);
      expect(read('index.js')).toBe(theirs);
      expect(doctor('--fix', '--yes', '--allow-dirty').code).toBe(0);
      expect(read('index.js')).toContain('// theirs');
    } finally {
      rmSync(join(app, '.git'), { recursive: true });
    }
  });

  test('leaves what is suppressed, and says what is left', () => {
    breakTwo();
    suppress({ id: 'I01', reason: 'x' });
    rmSync(join(app, 'modules/background-sync/src/core.ts'));
    const { code, stdout } = doctor('--fix', '--yes');
    expect(code).toBe(1);
    expect(stdout).toContain('X04');
    expect(fixed()).toEqual([PLIST, 'modules/background-sync/src/core.ts']);
  });
});

describe('--log', () => {
  const event = (seq: number, ev: string, more: object = {}): string =>
    `I/BackgroundSync: BGSYNC1 ${toAsciiJson({ v: 1, seq, ts: 1_773_522_000_000 + seq, plat: 'android', pid: 7, ev, ...more })}`;

  test('finds signals, in a folder that is no app', () => {
    const folder = join(app, 'logs');
    mkdirSync(folder);
    const lines = [
      'noise',
      event(1, 'register', { why: 'kept' }),
      event(2, 'late', { run: 'a\u001b[31m' }),
    ];
    writeFileSync(join(folder, 'phone.log'), lines.join('\n'));
    const { code, stdout } = runCli(['doctor', '--log', 'phone.log', '--cwd', folder], '/');
    expect(stdout).toContain('phone.log:3  R16');
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
    const strict = [
      'doctor',
      '--log',
      'phone.log',
      '--strict',
      '--format',
      'sarif',
      '--cwd',
      folder,
    ];
    expect(runCli(strict, '/').code).toBe(1);
  });
});

describe('--run-tools', () => {
  const CLI = 'node_modules/react-native/cli.js';
  const says = (text: string): void =>
    write(
      CLI,
      `if (process.argv[2] !== 'config') process.exit(9);\nconsole.log('a plugin’s line');\n${text}`,
    );
  const tools = () => {
    const { code, stdout } = doctor('--run-tools', '--only', 'T01', '--json');
    const document = JSON.parse(stdout) as Document & { couldNotRun: { reason: string }[] };
    return [code, document.findings, document.couldNotRun];
  };

  const both = '{ android: {}, ios: {} }';
  const listed = (root: string, platforms: string): string =>
    `console.log(JSON.stringify({ dependencies: { 'background-sync': { root: process.cwd() + '/${root}', platforms: ${platforms} } } }));`;

  test('runs the app’s own CLI, in its folder', () => {
    says(`console.log('{ is no JSON');\n${listed('modules/background-sync', both)}`);
    expect(tools()).toEqual([0, [], []]);
  });

  test('runs it where pnpm links it to', () => {
    const store = scratchFolder();
    onTestFinished(() => rmSync(store, { recursive: true, force: true }));
    writeFileSync(join(store, 'cli.js'), listed('modules/background-sync', both));
    mkdirSync(join(app, 'node_modules'), { recursive: true });
    const link = join(app, 'node_modules/react-native');
    rmSync(link, { recursive: true, force: true });
    symlinkSync(store, link);
    onTestFinished(() => rmSync(link));
    expect(tools()).toEqual([0, [], []]);
  });

  test.each([
    ['console.log("{}")', 1, 'does not list'],
    [listed('other', both), 1, "has 'background-sync' in other"],
    [listed('modules/background-sync', '{ android: {}, ios: null }'), 1, 'without ios'],
    [listed('modules/background-sync', '{}'), 1, 'without android and ios'],
    ['console.log("nothing")', 2, 'did not print JSON'],
    ['throw new Error("broken config")', 2, 'react-native config failed'],
  ])('%s: exit %i', (text, expected, message) => {
    says(text);
    const [code, ...rest] = tools();
    expect(JSON.stringify(rest)).toContain(message);
    expect(code).toBe(expected);
  });

  test('says so where nothing is installed; nothing runs unless it is asked for', () => {
    const [code, , couldNotRun] = tools();
    expect([code, JSON.stringify(couldNotRun)]).toEqual([
      2,
      expect.stringContaining('not installed'),
    ]);
    says('require("node:fs").writeFileSync("ran", "")');
    expect(doctor().code).toBe(0);
    expect(readTree(app).has('ran')).toBe(false);
  });
});

describe('--run-tools in an Expo app', () => {
  /** A config of which its text does not say whether Expo gets the plugin from it. */
  const COMPUTED =
    "const { load } = require('a-tool');\n\nmodule.exports = ({ config }) => load(config, './modules/background-sync/app.plugin.js');\n";
  const KEYS =
    '{ UIBackgroundModes: ["audio", "processing"], BGTaskSchedulerPermittedIdentifiers: ["dev.bgsync.processing"] }';
  const linked = (more = ''): string =>
    `if (process.argv.slice(2, 5).join(' ') !== 'react-native-config --json --platform') process.exit(9);
const platform = process.argv[5];
console.log(JSON.stringify({ dependencies: { 'background-sync': { root: process.cwd() + '/modules/background-sync', platforms: { [platform]: {} } } } }));${more}`;
  const introspected = (plist: string): string =>
    `if (process.argv.slice(2).join(' ') !== 'config --type introspect --json' || process.env.CI !== '1') process.exit(9);
console.log(JSON.stringify({ ios: { infoPlist: {} }, _internal: { modResults: { ios: { infoPlist: ${plist} } } } }));`;

  const ask = (cli: string, autolinking = linked(), change?: (folder: string) => void) => {
    const folder = scratchFolder();
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    makeExpoFixture(folder, { workflow: 'cng' });
    expect(runCli(['init', '--yes'], folder).code).toBe(0);
    rmSync(join(folder, 'app.json'));
    mkdirSync(join(folder, 'node_modules/expo/bin'), { recursive: true });
    writeFileSync(join(folder, 'app.config.js'), COMPUTED);
    writeFileSync(join(folder, 'node_modules/expo/bin/cli'), cli);
    writeFileSync(join(folder, 'node_modules/expo/bin/autolinking'), autolinking);
    change?.(folder);
    const look = (...args: string[]) => {
      const { code, stdout } = runCli(['doctor', '--json', ...args], folder);
      const { findings, notes, couldNotRun } = JSON.parse(stdout) as {
        findings: { id: string; file: string; message: string; severity: string }[];
        notes: { path: string; answeredBy?: string }[];
        couldNotRun: unknown[];
      };
      return {
        code,
        notes,
        couldNotRun,
        errors: findings.filter((one) => one.severity === 'error'),
      };
    };
    return { without: look(), asked: look('--run-tools') };
  };

  test('Expo decides what its config does, and is not asked otherwise', () => {
    const { without, asked } = ask(introspected(KEYS));
    expect(without).toMatchObject({ code: 0, errors: [] });
    expect(without.notes).toMatchObject([{ path: 'app.config.js', answeredBy: 'T02' }]);
    expect(asked).toEqual({ code: 0, errors: [], notes: [], couldNotRun: [] });
  });

  test('a config that brings nothing is an error, at the file that has the last word', () => {
    const { asked } = ask(introspected('{ UIBackgroundModes: ["audio"] }'));
    expect(asked.code).toBe(1);
    expect(asked.notes).toEqual([]);
    expect(asked.errors).toMatchObject([
      {
        id: 'T02',
        file: 'app.config.js',
        message: expect.stringContaining('lacks dev.bgsync.') as string,
      },
      {
        id: 'T02',
        message: expect.stringContaining('UIBackgroundModes lacks processing') as string,
      },
    ]);
  });

  test.each([
    ['has', KEYS.replace('["dev', '["com.expo.modules.backgroundtask.processing", "dev'), []],
    [
      'lacks',
      KEYS,
      [
        'BGTaskSchedulerPermittedIdentifiers lacks com.expo.modules.backgroundtask.processing, which expo-background-task needs',
      ],
    ],
  ])('what the config cannot tell of a library %s what it needs', (_name, plist, messages) => {
    const { without, asked } = ask(introspected(plist), linked(), (folder) => {
      const path = join(folder, 'package.json');
      const manifest = JSON.parse(readFileSync(path, 'utf8')) as { dependencies: object };
      const dependencies = { ...manifest.dependencies, 'expo-background-task': '~1.0.0' };
      writeFileSync(path, JSON.stringify({ ...manifest, dependencies }, null, 2));
      writeFileSync(join(folder, 'upload.js'), "import 'expo-background-task';\n");
    });
    expect(without).toMatchObject({ errors: [] });
    expect(asked.notes).toEqual([]);
    expect(asked.errors.map(({ id }) => id)).toEqual(messages.map(() => 'T02'));
    for (const [index, { message }] of asked.errors.entries()) {
      expect(message).toContain(messages[index]);
    }
  });

  test('what Expo could not say stays unknown', () => {
    const { asked } = ask('console.error("CommandError: no config"); process.exit(1);');
    expect(asked.code).toBe(2);
    expect(asked.notes).toHaveLength(1);
    expect(JSON.stringify(asked.couldNotRun)).toContain('failed: CommandError: no config');
  });

  test('the manifest that Expo would write has what its services and receivers need', () => {
    const type = { 'android:name': 'com.demo.Sync', 'android:foregroundServiceType': 'dataSync' };
    const boot = { $: { 'android:name': 'android.intent.action.BOOT_COMPLETED' } };
    const manifest = {
      'uses-permission': [
        { $: { 'android:name': 'android.permission.WAKE_LOCK', 'tools:node': 'remove' } },
        { $: { 'android:name': 'android.permission.INTERNET' } },
      ],
      application: [
        {
          $: {},
          service: [{ $: type }, { $: { 'android:name': 'com.demo.Other' } }],
          receiver: [{ $: {}, 'intent-filter': [{ action: [boot] }] }],
        },
      ],
    };
    const { asked } = ask(
      introspected(`${KEYS} }, android: { manifest: { manifest: ${JSON.stringify(manifest)} }`),
    );
    expect(asked.errors.map(({ id, message }) => `${id} ${message}`)).toEqual([
      'T03 Expo removes android.permission.WAKE_LOCK: WorkManager throws SecurityException',
      'T03 the service com.demo.Sync that Expo writes is of the type dataSync, and the app does not ask for android.permission.FOREGROUND_SERVICE_DATA_SYNC',
    ]);
  });

  test('autolinking is Expo’s own, asked for each platform', () => {
    const onlyIos =
      linked().replace('console.log(', "if (platform === 'ios') console.log(") +
      "else console.log('{}');";
    const { asked } = ask(introspected(KEYS), onlyIos);
    expect(asked.errors).toMatchObject([
      {
        id: 'T01',
        message: "expo-modules-autolinking react-native-config does not list 'background-sync'",
      },
    ]);
  });
});
