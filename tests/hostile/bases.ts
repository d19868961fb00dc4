import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnCli } from '../helpers/cli.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { makeTemplateApp } from '../helpers/template-app.ts';
import { readTree } from '../helpers/tree.ts';
import { FLUTTER, FLUTTER_WORKSPACE, REACT_NATIVE } from './layouts.ts';
import type { Layout } from './layouts.ts';

/** A state that a repo can be in, before anyone attacks it. */
export interface Base {
  readonly name: string;
  readonly layout: Layout;
  /** Whether `init` has been there. */
  readonly hasSync: boolean;
  readonly files: ReadonlyMap<string, Buffer>;
  /** A repository with one commit of it, as a `.git` to copy. */
  readonly git: string;
}

type Files = Readonly<Record<string, string>>;

const FLAVORS: Files = {
  'lib/main_dev.dart': "import 'package:flutter/material.dart';\n\nvoid main() {}\n",
  'lib/main_prod.dart': "import 'main.dart' as app;\n\nvoid main() => app.main();\n",
};

const FLOW_STYLE: Files = {
  'pubspec.yaml':
    'name: counter\nenvironment: { sdk: ^3.7.0 }\ndependencies: { flutter: { sdk: flutter } }\nflutter: { uses-material-design: true }\n',
};

/** Flow style where the plugin does not go. */
const SOME_FLOW_STYLE: Files = {
  'pubspec.yaml':
    'name: counter\nenvironment: { sdk: ^3.7.0 }\ndependencies: # of the app\n  flutter: { sdk: flutter }\n  a: {path: ../a} # beside it\n\nflutter: { uses-material-design: true }\n',
};

const WORKSPACE: Files = {
  'pubspec.yaml':
    'name: _\nenvironment:\n  sdk: ^3.9.0\nworkspace:\n  - apps/counter\n  - packages/core\n',
  'melos.yaml': 'name: all\npackages:\n  - apps/*\n  - packages/*\n',
  'packages/core/pubspec.yaml': 'name: core\nresolution: workspace\n',
};

function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** @param top an empty folder, which they are made in */
export function makeBases(top: string): Base[] {
  const bgsync = (root: string, ...args: string[]): void => {
    const { code, stderr } = spawnCli(args, root);
    if (code !== 0)
      throw new Error(`${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr}`);
  };
  const make = (name: string, layout: Layout, fill: (root: string) => void): Base => {
    const root = join(top, name);
    mkdirSync(root);
    fill(root);
    // Text alone: pictures and archives are read by no command.
    const files = new Map(
      [...readTree(root)].filter(([, bytes]) => bytes.length < 200_000 && !bytes.includes(0)),
    );
    const hasSync = files.has(layout.lock);
    return { name, layout, hasSync, files, git: makeGit(join(top, `git-${name}`), files) };
  };
  const template = (root: string): void => {
    makeTemplateApp('0.87', root);
    mkdirSync(join(root, 'node_modules/react-native'), { recursive: true });
    writeFileSync(join(root, 'node_modules/react-native/package.json'), '{"version":"0.87.2"}');
  };
  return [
    make('plain', REACT_NATIVE, template),
    make('ready', REACT_NATIVE, (root) => {
      template(root);
      bgsync(root, 'init', '--yes', '--pin');
    }),
    make('retired', REACT_NATIVE, (root) => {
      template(root);
      bgsync(root, 'init', '--yes', '--no-pin');
      bgsync(root, 'remove', '--retire', '--yes');
    }),
    make('expo-plain', REACT_NATIVE, (root) => makeExpoFixture(root)),
    make('expo', REACT_NATIVE, (root) => {
      makeExpoFixture(root);
      bgsync(root, 'init', '--yes', '--no-pin');
    }),
    make('flutter', FLUTTER, (root) => makeFlutterApp(root, '3.35', FLOW_STYLE)),
    make('flutter-plain', FLUTTER, (root) => makeFlutterApp(root, '3.47', SOME_FLOW_STYLE)),
    make('flutter-ready', FLUTTER, (root) => {
      makeFlutterApp(root, '3.44', FLAVORS);
      bgsync(root, 'init', '--yes', '--queue', 'drift');
    }),
    make('flutter-retired', FLUTTER, (root) => {
      makeFlutterApp(root, '3.32', FLAVORS);
      bgsync(root, 'init', '--yes');
      bgsync(root, 'remove', '--retire', '--yes');
    }),
    make('flutter-workspace', FLUTTER_WORKSPACE, (root) => {
      makeFlutterApp(join(root, FLUTTER_WORKSPACE.app));
      write(root, WORKSPACE);
      bgsync(root, 'init', '--yes');
    }),
  ];
}

function makeGit(root: string, files: Base['files']): string {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args],
      { cwd: root },
    );
    if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`);
  };
  git('init', '-q', '--template=');
  git('add', '-A');
  git('commit', '-qm', 'app');
  git('gc', '-q');
  return join(root, '.git');
}
