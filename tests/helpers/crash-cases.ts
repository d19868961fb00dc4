import { expect } from 'vitest';
import type { TestApp } from './app.ts';
import { makeFlutterApp } from './flutter-app.ts';
import { makeTemplateApp } from './template-app.ts';

/** An app in which commands are killed. */
export interface CrashHost {
  readonly name: string;
  readonly make: (root: string) => void;
  /** What `init --yes` is given besides. */
  readonly options: readonly string[];
  readonly moduleDir: string;
  /** Of how many operations in the middle one is died at, where not all are: writing one file of many is like another. */
  readonly oneOf: number;
}

/** A command that is killed in an app of a host. */
export interface CrashCase {
  readonly host: CrashHost;
  readonly name: string;
  readonly args: readonly string[];
  /** Brings the app to where the command is run. */
  readonly prepare: (app: TestApp) => void;
}

export const REACT_NATIVE: CrashHost = {
  name: 'React Native',
  make: (root) => makeTemplateApp('0.87', root),
  options: ['--pin'],
  moduleDir: 'modules/background-sync',
  oneOf: 13,
};

const FLUTTER: CrashHost = {
  name: 'Flutter',
  make: (root) =>
    makeFlutterApp(root, '3.44', {
      'lib/main_dev.dart': "import 'package:flutter/material.dart';\n\nvoid main() {}\n",
    }),
  options: ['--queue', 'drift'],
  moduleDir: 'packages/background_sync',
  oneOf: 23,
};

export const CRASH_HOSTS: readonly CrashHost[] = [REACT_NATIVE, FLUTTER];

const casesOf = (host: CrashHost): CrashCase[] => {
  const { options, moduleDir } = host;
  // Not `init`, which asks for silence: of Flutter, bgsync has to say what was not tried.
  const setUp = (app: TestApp): void => {
    expect(app.run('init', '--yes', ...options).code).toBe(0);
  };
  return [
    { host, name: 'init', args: ['init', '--yes', ...options], prepare: () => undefined },
    {
      host,
      name: 'update',
      args: ['update', '--yes'],
      prepare(app) {
        setUp(app);
        app.rewrite('bgsync.config.json', (text) =>
          text.replace('dev.bgsync.processing', 'com.example.sync').replaceAll(moduleDir, 'a/b'),
        );
        // The journal is in git's own folder then.
        app.commit();
      },
    },
    { host, name: 'remove', args: ['remove', '--yes', '--force'], prepare: setUp },
    { host, name: 'remove --retire', args: ['remove', '--yes', '--retire'], prepare: setUp },
  ];
};

export const CRASH_CASES: readonly CrashCase[] = CRASH_HOSTS.flatMap(casesOf);
