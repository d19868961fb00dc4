/**
 * What is generated for Flutter, as far as it can be tried without a Flutter SDK: the Dart, compiled and run by a Dart VM,
 * over stubs of package:flutter, the Kotlin under Robolectric, the Swift over stubs: `npm run test:flutter`. Needs
 * Linux on x86 with apt and npm, JDK 17 and Swift 6; says so where it is not.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomScenarios } from '../queue/support/random-scenarios.ts';
import { testKotlin } from './android.mjs';
import { shareOf } from '../share.mjs';
import { compileDart, runDart } from './dart-runs.mjs';
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

/** Each example of docs/flutter.md in Dart, as the file of an app. */
function documentedExamples() {
  const text = readFileSync(join(root, 'docs/flutter.md'), 'utf8');
  const import_ = "import 'package:background_sync/background_sync.dart';\n";
  return [...text.matchAll(/^```dart\n([^]*?)^```$/gm)].map(([, code]) =>
    code.startsWith('import') ? code : import_ + code,
  );
}

/** What compiles a Dart file, and what it imports: it is given a `main` that does nothing. */
const compileJob = (packages, file) => ({ packages, file, args: [] });
const compiled = ({ problem }) => problem;

function documented(packages, folder) {
  const examples = documentedExamples();
  if (examples.length < 2) check('docs/flutter.md has examples in Dart', 'there are none');
  const jobs = examples.map((code, index) => {
    const file = join(folder, `example_${index}.dart`);
    writeFileSync(file, `${code.replace(/ main\(/, ' theirs(')}\nvoid main() {}\n`);
    const name = `docs/flutter.md, example ${index + 1} compiles`;
    return { ...compileJob(packages, file), name, judge: compiled };
  });
  // What is wrong must be told.
  const file = join(folder, 'example_wrong.dart');
  writeFileSync(file, `${examples[0].replace('DrainResult(remaining)', "'none'")}void main() {}\n`);
  const name = 'an example with a wrong type does not';
  const judge = ({ problem }) => (problem?.includes('String') ? undefined : `${problem}`);
  return [...jobs, { ...compileJob(packages, file), name, judge }];
}

/** Every generated Dart file of each kind of plugin, also those that no test imports. */
function variants() {
  return QUEUES.map((queue) => {
    const directory = join(build, `variant-${queue}`);
    const { packages, libraries } = layOut(directory, undefined, queue);
    const imports = libraries.map((uri, index) => `import '${uri}' as l${index};\n`).join('');
    const file = join(directory, 'all.dart');
    writeFileSync(file, `${imports}void main() {}\n`);
    const name = `queue ${queue}: ${libraries.length} Dart files compile`;
    const judge = ({ problem }) => (libraries.length < 5 ? 'too few' : problem);
    return { ...compileJob(packages, file), name, judge };
  });
}

const TESTS = {
  'core_test.dart': [],
  'channel_test.dart': [],
  'handler_test.dart': [],
  'queue_test.dart': [],
  'drain_vectors_test.dart': [join(root, 'tests/vectors/queue-drain.json')],
  'drift_test.dart': ['sqlcipher'],
  'policy_test.dart': [join(root, 'tests/vectors/schedule-policy.json')],
};

function judgeGreen({ problem, output }) {
  const counts = /^(\d+) passed, 0 failed$/m.exec(output);
  return problem ?? (counts === null || counts[1] === '0' ? output : undefined);
}

async function behaviour(vm) {
  const { packages, dart } = layOut(join(build, 'plugin'));
  rmSync(join(build, 'support'), { recursive: true, force: true });
  // Compiled once: it is started some fifty times.
  const program = `${dart('kill_child.dart')}.dill`;
  check(
    'kill_child.dart compiles',
    await compileDart(vm, packages, dart('kill_child.dart'), program),
  );
  const random = join(build, 'random-scenarios.json');
  writeFileSync(random, JSON.stringify(await randomScenarios(100, 1)));
  const runs = [
    ...Object.entries(TESTS),
    ['drain_vectors_test.dart', [random]],
    ['drift_test.dart', ['sqlite']],
    ['killed_test.dart', [vm.command, ...vm.args, program]],
  ];
  const tests = runs.map(([file, args]) => ({
    name: [file, ...args.filter((one) => /^\w+$/.test(one))].join(' '),
    packages,
    file: dart(file),
    args,
    judge: judgeGreen,
  }));
  await runDart(
    vm,
    [...documented(packages, join(build, 'plugin/app/lib')), ...variants(), ...tests],
    build,
    check,
  );
}

/** Every one must turn the tests red; those that do not compile count as no proof. */
async function mutate(vm) {
  const jobs = shareOf(MUTATIONS).map((mutation, number) => {
    const { packages, dart } = layOut(join(build, `mutant-${number}`), mutation);
    return {
      name: `red: ${mutation.file}: ${mutation.name}`,
      packages,
      file: dart(mutation.test),
      args: mutation.args ?? TESTS[mutation.test],
      judge: ({ isCompiled, output }) =>
        isCompiled && /^FAIL /m.test(output) ? undefined : `it survived\n${output}`,
    };
  });
  await runDart(vm, jobs, build, check);
  for (const number of jobs.keys()) {
    rmSync(join(build, `mutant-${number}`), { recursive: true, force: true });
  }
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
