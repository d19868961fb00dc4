import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnCli } from '../helpers/cli.ts';
import { makeExpoFixture } from '../helpers/expo-app.ts';
import { makeTemplateApp } from '../helpers/template-app.ts';
import { readTree } from '../helpers/tree.ts';

/** A state that a repo can be in, before anyone attacks it. */
export interface Base {
  readonly name: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** A repository with one commit of it, as a `.git` to copy. */
  readonly git: string;
}

/** @param top an empty folder, which they are made in */
export function makeBases(top: string): Base[] {
  const bgsync = (root: string, ...args: string[]): void => {
    const { code, stderr } = spawnCli(args, root);
    if (code !== 0)
      throw new Error(`${args.join(' ')} ended with ${code ?? 'a signal'}: ${stderr}`);
  };
  const make = (name: string, fill: (root: string) => void): Base => {
    const root = join(top, name);
    mkdirSync(root);
    fill(root);
    // Text alone: pictures and archives are read by no command.
    const files = new Map(
      [...readTree(root)].filter(([, bytes]) => bytes.length < 200_000 && !bytes.includes(0)),
    );
    return { name, files, git: makeGit(join(top, `git-${name}`), files) };
  };
  const template = (root: string): void => {
    makeTemplateApp('0.87', root);
    mkdirSync(join(root, 'node_modules/react-native'), { recursive: true });
    writeFileSync(join(root, 'node_modules/react-native/package.json'), '{"version":"0.87.2"}');
  };
  return [
    make('plain', template),
    make('ready', (root) => {
      template(root);
      bgsync(root, 'init', '--yes', '--pin');
    }),
    make('retired', (root) => {
      template(root);
      bgsync(root, 'init', '--yes', '--no-pin');
      bgsync(root, 'remove', '--retire', '--yes');
    }),
    make('expo', (root) => {
      makeExpoFixture(root);
      bgsync(root, 'init', '--yes', '--no-pin');
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
