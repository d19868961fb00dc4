import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeFlutterApp } from '../helpers/flutter-app.ts';
import { runCli, scratchFolder } from '../helpers/template-app.ts';

const PACKAGES = JSON.stringify({
  configVersion: 2,
  packages: [{ name: 'counter', rootUri: '../', packageUri: 'lib/' }],
});

/** The VM's side of the protocol, as far as the arguments go: reads the mark where the glue has it. */
const PLAYED = `
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
const args = process.argv.slice(2);
const { packages } = JSON.parse(readFileSync(args.find((one) => one.startsWith('--packages=')).slice(11), 'utf8'));
const plugin = fileURLToPath(packages.find(({ name }) => name === 'background_sync').rootUri);
const mark = /_mark = '([^']+)'/.exec(readFileSync(join(plugin, 'lib/src/local_native.dart'), 'utf8'))[1];
console.log('main: ' + readFileSync(args.at(-1), 'utf8').split('\\n')[1]);
const send = (message) => console.log(mark + JSON.stringify(message));
const call = (id, method, args) => send({ type: 'call', id, method, args });
let rest = '';
process.stdin.on('data', (text) => {
  const lines = (rest + text).split('\\n');
  rest = lines.pop();
  for (const line of lines.map((one) => JSON.parse(one))) {
    if (line.type !== 'reply' || line.id !== 1) continue;
    call(0, 'complete', [JSON.parse(line.value).runId, 'done', 0, '']);
  }
});
send({ type: 'loaded' });
call(1, 'nextRun', []);
`;

function flutterApp(files: Readonly<Record<string, string>>): string {
  const app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeFlutterApp(app, '3.44');
  runCli(['init', '--yes'], app);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(app, path)), { recursive: true });
    writeFileSync(join(app, path), text);
  }
  return app;
}

/** A `dart` in the SDK of the app's version manager. */
function putDart(app: string, script: string): void {
  const bin = join(app, '.fvm/flutter_sdk/bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'played.mjs'), script);
  const text = `#!/bin/sh\nexec '${process.execPath}' '${join(bin, 'played.mjs')}' "$@"\n`;
  writeFileSync(join(bin, 'dart'), text);
  chmodSync(join(bin, 'dart'), 0o755);
}

const local = (app: string, ...args: string[]): ReturnType<typeof runCli> =>
  runCli(['trigger', '--platform', 'local', ...args], app, { PATH: '', FLUTTER_ROOT: '' });

test('says that pub get has not run, and that there is no dart', () => {
  const app = flutterApp({});
  expect(local(app)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('`flutter pub get` has not run') as string,
  });
  writePackages(app);
  expect(local(app)).toMatchObject({
    code: 7,
    stderr: expect.stringContaining('There is no dart') as string,
  });
});

test.runIf(process.platform !== 'win32')('hands the window to the handler', () => {
  const app = flutterApp({ '.dart_tool/package_config.json': PACKAGES });
  putDart(app, PLAYED);
  const { code, stdout, stderr } = local(app, '--json');
  expect(stderr).toContain("main: import 'lib/background_sync.dart' as app;");
  expect(stdout).toContain('"out":"done"');
  expect(code).toBe(0);
});

test.runIf(process.platform !== 'win32')(
  'names the import that stops it, and how it gets there',
  () => {
    const app = flutterApp({
      '.dart_tool/package_config.json': PACKAGES,
      'lib/background_sync.dart': "import 'one.dart';\nvoid backgroundSyncMain() {}\n",
      'lib/one.dart': "// One.\nexport 'package:flutter/material.dart';\n",
    });
    putDart(app, 'process.exit(254);');
    const { code, stderr } = local(app);
    expect(stderr).toContain(
      'plain Dart does not have package:flutter/material.dart: lib/background_sync.dart:1 imports one.dart; lib/one.dart:2 imports package:flutter/material.dart',
    );
    expect(code).toBe(2);
  },
);

test.each([['--server', 'flaky'], ['--fresh']])('refuses %s, which it does not have', (...args) => {
  const app = flutterApp({ '.dart_tool/package_config.json': PACKAGES });
  const { code, stderr } = local(app, ...args);
  expect(stderr).toContain(`${args[0]} is not for --platform local in a Flutter app`);
  expect(code).toBe(2);
});

function writePackages(app: string): void {
  mkdirSync(join(app, '.dart_tool'), { recursive: true });
  writeFileSync(join(app, '.dart_tool/package_config.json'), PACKAGES);
}
