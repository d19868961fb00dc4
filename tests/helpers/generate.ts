/**
 * Renders the generated package into a folder, without a project around it:
 * `tsx tests/helpers/generate.ts OUT ['{"android":{"architecture":"old"}}']`
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultConfig } from '../../src/config.ts';
import { reactNativeHost } from '../../src/integrations/react-native/host.ts';
import { DEFAULT_CONSTRAINTS } from '../../src/schedule/constraints.ts';
import { POD, PROTOCOL, WORK } from '../../src/facts.ts';
import { PACKAGE_NAME, REFRESH_TASK_ID } from '../../src/templates/model.ts';
import type { TemplateModel } from '../../src/templates/model.ts';
import { renderLayer } from '../../src/templates/render.ts';

export function exampleModel(overrides: {
  taskId?: string;
  android?: Partial<TemplateModel['android']>;
  ios?: Partial<TemplateModel['ios']>;
  constraints?: Partial<TemplateModel['constraints']>;
}): TemplateModel {
  return {
    bgsyncVersion: '0.0.0',
    host: 'react-native',
    packageName: PACKAGE_NAME,
    platforms: ['android', 'ios'],
    taskId: overrides.taskId ?? PROTOCOL.taskId,
    tasks: [],
    handler: {
      path: 'src/background-sync.ts',
      packageImport: "'../modules/background-sync/src'",
      typed: true,
      store: 'none',
    },
    queue: {
      driver: 'none',
      path: 'src/sync-queue.ts',
      typed: true,
      packageImport: "'../modules/background-sync/src/queue'",
      driverImport: "'../modules/background-sync/src/queue/drivers/none'",
      handlerImport: "'./sync-queue'",
    },
    schedule: {
      intervalSeconds: 3600,
      backlogSeconds: 900,
      maxSeconds: 14400,
      lowBatteryPercent: 20,
    },
    constraints: { ...DEFAULT_CONSTRAINTS, ...overrides.constraints },
    android: {
      workRuntime: WORK.default,
      budgetSeconds: 180,
      architecture: 'new',
      host: 'ReactJsHost',
      ...overrides.android,
    },
    ios: {
      host: 'ReactHost',
      pod: POD,
      requiresExternalPower: false,
      refresh: false,
      refreshTaskId: REFRESH_TASK_ID,
      drainOnBackground: false,
      budgetSeconds: 180,
      retiredTaskIds: [],
      ...overrides.ios,
    },
    flutter: { library: '', statements: [], migrations: [] },
  };
}

const [out, overrides = '{}'] = process.argv.slice(2);
if (out !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const model = exampleModel(JSON.parse(overrides) as Parameters<typeof exampleModel>[0]);
  for (const { layer } of reactNativeHost.layers(defaultConfig())) {
    for (const [path, text] of renderLayer(layer, model)) {
      const file = join(out, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}
