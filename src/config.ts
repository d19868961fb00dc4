import { findNodeAtLocation, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { UserError } from './errors.ts';
import { PROTOCOL, TASK_NAME_PATTERN, WORK } from './facts.ts';
import { parse as parseJsonc, parseTree } from './formats/jsonc.ts';
import { lineAt } from './formats/text.ts';
import { DEFAULT_CONSTRAINTS, REQUIRED_NETWORKS } from './schedule/constraints.ts';

export const CONFIG_FILE = 'bgsync.config.json';

const whole = (title: string, low: number, high: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(low), v.maxValue(high), v.description(title));

/** A relative path with `/` that stays inside the app. */
const appPath = (title: string) =>
  v.pipe(
    v.string(),
    v.regex(
      /^(?!\/)(?![A-Za-z]:)(?!.*\\)(?!(?:.*\/)?\.\.(?:\/|$))[^\u0000-\u001f]+$/,
      'must be a relative path with / that stays inside the app',
    ),
    v.description(title),
  );

export const TASK_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** Where the generated queue is kept; `none`: the app has a queue of its own. */
export const QUEUE_DRIVERS = ['none', 'op-sqlite', 'expo-sqlite', 'drift', 'custom'] as const;

const scheduleKeys = {
  intervalMinutes: whole('Between two windows while nothing waits.', 15, 10_080),
  backlogMinutes: whole(
    'To the next window while items remain, and the first step of the back-off.',
    15,
    10_080,
  ),
  maxMinutes: whole('The longest delay between two windows.', 15, 10_080),
  lowBatteryPercent: whole('At or below it, and not charging, every delay doubles.', 0, 100),
};

const scheduleSchema = v.strictObject({
  intervalMinutes: v.optional(scheduleKeys.intervalMinutes, 60),
  backlogMinutes: v.optional(scheduleKeys.backlogMinutes, 15),
  maxMinutes: v.optional(scheduleKeys.maxMinutes, 240),
  lowBatteryPercent: v.optional(scheduleKeys.lowBatteryPercent, 20),
});

const flag = (title: string) => v.pipe(v.boolean(), v.description(title));

const constraintsKeys = {
  network: v.pipe(
    v.picklist(REQUIRED_NETWORKS),
    v.description(
      'The network that a window needs; none: it comes also without one. iOS does not tell roaming: there notRoaming is any.',
    ),
  ),
  charging: flag('Only on the charger.'),
  batteryNotLow: flag('Not on a low battery: 15 percent or less, and not charging.'),
  storageNotLow: flag('Not while storage is low. Android only: iOS does not tell it.'),
  deviceIdle: flag(
    'Only while nobody uses the device. On iOS no BGAppRefreshTask is asked for then.',
  ),
};

const constraintsSchema = v.strictObject({
  network: v.optional(constraintsKeys.network, DEFAULT_CONSTRAINTS.network),
  charging: v.optional(constraintsKeys.charging, false),
  batteryNotLow: v.optional(constraintsKeys.batteryNotLow, false),
  storageNotLow: v.optional(constraintsKeys.storageNotLow, false),
  deviceIdle: v.optional(constraintsKeys.deviceIdle, false),
});

const androidSchema = v.strictObject({
  workRuntime: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        WORK.allowed,
        'must be a plain version such as 2.11.2, 2.9.0 or newer, and none of 2.10.2 to 2.11.1, whose network workers start without a network',
      ),
      v.description(
        'Version of androidx.work:work-runtime, 2.9.0 or newer; never 2.10.2 to 2.11.1.',
      ),
    ),
    WORK.default,
  ),
  budgetSeconds: v.optional(
    whole(
      'What drainQueue gets in one window, in seconds. WorkManager ends a run at 600.',
      10,
      480,
    ),
    180,
  ),
});

const iosSchema = v.strictObject({
  requiresExternalPower: v.optional(
    v.pipe(v.boolean(), v.description('Run only while the device charges.')),
    false,
  ),
  refresh: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        'Also run in a BGAppRefreshTask, of 25 seconds: iOS gives those through the day, by how often the app is used.',
      ),
    ),
    false,
  ),
  drainOnBackground: v.optional(
    v.pipe(
      v.boolean(),
      v.description('Drain when the user leaves the app, in the seconds that iOS gives then.'),
    ),
    false,
  ),
  budgetSeconds: v.optional(
    whole(
      'What drainQueue gets in one window, in seconds. iOS may end the window earlier.',
      10,
      480,
    ),
    180,
  ),
});

/** iOS keeps ten processing requests of an app: https://developer.apple.com/documentation/backgroundtasks/bgtaskscheduler/error/code/toomanypendingtaskrequests */
const MOST_TASKS = 9;

const taskSchema = v.strictObject({
  name: v.pipe(
    v.string(),
    v.regex(
      TASK_NAME_PATTERN,
      'must be small letters, digits and single hyphens between them, with a letter first',
    ),
    v.maxLength(32),
    v.description(
      'As registerBackgroundSync({ name }) has it. Devices store it: never change it once shipped.',
    ),
  ),
  schedule: v.optional(
    v.pipe(
      v.partial(v.strictObject(scheduleKeys)),
      v.description('As at the top; what it leaves out is as there.'),
    ),
  ),
  constraints: v.optional(
    v.pipe(
      v.partial(v.strictObject(constraintsKeys)),
      v.description('As at the top; what it leaves out is as there.'),
    ),
  ),
});

const localSchema = v.strictObject({
  alias: v.optional(
    v.pipe(
      v.record(v.string(), appPath('A file of the app.')),
      v.description(
        'What `bgsync trigger --platform local` loads in place of a module that Node cannot load.',
      ),
    ),
    {},
  ),
});

const suppressionSchema = v.strictObject({
  id: v.pipe(
    v.string(),
    v.nonEmpty(),
    v.description('Of a check: bgsync doctor --explain lists them.'),
  ),
  file: v.optional(
    v.pipe(
      v.string(),
      v.nonEmpty(),
      v.description(
        'Only there: a path, a folder, or a pattern with * and **. Without it, everywhere.',
      ),
    ),
  ),
  reason: v.pipe(
    v.string(),
    v.regex(/\S/, 'must say why it is meant to be so'),
    v.description('Why it is meant to be so.'),
  ),
});

export type Suppression = v.InferOutput<typeof suppressionSchema>;

const doctorSchema = v.strictObject({
  suppress: v.optional(
    v.pipe(
      v.array(suppressionSchema),
      v.description('Findings of `bgsync doctor` that are meant to be so, and do not count.'),
    ),
    [],
  ),
});

export const configSchema = v.strictObject({
  $schema: v.optional(v.string()),
  platforms: v.optional(
    v.pipe(
      v.array(v.picklist(['android', 'ios'])),
      v.minLength(1),
      v.description('The platforms that the package is generated for.'),
    ),
    ['android', 'ios'],
  ),
  moduleDir: v.optional(appPath('The folder of the generated package.'), 'modules/background-sync'),
  handler: v.optional(
    appPath('Your file that calls registerBackgroundSync.'),
    'src/background-sync.ts',
  ),
  taskId: v.optional(
    v.pipe(
      v.string(),
      v.regex(TASK_ID_PATTERN, 'must be letters, digits, dots and hyphens'),
      v.maxLength(128),
      v.description('Id of the BGProcessingTask, the same in BGTaskSchedulerPermittedIdentifiers.'),
    ),
    PROTOCOL.taskId,
  ),
  queue: v.optional(
    v.pipe(
      v.picklist(QUEUE_DRIVERS),
      v.description('The queue that is generated, and the database that it is kept in.'),
    ),
    'none',
  ),
  schedule: v.optional(scheduleSchema, {}),
  constraints: v.optional(
    v.pipe(
      constraintsSchema,
      v.description('What must be there before a window opens; the app may change it at run time.'),
    ),
    {},
  ),
  tasks: v.optional(
    v.pipe(
      v.array(taskSchema),
      v.maxLength(MOST_TASKS, 'must be nine at the most: iOS keeps ten requests of an app'),
      v.description('Further syncs beside the one above, each with a schedule of its own.'),
    ),
    [],
  ),
  android: v.optional(androidSchema, {}),
  ios: v.optional(iosSchema, {}),
  local: v.optional(localSchema, {}),
  doctor: v.optional(doctorSchema),
});

export type Config = v.InferOutput<typeof configSchema>;
export type Platform = Config['platforms'][number];
export type QueueDriver = Config['queue'];

/** Of the config, what the generated package is made from, but for what its lock file names: places and ids. */
export function generatedFrom(config: Config): Readonly<Record<string, unknown>> {
  const { platforms, queue, schedule, constraints, tasks } = config;
  const own = Object.fromEntries(platforms.map((platform) => [platform, config[platform]]));
  return { platforms, queue, schedule, constraints, tasks, ...own };
}

export const defaultConfig = (): Config => v.parse(configSchema, {});

export interface ConfigProblem {
  /** Dotted path of the key, '' for the document. */
  readonly key: string;
  readonly message: string;
  readonly line: number;
}

export type ConfigResult =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * The line of a key, or of the nearest above it that is written.
 *
 * @param key dotted, with the index of what is in a list; '' is the document
 */
export function lineOfKey(text: string, key: string): number {
  const line = lineOfSetting(text, key);
  if (line !== undefined) return line;
  const end = key.lastIndexOf('.');
  return end === -1 ? 1 : lineOfKey(text, key.slice(0, end));
}

/** The line of a key, dotted as in {@link lineOfKey}. @returns undefined where it is not written */
export function lineOfSetting(text: string, key: string): number | undefined {
  const tree = parseTree(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true });
  const path = key.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const node = tree && findNodeAtLocation(tree, path);
  if (node === undefined) return undefined;
  return lineAt(text, (node.parent?.type === 'property' ? node.parent : node).offset);
}

/** Reads the config's text; comments and a trailing comma are allowed. */
export function readConfigText(text: string): ConfigResult {
  const errors: ParseError[] = [];
  const document: unknown = parseJsonc(text.replace(/^\uFEFF/, ''), errors, {
    allowTrailingComma: true,
  });
  const [syntax] = errors;
  if (syntax !== undefined) {
    const name = printParseErrorCode(syntax.error);
    const message = `not JSON:${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;
    return { ok: false, problems: [{ key: '', message, line: lineAt(text, syntax.offset) }] };
  }
  const result = v.safeParse(configSchema, document);
  if (!result.success) {
    return {
      ok: false,
      problems: result.issues.map((issue) => {
        const key = v.getDotPath(issue) ?? '';
        return { key, message: issue.message, line: lineOfKey(text, key) };
      }),
    };
  }
  const problem = contradictionIn(result.output);
  if (problem !== undefined) {
    return { ok: false, problems: [{ ...problem, line: lineOfKey(text, problem.key) }] };
  }
  return { ok: true, config: result.output };
}

/** What no single key is wrong in. */
function contradictionIn(config: Config): { key: string; message: string } | undefined {
  for (const { name, schedule } of syncsOf(config)) {
    if (schedule.backlogMinutes > schedule.intervalMinutes) {
      return name === ''
        ? {
            key: 'schedule.backlogMinutes',
            message: 'must not be longer than schedule.intervalMinutes',
          }
        : {
            key: 'tasks',
            message: `the backlogMinutes of ${name} must not be longer than its intervalMinutes`,
          };
    }
  }
  const names = config.tasks.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { key: 'tasks', message: `has two of the name ${twice}` };
  const taken = names.find((name) => idsOf(name).taskId === config.taskId);
  return taken === undefined
    ? undefined
    : { key: 'taskId', message: `is the id of the task ${taken}` };
}

/** One sync of the app as it is in effect. */
export interface ConfiguredSync {
  /** '' of the first. */
  readonly name: string;
  /** Of its BGProcessingTask. */
  readonly taskId: string;
  /** Of its work in WorkManager. */
  readonly uniqueWork: string;
  readonly schedule: Config['schedule'];
  readonly constraints: Config['constraints'];
}

/** All syncs of the app, the first one first. */
export const syncsOf = (
  config: Pick<Config, 'taskId' | 'schedule' | 'constraints' | 'tasks'>,
): readonly [ConfiguredSync, ...ConfiguredSync[]] => {
  const { taskId, schedule, constraints, tasks } = config;
  return [
    { name: '', taskId, uniqueWork: PROTOCOL.uniqueWork, schedule, constraints },
    ...tasks.map((task) => ({
      name: task.name,
      ...idsOf(task.name),
      schedule: { ...schedule, ...task.schedule },
      constraints: { ...constraints, ...task.constraints },
    })),
  ];
};

/** The ids of a further sync, as the generated code derives them. They never change once shipped. */
export const idsOf = (name: string): { readonly taskId: string; readonly uniqueWork: string } => ({
  taskId: `${PROTOCOL.taskId}.${name}`,
  uniqueWork: `${PROTOCOL.uniqueWork}.${name}`,
});

/** @returns the name of a further sync by one of its ids; undefined for the first's, and for any other text */
export function taskNameOf(id: string): string | undefined {
  const prefix = Object.values(idsOf('')).find((start) => id.startsWith(start));
  return prefix === undefined ? undefined : id.slice(prefix.length);
}

/** The ids under which the generated package registers with iOS, each with what kind of window it is. */
export const iosIdsOf = (
  config: Pick<Config, 'taskId' | 'schedule' | 'constraints' | 'tasks' | 'ios'>,
): readonly string[] => [
  config.taskId,
  ...(config.ios.refresh ? [PROTOCOL.refreshTaskId] : []),
  ...syncsOf(config)
    .slice(1)
    .map(({ taskId }) => taskId),
];

/** A repo without bgsync's own sync may have the file for `doctor` alone. */
const DOCTOR_ONLY_KEYS = new Set(['$schema', 'doctor']);

/** Whether nothing but doctor's settings stands in the config's text. */
export function isForDoctorOnly(text: string): boolean {
  const document: unknown = parseJsonc(text.replace(/^\uFEFF/, ''));
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return false;
  const keys = Object.keys(document);
  return keys.includes('doctor') && keys.every((key) => DOCTOR_ONLY_KEYS.has(key));
}

/**
 * The suppressions of the config's text, whatever else is wrong in it.
 *
 * @throws UserError where they are not valid themselves
 */
export function requireSuppressions(text: string): readonly Suppression[] {
  const document: unknown = parseJsonc(text.replace(/^\uFEFF/, ''));
  const result = v.safeParse(v.object({ doctor: v.optional(doctorSchema) }), document);
  if (result.success) return result.output.doctor?.suppress ?? [];
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return [];
  throw invalidConfig(
    result.issues.map((issue) => {
      const key = v.getDotPath(issue) ?? '';
      return { key, message: issue.message, line: lineOfKey(text, key) };
    }),
  );
}

/** @throws UserError that lists every problem with its line */
export function requireConfig(text: string): Config {
  const result = readConfigText(text);
  if (result.ok) return result.config;
  throw invalidConfig(result.problems);
}

function invalidConfig(problems: readonly ConfigProblem[]): UserError {
  const list = problems.map(
    ({ key, message, line }) =>
      `  ${CONFIG_FILE}:${line}  ${key === '' ? '' : `${key}: `}${message}`,
  );
  return new UserError(`${CONFIG_FILE} is not valid:\n${list.join('\n')}`, {
    hint: 'Mend these lines. The file’s schema is beside the generated package: config.schema.json.',
  });
}
