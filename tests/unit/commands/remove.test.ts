import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { init } from '../../../src/commands/init.ts';
import { remove } from '../../../src/commands/remove.ts';
import type { Context } from '../../../src/context.ts';
import { CancelError } from '../../../src/errors.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { quietReport, testContext } from '../../helpers/test-context.ts';
import { changedPaths, readTree } from '../../helpers/tree.ts';

let app = '';
let questions: string[] = [];
let suggestions: boolean[] = [];
let warnings: string[] = [];
beforeEach(async () => {
  app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeTemplateApp('0.87', app);
  questions = [];
  suggestions = [];
  await init({ yes: true, pin: false }, terminal());
  warnings = [];
});

/** A terminal whose user gives these answers. */
function terminal(...answers: boolean[]): Context {
  return testContext({
    cwd: app,
    env: { PATH: process.env.PATH },
    prompt: {
      confirm: (message, suggested) => {
        questions.push(message);
        suggestions.push(suggested);
        const answer = answers.shift();
        if (answer === undefined) throw new Error(`an unexpected question: ${message}`);
        return Promise.resolve(answer);
      },
      select: (message) => Promise.reject(new Error(`an unexpected question: ${message}`)),
    },
    report: quietReport({ warn: (text) => warnings.push(text) }),
    isInteractive: true,
  });
}

test('says what a shipped app needs before it asks', async () => {
  const before = readTree(app);
  await expect(remove({}, terminal(false))).rejects.toThrow(CancelError);
  expect(questions).toHaveLength(1);
  // A bare return key removes nothing.
  expect(suggestions).toEqual([false]);
  expect(warnings.join()).toContain('--retire');
  expect(changedPaths(before, readTree(app))).toEqual([]);
  expect(await remove({}, terminal(true))).toEqual({ exitCode: 0 });
});

test('once it is retired, or with --force, it does not warn', async () => {
  expect(await remove({ retire: true }, terminal(true))).toEqual({ exitCode: 0 });
  expect(await remove({}, terminal(true))).toEqual({ exitCode: 0 });
  expect(warnings).toEqual([]);
});

test('asks before it changes a file with a change that is not committed', async () => {
  const git = (...args: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: app });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'app');
  appendFileSync(join(app, 'index.js'), '// mine\n');
  await expect(remove({ force: true }, terminal(false))).rejects.toThrow(CancelError);
  expect(warnings.join()).toContain('index.js');
  expect(await remove({ force: true }, terminal(true, true))).toEqual({ exitCode: 0 });
});
