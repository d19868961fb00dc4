/** `trigger --platform local` in a Flutter app, by the real Dart VM. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { BIN } from '../helpers/cli.ts';

const handler = (body, head = '') => `${head}
import 'package:background_sync/background_sync.dart';

@pragma('vm:entry-point')
Future<void> backgroundSyncMain() => runBackgroundSync(queue: AppQueue());

class AppQueue implements SyncQueueService {
  @override
  Future<DrainResult> drainQueue(SyncWindow window) async {
    ${body}
  }
}
`;

const UI = {
  'lib/one.dart': "import 'two.dart';\n\nfinal one = two;\n",
  'lib/two.dart': "// A comment.\nimport 'dart:ui';\n\nfinal two = Offset.zero;\n",
};

/** Of an app with a second sync, and a third whose queue nobody has handed over. */
const SEVERAL = handler(
  "print('drained ${window.name} ${window.taskId}'); return DrainResult.retry(window.name == null ? 0 : 2);",
).replace('AppQueue());', "AppQueue(), tasks: {'photos': AppQueue()});");
const TASKS = {
  tasks: [{ name: 'photos', constraints: { network: 'unmetered' } }, { name: 'silent' }],
};

/** What a handler is, what it is run with, and what comes of it. */
const CASES = [
  ['done', handler('window.progress(1, 1); return const DrainResult(0);'), [], 0, /"out":"done"/],
  ['failed', handler('return const DrainResult.failed(2);'), [], 1, /"out":"failed"/],
  [
    'a throw',
    handler("throw StateError('boom');"),
    [],
    3,
    /AppQueue\.drainQueue \(lib\/background_sync\.dart:\d+:\d+\)[^]*"out":"retry"/,
  ],
  ['expired', handler('for (;;) {}'), ['--budget', '2s'], 4, /"out":"expired"/],
  [
    'offline',
    handler(
      "await HttpClient().getUrl(Uri.parse('https://example.invalid')); return const DrainResult(0);",
      "import 'dart:io';",
    ),
    ['--offline'],
    3,
    /--offline[^]*"out":"retry"/,
  ],
  [
    'dart:ui through two files',
    handler('print(one); return const DrainResult(0);', "import 'one.dart';"),
    [],
    2,
    /dart:ui: lib\/background_sync\.dart:1 imports one\.dart; lib\/one\.dart:1 imports two\.dart; lib\/two\.dart:2 imports dart:ui/,
    UI,
  ],
  [
    'one of several syncs',
    SEVERAL,
    ['--task', 'photos'],
    3,
    /drained photos dev\.bgsync\.processing\.photos\n[^]*"rem":2/,
    {},
    TASKS,
  ],
  ['the first of several', SEVERAL, [], 3, /drained null dev\.bgsync\.processing\n/, {}, TASKS],
  [
    'constraints of one of several',
    SEVERAL,
    ['--task', 'photos', '--respect-constraints', '--network', 'cellular'],
    9,
    /"why":"constraint"/,
    {},
    TASKS,
  ],
  [
    'a sync without a queue',
    SEVERAL,
    ['--task', 'silent'],
    1,
    /no queue is registered for silent/,
    {},
    TASKS,
  ],
];

const named = (events, name) => events.filter(({ ev }) => ev === name);
const outcomesOf = (events) => named(events, 'run.end').map(({ out }) => out);

/** More than one window: what is run, the exit code, and what the events must be. */
const SESSIONS = [
  [
    '--runs: one process, the waits skipped, failures counted',
    handler("if (window.attempt < 3) throw StateError('not yet'); return const DrainResult(0);"),
    ['--runs', '3'],
    0,
    (events) => {
      const [starts, ends] = [named(events, 'run.start'), named(events, 'run.end')];
      assert.deepEqual(
        starts.map(({ att }) => att),
        [1, 2, 3],
      );
      assert.deepEqual(outcomesOf(events), ['retry', 'retry', 'done']);
      assert.equal(new Set(events.map(({ pid }) => pid)).size, 1);
      assert.ok(starts[1].ts >= ends[0].next, 'the wait was not skipped');
      assert.ok(ends[1].next - ends[1].ts > 1_790_000, 'failures do not count');
    },
  ],
  [
    '--runs: a Dart that ends in mid-run is closed, and the next run has one of its own',
    handler('if (window.attempt == 1) exit(7); return const DrainResult(0);', "import 'dart:io';"),
    ['--runs', '2'],
    0,
    (events) => {
      assert.deepEqual(outcomesOf(events), ['killed', 'done']);
      assert.match(named(events, 'run.end')[0].msg, /exit code 7/);
      assert.equal(named(events, 'run.start')[1].att, 2);
    },
  ],
  [
    '--runs: a schedule that the handler withdraws ends the session',
    handler('backgroundSync.cancel(); await window.expired; return const DrainResult(0);'),
    ['--runs', '3'],
    0,
    (events) => assert.equal(named(events, 'run.end').length, 1),
  ],
  [
    '--kill-after: the next start closes the killed run, and the next run proceeds',
    handler('while (window.attempt == 1) {} return const DrainResult(0);'),
    ['--kill-after', '300ms'],
    0,
    (events) => {
      const [killed, next] = named(events, 'run.start');
      const ends = named(events, 'run.end');
      assert.deepEqual(outcomesOf(events), ['killed', 'done']);
      assert.deepEqual(
        ends.map(({ run }) => run),
        [killed.run, next.run],
      );
      assert.equal(next.att, 2);
      assert.notEqual(ends[0].pid, killed.pid);
      assert.equal(ends[0].pid, next.pid);
    },
  ],
  [
    '--kill-after: a run that ends before it is not killed',
    handler('return const DrainResult(0);'),
    ['--kill-after', '60s'],
    0,
    (events) => assert.deepEqual(outcomesOf(events), ['done', 'done']),
  ],
];

const eventsOf = (stdout) =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

function run(args, cwd, env, input = '') {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env });
    let stdout = '';
    let stderr = '';
    child.stdin.end(input);
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, output: `${stderr}\n${stdout}` }));
  });
}

/** An app that `init` has been run in, with a handler of its own. @returns what was said */
async function makeApp(app, env, text, files = {}, config = undefined) {
  makeFlutterApp(app);
  let { output } = await run(['init', '--yes'], app, env);
  if (config !== undefined) {
    const path = join(app, 'bgsync.config.json');
    const settings = { ...JSON.parse(readFileSync(path, 'utf8')), ...config };
    writeFileSync(path, JSON.stringify(settings));
    output += (await run(['update', '--yes'], app, env)).output;
  }
  for (const [path, content] of Object.entries({ 'lib/background_sync.dart': text, ...files })) {
    writeFileSync(join(app, path), content);
  }
  mkdirSync(join(app, '.dart_tool'), { recursive: true });
  const packages = [
    { name: 'counter', rootUri: '../', packageUri: 'lib/', languageVersion: '3.7' },
  ];
  writeFileSync(
    join(app, '.dart_tool/package_config.json'),
    JSON.stringify({ configVersion: 2, packages }),
  );
  return output;
}

const trigger = (app, env, args) =>
  run(['trigger', '--platform', 'local', '--json', ...args], app, env);

async function testCase([app, name, text, args, code, says, files, config], env, check) {
  const made = await makeApp(app, env, text, files, config);
  const got = await trigger(app, env, args);
  const isRight = got.code === code && says.test(got.output);
  check(
    `local: ${name}`,
    isRight ? undefined : `${made}\nexit ${got.code}, not ${code}\n${got.output}`,
  );
}

async function testSession([app, name, text, args, code, judge], env, check) {
  const made = await makeApp(app, env, text);
  const got = await trigger(app, env, args);
  let problem;
  try {
    assert.equal(got.code, code);
    judge(eventsOf(got.stdout));
    const verified = await run(['logs', '--input', '-', '--verify'], app, env, got.stdout);
    assert.equal(verified.code, 0, verified.output);
  } catch (error) {
    problem = `${made}\n${error.message}\n${got.output}`;
  }
  check(`local: ${name}`, problem);
}

/** Each save is run: of a file that the handler imports, too, and where what is there does not compile. */
async function testWatch(app, env, check) {
  const shared = join(app, 'lib/shared.dart');
  const sharedText = (result) =>
    `import 'package:background_sync/background_sync.dart';\n\nconst result = ${result};\n`;
  const made = await makeApp(app, env, handler('return result;', "import 'shared.dart';"), {
    'lib/shared.dart': sharedText('DrainResult(0)'),
  });
  const temporary = join(app, '../watch-tmp');
  mkdirSync(temporary);
  const child = spawn(
    process.execPath,
    [BIN, 'trigger', '--platform', 'local', '--json', '--watch'],
    { cwd: app, env: { ...env, TMPDIR: temporary } },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  child.stderr.on('data', (text) => (output += text));
  const ended = new Promise((resolve) => child.on('close', (code) => resolve(code)));
  const reach = async (what, times, pattern) => {
    for (const end = Date.now() + 120_000; ; await delay(50)) {
      const isWatching = output.split('Watching ').length > times;
      if (isWatching && pattern.test(output)) return;
      if (child.exitCode !== null) throw new Error(`${what}: it ended with ${child.exitCode}`);
      if (Date.now() > end) throw new Error(`${what}: it did not come`);
    }
  };
  let problem;
  try {
    await reach('the first run', 1, /"out":"done"/);
    assert.match(output, /Watching 2 files/);
    writeFileSync(shared, sharedText('DrainResult.failed(4)'));
    await reach('a save of an imported file', 2, /"out":"failed"/);
    writeFileSync(shared, sharedText('DrainResult(oops)'));
    await reach('a save that does not compile', 3, /oops/);
    writeFileSync(shared, sharedText('DrainResult.retry(5)'));
    await reach('a save that mends it', 4, /"out":"retry"/);
    child.kill('SIGINT');
    assert.equal(await ended, 130);
    assert.deepEqual(readdirSync(temporary), []);
  } catch (error) {
    problem = `${made}\n${error.message}\n${output}`;
  } finally {
    child.kill('SIGKILL');
  }
  check('local: --watch runs each save, and what does not compile ends nothing', problem);
}

/**
 * @param {ReturnType<typeof import('./dart-vm.mjs').dartVm>} vm
 * @param {string} folder for the apps
 * @param {(name: string, problem: string | undefined) => void} check
 */
export async function testLocal(vm, folder, check) {
  rmSync(folder, { recursive: true, force: true });
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const words = [vm.command, ...vm.args].map((word) => `'${word}'`).join(' ');
  writeFileSync(join(bin, 'dart'), `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(join(bin, 'dart'), 0o755);
  const env = { ...process.env, FLUTTER_ROOT: '', PATH: `${bin}:${process.env.PATH}` };
  let apps = 0;
  const place = (one) => [join(folder, `app-${(apps += 1)}`), ...one];
  const queue = [
    () => testWatch(join(folder, 'watched/app'), env, check),
    ...SESSIONS.map(place).map((one) => () => testSession(one, env, check)),
    ...CASES.map(place).map((one) => () => testCase(one, env, check)),
  ];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await next();
  };
  await Promise.all([work(), work()]);
}
