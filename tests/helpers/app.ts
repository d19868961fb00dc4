import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { once } from './init-once.ts';
import { makeTemplateApp, runCli, scratchFolder } from './template-app.ts';
import type { CliResult, TemplateVersion } from './template-app.ts';

/** The generated package's folder in an app that was set up with the defaults. */
export const MODULE = 'modules/background-sync';

/** An app for one test, removed after it. Paths are relative to its root. */
export interface TestApp {
  readonly root: string;
  read(path: string): string;
  write(path: string, text: string): void;
  rewrite(path: string, change: (text: string) => string): void;
  remove(path: string): void;
  /** Runs the built CLI there. */
  run(...args: string[]): CliResult;
  /** Runs `init --yes`, which has to succeed; in a `testApp` as it was already run in the same tree, copies what it made. */
  init(...args: string[]): void;
  git(...args: string[]): string;
  /** Makes a repository of it, all committed. */
  commit(): void;
}

export function testApp(version: TemplateVersion = '0.87'): TestApp {
  const root = scratchFolder();
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  makeTemplateApp(version, root);
  const app = appIn(root);
  return { ...app, init: (...args) => once(root, ['init', ...args], () => app.init(...args)) };
}

export function appIn(root: string): TestApp {
  const app: TestApp = {
    root,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (path, text) => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    rewrite: (path, change) => app.write(path, change(app.read(path))),
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    run: (...args) => runCli(args, root),
    init: (...args) => {
      expect(app.run('init', '--yes', ...args)).toMatchObject({ code: 0, stderr: '' });
    },
    git: (...args) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: root,
        encoding: 'utf8',
      }),
    commit: () => {
      app.git('init', '-q');
      app.git('add', '-A');
      app.git('commit', '-qm', 'app', '--allow-empty');
    },
  };
  return app;
}
