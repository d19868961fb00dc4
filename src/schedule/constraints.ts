import * as v from 'valibot';
import type { BatteryState } from './policy.ts';

/** The networks that a window can need. `none`: it comes also without one. */
export const REQUIRED_NETWORKS = ['any', 'unmetered', 'notRoaming', 'none'] as const;

/** What must be there before a window opens. */
export interface SyncConstraints {
  readonly network: (typeof REQUIRED_NETWORKS)[number];
  readonly charging: boolean;
  readonly batteryNotLow: boolean;
  readonly storageNotLow: boolean;
  readonly deviceIdle: boolean;
}

/** Of an app that sets none. */
export const DEFAULT_CONSTRAINTS: SyncConstraints = {
  network: 'any',
  charging: false,
  batteryNotLow: false,
  storageNotLow: false,
  deviceIdle: false,
};

/** What constraints are about. */
export interface Conditions {
  readonly battery: BatteryState;
  readonly network: {
    readonly connected: boolean;
    readonly metered: boolean;
    readonly roaming: boolean;
  };
  readonly storageLow: boolean;
  /** Somebody uses the device. */
  readonly inUse: boolean;
}

/** WorkManager's own threshold, percent: https://developer.android.com/reference/androidx/work/Constraints.Builder#setRequiresBatteryNotLow(boolean) */
const LOW_BATTERY_PERCENT = 15;

/** Each by its name, as in `getStatus()` and in a `run.skip`. */
export function constraintNames(constraints: SyncConstraints): string[] {
  const { network, ...others } = constraints;
  return [
    ...(network === 'none' ? [] : [network]),
    ...(['charging', 'batteryNotLow', 'storageNotLow', 'deviceIdle'] as const).filter(
      (name) => others[name],
    ),
  ];
}

/**
 * The names of what is not there.
 *
 * The same function stands in `SyncSettings.kt` and `SyncSettings.swift`; `tests/vectors/schedule-policy.json` holds the
 * three together.
 */
export function unmetConstraints(constraints: SyncConstraints, conditions: Conditions): string[] {
  const { network, battery, storageLow, inUse } = conditions;
  const isMet: Readonly<Record<string, boolean>> = {
    any: network.connected,
    unmetered: network.connected && !network.metered,
    notRoaming: network.connected && !network.roaming,
    charging: battery.charging,
    batteryNotLow: battery.charging || battery.percent < 0 || battery.percent > LOW_BATTERY_PERCENT,
    storageNotLow: !storageLow,
    deviceIdle: !inUse,
  };
  return constraintNames(constraints).filter((name) => isMet[name] === false);
}

const WORDS: Readonly<Record<string, string>> = {
  any: 'a network',
  unmetered: 'an unmetered network',
  notRoaming: 'a network without roaming',
  charging: 'the charger',
  batteryNotLow: 'a battery that is not low',
  storageNotLow: 'free storage',
  deviceIdle: 'an idle device',
};

/** Constraints in words. @param names as {@link constraintNames} gives them; unknown ones stay as they are */
export const describeConstraints = (names: readonly string[]): string =>
  names.map((name) => (Object.hasOwn(WORDS, name) ? WORDS[name] : name)).join(', ');

const flag = v.exactOptional(v.boolean());

/** What an app sets at run time with `configure`; what is left out is as the config says. */
const settingsSchema = v.object({
  constraints: v.exactOptional(
    v.object({
      network: v.exactOptional(v.picklist(REQUIRED_NETWORKS)),
      charging: flag,
      batteryNotLow: flag,
      storageNotLow: flag,
      deviceIdle: flag,
    }),
  ),
  intervalMinutes: v.exactOptional(v.pipe(v.number(), v.integer())),
});

export type SyncSettings = v.InferOutput<typeof settingsSchema>;

/** @param text what JavaScript hands to native; '' , and what cannot be read, sets nothing */
export function parseSettings(text: string): SyncSettings {
  try {
    const result = v.safeParse(settingsSchema, JSON.parse(text));
    return result.success ? result.output : {};
  } catch {
    return {};
  }
}
