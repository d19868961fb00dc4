import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { init } from '../../../src/commands/init.ts';
import type { InitOptions } from '../../../src/commands/init.ts';
import type { Context } from '../../../src/context.ts';
import { CancelError } from '../../../src/errors.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { testContext } from '../../helpers/test-context.ts';
import { changedPaths, readTree } from '../../helpers/tree.ts';

let app = '';
let questions: string[] = [];
/** Of a selection: what its label says; else the first. */
let choice = 'I write it';
beforeEach(() => {
  app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeTemplateApp('0.87', app);
  questions = [];
  choice = 'I write it';
});

/** A terminal whose user gives these answers. */
function terminal(...answers: (boolean | 'leave')[]): Context {
  return testContext({
    cwd: app,
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

test('offers to pin bgsync, shows the plan, asks, applies', async () => {
  expect(await run(terminal(true, true))).toEqual({ exitCode: 0 });
  expect(questions).toEqual([
    expect.stringContaining('does the app have a queue'),
    expect.stringContaining('devDependencies'),
    expect.stringContaining('Apply'),
  ]);
  expect(readFileSync(join(app, 'package.json'), 'utf8')).toContain('"bgsync"');
  // Nothing is left to ask the second time.
  expect(await run(terminal())).toEqual({ exitCode: 0 });
});

test('asks for the queue, and generates the one that was chosen', async () => {
  choice = 'op-sqlite';
  expect(await run(terminal(false, true))).toEqual({ exitCode: 0 });
  expect(readFileSync(join(app, 'bgsync.config.json'), 'utf8')).toContain('"queue": "op-sqlite"');
  expect(readFileSync(join(app, 'src/sync-queue.ts'), 'utf8')).toContain('drivers/op-sqlite');
});

test('a no leaves everything as it is', async () => {
  const before = readTree(app);
  await expect(run(terminal(false, false))).rejects.toThrow(CancelError);
  await expect(run(terminal('leave'))).rejects.toThrow(CancelError);
  await expect(run(terminal(true, 'leave'))).rejects.toThrow(CancelError);
  expect(changedPaths(before, readTree(app))).toEqual([]);
});

test.each([{ yes: true }, { dryRun: true }, { yes: true, json: true }] as InitOptions[])(
  'asks nothing with %j',
  async (options) => {
    expect(await run(terminal(), options)).toEqual({ exitCode: 0 });
    expect(questions).toEqual([]);
  },
);
