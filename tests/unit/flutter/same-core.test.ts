import { expect, test } from 'vitest';
import { renderLayer } from '../../../src/templates/render.ts';
import { renderPlugin } from '../../flutter/render.ts';
import { exampleModel } from '../../helpers/generate.ts';

/** What the core of React Native has in code and that of Flutter has not: Flutter's host asks for no scene. */
const WITHOUT_SCENES = `    observe(UIScene.willConnectNotification) { [host] in
      MainActor.assumeIsolated { host.stopIfUnused() }
    }
`;

/** The code of Kotlin or Swift without the lines that are comments, which say in what language the handler is. */
const code = (text: string): string =>
  text.replaceAll(/^\s*(?:\/\*\*|\*|\/\/).*\n/gm, '').replaceAll(/\n{2,}/g, '\n');

const inFlutter = (text: string): string =>
  code(text.replace(WITHOUT_SCENES, ''))
    .replaceAll('ReactJsHost', 'FlutterDartHost')
    .replaceAll('ReactHost', 'FlutterHost');

/**
 * Tests and mutations of the core run on what React Native gets. They hold Flutter's, too, as long as its code is the
 * same but for the names of the host and {@link WITHOUT_SCENES}.
 */
test.each([
  { layer: 'android', folder: 'android/', pattern: /\.kt$/, atLeast: 20 },
  {
    layer: 'ios',
    folder: 'ios/background_sync/Sources/background_sync/',
    pattern: /\.swift$/,
    atLeast: 25,
  },
] as const)('the core of $layer is the one that React Native gets', (core) => {
  const { plugin } = renderPlugin();
  const files = [...renderLayer(core.layer, exampleModel({}), core.folder)].filter(([path]) =>
    core.pattern.test(path),
  );
  expect(files.length).toBeGreaterThanOrEqual(core.atLeast);
  for (const [path, text] of files) {
    expect(code(plugin.get(path) ?? 'no such file'), path).toBe(inFlutter(text));
  }
});
