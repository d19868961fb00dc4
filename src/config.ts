import { printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import * as v from 'valibot';
import { UserError } from './errors.ts';
import { PROTOCOL, WORK } from './facts.ts';
import { parse as parseJsonc } from './formats/jsonc.ts';
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
export const QUEUE_DRIVERS = ['none', 'op-sqlite', 'expo-sqlite', 'custom'] as const;

const scheduleSchema = v.strictObject({
  intervalMinutes: v.optional(whole('Between two windows while nothing waits.', 15, 10_080), 60),
  backlogMinutes: v.optional(
    whole('To the next window while items remain, and the first step of the back-off.', 15, 10_080),
    15,
  ),
  maxMinutes: v.optional(whole('The longest delay between two windows.', 15, 10_080), 240),
  lowBatteryPercent: v.optional(
    whole('At or below it, and not charging, every delay doubles.', 0, 100),
    20,
  ),
});

const flag = (title: string) => v.optional(v.pipe(v.boolean(), v.description(title)), false);

const constraintsSchema = v.strictObject({
  network: v.optional(
    v.pipe(
      v.picklist(REQUIRED_NETWORKS),
      v.description(
        'The network that a window needs; none: it comes also without one. iOS does not tell roaming: there notRoaming is any.',
      ),
    ),
    DEFAULT_CONSTRAINTS.network,
  ),
  charging: flag('Only on the charger.'),
  batteryNotLow: flag('Not on a low battery: 15 percent or less, and not charging.'),
  storageNotLow: flag('Not while storage is low. Android only: iOS does not tell it.'),
  deviceIdle: flag(
    'Only while nobody uses the device. On iOS no BGAppRefreshTask is asked for then.',
  ),
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
  android: v.optional(androidSchema, {}),
  ios: v.optional(iosSchema, {}),
  local: v.optional(localSchema, {}),
  doctor: v.optional(doctorSchema),
});

export type Config = v.InferOutput<typeof configSchema>;
export type Platform = Config['platforms'][number];
export type QueueDriver = Config['queue'];

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

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** Where a key stands is found by its quoted name: good enough to point at, wrong at worst by another key of that name. */
export function lineOfKey(text: string, key: string): number {
  const last = key.split('.').at(-1);
  const offset = last === undefined || last === '' ? -1 : text.indexOf(JSON.stringify(last));
  return lineAt(text, Math.max(offset, 0));
}

/** Reads the config's text; comments and a trailing comma are allowed. */
export function readConfigText(text: string): ConfigResult {
  const errors: ParseError[] = [];
  const document: unknown = parseJsonc(text.replace(/^\uFEFF/, ''), errors, {
    allowTrailingComma: true,
  });
  const [syntax] = errors;
  if (syntax !== undefined) {
    const message = `not JSON: ${printParseErrorCode(syntax.error)}`;
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
  const { schedule } = result.output;
  if (schedule.backlogMinutes > schedule.intervalMinutes) {
    const key = 'schedule.backlogMinutes';
    const message = 'must not be longer than schedule.intervalMinutes';
    return { ok: false, problems: [{ key, message, line: lineOfKey(text, key) }] };
  }
  return { ok: true, config: result.output };
}

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
