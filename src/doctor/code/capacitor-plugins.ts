import type { PluginValues } from '../../project/capacitor-config.ts';
import type { DoctorRepo } from '../repo.ts';
import { BACKGROUND_RUNNER } from './task-libraries.ts';

/** What the Capacitor config says to the background runner. */
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
  /** Whether it is surely none that iOS takes: left out, or no number. */
  readonly lacksInterval: boolean;
  /** Whether the OS starts it; undefined where it is not known. */
  readonly autoStart: boolean | undefined;
  /** Undefined where it is not known. */
  readonly repeat: boolean | undefined;
  /** Whether the watch sends it events, too: where that is not known, it does. */
  readonly hearsWatch: boolean;
}

const known = new WeakMap<DoctorRepo, Promise<RunnerSettings | undefined>>();

/** @returns undefined where there are none, or they are not known */
export function runnerSettings(repo: DoctorRepo): Promise<RunnerSettings | undefined> {
  const found = known.get(repo) ?? readRunner(repo);
  known.set(repo, found);
  return found;
}

async function readRunner(repo: DoctorRepo): Promise<RunnerSettings | undefined> {
  if (!repo.depends(BACKGROUND_RUNNER)) return undefined;
  const needed = ['label', 'src', 'event'];
  const ways = await settingsOf(repo, BACKGROUND_RUNNER, 'BackgroundRunner', needed);
  return ways
    .map(runnerOf)
    .reduce<RunnerSettings | undefined>(
      (one, other) => (one ? eitherOf(one, other) : other),
      undefined,
    );
}

function runnerOf(values: PluginValues & { readonly file: string }): RunnerSettings {
  const text = (key: string): string | undefined => {
    const value = values.get(key);
    return typeof value === 'string' ? value : undefined;
  };
  // The package takes what is no boolean for false.
  const flag = (key: string): boolean | undefined =>
    values.isKnown(key) ? values.get(key) === true : undefined;
  const interval = values.get('interval');
  return {
    file: values.file,
    line: values.lineOf('event'),
    label: text('label'),
    src: text('src'),
    event: text('event'),
    interval: typeof interval === 'number' ? interval : undefined,
    intervalLine: values.lineOf('interval'),
    lacksInterval: values.isKnown('interval') && typeof interval !== 'number',
    autoStart: flag('autoStart'),
    repeat: flag('repeat'),
    hearsWatch: flag('enableWatchConnectivity') !== false,
  };
}

/** Of two settings that the environment decides between: when it runs, where both say the same. */
const eitherOf = (one: RunnerSettings, other: RunnerSettings): RunnerSettings => ({
  ...other,
  interval: one.interval === other.interval ? one.interval : undefined,
  lacksInterval: one.lacksInterval && other.lacksInterval,
  autoStart: one.autoStart === other.autoStart ? one.autoStart : undefined,
  repeat: one.repeat === other.repeat ? one.repeat : undefined,
  hearsWatch: one.hearsWatch || other.hearsWatch,
});

/**
 * What the Capacitor config says to a plugin, one for each way that it can be put together. Where that cannot be told, the
 * file is noted as not looked at, and there is none.
 */
export async function settingsOf(
  repo: DoctorRepo,
  name: string,
  plugin: string,
  keys: readonly string[],
): Promise<readonly (PluginValues & { readonly file: string })[]> {
  const settings = await repo.capacitorPlugin(plugin, keys);
  if (settings?.status === 'known')
    return settings.ways.map((way) => ({ ...way, file: settings.file }));
  if (settings !== undefined)
    repo.note(settings.file, `what it says of ${name} cannot be told (${settings.reason})`);
  return [];
}
