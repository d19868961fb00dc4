/** A fault of a file: what stands there, once, and what stands there instead. */
export type Fault = readonly [file: string, code: string, fault: string];

export interface Mutant {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Where a fault is.
 *
 * @param source of its file
 * @throws Error where the code is not there, or more than once
 */
export function placeFault(source: string, [file, code, fault]: Fault): Mutant {
  const start = source.indexOf(code);
  if (start < 0 || source.includes(code, start + 1))
    throw new Error(`${file} has not once ${code}: mend the lists in tests/mutate/faults.ts`);
  return { file, start, end: start + code.length, text: fault };
}

/** The source of a file with a fault. */
export const withFault = (source: string, { start, end, text }: Mutant): string =>
  source.slice(0, start) + text + source.slice(end);

/** Survivors of a review and of later nights, each with a test since. */
export const KNOWN: readonly Fault[] = [
  [
    'src/doctor/checks/ios/handler-isolation.ts',
    '/\\bnonisolated\\b/.test(around.header)',
    'false',
  ],
  [
    'src/schedule/policy.ts',
    'clamp(consecutiveFailures, 1, 16)',
    'clamp(consecutiveFailures, 1, 8)',
  ],
  [
    'src/config.ts',
    'schedule.backlogMinutes > schedule.intervalMinutes',
    'schedule.backlogMinutes >= schedule.intervalMinutes',
  ],
  ['src/devices/local/window.ts', 'limits.budgetMs / 10', 'limits.budgetMs / 5'],
  [
    'src/plan/journal.ts',
    "return (error as NodeJS.ErrnoException).code === 'EPERM';",
    'return false;',
  ],
  ['src/formats/gradle.ts', "['=', ',', '+', '.', '?', ':']", "['=', ',', '+', '.']"],
  [
    'src/doctor/code/kotlin-declarations.ts',
    '(?<!::\\s{0,9})\\b(?:class|object)',
    '\\b(?:class|object)',
  ],
  [
    'src/events/verify.ts',
    '`${event.plat} ${event.pid} ${event.seq} ${event.ts}`',
    '`${event.plat} ${event.seq} ${event.ts}`',
  ],
  ['src/plan/edits.ts', "edit(result.text).status !== 'already'", 'false'],
  ['src/plan/other-files.ts', "kind === 'directory' ?", "kind !== 'directory' ?"],
  ['src/plan/removal.ts', 'if (loading.length > 0)', 'if (false)'],
  [
    'src/plan/removal.ts',
    '!isOurs(name) && !committed.has(path)',
    '!isOurs(name) || !committed.has(path)',
  ],
  ['src/plan/left-behind.ts', "second === '' || isPackage", 'false'],
  ['src/plan/left-behind.ts', "second === '' || isPackage", "second === '' && isPackage"],
  ['src/plan/take-out.ts', 'if (without !== undefined)', 'if (without === undefined)'],
  ['src/plan/failure.ts', 'if (error instanceof UserError)', 'if (false)'],
  ['src/plan/apply.ts', 'undone.hint === undefined ?', 'undone.hint !== undefined ?'],
  [
    'src/plan/lock-file.ts',
    'before !== undefined && decodeBase(before) === text',
    'before !== undefined || decodeBase(before) === text',
  ],
  ['src/plan/lock-file.ts', '1 << 20', '(1 + 1) << 20'],
  ['src/schedule/constraints.ts', 'battery.percent < 0', 'battery.percent <= 0'],
  ['src/schedule/policy.ts', '604_800', '(604_800 + 1)'],
];

/** What no test can see, since nothing is otherwise for it, with the reason. */
export const EQUIVALENT: readonly (readonly [...Fault, reason: string])[] = [
  [
    'src/plan/removal.ts',
    'if (loading.length > 0)',
    'if (loading.length >= 0)',
    'to take no edits out of a file leaves it as it is',
  ],
  [
    'src/plan/journal.ts',
    'randomBytes(8)',
    'randomBytes((8 + 1))',
    'a token of any length tells two owners apart',
  ],
];
