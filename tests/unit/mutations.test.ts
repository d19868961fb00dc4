import { expect, test } from 'vitest';
import { defaultConfig } from '../../src/config.ts';
import { reactNativeHost } from '../../src/integrations/react-native/host.ts';
import { renderLayers } from '../../src/templates/render.ts';
import { DART_MUTATIONS } from '../border/dart-mutations.mjs';
import { MUTATIONS as BORDER_MUTATIONS } from '../border/mutations.mjs';
import {
  KOTLIN_MUTATIONS,
  MUTATIONS as FLUTTER_MUTATIONS,
  SWIFT_MUTATIONS,
} from '../flutter/mutations.mjs';
import { renderPlugin } from '../flutter/render.ts';
import { exampleModel } from '../helpers/generate.ts';
import { MUTATIONS as ANDROID_MUTATIONS } from '../native/android/lib/mutations.mjs';
import { MUTATIONS as IOS_MUTATIONS } from '../native/ios/steps/mutations.mjs';

// The suites that play them take minutes, CI plays a share of them, and they are not run where another host's sources are
// changed.
const flutter = renderPlugin().plugin;
const reactNative = renderLayers(
  reactNativeHost.layers(defaultConfig()),
  // As in an app whose task had another id before, which the iOS suite generates.
  exampleModel({ ios: { retiredTaskIds: ['dev.bgsync.old'] } }),
);

const rows = (
  host: string,
  files: ReadonlyMap<string, string>,
  mutations: readonly { readonly file: string; readonly name: string; readonly from: string }[],
) =>
  mutations.map(
    ({ file, name, from }) => [`${host}, ${file}: ${name}`, files, file, from] as const,
  );

test.each([
  ...rows('Flutter', flutter, [
    ...FLUTTER_MUTATIONS,
    ...KOTLIN_MUTATIONS,
    ...SWIFT_MUTATIONS,
    ...DART_MUTATIONS,
  ]),
  ...rows('React Native', reactNative, [
    // One says its file from the folder of the main sources.
    ...ANDROID_MUTATIONS.map(({ file, name, find }) => ({
      file: file.replaceAll('../', ''),
      name,
      from: find,
    })),
    ...IOS_MUTATIONS,
    ...BORDER_MUTATIONS,
  ]),
])('fits in one place: %s', (_name, files, file, from) => {
  const places = [...files]
    .filter(([path]) => path === file || path.endsWith(`/${file}`))
    .map(([, text]) => text.split(from).length - 1);
  expect(places).toEqual([1]);
});
