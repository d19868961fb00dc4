import { renderFile, renderLayer } from '../../src/templates/render.ts';
import { exampleModel } from '../helpers/generate.ts';

/**
 * The plugin as it is generated, and an app with the handler and the line in `lib/main.dart` that brings it into the
 * program: each text by its path.
 */
export function renderPlugin(): { plugin: Map<string, string>; app: Map<string, string> } {
  const model = exampleModel({});
  const app = new Map([
    ['lib/background_sync.dart', renderFile('handler/background_sync.dart.ejs', model)],
    ['lib/main.dart', "export 'background_sync.dart' show backgroundSyncMain;\n\nvoid main() {}\n"],
  ]);
  return { plugin: renderLayer('flutter', model), app };
}
