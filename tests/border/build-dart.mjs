import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as kotlin from '../flutter/android.mjs';
import * as swift from '../flutter/ios.mjs';
import { dartVm } from '../flutter/dart-vm.mjs';
import { layOut } from '../flutter/lay-out.mjs';
import { BUILD } from '../native/android/lib/tools.mjs';
import { DartProcess } from './dart.mjs';

/** The world of a native side, with the Dart VM beside it. */
export const besideDart = (World) =>
  class extends World {
    dart = new DartProcess();

    /** @param run `{ native, dart }`: what starts the native side; the VM, its packages and the program */
    async open({ native, dart }) {
      await this.dart.open(dart);
      await super.open(native);
    }

    async close() {
      const said = [await super.close(), await this.dart.close()];
      return said.filter(Boolean).join('\n') || undefined;
    }
  };

/** The methods that Dart calls on the plugin's channel. */
function methodsOf(plugin) {
  const text = readFileSync(join(plugin, 'lib/src/channel.dart'), 'utf8');
  const names = [...text.matchAll(/_(?:ask|tell)\(\s*'(\w+)'/g)].map(([, name]) => name);
  if (names.length < 10) throw new Error(`the channel has ${names.length} methods`);
  return { methods: new Map(names.map((name) => [name, undefined])) };
}

/** The Dart of a Flutter app, compiled once. */
function buildDart(root, mutation) {
  const vm = dartVm(join(root, '.cache/dart-vm'));
  const directory = join(
    root,
    '.cache/flutter',
    mutation === undefined ? 'border' : 'border-mutant',
  );
  const { packages, dart } = layOut(directory, mutation);
  const program = join(directory, 'border.dill');
  const options = [`--packages=${packages}`, '--snapshot-kind=kernel', `--snapshot=${program}`];
  const { status, stdout, stderr } = spawnSync(
    vm.command,
    [...vm.args, ...options, dart('border.dart')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`border.dart does not compile\n${stdout}${stderr}`);
  return { plugin: join(directory, 'plugin'), dart: { vm, packages, program } };
}

/** The Kotlin of the Flutter plugin, compiled with the world of tests/flutter/android, and Dart beside it. */
export async function buildDartKotlin(root) {
  const { plugin, dart } = buildDart(root);
  const problems = [];
  const built = await kotlin.buildKotlin(plugin, (name, problem) => {
    if (problem !== undefined) problems.push(`${name}\n${problem}`);
  });
  if (built === undefined) throw new Error(problems.join('\n'));
  const native = (classes) => (port) => built.run(classes, 'FlutterBorderSuite', [String(port)]);
  const core = methodsOf(plugin);
  return {
    core,
    run: { native: native(built.classes), dart },
    mutant: async (mutation) => {
      if (mutation.file.endsWith('.dart')) {
        const { dart: changed } = buildDart(root, mutation);
        return { core, run: { native: native(built.classes), dart: changed } };
      }
      const out = join(BUILD, 'flutter-border-mutant');
      await kotlin.compileKotlinMutant(plugin, mutation, built.compile, out);
      return { core, run: { native: native(out), dart } };
    },
    close: () => built.close(),
  };
}

/** The Swift of the Flutter plugin, compiled with the world of tests/flutter/ios, and Dart beside it. */
export async function buildDartSwift(root) {
  const { plugin, dart } = buildDart(root);
  const build = join(root, '.cache/flutter');
  const folder = join(build, 'ios');
  swift.layOutSwift(plugin, folder);
  let problem;
  const isBuilt = swift.compileSwift('ios', build, 'debug', (_, said) => (problem = said));
  if (!isBuilt) throw new Error(problem);
  // By its own toolchain: on Linux the runtime libraries lie with that.
  const native = (scratch) => (args) =>
    spawn('swift', [...swift.runArguments(build, scratch), ...args], { cwd: folder });
  const core = methodsOf(plugin);
  let mutants;
  return {
    core,
    run: { native: native(), dart },
    mutant: async (mutation) => {
      mutants ??= swift.swiftMutants(build);
      return { core, run: { native: native(await mutants(mutation)), dart } };
    },
  };
}
