import { posix } from 'node:path';
import type { Value } from '../../formats/js-values.ts';
import type { DoctorRepo } from '../repo.ts';

const CONFIGS = ['capacitor.config.ts', 'capacitor.config.js', 'capacitor.config.json'];
const RUNNER = '@capacitor/background-runner';

/** plugins.BackgroundRunner of the Capacitor config. */
export interface RunnerSettings {
  readonly file: string;
  /** 1-based, of the setting `event`, else of the plugin's name. */
  readonly line: number;
  readonly label: string | undefined;
  readonly src: string | undefined;
  readonly event: string | undefined;
  /** In minutes. */
  readonly interval: number | undefined;
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
  if (!repo.depends(RUNNER)) return undefined;
  for (const file of CONFIGS) {
    const text = await repo.read(file);
    if (text === undefined) continue;
    const values = file.endsWith('.json') ? await fromJson(text) : await fromCode(repo, file, text);
    if (typeof values === 'string') {
      repo.note(file, `what it says of ${RUNNER} cannot be told (${values})`);
      return undefined;
    }
    if (values === undefined) return undefined;
    return { file, line: lineOf(text), ...values };
  }
  return undefined;
}

type Settings = Omit<RunnerSettings, 'file' | 'line'>;

const settingsOf = (get: (key: string) => unknown): Settings => {
  const text = (key: string): string | undefined => {
    const value = get(key);
    return typeof value === 'string' ? value : undefined;
  };
  const interval = get('interval');
  return {
    label: text('label'),
    src: text('src'),
    event: text('event'),
    interval: typeof interval === 'number' ? interval : undefined,
  };
};

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
  const [{ evaluateModule }, { ObjectValue, Unknown }, { readImportedFiles }] = await Promise.all([
    import('../../formats/js-evaluate.ts'),
    import('../../formats/js-values.ts'),
    import('../../project/imported-files.ts'),
  ]);
  const files = new Map(await readImportedFiles((path) => repo.read(path), file));
  files.set(posix.normalize(file), text);
  const modules = new Set(file.endsWith('.ts') ? [file] : []);
  let found: Settings | string | undefined;
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
    found = settingsOf((key) => value.get(key));
  }
  return found;
}

/** Of the event where it is written, else of the plugin. */
function lineOf(text: string): number {
  const runner = Math.max(0, text.indexOf('BackgroundRunner'));
  const event = /["']?\bevent["']?\s*:/.exec(text.slice(runner))?.index;
  return text.slice(0, runner + (event ?? 0)).split('\n').length;
}
