import type { Device } from '../device.ts';

export interface IosDevice extends Device {
  readonly platform: 'ios';
  readonly kind: 'simulator' | 'device';
  /** Its system, as numbers: 26.10 is newer than 26.9. */
  readonly version: readonly number[];
}

type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Reads JSON that a tool printed, which may have put other lines before it. */
export function parseToolJson(text: string): Json | undefined {
  const start = text.indexOf('{');
  if (start < 0) return undefined;
  try {
    const value: unknown = JSON.parse(text.slice(start));
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Newest system first. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (b[i] ?? 0) - (a[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `…SimRuntime.iOS-26-1` → 26.1; before Xcode 10, `iOS 12.1`. */
function readRuntime(id: string): number[] | undefined {
  const [, numbers] = /(?:SimRuntime\.iOS-|^iOS )(\d+(?:[-.]\d+)*)$/.exec(id) ?? [];
  return numbers?.split(/[-.]/).map(Number);
}

function problemOf(device: Json, state: string): string | undefined {
  const isAvailable = device.isAvailable === true || device.availability === '(available)';
  if (!isAvailable && (device.isAvailable !== undefined || device.availability !== undefined)) {
    // Before Xcode 10: `(unavailable, runtime profile not found)`.
    const [, reason] = /\(unavailable, ([^)]*)\)/.exec(textOf(device.availability) ?? '') ?? [];
    const error = textOf(device.availabilityError) ?? reason ?? 'its runtime is missing';
    return `It is not available: ${error}.`;
  }
  if (state === 'Booted') return undefined;
  return state === 'Booting' ? 'It is still booting.' : 'Boot it: open it in the Simulator app.';
}

/** Reads `simctl list devices --json`: the iOS simulators, newest system first. Never throws. */
export function parseSimulators(stdout: string): IosDevice[] {
  const runtimes = parseToolJson(stdout)?.devices;
  if (!isJson(runtimes)) return [];
  const simulators: IosDevice[] = [];
  for (const [runtime, list] of Object.entries(runtimes)) {
    const version = readRuntime(runtime);
    if (version === undefined || !Array.isArray(list)) continue;
    for (const device of list as unknown[]) {
      if (!isJson(device)) continue;
      const id = textOf(device.udid);
      if (id === undefined) continue;
      const name = textOf(device.name) ?? '';
      const state = textOf(device.state) ?? 'unknown';
      simulators.push({
        platform: 'ios',
        kind: 'simulator',
        id,
        aliases: name === '' ? [] : [name],
        name: `${name} (iOS ${version.join('.')})`,
        state,
        problem: problemOf(device, state),
        version,
      });
    }
  }
  return simulators.sort((a, b) => compareVersions(a.version, b.version));
}
