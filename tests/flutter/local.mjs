/** `trigger --platform local` in a Flutter app, by the real Dart VM. */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

function run(args, cwd, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.stderr.on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output: `${stderr}\n${stdout}` }));
  });
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
  const queue = CASES.map((one, number) => [join(folder, `app-${number}`), ...one]);
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [app, name, text, args, code, says, files = {}, config] = next;
      makeFlutterApp(app);
      const made = await run(['init', '--yes'], app, env);
      if (config !== undefined) {
        const path = join(app, 'bgsync.config.json');
        const settings = { ...JSON.parse(readFileSync(path, 'utf8')), ...config };
        writeFileSync(path, JSON.stringify(settings));
        made.output += (await run(['update', '--yes'], app, env)).output;
      }
      for (const [path, content] of Object.entries({
        'lib/background_sync.dart': text,
        ...files,
      })) {
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
      const got = await run(['trigger', '--platform', 'local', '--json', ...args], app, env);
      const isRight = got.code === code && says.test(got.output);
      check(
        `local: ${name}`,
        isRight ? undefined : `${made.output}\nexit ${got.code}, not ${code}\n${got.output}`,
      );
    }
  };
  await Promise.all([work(), work()]);
}
