import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { methodsOf } from '../../border/javascript.mjs';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');

const SPEC = methodsOf(read('templates/typescript/NativeBackgroundSync.ts'));

/** How each end of tests/border, and each native module, names a method of the specification. */
const SIDES: readonly [file: string, method: RegExp][] = [
  ['tests/native/ios/behaviour/Border.swift', /^ {4}case "(\w+)":/gm],
  ['tests/native/android/behaviour/Border.kt', /^ {12}"(\w+)" -> module\./gm],
  ['templates/react-native-ios/BackgroundSyncModule.mm.ejs', /^RCT_EXPORT_METHOD\((\w+) :/gm],
  [
    'templates/react-native-android/src/main/java/dev/bgsync/BackgroundSyncModule.kt',
    /override fun (?!invalidate\b)(\w+)\(/g,
  ],
];

/** Of Border.swift, whose world is told in the same way: only what JavaScript calls. */
const calls = (text: string): string => /func call\(([\s\S]*?)\n {2}\}\n/.exec(text)?.[1] ?? text;

test.each(SIDES)('%s has every method of the native module, and no other', (file, method) => {
  const found = [...calls(read(file)).matchAll(method)].map(([, name]) => name);
  expect(found.sort()).toEqual([...SPEC.keys()].sort());
});
