import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile, compileStubs, swiftFiles } from './compile.mjs';
import { NO_INDEX, run, tail } from './shell.mjs';

/** What `bgsync remove --retire` leaves: compiled, and seen to cancel what an earlier version asked for. */
export function retired(context) {
  const problems = [];
  const sources = join(context.retired, 'ios');
  const stubs = compileStubs(context);
  const files = swiftFiles(sources);
  for (const mode of [5, 6]) {
    const object = join(context.build, 'RetiredSync.o');
    const { status, output } = compile(files, stubs, object, mode, ['-O']);
    const what = `${files.length} Swift files, language mode ${mode}, complete concurrency checking, warnings as errors`;
    console.log(`${status === 0 ? 'compiled' : 'REFUSED'}: ${what}`);
    if (status !== 0) problems.push(`${what}\n${tail(output)}`);
  }
  const lint = run('swift-format', ['lint', '--strict', ...files]);
  if (lint.status !== 0) problems.push(`swift-format, default rules:\n${tail(lint.output)}`);

  // The Objective-C file is the full package's start, and calls what the bridge has.
  const launch = readFileSync(join(sources, 'BackgroundSyncLaunch.mm'), 'utf8');
  const bridge = readFileSync(join(sources, 'RetirementBridge.swift'), 'utf8');
  const [, type, method] = /\[(\w+) (\w+)\];/.exec(launch) ?? [];
  if (!bridge.includes(`@objc(${type})`) || !bridge.includes(`@objc(${method}) public static`)) {
    problems.push(`BackgroundSyncLaunch.mm calls [${type} ${method}], which the bridge lacks`);
  }
  const names = ['ios', 'src', 'Bgsync.podspec', 'package.json'];
  for (const name of names) {
    if (!existsSync(join(context.retired, name))) problems.push(`the package lacks ${name}`);
  }

  const result = run(
    'swift',
    [
      'run',
      '--package-path',
      context.here,
      '--scratch-path',
      join(context.build, 'swiftpm'),
      NO_INDEX,
      'retired',
    ],
    { cwd: context.here, seconds: 1200 },
  );
  console.log(tail(result.output, 12));
  if (result.status !== 0 || !/^[1-9]\d* passed, 0 failed$/m.test(result.output)) {
    problems.push(`exit ${result.status}\n${tail(result.output)}`);
  }
  return problems;
}
