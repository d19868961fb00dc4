import {
  KEPT_WHEN_RETIRED,
  flutterLayers,
  retiredFlutterLayers,
} from '../../src/integrations/flutter/layers.ts';
import type { HostLayer } from '../../src/integrations/host.ts';
import { queueSql } from '../../src/integrations/flutter/queue-sql.ts';
import type { TemplateModel } from '../../src/templates/model.ts';
import { renderFile, renderLayer } from '../../src/templates/render.ts';
import { exampleModel } from '../helpers/generate.ts';

/** Where the queue is kept, in each kind of plugin: its Dart differs by nothing else. */
export const QUEUES = ['none', 'custom', 'drift'] as const;

/**
 * The plugin as it is generated, and an app with the handler and the line in `lib/main.dart`
 * that brings it into the program: each text by its path.
 */
export function renderPlugin(queue: (typeof QUEUES)[number] = 'drift'): {
  plugin: Map<string, string>;
  app: Map<string, string>;
  /** What `bgsync remove --retire` leaves of the plugin. */
  retired: Map<string, string>;
} {
  const base = exampleModel({});
  const model: TemplateModel = {
    ...base,
    host: 'flutter',
    queue: { ...base.queue, driver: queue, path: 'lib/sync_queue.dart' },
    android: { ...base.android, host: 'FlutterDartHost' },
    ios: { ...base.ios, host: 'FlutterHost' },
    flutter: { library: 'package:app/background_sync.dart', ...queueSql() },
  };
  const app = new Map([
    ['lib/background_sync.dart', renderFile('handler/background_sync.dart.ejs', model)],
    ...(queue === 'none'
      ? []
      : ([
          ['lib/with_queue.dart', renderFile('handler/background_sync_queue.dart.ejs', model)],
          ['lib/sync_queue.dart', renderFile('handler/sync_queue.dart.ejs', model)],
        ] as const)),
    ['lib/main.dart', "export 'background_sync.dart' show backgroundSyncMain;\n\nvoid main() {}\n"],
  ]);
  const render = (layers: readonly HostLayer[]): [string, string][] =>
    layers.flatMap(({ layer, folder }) => [...renderLayer(layer, model, folder)]);
  const plugin = render(flutterLayers({ platforms: ['android', 'ios'], queue }));
  const retired = [
    ...plugin.filter(([path]) => KEPT_WHEN_RETIRED.test(path)),
    ...render(retiredFlutterLayers(['android', 'ios'])),
  ];
  return { plugin: new Map(plugin), app, retired: new Map(retired) };
}
