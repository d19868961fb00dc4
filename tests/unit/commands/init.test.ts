import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { init } from '../../../src/commands/init.ts';
import type { InitOptions } from '../../../src/commands/init.ts';
import type { Context } from '../../../src/context.ts';
import { CancelError } from '../../../src/errors.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { exec } from '../../../src/exec.ts';
import { quietReport, testContext } from '../../helpers/test-context.ts';
import { changedPaths, readTree } from '../../helpers/tree.ts';

let app = '';
let questions: string[] = [];
let said = '';
/** Of a selection: what its label says; else the first. */
let choice = 'I write it';
beforeEach(() => {
  app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeTemplateApp('0.87', app);
  questions = [];
  said = '';
  published = '{ "bgsync": "bin/bgsync.js" }';
  choice = 'I write it';
});

/** What the registry says of this version. */
let published = '{ "bgsync": "bin/bgsync.js" }';

/** A terminal whose user gives these answers. */
function terminal(...answers: (boolean | 'leave')[]): Context {
  return testContext({
    cwd: app,
    exec: {
      ...exec,
      run: (file, args, options) =>
        file === 'npm'
          ? Promise.resolve({
              code: published === '' ? 1 : 0,
              stdout: published,
              stderr: '',
              isTimedOut: false,
              startError: undefined,
            })
          : exec.run(file, args, options),
    },
    report: quietReport({ line: (text = '') => (said += `${text}\n`) }),
    prompt: {
      confirm: (message) => {
        questions.push(message);
        const answer = answers.shift();
        if (answer === undefined) throw new Error(`an unexpected question: ${message}`);
        return answer === 'leave'
          ? Promise.reject(new CancelError('Cancelled.'))
          : Promise.resolve(answer);
      },
      select: (message, [first, ...others]) => {
        questions.push(message);
        const chosen = [first, ...others].find((one) => one?.label.includes(choice)) ?? first;
        return chosen === undefined
          ? Promise.reject(new Error('no option'))
          : Promise.resolve(chosen.value);
      },
    },
    isInteractive: true,
  });
}

const run = (ctx: Context, options: InitOptions = {}) => init(options, ctx);

test('pins bgsync as a line of the plan, and asks once for all of it', async () => {
  expect(await run(terminal(true))).toEqual({ exitCode: 0 });
  expect(questions).toEqual([
    expect.stringContaining('does the app have a queue'),
    expect.stringContaining('Apply'),
  ]);
  expect(said).toMatch(/edit +package\.json +pins bgsync/);
  expect(readFileSync(join(app, 'package.json'), 'utf8')).toContain('"bgsync"');
  // Nothing is left to ask the second time.
  expect(await run(terminal())).toEqual({ exitCode: 0 });
});

test.each([
  ['that is declined', '{ "bgsync": "bin/bgsync.js" }', { pin: false }],
  ['of a version that the registry does not have', '', {}],
  ['where another package has the name', '{ "bgsync": "cli.js" }', {}],
])('a pin %s is in no list', async (_, answer, options: InitOptions) => {
  published = answer;
  expect(await run(terminal(true), options)).toEqual({ exitCode: 0 });
  expect(readFileSync(join(app, 'package.json'), 'utf8')).not.toContain('"bgsync"');
  expect(said).not.toContain('bgsync@');
  expect(said).not.toContain('pins bgsync');
});

test('asks for the queue, and generates the one that was chosen', async () => {
  choice = 'op-sqlite';
  expect(await run(terminal(true))).toEqual({ exitCode: 0 });
  expect(readFileSync(join(app, 'bgsync.config.json'), 'utf8')).toContain('"queue": "op-sqlite"');
  expect(readFileSync(join(app, 'src/sync-queue.ts'), 'utf8')).toContain('drivers/op-sqlite');
});

test('a no leaves everything as it is', async () => {
  const before = readTree(app);
  await expect(run(terminal(false))).rejects.toThrow(CancelError);
  await expect(run(terminal('leave'))).rejects.toThrow(CancelError);
  expect(changedPaths(before, readTree(app))).toEqual([]);
});

test.each([{ yes: true }, { dryRun: true }, { yes: true, json: true }] as InitOptions[])(
  'asks nothing with %j',
  async (options) => {
    expect(await run(terminal(), options)).toEqual({ exitCode: 0 });
    expect(questions).toEqual([]);
  },
);

test('says once what it says of several files', async () => {
  for (const name of ['One', 'Two', 'Three']) {
    writeFileSync(
      join(app, `android/app/src/main/java/com/helloworld/${name}.kt`),
      `package com.helloworld\nimport androidx.work.WorkManager\nclass ${name}\n`,
    );
  }
  await run(terminal(), { yes: true, dryRun: true });
  const notes = said.split('\n').filter((line) => line.includes('uses WorkManager itself'));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/helloworld\/\w+\.kt:2 and 2 more\): /);
});

test('refuses a Podfile that would not take the pod', async () => {
  const podfile = join(app, 'ios/Podfile');
  const text = readFileSync(podfile, 'utf8');
  writeFileSync(podfile, text.replace('min_ios_version_supported', "'13.4'"));
  await expect(run(terminal(), { yes: true })).rejects.toThrow(
    /ios\/Podfile:\d+: platform :ios is 13\.4; the generated package needs 15\.1\. \(I23\)/,
  );
  expect(existsSync(join(app, 'bgsync.config.json'))).toBe(false);
});

test('tells a user in another folder where the app is, and to go there first', async () => {
  const ctx = { ...terminal(true), shell: join(app, '..') };
  expect(await run(ctx)).toEqual({ exitCode: 0 });
  const folder = app.slice(app.lastIndexOf('/') + 1);
  expect(said).toMatch(new RegExp(`folder +${folder}\n`));
  expect(said).toContain(`1. cd ${folder}   (the app)`);
});

test('who is not asked is told of no pin where no registry gave this copy, and no registry is asked', async () => {
  const asked: string[] = [];
  const ctx = terminal();
  const watched: Context = {
    ...ctx,
    exec: {
      ...ctx.exec,
      run: (file, args, options) => {
        asked.push(file);
        return ctx.exec.run(file, args, options);
      },
    },
  };
  expect(await run(watched, { yes: true })).toEqual({ exitCode: 0 });
  expect(said).not.toContain('bgsync@');
  expect(asked).not.toContain('npm');
});
