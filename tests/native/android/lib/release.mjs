import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesUnder } from './package.mjs';

/** What only the debug source set may know. */
const TRACES = [
  /DebugReceiver/,
  /dev\.bgsync\.action/,
  /android\.permission\.DUMP/,
  // As a class that is extended, or named in a source; a parameter of `registerReceiver(null, …)` is none.
  /import android\.content\.BroadcastReceiver|android\/content\/BroadcastReceiver(?!;)/,
  /<receiver/,
];

/** @returns what a release build would carry of the debug hook: sources, manifest, classes */
export function debugTracesInRelease(packageDir, releaseClasses) {
  const files = [
    ...filesUnder(join(packageDir, 'android/src/main'), ''),
    join(packageDir, 'android/build.gradle'),
    ...filesUnder(releaseClasses, '.class'),
  ];
  return files.flatMap((file) => {
    const text = readFileSync(file, 'latin1');
    return TRACES.filter((trace) => trace.test(text)).map(
      (trace) => `${relative(packageDir, file)} holds ${trace.source}`,
    );
  });
}

export function longFiles(packageDir) {
  return filesUnder(join(packageDir, 'android'), '')
    .map((file) => ({
      file: relative(packageDir, file),
      lines: readFileSync(file, 'utf8').split('\n').length - 1,
    }))
    .filter(({ lines }) => lines > 250)
    .map(({ file, lines }) => `${file} has ${lines} lines`);
}
