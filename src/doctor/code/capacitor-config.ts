import { posix } from 'node:path';
import { ObjectValue, Unknown } from '../../formats/js-values.ts';
import type { Value } from '../../formats/js-values.ts';
import type { DoctorRepo } from '../repo.ts';
import { BACKGROUND_RUNNER } from './task-libraries.ts';

const CONFIGS = ['capacitor.config.ts', 'capacitor.config.js', 'capacitor.config.json'];

/** plugins.BackgroundRunner of the Capacitor config. */
export interface RunnerSettings {
  readonly file: string;
  /** 1-based, of the setting `event`, else of the plugin's name. */
  readonly line: number;
  readonly label: string | undefined;
  readonly src: string | undefined;
  readonly event: string | undefined;
  /** In minutes, of {@link intervalLine}; undefined where it is not set, or not known. */
  readonly interval: number | undefined;
  readonly intervalLine: number;
  /** Whether the OS starts it; undefined where it is not known. */
  readonly autoStart: boolean | undefined;
  /** Undefined where it is not known. */
  readonly repeat: boolean | undefined;
  /** Whether the watch sends it events, too: where that is not known, it does. */
  readonly hearsWatch: boolean;
}

const known = new WeakMap<DoctorRepo, Promise<RunnerSettings | undefined>>();

/**
 * The runner's settings, read from JSON, or from JavaScript and TypeScript as far as that can be told without running it.
 * Where it cannot, the file is noted as not looked at.
 *
 * @returns undefined where there are none, or they are not known
 */
export function runnerSettings(repo: DoctorRepo): Promise<RunnerSettings | undefined> {
  const found = known.get(repo) ?? read(repo);
  known.set(repo, found);
  return found;
}

async function read(repo: DoctorRepo): Promise<RunnerSettings | undefined> {
  if (!repo.depends(BACKGROUND_RUNNER)) return undefined;
  for (const file of CONFIGS) {
    const text = await repo.read(file);
    if (text === undefined) continue;
    const values = file.endsWith('.json') ? await fromJson(text) : await fromCode(repo, file, text);
    if (typeof values === 'string') {
      repo.note(file, `what it says of ${BACKGROUND_RUNNER} cannot be told (${values})`);
      return undefined;
    }
    if (values === undefined) return undefined;
    const line = lineOf(text, 'event');
    return { file, line, intervalLine: lineOf(text, 'interval'), ...values };
  }
  return undefined;
}

type Settings = Omit<RunnerSettings, 'file' | 'line' | 'intervalLine'>;

const settingsOf = (get: (key: string) => unknown): Settings => {
  const text = (key: string): string | undefined => {
    const value = get(key);
    return typeof value === 'string' ? value : undefined;
  };
  // The package takes what is no boolean for false.
  const flag = (key: string): boolean | undefined =>
    get(key) instanceof Unknown ? undefined : get(key) === true;
  const interval = get('interval');
  return {
    label: text('label'),
    src: text('src'),
    event: text('event'),
    interval: typeof interval === 'number' ? interval : undefined,
    autoStart: flag('autoStart'),
    repeat: flag('repeat'),
    hearsWatch: flag('enableWatchConnectivity') !== false,
  };
};

/** Of two settings that the environment decides between: when it runs, where both say the same. */
const eitherOf = (one: Settings, other: Settings): Settings => ({
  ...other,
  interval: one.interval === other.interval ? one.interval : undefined,
  autoStart: one.autoStart === other.autoStart ? one.autoStart : undefined,
  repeat: one.repeat === other.repeat ? one.repeat : undefined,
  hearsWatch: one.hearsWatch || other.hearsWatch,
});

async function fromJson(text: string): Promise<Settings | undefined> {
  const { parse } = await import('../../formats/jsonc.ts');
  const data = parse(text.replace(/^\uFEFF/, '')) as
    { plugins?: { BackgroundRunner?: Record<string, unknown> } } | undefined;
  const runner = data?.plugins?.BackgroundRunner;
  return typeof runner === 'object' ? settingsOf((key) => runner[key]) : undefined;
}

/** @returns the settings; undefined where there are none; why where they are not known */
async function fromCode(
  repo: DoctorRepo,
  file: string,
  text: string,
): Promise<Settings | string | undefined> {
  const [{ evaluateModule }, { readImportedFiles }] = await Promise.all([
    import('../../formats/js-evaluate.ts'),
    import('../../project/imported-files.ts'),
  ]);
  const files = new Map(await readImportedFiles((path) => repo.read(path), file));
  files.set(posix.normalize(file), text);
  const modules = new Set(file.endsWith('.ts') ? [file] : []);
  let found: Settings | undefined;
  for (const outcome of evaluateModule({ files, modules }, file, (exported) => {
    let value: Value = exported;
    for (const key of ['default', 'plugins', 'BackgroundRunner']) {
      if (key === 'default' && !(value instanceof ObjectValue && value.has(key))) continue;
      if (value instanceof Unknown) return value;
      value = value instanceof ObjectValue ? value.get(key) : undefined;
    }
    return value;
  })) {
    if (outcome.status === 'unknown') return outcome.reason;
    if (outcome.status === 'throws') continue;
    const { value } = outcome;
    if (value instanceof Unknown) return value.reason;
    if (!(value instanceof ObjectValue)) continue;
    const open = ['label', 'src', 'event']
      .map((key) => value.get(key))
      .find((one) => one instanceof Unknown);
    if (open instanceof Unknown) return open.reason;
    const settings = settingsOf((key) => value.get(key));
    found = found === undefined ? settings : eitherOf(found, settings);
  }
  return found;
}

/** Of a setting where it is written, else of the plugin. */
function lineOf(text: string, key: 'event' | 'interval'): number {
  const runner = Math.max(0, text.indexOf('BackgroundRunner'));
  const at = new RegExp(`["']?\\b${key}["']?\\s*:`).exec(text.slice(runner))?.index;
  return text.slice(0, runner + (at ?? 0)).split('\n').length;
}
