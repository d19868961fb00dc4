import { flutterLayers } from '../../src/integrations/flutter/layers.ts';
import type { TemplateModel } from '../../src/templates/model.ts';
import { renderFile, renderLayer } from '../../src/templates/render.ts';
import { exampleModel } from '../helpers/generate.ts';

/**
 * The plugin as it is generated, and an app with the handler and the line in `lib/main.dart` that brings it into the
 * program: each text by its path.
 */
export function renderPlugin(): { plugin: Map<string, string>; app: Map<string, string> } {
  const base = exampleModel({});
  const model: TemplateModel = {
    ...base,
    host: 'flutter',
    android: { ...base.android, host: 'FlutterDartHost' },
    ios: { ...base.ios, host: 'FlutterHost' },
    flutter: { library: 'package:app/background_sync.dart' },
  };
  const app = new Map([
    ['lib/background_sync.dart', renderFile('handler/background_sync.dart.ejs', model)],
    ['lib/main.dart', "export 'background_sync.dart' show backgroundSyncMain;\n\nvoid main() {}\n"],
  ]);
  const plugin = flutterLayers(['android', 'ios']).flatMap(({ layer, folder }) => [
    ...renderLayer(layer, model, folder),
  ]);
  return { plugin: new Map(plugin), app };
}
