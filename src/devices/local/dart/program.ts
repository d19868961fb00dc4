import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../../../config.ts';
import { startTalking } from '../../../exec.ts';
import { UserError } from '../../../errors.ts';
import { ExitCode } from '../../../exit-code.ts';
import type { AppChild, AppChildListener } from '../child-process.ts';
import { readLines, waitForExit } from '../child-process.ts';
import { readFromChild } from '../protocol.ts';
import type { FromChild } from '../protocol.ts';
import type { LocalNetwork } from '../device.ts';
import { findDart } from './find-dart.ts';
import { dartGlue, overLocalNative } from './glue.ts';
import { followImports } from './imports.ts';
import type { DartImports } from './imports.ts';
import { readPackages } from './packages.ts';
import type { DartPackage } from './packages.ts';

/** A message of the app is one line, and no part of one. Characters. */
const MAX_MESSAGE = 4 << 20;

/** What is asked of the Dart platform. */
export interface DartOptions {
  /** The app's root, absolute and real. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Config;
  readonly network: LocalNetwork;
}

/** The app's Dart, in a VM of the user's own: what takes Flutter's place lies in a folder that goes with the session. */
export class DartProgram {
  private readonly options: DartOptions;
  private readonly folder: string;
  private readonly dart: string;
  private readonly app: string;
  private readonly packages: readonly DartPackage[];
  private readonly mark = `bgsync:${randomBytes(16).toString('hex')}:`;
  private readonly removeNow = (): void => rmSync(this.folder, { recursive: true, force: true });

  private constructor(
    options: DartOptions,
    folder: string,
    dart: string,
    found: { readonly app: string; readonly packages: readonly DartPackage[] },
  ) {
    this.options = options;
    this.folder = folder;
    this.dart = dart;
    this.app = found.app;
    const own = (name: string): DartPackage => ({
      name,
      rootUri: `${pathToFileURL(join(folder, name)).href}/`,
      packageUri: 'lib/',
    });
    const replaced = [{ ...own('background_sync'), languageVersion: '3.7' }, own('flutter')];
    const names = replaced.map(({ name }) => name);
    this.packages = [...found.packages.filter(({ name }) => !names.includes(name)), ...replaced];
    process.once('exit', this.removeNow);
  }

  /** @throws UserError where there is no Dart, or `flutter pub get` has not run */
  static async create(options: DartOptions): Promise<DartProgram> {
    const { root, env, config, network } = options;
    const found = readPackages(root);
    const dart = findDart([...new Set([root, found.folder])], env, process.platform);
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'bgsync-local-')));
    const program = new DartProgram(options, folder, dart, found);
    cpSync(join(root, config.moduleDir, 'lib'), join(folder, 'background_sync/lib'), {
      recursive: true,
    });
    const channel = join(folder, 'background_sync/lib/src/channel.dart');
    writeFileSync(channel, overLocalNative(readFileSync(channel, 'utf8')));
    const library = `package:${found.app}/${config.handler.replace(/^lib\//, '')}`;
    const glue = dartGlue(library, program.mark, {
      isOffline: network === 'none',
      tasks: config.tasks.map(({ name }) => name),
    });
    for (const [path, text] of Object.entries(glue)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    writeFileSync(
      join(folder, 'package_config.json'),
      JSON.stringify({ configVersion: 2, packages: program.packages }),
    );
    return program;
  }

  start(listener: AppChildListener): AppChild {
    const { root, env } = this.options;
    const packages = join(this.folder, 'package_config.json');
    const args = ['--enable-asserts', `--packages=${packages}`, join(this.folder, 'main.dart')];
    const { child, endGroup } = startTalking(this.dart, args, { cwd: root, env });
    const exited = waitForExit(child, endGroup);
    child.on('error', () => undefined);
    child.stdin?.on('error', () => undefined);
    const show = (line: string): void =>
      listener.output(line.replaceAll(`package:${this.app}/`, 'lib/'));
    const take = (line: string): void => {
      const at = line.indexOf(this.mark);
      if (at === -1) return show(line);
      if (at > 0) show(line.slice(0, at));
      const message = readMessage(line.slice(at + this.mark.length));
      if (message === undefined) return;
      if (message.type === 'loaded' || message.type === 'load-failed') {
        listener.message({ type: 'files', files: this.ownFiles() });
      }
      listener.message(message);
    };
    if (child.stdout !== null) readLines(child.stdout, take, MAX_MESSAGE);
    if (child.stderr !== null) readLines(child.stderr, show);
    if (child.pid === undefined) {
      throw new UserError(`${this.dart} could not be started.`, {
        hint: 'Make it executable, or install Flutter anew.',
        exitCode: ExitCode.tool,
      });
    }
    return {
      pid: child.pid,
      exited,
      send: (message) => child.stdin?.write(`${JSON.stringify(message)}\n`),
      kill: endGroup,
    };
  }

  /** What the user should know of what is not Flutter's own here. */
  note(): string | undefined {
    return this.imports().files.includes(join(this.folder, 'flutter/lib/foundation.dart'))
      ? 'package:flutter/foundation.dart: a small stand-in takes its place here'
      : undefined;
  }

  /** Why the program ended before it took a run, where an import says it. */
  explainEnd(exit: string): { message: string; hint: string } {
    const { stoppedBy } = this.imports();
    const last = stoppedBy.at(-1);
    if (last === undefined) {
      return {
        message: `Dart ended (${exit}).`,
        hint: 'What it says is above.',
      };
    }
    const [first, ...rest] = stoppedBy.map(
      ({ file, line, uri }) => `${this.show(file)}:${line} imports ${uri}`,
    );
    return {
      message: `plain Dart does not have ${last.uri}: ${[first, ...rest].join('; ')}.`,
      hint: /^(?:dart:|package:flutter\/)/.test(last.uri)
        ? 'It needs a Flutter engine. Keep the import out of what the handler loads, or run it on a phone: --platform android, or ios.'
        : 'Mend the import, or run `flutter pub get`.',
    };
  }

  /** The app's own files that the handler loads, absolute. */
  ownFiles(): string[] {
    const { root } = this.options;
    return this.imports().files.filter((file) => !relative(root, file).startsWith('..'));
  }

  remove(): void {
    process.removeListener('exit', this.removeNow);
    this.removeNow();
  }

  private imports(): DartImports {
    const { root, config } = this.options;
    return followImports(join(root, config.handler), this.packages);
  }

  private show(file: string): string {
    const path = relative(this.options.root, file).replaceAll('\\', '/');
    return path.startsWith('..') ? file : path;
  }
}

/** @returns undefined where it is none: a process that is killed may have written half a line */
function readMessage(text: string): FromChild | undefined {
  try {
    return readFromChild(JSON.parse(text));
  } catch {
    return undefined;
  }
}
