/** A job of Android's JobScheduler, as `dumpsys jobscheduler` prints it. */
export interface ScheduledJob {
  /** WorkManager 2.10 and newer on Android 14 and newer: `androidx.work.systemjobscheduler`. */
  readonly namespace: string | undefined;
  /** `u0a172` or a plain number. */
  readonly uid: string;
  /** May be negative. */
  readonly id: number;
  /** The worker's class name, without its package; from Android 15 and WorkManager 2.10 on. */
  readonly traceTag: string | undefined;
  readonly packageName: string;
  readonly service: string;
  readonly isPeriodic: boolean;
  readonly required: readonly string[];
  readonly satisfied: readonly string[];
  /** What holds it back; empty where the dump does not say. */
  readonly unsatisfied: readonly string[];
  /** Milliseconds from the dump on; undefined for none. */
  readonly earliestMs: number | undefined;
  readonly latestMs: number | undefined;
  /** ACTIVE, WORKING_SET, FREQUENT, RARE, RESTRICTED … */
  readonly bucket: string | undefined;
  readonly isReady: boolean | undefined;
  /** The system executes it now. */
  readonly isActive: boolean;
}

/** A line of the dump's job history. */
export interface JobStop {
  readonly id: number;
  /** Milliseconds before the dump. */
  readonly agoMs: number;
  readonly reason: string;
}

/**
 * The header of a job's block. The namespace came with Android 14, the trace tag with 15; the hash is missing in
 * excerpts only.
 */
const HEADER =
  /^(\s*)JOB (?:([^#:\s][^:\s]*):|#)(\d+|u\d+[ais]+\d+)\/(-?\d+): (?:([0-9a-f]+) )?(?:#([^#]*)#)?(?:@([^@]*)@)?([^\s/@#]+)\/(\S+)/;

const HISTORY =
  /^\s*-(\S+)\s+STOP(?:-P)?: (?:[^#\s]*:|#)?(?:\d+|u\d+[ais]+\d+)\/(-?\d+) (?:#[^#]*#)?(?:@[^@]*@)?([^\s/@#]+)\/\S+ *(.*)$/;

const MAX_LINE = 8192;
const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;

/**
 * Reads a duration of the dump: `+1d2h3m4s5ms`, `-5m2s428ms`, and `04:12` of Android 7.
 *
 * @returns milliseconds; undefined for `none` and for what is no duration
 */
export function parseDumpDuration(text: string): number | undefined {
  const clock = /^(-?)(?:(\d{1,4}):)?(\d{1,4}):(\d{2})$/.exec(text);
  if (clock !== null) {
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = clock;
    const ms = Number(hours) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * 1000;
    return sign === '-' ? -ms : ms;
  }
  const parts = /^([+-]?)((?:\d{1,9}(?:ms|[dhms]))+)$/.exec(text);
  if (parts === null) return undefined;
  let ms = 0;
  for (const [, digits, unit] of (parts[2] ?? '').matchAll(/(\d{1,9})(ms|[dhms])/g)) {
    ms += Number(digits) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return parts[1] === '-' ? -ms : ms;
}

/** `TIMING_DELAY CONNECTIVITY [0x90000000]` → names; a vendor may add its own. */
const constraintNames = (text: string): string[] =>
  text
    .replace(/\[0x[0-9a-f]*\]\s*$/i, '')
    .split(/\s+/)
    .filter((word) => /^[A-Z][A-Z0-9_]*$/.test(word));

type Fields = { -readonly [Key in keyof ScheduledJob]: ScheduledJob[Key] };

/** Takes what one line of a block says. */
function readField(job: Fields, line: string): void {
  const colon = line.indexOf(':');
  if (colon < 0) return;
  const name = line.slice(0, colon).trim();
  const value = line.slice(colon + 1).trim();
  switch (name) {
    case 'PERIODIC':
      job.isPeriodic = true;
      break;
    case 'Required constraints':
      job.required = constraintNames(value);
      break;
    case 'Satisfied constraints':
      job.satisfied = constraintNames(value);
      break;
    case 'Unsatisfied constraints':
      job.unsatisfied = constraintNames(value);
      break;
    case 'Standby bucket':
      job.bucket = /^\w+/.exec(value)?.[0];
      break;
    case 'Earliest run time':
      job.earliestMs = parseDumpDuration(value);
      break;
    case 'Latest run time':
      job.latestMs = parseDumpDuration(value);
      break;
    case 'Run time':
      job.earliestMs = parseDumpDuration(/earliest=([^,\s]+)/.exec(value)?.[1] ?? '');
      job.latestMs = parseDumpDuration(/(?:^|\s)latest=([^,\s]+)/.exec(value)?.[1] ?? '');
      break;
    case 'Ready':
      job.isReady = value.startsWith('true');
      job.isActive = value.includes('!active=false') || value.includes(' active=true');
      break;
    default:
  }
}

const indentation = (line: string): number => line.length - line.trimStart().length;

/**
 * Reads the jobs of one package from `dumpsys jobscheduler [PACKAGE]`, of Android 7 to 17. Other packages' jobs are
 * left out: up to Android 11 the filtered dump still has their headers, and one name may be the start of another.
 * Never throws; what cannot be read is left undefined.
 */
export function parseJobs(dump: string, packageName: string): ScheduledJob[] {
  const jobs = new Map<string, ScheduledJob>();
  let current: { job: Fields; indent: number } | undefined;
  for (const line of dump.split(/\r?\n/)) {
    if (line.length > MAX_LINE) continue;
    const header = HEADER.exec(line);
    if (header !== null) {
      current = undefined;
      const [, space = '', namespace, uid = '', id, , traceTag, namespaceInTag, owner, service] =
        header;
      if (owner !== packageName) continue;
      const job: Fields = {
        namespace: namespace ?? namespaceInTag,
        uid,
        id: Number(id),
        traceTag,
        packageName,
        service: service ?? '',
        isPeriodic: false,
        required: [],
        satisfied: [],
        unsatisfied: [],
        earliestMs: undefined,
        latestMs: undefined,
        bucket: undefined,
        isReady: undefined,
        isActive: false,
      };
      const key = `${job.namespace ?? ''}:${uid}/${job.id}`;
      // The same job is named again in other parts of the dump.
      if (jobs.has(key)) continue;
      jobs.set(key, job);
      current = { job, indent: space.length };
    } else if (current !== undefined && line.trim() !== '') {
      if (indentation(line) <= current.indent) current = undefined;
      else readField(current.job, line);
    }
  }
  return [...jobs.values()];
}

/** Reads why the system stopped jobs of a package, newest last. */
export function parseJobStops(dump: string, packageName: string): JobStop[] {
  const stops: JobStop[] = [];
  for (const line of dump.split(/\r?\n/)) {
    if (line.length > MAX_LINE || !line.includes('STOP')) continue;
    const [, ago, id, owner, reason = ''] = HISTORY.exec(line) ?? [];
    const agoMs = ago === undefined ? undefined : parseDumpDuration(ago);
    if (owner !== packageName || agoMs === undefined) continue;
    stops.push({ id: Number(id), agoMs, reason: reason.trim() });
  }
  return stops;
}

const WORK_MANAGER = 'androidx.work.impl.background.systemjob.SystemJobService';

/**
 * The jobs that may be the background sync: those with the worker's trace tag, or, where the system prints none, every
 * job of WorkManager's, since the dump does not say which worker a job runs.
 *
 * @param worker class name without its package
 */
export function findWorkerJobs(jobs: readonly ScheduledJob[], worker: string): ScheduledJob[] {
  const work = jobs.filter(({ service }) => service.startsWith(WORK_MANAGER));
  const tagged = work.filter(({ traceTag }) => traceTag === worker);
  return tagged.length > 0 ? tagged : work.filter(({ traceTag }) => traceTag === undefined);
}

const CONSTRAINTS: Readonly<Record<string, string>> = {
  TIMING_DELAY: 'its time has not come',
  CONNECTIVITY: 'no suitable network',
  UNMETERED: 'no unmetered network',
  CHARGING: 'the device does not charge',
  BATTERY_NOT_LOW: 'the battery is low',
  STORAGE_NOT_LOW: 'storage is low',
  IDLE: 'the device is in use',
  WITHIN_QUOTA: 'the app used up its quota (standby bucket)',
  DEVICE_NOT_DOZING: 'the device dozes',
  BACKGROUND_NOT_RESTRICTED: 'the user restricted the app’s background use',
  FLEXIBILITY: 'the system waits for better conditions',
  TARE_WEALTH: 'the app used up its resources',
  UID_NOT_RESTRICTED: 'the vendor’s battery manager restricts the app',
};

/** A constraint's name with what it means where it is not met. */
export const describeConstraint = (name: string): string =>
  Object.hasOwn(CONSTRAINTS, name) ? `${name} (${CONSTRAINTS[name] ?? ''})` : name;
