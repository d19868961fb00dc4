import { InvalidArgumentError } from 'commander';
import { SERVER_MODES } from './devices/local/server-modes.ts';
import type { ServerMode } from './devices/local/server-modes.ts';
import { TASK_NAME_PATTERN } from './facts.ts';

type Platform = 'android' | 'ios';

export function collectPlatforms(value: string, previous: Platform[] | undefined): Platform[] {
  if (value !== 'android' && value !== 'ios') {
    throw new InvalidArgumentError('Allowed choices are android, ios.');
  }
  return [...(previous ?? []).filter((name) => name !== value), value];
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns milliseconds, or undefined where it is no time of at least one */
function durationOf(value: string): number | undefined {
  const [, digits, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(value) ?? [];
  const ms = Math.round(Number(digits) * UNITS[unit as keyof typeof UNITS]);
  return digits === undefined || ms < 1 ? undefined : ms;
}

export function collectIds(value: string, previous: readonly string[] = []): readonly string[] {
  const ids = value.split(/[\s,]+/).filter((id) => id !== '');
  if (ids.length === 0) throw new InvalidArgumentError('Give ids such as A01,I03.');
  return [...previous, ...ids];
}

/** @returns milliseconds */
export function parseDuration(value: string): number {
  const ms = durationOf(value);
  if (ms === undefined || ms > UNITS.h) {
    throw new InvalidArgumentError('Give a time between 1ms and 60m, such as 30s, 500ms or 2m.');
  }
  return ms;
}

/** @returns milliseconds */
export function parseAge(value: string): number {
  const ms = durationOf(value);
  if (ms === undefined || ms > 30 * UNITS.d) {
    throw new InvalidArgumentError('Give a time of at most 30d, such as 10m, 12h or 2d.');
  }
  return ms;
}

export function parseBattery(value: string): { percent: number; charging: boolean } {
  const [, digits, charging] = /^(\d{1,3})(,charging)?$/.exec(value) ?? [];
  const percent = Number(digits);
  if (digits === undefined || percent > 100) {
    throw new InvalidArgumentError('Give 0 to 100, such as 12 or 12,charging.');
  }
  return { percent, charging: charging !== undefined };
}

export function parseJobId(value: string): number {
  const id = Number(value);
  if (!/^-?\d{1,10}$/.test(value) || !Number.isSafeInteger(id)) {
    throw new InvalidArgumentError('Give the number that `npx bgsync status` shows.');
  }
  return id;
}

export function parseCount(value: string): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < 1 || count > 100) {
    throw new InvalidArgumentError('Give a number between 1 and 100.');
  }
  return count;
}

/** @returns the name of a sync */
export function parseTaskName(value: string): string {
  if (TASK_NAME_PATTERN.test(value)) return value;
  throw new InvalidArgumentError('Give a name that stands under "tasks" in bgsync.config.json.');
}

/** @returns the network as `env.net` of an event says it */
export function parseNetwork(value: string): 'wifi' | 'cell' | 'none' {
  if (value === 'cellular') return 'cell';
  if (value === 'wifi' || value === 'none') return value;
  throw new InvalidArgumentError('Allowed choices are wifi, cellular, none.');
}

/** @returns how a played server behaves, or where one of the user's own is */
export function parseServer(value: string): ServerMode | URL {
  const mode = SERVER_MODES.find((name) => name === value);
  if (mode !== undefined) return mode;
  if (/^https?:\/\//.test(value) && URL.canParse(value)) return new URL(value);
  throw new InvalidArgumentError(
    `Give ${SERVER_MODES.join(', ')}, or an address such as http://localhost:8080.`,
  );
}
