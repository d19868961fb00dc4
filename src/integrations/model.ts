import { posix } from 'node:path';
import { syncsOf } from '../config.ts';
import type { Config } from '../config.ts';
import { PACKAGE_NAME, REFRESH_TASK_ID } from '../templates/model.ts';
import type { TemplateModel } from '../templates/model.ts';
import { VERSION } from '../version.ts';
import type { HostRuntime, Shipped } from './host.ts';

/** The specifier by which a file of the app imports another, without its extension. */
export function importSpecifier(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to).replace(/\.(?:[jt]sx?)$/, '');
  return path.startsWith('.') ? path : `./${path}`;
}

/** A text as a JavaScript string. */
export const jsString = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The user's own file of the queue, beside the handler. */
export const queueFile = ({ handler }: Pick<Config, 'handler'>): string =>
  posix.join(posix.dirname(handler), queueFileName(posix.extname(handler)));

const queueFileName = (extension: string): string =>
  extension === '.dart'
    ? 'sync_queue.dart'
    : `sync-queue.${/^\.tsx?$/.test(extension) ? 'ts' : 'js'}`;

/** The classes of templates/ that bring the handler up. */
const BRINGS_UP = {
  'react-native': { android: 'ReactJsHost', ios: 'ReactHost' },
  flutter: { android: 'FlutterDartHost', ios: 'FlutterHost' },
} as const satisfies Record<TemplateModel['host'], unknown>;

const policyOf = (schedule: Config['schedule']): TemplateModel['schedule'] => ({
  intervalSeconds: schedule.intervalMinutes * 60,
  backlogSeconds: schedule.backlogMinutes * 60,
  maxSeconds: schedule.maxMinutes * 60,
  lowBatteryPercent: schedule.lowBatteryPercent,
});

/** What the templates need of the settings and the project. */
export function templateModel(
  config: Config,
  architecture: TemplateModel['android']['architecture'],
  { retiredIds, pod }: Shipped,
  { host, store, flutter }: HostRuntime,
): TemplateModel {
  const { schedule, android, ios } = config;
  return {
    bgsyncVersion: VERSION,
    host,
    packageName: PACKAGE_NAME,
    platforms: config.platforms,
    taskId: config.taskId,
    handler: {
      path: config.handler,
      packageImport: jsString(importSpecifier(config.handler, `${config.moduleDir}/src`)),
      typed: /\.tsx?$/.test(config.handler),
      store,
    },
    queue: {
      driver: config.queue,
      path: queueFile(config),
      typed: /\.tsx?$/.test(config.handler),
      packageImport: jsString(importSpecifier(queueFile(config), `${config.moduleDir}/src/queue`)),
      driverImport: jsString(
        importSpecifier(queueFile(config), `${config.moduleDir}/src/queue/drivers/${config.queue}`),
      ),
      handlerImport: jsString(importSpecifier(config.handler, queueFile(config))),
    },
    schedule: policyOf(schedule),
    constraints: config.constraints,
    tasks: syncsOf(config)
      .slice(1)
      .map((sync) => ({
        name: sync.name,
        taskId: sync.taskId,
        schedule: policyOf(sync.schedule),
        constraints: sync.constraints,
      })),
    android: {
      workRuntime: android.workRuntime,
      budgetSeconds: android.budgetSeconds,
      architecture,
      host: BRINGS_UP[host].android,
    },
    ios: {
      ...ios,
      host: BRINGS_UP[host].ios,
      refreshTaskId: REFRESH_TASK_ID,
      pod,
      retiredTaskIds: retiredIds,
    },
    flutter,
  };
}
