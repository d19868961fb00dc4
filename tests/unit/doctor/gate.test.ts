import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultConfig } from '../../../src/config.ts';
import type { Config } from '../../../src/config.ts';
import { CHECKS } from '../../../src/doctor/checks/index.ts';
import { judgePlan } from '../../../src/doctor/gate.ts';
import { overlay } from '../../../src/plan/overlay.ts';
import { openRepo } from '../../../src/doctor/repo.ts';
import { runChecks } from '../../../src/doctor/run.ts';
import { UserError } from '../../../src/errors.ts';
import { fileSystem } from '../../../src/file-system.ts';
import type { FileSystem } from '../../../src/file-system.ts';
import { planIntegration } from '../../../src/integrations/plan.ts';
import { afterOf } from '../../../src/plan/plan.ts';
import { detectProject } from '../../../src/project/detect.ts';
import { BASES, appBuildGradle, packageJson } from '../../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { TRAITS } from '../../helpers/traits/index.ts';

const BLOCKING = new Set(CHECKS.filter(({ blocks }) => blocks === true).map(({ id }) => id));

/** What `init` would do in an app, and what doctor would say of it afterwards. */
async function answers(fs: FileSystem, cwd: string, settings: Partial<Config> = {}) {
  const project = await detectProject(fs, cwd);
  const { root } = project;
  const config = { ...defaultConfig(), platforms: [...project.platforms], ...settings };
  const plan = await planIntegration(fs, { project, config, pin: false });
  const { refusal, told } = await judgePlan(fs, root, plan, config).then(
    (all) => ({ refusal: '', told: all }),
    (error: unknown) => {
      if (error instanceof UserError) return { refusal: error.message, told: [] };
      throw error;
    },
  );
  const changed = plan.changes.map((one) => [join(root, one.path), afterOf(one) ?? null] as const);
  const repo = await openRepo(overlay(fs, new Map(changed)), root);
  const { findings, couldNotRun } = await runChecks(CHECKS, repo, 30_000);
  const errors = findings.filter(({ severity }) => severity === 'error');
  return { project, plan, repo, refusal, told, errors, couldNotRun };
}

const placesOf = (refusal: string): string[] =>
  [...refusal.matchAll(/^ {2}(\S+?)(?::(\d+))?: .*\((\w\d+)\)$/gm)].map(
    ([, file = '', line, id = '']) => `${id} ${file}:${line ?? '-'}`,
  );

const inMemory = (files: Readonly<Record<string, string>>): FileSystem =>
  memoryFileSystem(
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`/app/${path}`, text])),
  );

describe.each(TRAITS.map((trait) => [trait.name, trait] as const))('%s', (_name, trait) => {
  test('gets one answer from all commands', async () => {
    const root = scratchFolder();
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    trait.make(root);
    const found = await answers(fileSystem, join(root, trait.cwd ?? '')).catch((error: unknown) => {
      // Refused for what it is, before anything is planned.
      if (error instanceof UserError && trait.exit === 2) return undefined;
      throw error;
    });
    if (found === undefined) return;
    const { project, plan, repo, refusal, told, errors, couldNotRun } = found;
    expect(couldNotRun).toEqual([]);
    const withoutLine = new Set(plan.changes.map(({ path }) => path));
    expect(placesOf(refusal)).toEqual(
      errors
        .filter(({ id }) => BLOCKING.has(id))

        .map(({ id, file, line = '-' }) => `${id} ${file}:${withoutLine.has(file) ? '-' : line}`),
    );
    if (refusal !== '') expect(trait.exit).toBe(2);
    // What was wrong before, `init` says as a warning; I29 is of code that has nothing to do with it.
    const unsaid = errors.filter(
      ({ id, message }) =>
        id !== 'I29' && !told.some((one) => one.name === id && one.message === message),
    );
    if (trait.exit === 0) expect(unsaid).toEqual([]);
    const build = await repo.androidBuild();
    expect(build?.buildFile).toBe(project.android?.buildFile);
    for (const key of [
      'minSdk',
      'compileSdk',
      'targetSdk',
      'agp',
      'kotlin',
      'namespace',
    ] as const) {
      expect(build?.[key]).toEqual(project.android?.[key]);
    }
    const targets = ({
      targets: all = [],
    }: { targets?: readonly { name: string; infoPlists: readonly string[] }[] } = {}) =>
      all.map(({ name, infoPlists }) => [name, infoPlists]);
    expect(targets(await repo.ios())).toEqual(targets(project.ios));
    const expo = project.host === 'expo' ? project.expo : undefined;
    expect((await repo.expo())?.config).toEqual(expo?.config);
  });
});

describe('what is too old', () => {
  test('is refused and reported alike, where it was changed after init', async () => {
    const old =
      'buildscript {\n  ext {\n    kotlinVersion = "1.9.24"\n  }\n  dependencies {\n    classpath("com.android.tools.build:gradle:7.4.2")\n  }\n}\n';
    const app = appBuildGradle().replace('minSdk 24', 'minSdk 23');
    const fs = inMemory({
      ...BASES.bgsync,
      'android/build.gradle': old,
      'android/app/build.gradle': app,
    });
    const { refusal, errors } = await answers(fs, '/app');
    const expected = [
      'A05 android/app/build.gradle:8',
      'A34 android/build.gradle:3',
      'A34 android/build.gradle:6',
    ];
    expect(errors.map(({ id, file, line }) => `${id} ${file}:${line ?? '-'}`)).toEqual(expected);
    expect(placesOf(refusal)).toEqual(expected);
  });

  test.each([
    ['2.11.2', 34, true],
    ['2.11.2', 35, false],
    ['2.9.1', 34, false],
  ])('compileSdk for androidx.work %s is %i: refused %s', async (workRuntime, level, isRefused) => {
    const app = appBuildGradle().replace('compileSdk 36', `compileSdk ${level}`);
    const fs = inMemory({ ...BASES['react-native'], 'android/app/build.gradle': app });
    const { refusal } = await answers(fs, '/app', { android: { workRuntime, budgetSeconds: 180 } });
    expect(refusal.includes('compileSdk is')).toBe(isRefused);
  });

  test.each(['0.77', '0.79', '0.81', '0.83', '0.85', '0.87'] as const)(
    'is nothing in the template of %s',
    async (version) => {
      const root = scratchFolder();
      onTestFinished(() => rmSync(root, { recursive: true, force: true }));
      makeTemplateApp(version, root);
      expect((await answers(fileSystem, root)).refusal).toBe('');
    },
  );
});

test.each([
  ['RCT_EXPORT_MODULE(BackgroundSync)', ['J20 ios/Demo/Sync.m:2']],
  ['RCT_EXPORT_MODULE(Sync)', []],
])('a native module of the app’s: %s', async (macro, expected) => {
  const files = { 'ios/Demo/Sync.m': `@implementation Sync\n${macro}\n@end\n` };
  const { refusal } = await answers(inMemory({ ...BASES['react-native'], ...files }), '/app');
  expect(placesOf(refusal)).toEqual(expected);
});

describe('what registers bgsync’s task as its own', () => {
  const id = 'dev.bgsync.processing';
  const call = (task: string): string =>
    `func a() {\n  BGTaskScheduler.shared.register(forTaskWithIdentifier: ${task}, using: nil) { _ in }\n}\n`;
  test.each<[string, Readonly<Record<string, string>>, string[]]>([
    ...['2.8.0', '3.1.0', '4.2.1', '^4.2.0'].map(
      (version): [string, Readonly<Record<string, string>>, string[]] => [
        `react-native-background-fetch ${version}`,
        {
          'package.json': packageJson({
            'react-native': '0.87.2',
            'react-native-background-fetch': version,
          }),
        },
        ['I32'],
      ],
    ),
    [
      'none: react-native-background-fetch 4.2.2',
      {
        'package.json': packageJson({
          'react-native': '0.87.2',
          'react-native-background-fetch': '4.2.2',
        }),
      },
      [],
    ],
    ['the app', { 'ios/Demo/B.swift': call(`"${id}"`) }, ['I07']],
    [
      'a loop over the permitted ids',
      {
        'ios/Demo/B.swift': `let ids = Bundle.main.object(forInfoDictionaryKey: "BGTaskSchedulerPermittedIdentifiers")\n${call('ids')}`,
      },
      ['I07'],
    ],
    [
      'none: the app reads the ids, and registers nothing',
      {
        'ios/Demo/B.swift':
          'let ids = Bundle.main.object(forInfoDictionaryKey: "BGTaskSchedulerPermittedIdentifiers")\n',
      },
      [],
    ],
  ])('is refused and reported: %s', async (_name, files, ids) => {
    const { refusal, errors } = await answers(
      inMemory({ ...BASES['react-native'], ...files }),
      '/app',
    );
    const blocking = errors.filter((one) => BLOCKING.has(one.id)).map((one) => one.id);
    expect(blocking).toEqual(ids);
    expect(placesOf(refusal).map((place) => place.slice(0, 3))).toEqual(ids);
  });
});
