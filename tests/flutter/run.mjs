/**
 * What is generated for Flutter, as far as it can be tried without a Flutter SDK: the Dart, compiled and run by a Dart VM,
 * over stubs of package:flutter, the Kotlin under Robolectric, the Swift over stubs: `npm run test:flutter`. Needs
 * Linux on x86 with apt and npm, JDK 17 and Swift 6; says so where it is not.
 */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { testKotlin } from './android.mjs';
import { shareOf } from '../share.mjs';
import { dartVm } from './dart-vm.mjs';
import { testRetiredSwift, testSwift } from './ios.mjs';
import { layOut } from './lay-out.mjs';
import { testLocal } from './local.mjs';
import { MUTATIONS } from './mutations.mjs';
import { QUEUES } from './render.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const build = join(root, '.cache/flutter');
const failures = [];
let passed = 0;

function check(name, problem) {
  console.log(`${problem === undefined ? 'ok  ' : 'FAIL'} ${name}`);
  if (problem === undefined) passed++;
  else failures.push(`${name}\n${problem}`);
}

/** Runs a Dart file to its end. */
function runDart(vm, packages, file, args, options = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      vm.command,
      [...vm.args, `--packages=${packages}`, ...options, file, ...args],
      {
        env: {
          ...process.env,
          BGSYNC_SQLITE3: args.includes('sqlcipher') ? vm.sqlcipher : vm.sqlite,
          BGSYNC_SUPPORT: join(build, 'support'),
        },
      },
    );
    let output = '';
    // A test that waits for what never comes must not hang the suite.
    const limit = setTimeout(() => child.kill('SIGKILL'), 300_000);
    child.stdout.on('data', (text) => (output += text));
    child.stderr.on('data', (text) => (output += text));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(limit);
      resolve({ status, output });
    });
  });
}

/** Each example of README.md in Dart, as the file of an app. */
function readmeExamples() {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  const import_ = "import 'package:background_sync/background_sync.dart';\n";
  return [...text.matchAll(/^```dart\n([^]*?)^```$/gm)].map(([, code]) =>
    code.startsWith('import') ? code : import_ + code,
  );
}

/** Compiles a Dart file, and what it imports, without running it. */
async function compileDart(vm, packages, file) {
  const options = ['--snapshot-kind=kernel', `--snapshot=${file}.dill`];
  const { status, output } = await runDart(vm, packages, file, [], options);
  return status === 0 ? undefined : output;
}

async function documented(vm, packages, folder) {
  const examples = readmeExamples();
  if (examples.length < 2) check('README.md has examples in Dart', 'there are none');
  for (const [index, code] of examples.entries()) {
    const file = join(folder, `readme_${index}.dart`);
    writeFileSync(file, `${code}${code.includes(' main(') ? '' : 'void main() {}\n'}`);
    check(`README.md, example ${index + 1} compiles`, await compileDart(vm, packages, file));
  }
  // What is wrong must be told.
  const wrong = join(folder, 'readme_wrong.dart');
  writeFileSync(
    wrong,
    `${examples[0].replace('DrainResult(remaining)', "'none'")}void main() {}\n`,
  );
  const told = await compileDart(vm, packages, wrong);
  check('an example with a wrong type does not', told?.includes('String') ? undefined : `${told}`);
}

/** Compiles every generated Dart file of each kind of plugin, also those that no test imports. */
async function variants(vm) {
  for (const queue of QUEUES) {
    const directory = join(build, `variant-${queue}`);
    const { packages, libraries } = layOut(directory, undefined, queue);
    const imports = libraries.map((uri, index) => `import '${uri}' as l${index};\n`).join('');
    const file = join(directory, 'all.dart');
    writeFileSync(file, `${imports}void main() {}\n`);
    const name = `queue ${queue}: ${libraries.length} Dart files compile`;
    check(name, libraries.length < 5 ? 'too few' : await compileDart(vm, packages, file));
    rmSync(directory, { recursive: true, force: true });
  }
}

const TESTS = {
  'core_test.dart': [],
  'channel_test.dart': [],
  'handler_test.dart': [],
  'queue_test.dart': [],
  'drift_test.dart': ['sqlcipher'],
  'policy_test.dart': [join(root, 'tests/vectors/schedule-policy.json')],
};

async function behaviour(vm) {
  const { packages, dart } = layOut(join(build, 'plugin'));
  rmSync(join(build, 'support'), { recursive: true, force: true });
  // Compiled once: it is started some fifty times.
  const program = `${dart('kill_child.dart')}.dill`;
  check('kill_child.dart compiles', await compileDart(vm, packages, dart('kill_child.dart')));
  await documented(vm, packages, join(build, 'plugin/app/lib'));
  await variants(vm);
  const child = [vm.command, ...vm.args, program];
  const runs = [
    ...Object.entries(TESTS),
    ['drift_test.dart', ['sqlite']],
    ['killed_test.dart', child],
  ];
  for (const [name, args] of runs) {
    const { status, output } = await runDart(vm, packages, dart(name), args);
    const counts = /^(\d+) passed, 0 failed$/m.exec(output);
    const isRed = status !== 0 || counts === null || counts[1] === '0';
    const label = [name, ...args.filter((one) => /^\w+$/.test(one))].join(' ');
    check(`${label}: ${counts?.[0] ?? 'no result'}`, isRed ? output : undefined);
  }
}

/** Every one must turn the tests red; those that do not compile count as no proof. */
async function mutate(vm) {
  const queue = shareOf(MUTATIONS);
  const work = async (number) => {
    for (let mutation = queue.shift(); mutation !== undefined; mutation = queue.shift()) {
      const { packages, dart } = layOut(join(build, `mutant-${number}`), mutation);
      const { status, output } = await runDart(
        vm,
        packages,
        dart(mutation.test),
        mutation.args ?? TESTS[mutation.test],
      );
      const isRed = status === 1 && /^FAIL /m.test(output);
      check(
        `red: ${mutation.file}: ${mutation.name}`,
        isRed ? undefined : `it survived\n${output}`,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, (_, n) => work(n)));
}

/** The parts, each on its own where it is named: `npm run test:flutter -- kotlin`. */
const PARTS = {
  dart: async (mutations) => {
    let vm;
    try {
      vm = dartVm(join(root, '.cache/dart-vm'));
    } catch (error) {
      throw new Error(`NOT TESTED: there is no Dart VM.\n${error.message}`);
    }
    console.log(vm.version);
    await behaviour(vm);
    if (failures.length === 0 && mutations) await mutate(vm);
  },
  local: () => testLocal(dartVm(join(root, '.cache/dart-vm')), join(build, 'local'), check),
  kotlin: async (mutations) => {
    layOut(join(build, 'plugin'));
    const [plugin, retired] = ['plugin/plugin', 'plugin/retired'].map((one) => join(build, one));
    await testKotlin(plugin, check, { mutations, retired });
  },
  swift: async (mutations) => {
    layOut(join(build, 'plugin'));
    await testSwift(join(build, 'plugin/plugin'), build, check, { mutations });
    testRetiredSwift(join(build, 'plugin/retired'), build, check);
  },
};

async function main() {
  const named = process.argv.slice(2).filter((one) => !one.startsWith('--'));
  const mutations = !process.argv.includes('--no-mutations');
  for (const [name, part] of Object.entries(PARTS)) {
    if (named.length === 0 || named.includes(name)) await part(mutations);
  }
}

main()
  .catch((error) => failures.push(error.stack ?? String(error)))
  .finally(() => {
    for (const failure of failures) console.error(`\nFAILED ${failure}`);
    console.log(`\nflutter: ${passed} passed, ${failures.length} failed`);
    process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
  });
