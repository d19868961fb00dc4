import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultConfig, generatedFrom } from '../../../../src/config.ts';
import { LOCK_FILE } from '../../../../src/plan/lock-file.ts';
import { unfilledIn } from '../../../../src/integrations/unfilled.ts';
import { VERSION } from '../../../../src/version.ts';
import { BASES, packageJson, withLock } from '../../../helpers/doctor-bases.ts';
import { describeCheck, diagnose } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';

const MODULE = 'modules/background-sync';
const LOCK = `${MODULE}/${LOCK_FILE}`;
const CORE = `${MODULE}/src/core.ts`;
const HANDLER = 'src/background-sync.ts';
const INTEGRATED: Readonly<Record<string, string>> = BASES.bgsync;

const UNREADABLE = Buffer.from([0x2f, 0x2f, 0xff]);

describeCheck('X01', {
  base: 'bgsync',
  triggers: {
    'a line of the user’s': { files: { [CORE]: `${INTEGRATED[CORE] ?? ''}// mine\n` }, at: CORE },
  },
  near: {
    'line endings that git converted': {
      [CORE]: INTEGRATED[CORE]?.replaceAll('\n', '\r\n'),
    },
    'a file of the user’s beside the generated ones': { [`${MODULE}/src/mine.ts`]: '' },
  },
});

test('X01 names the commands that show and keep the change', async () => {
  const { findings } = await diagnose('bgsync', { [CORE]: 'mine' });
  expect(findings[0]?.fix).toContain('npx bgsync diff');
  expect(findings[0]?.fix).toContain('npx bgsync update');
});

describeCheck('X02', {
  base: 'bgsync',
  triggers: {
    'an older version': { files: withLock({ bgsync: '0.0.9' }), at: LOCK, message: '0.0.9' },
    'a candidate of this one': { files: withLock({ bgsync: `${VERSION}-rc.1` }), at: LOCK },
  },
  near: {
    'this version': withLock({ bgsync: VERSION }),
    'something that is no version': withLock({ bgsync: `0.0.9${' '.repeat(9)}\u001B[31m` }),
  },
});

const CONFIG = 'bgsync.config.json';
const settings = (change: Readonly<Record<string, unknown>>): Files => ({
  [CONFIG]: JSON.stringify({ ...(JSON.parse(INTEGRATED[CONFIG] ?? '') as object), ...change }),
});

describeCheck('X07', {
  base: 'bgsync',
  triggers: {
    'a setting that was changed since the package was generated': {
      files: {
        [CONFIG]: INTEGRATED[CONFIG]?.replace('"intervalMinutes": 60', '"intervalMinutes": 90'),
      },
      at: `${CONFIG}:11`,
      message: 'schedule.intervalMinutes is not what the package was generated from',
    },
    'a platform that was taken out': {
      files: settings({ platforms: ['ios'] }),
      at: CONFIG,
      message: 'platforms',
    },
    'a setting that is written for the first time': {
      files: settings({ constraints: { charging: true } }),
      at: CONFIG,
      message: 'constraints.charging',
    },
  },
  near: {
    'what is in effect without an update': settings({
      local: { alias: { 'some-package': 'src/some-package.ts' } },
      doctor: { suppress: [{ id: 'A01', reason: 'meant' }] },
    }),
    'a setting of a platform that the app has not': {
      ...settings({ platforms: ['ios'], android: { budgetSeconds: 60 } }),
      ...withLock({ settings: generatedFrom({ ...defaultConfig(), platforms: ['ios'] }) }),
    },
    'a default that is written out': settings({ constraints: { network: 'any' } }),
    'a package of before, which does not say from what': {
      ...settings({ platforms: ['ios'] }),
      ...withLock({ settings: undefined }),
    },
  },
});

describeCheck('X04', {
  base: 'bgsync',
  triggers: {
    'a file that is gone': { files: { [CORE]: undefined }, at: CORE },
    'no lock file': { files: { [LOCK]: undefined }, at: LOCK, message: 'is missing' },
    'a lock file that is none': {
      files: { [LOCK]: '<<<<<<< HEAD\n' },
      at: LOCK,
      message: 'is no lock file that this bgsync can read',
    },
  },
  near: { 'a file that cannot be read is not missing': { [CORE]: UNREADABLE } },
});

describeCheck('J08', {
  base: 'bgsync',
  triggers: {
    'no handler': { files: { [HANDLER]: undefined }, at: 'bgsync.config.json:8' },
  },
  near: { 'a handler that cannot be read is not missing': { [HANDLER]: UNREADABLE } },
});

describeCheck('X08', {
  base: 'bgsync',
  triggers: {
    'a newer version': { files: withLock({ bgsync: '99.1.0' }), at: LOCK, message: '99.1.0' },
  },
  near: { 'one that is no version': withLock({ bgsync: 'next' }) },
});

const WORKFLOW = '.github/workflows/ci.yml';
const ci = (run: string): string => `jobs:
  check:
    steps:
      - uses: actions/checkout@v5
      # npx bgsync doctor
      - run: ${run}
`;
const installed = (files: Files): Files => ({
  'package.json': JSON.stringify({
    name: 'demo',
    dependencies: { 'react-native': '0.87.2' },
    devDependencies: { bgsync: VERSION },
  }),
  ...files,
});

describeCheck('X09', {
  base: 'bgsync',
  triggers: {
    'npx, and nothing is installed': {
      files: { [WORKFLOW]: ci('npx --yes bgsync doctor') },
      at: `${WORKFLOW}:6`,
      message: 'runs `npx --yes bgsync`',
    },
    'the newest': {
      files: { '.gitlab-ci.yml': 'a:\n  script: npx bgsync@latest doctor\n' },
      at: '.gitlab-ci.yml:2',
    },
    'the newest, whatever is installed': {
      files: installed({ [WORKFLOW]: ci('npx bgsync@latest doctor') }),
      at: `${WORKFLOW}:6`,
    },
    'a range': { files: { 'bitrise.yml': 'run: bunx bgsync@^0.1 doctor\n' }, at: 'bitrise.yml:1' },
    'pnpm dlx, which never runs what is installed': {
      files: installed({ [WORKFLOW]: ci('pnpm dlx bgsync doctor') }),
      at: `${WORKFLOW}:6`,
    },
  },
  near: {
    'a version that is installed': installed({
      [WORKFLOW]: ci('npx bgsync doctor --format github'),
    }),
    'a version that is named': { [WORKFLOW]: ci(`npx bgsync@${VERSION} doctor`) },
    'one in a variable': { [WORKFLOW]: ci('npx bgsync@${{ env.BGSYNC }} doctor') },
    'npx that installs nothing': { [WORKFLOW]: ci('npx --no-install bgsync doctor') },
    'pnpm exec, which fails where nothing is installed': {
      [WORKFLOW]: ci('pnpm exec bgsync doctor'),
    },
    'other packages with such a name': { [WORKFLOW]: ci('npx bgsync-report && npx @acme/bgsync') },
    'a workflow that is no file': { '.github/workflows/ci.yml/x': '' },
  },
});

describeCheck('X10', {
  base: 'bgsync',
  triggers: {
    'a retired package, without what the sync needed': {
      files: {
        ...withLock({ retired: true }),
        'index.js':
          "import { AppRegistry } from 'react-native';\nAppRegistry.registerComponent('demo', () => null);\n",
        [HANDLER]: undefined,
        'ios/Demo/Info.plist': BASES.ios['Demo/Info.plist'],
      },
      at: LOCK,
    },
  },
  near: { 'one that is not': withLock({ retired: false }) },
});

describeCheck('X11', {
  base: 'bgsync',
  triggers: {
    'all of modules/': {
      files: { '.gitignore': 'node_modules/\nmodules/\n' },
      at: '.gitignore:2',
      message: `modules/ keeps ${MODULE} out of the repository`,
    },
    'its native half, by a rule for the app’s own folders': {
      files: { '.gitignore': 'ios/\nandroid/\n' },
      at: ['.gitignore:1', '.gitignore:2'],
      message: `${MODULE}/ios`,
    },
    'the debug sources alone': {
      files: { '.gitignore': 'node_modules/\n[Dd]ebug/\n' },
      at: '.gitignore:2',
      message: `[Dd]ebug/ keeps ${MODULE}/android/src/debug out of the repository; at the end of .gitignore this takes it back: !/${MODULE}/android/src/debug/`,
    },
    'the handler': { files: { '.gitignore': '/src/background*\n' }, at: '.gitignore:1' },
    'a rule further down': {
      files: { 'modules/.gitignore': '*-sync\n' },
      at: 'modules/.gitignore:1',
    },
    'a rule that matches each file is one finding': {
      files: { 'modules/.gitignore': '*\n!*-sync\n!*.ts\n' },
      at: 'modules/.gitignore:1',
      message: 'lines that take them back',
    },
  },
  near: {
    'the app’s own folders': { '.gitignore': '/ios\n/android\nbuild/\nmodules/*.log\n' },
    'with an exception': { '.gitignore': `/modules/*\n!/${MODULE}\n` },
    'another package’s': { 'modules/other/.gitignore': '*\n' },
  },
});

test('an app that has never been near bgsync is not asked for any of it', async () => {
  const { findings } = await diagnose('react-native', {
    'package.json': packageJson({ 'react-native': '0.87.2' }),
    '.gitignore': 'modules/\n',
  });
  expect(findings).toEqual([]);
});

/** What `init` makes of a template, as far as it has no choices. */
const made = (template: string): string =>
  readFileSync(new URL(`../../../../templates/handler/${template}`, import.meta.url), 'utf8');
const QUEUE = 'src/sync-queue.ts';
const QUEUED = { 'bgsync.config.json': '{ "queue": "op-sqlite" }' };
const SOUND = INTEGRATED[HANDLER] ?? '';
const TAKEN = 'throw new Error(`Take ${item.id} out of your store here.`)';
const withInside = (text: string): string => SOUND.replace('return theirs()', text);

describeCheck('X13', {
  base: 'bgsync',
  triggers: {
    'a handler as init made it': {
      files: { [HANDLER]: withInside(TAKEN) },
      at: HANDLER,
      message: 'still throws “Take ${item.id} out of your store here.”',
    },
    'one in Dart': {
      base: 'bgsync-flutter',
      files: { 'lib/background_sync.dart': made('background_sync.dart.ejs') },
      at: 'lib/background_sync.dart',
      message: 'still throws “Send ${item.id} here.”',
    },
    'the server of the example, in a queue': {
      files: { ...QUEUED, ...withLock({ settings: undefined }), [QUEUE]: made('sync-queue.ejs') },
      at: QUEUE,
    },
    'one with the quotes of a formatter': {
      files: {
        [HANDLER]: withInside('throw new Error("src/background-sync.ts: import your store here.")'),
      },
      at: HANDLER,
    },
    'one that a formatter broke into lines': {
      files: { [HANDLER]: withInside(TAKEN.replace('(', '(\n  ').replace(')', ',\n)')) },
      at: HANDLER,
    },
  },
  near: {
    'a throw of the user’s': {
      [HANDLER]: withInside("throw new Error('Nobody is signed in here.')"),
    },
    'a queue’s file that no queue has': { [QUEUE]: made('sync-queue.ejs') },
    'the example in another file': { 'src/api.ts': made('sync-queue.ejs') },
  },
});

test('X13 knows every template that leaves something to the user', () => {
  const folder = new URL('../../../../templates/handler/', import.meta.url);
  const whole = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ejs') && unfilledIn(made(name)) === undefined)
    .sort();
  // The queue that these hand over has a file of its own; the last is a part of others.
  expect(whole).toEqual([
    'background-sync-queue.ejs',
    'background_sync_queue.dart.ejs',
    'layers/until-closed.ejs',
  ]);
});
