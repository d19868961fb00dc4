/**
 * Doctor over whole apps whose files are cut, mixed up, binary, huge, cyclic or hostile: no check throws or takes long,
 * no report has anything of the repo's that a terminal would obey, and the findings do not depend on the order of
 * anything.
 */
import { join } from 'node:path';
import fc from 'fast-check';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/doctor/checks/index.ts';
import { judge } from '../../src/doctor/judge.ts';
import { FORMATS, formatReport } from '../../src/doctor/reports/index.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { runChecks } from '../../src/doctor/run.ts';
import type { DoctorResult } from '../../src/doctor/run.ts';
import { UserError } from '../../src/errors.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../helpers/memory-file-system.ts';
import type { MemoryFile } from '../helpers/memory-file-system.ts';
import { readTree } from '../helpers/tree.ts';
import { numRuns, timeout } from './runs.ts';

const ROOT = '/app';
const FIXTURES = join(import.meta.dirname, '../fixtures/doctor');

type Tree = Readonly<Record<string, MemoryFile>>;

/** Apps with code of their own and with libraries, and the same with bgsync. */
const APPS: readonly Tree[] = [
  ...[
    'android-workmanager-by-hand',
    'capacitor-background-runner',
    'expo-background-task',
    'ios-four-ids-one-permitted',
    'ios-processing-without-mode',
    'ios-simulate-in-release',
    'ios-swiftui-enum-one-permitted',
    'react-native-background-fetch',
  ].map((name) =>
    Object.fromEntries(
      [...readTree(join(FIXTURES, name))].map(([path, bytes]) => [path, bytes.toString('utf8')]),
    ),
  ),
  ...Object.values(BASES),
];

/** What stands in code that these checks read, and in no sane place. */
const HOSTILE = [
  '\u001B[31m',
  '\u001B]8;;http://example.com\u0007',
  '\u009B2J',
  '\u202E',
  '\u2028',
  '\r',
  '\0',
  '\uFEFF',
  '\uD800',
  '"""',
  '`${',
  "'",
  '/*',
  '//',
  '#if DEBUG\n',
  '{'.repeat(3000),
  '('.repeat(3000),
  '<a>'.repeat(3000),
  '[['.repeat(1500),
  '__proto__',
  'constructor',
  '${'.repeat(500),
  '$(A)'.repeat(500),
  '&#27;[31m',
  '<!-- ]]> ',
  '::error file=a::b',
  'BGTaskScheduler.shared.register(forTaskWithIdentifier: "a\\u{1B}[31m", using: nil) { task in',
  'class \u001B[31mWorker : CoroutineWorker(a, b) { override fun onStopped() {',
  "registerHeadlessTask('\u001B[31m', () => async () => { await a();",
  'implementation("androidx.work:work-runtime:2.10.3\u001B[31m")',
];

const place = fc.double({ min: 0, max: 1, noNaN: true });
type Change = (text: string, other: string) => MemoryFile | undefined;
const at = (text: string, where: number): number => Math.floor(where * text.length);

const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(place, fc.constantFrom(...HOSTILE)).map(
      ([where, what]): Change =>
        (text) =>
          text.slice(0, at(text, where)) + what + text.slice(at(text, where)),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.tuple(place, place).map(
      ([a, b]): Change =>
        (text) =>
          text.slice(0, at(text, Math.min(a, b))) + text.slice(at(text, Math.max(a, b))),
    ),
  },
  {
    weight: 2,
    arbitrary: place.map(
      (where): Change =>
        (text) =>
          text.slice(0, at(text, where)),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.integer().map(
      (seed): Change =>
        (text) =>
          shuffled(text.split('\n'), seed).join('\n'),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Change>((_text, other) => other) },
  {
    weight: 1,
    arbitrary: fc.tuple(place, place).map(
      ([a, b]): Change =>
        (text) =>
          text + text.slice(at(text, Math.min(a, b)), at(text, Math.max(a, b))),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...HOSTILE).map(
      (what): Change =>
        (text) =>
          text + what.repeat(Math.ceil(20_000 / what.length)),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Change>((text) => text.repeat(20)) },
  { weight: 1, arbitrary: fc.constant<Change>((text) => text.replaceAll('\n', '\r\n')) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 200 }).map(
      (bytes): Change =>
        (text) =>
          Buffer.concat([Buffer.from(text), bytes]),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Change>(() => Buffer.from([0, 1, 2, 255])) },
  { weight: 1, arbitrary: fc.constant<Change>(() => undefined) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom('.', '..', '/', '../../..', '/app/ios', 'package.json')
      .map((link): Change => () => ({ link })),
  },
);

function shuffled<T>(list: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const next = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
  return list
    .map((one) => [next(), one] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, one]) => one);
}

const tree = fc
  .record({
    app: fc.constantFrom(...APPS),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(), change), { minLength: 1, maxLength: 5 }),
  })
  .map(({ app, changes }): Tree => {
    const files = new Map(Object.entries(app));
    for (const [which, other, apply] of changes) {
      const paths = [...files.keys()].filter((path) => typeof files.get(path) === 'string');
      const path = paths[which % paths.length] ?? '';
      const text = files.get(path);
      const another = files.get(paths[other % paths.length] ?? '');
      if (typeof text !== 'string') continue;
      const after = apply(text, typeof another === 'string' ? another : '');
      if (after === undefined) files.delete(path);
      else files.set(path, after);
    }
    return Object.fromEntries(files);
  });

async function diagnose(files: Tree, checks = CHECKS) {
  const fs = memoryFileSystem(
    Object.fromEntries(Object.entries(files).map(([path, file]) => [`${ROOT}/${path}`, file])),
  );
  const repo = await openRepo(fs, ROOT);
  return { repo, result: await runChecks(checks, repo) };
}

/** A terminal, or a CI service that reads the log, obeys these. */
const OBEYED = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]/;

const plain = ({ findings }: DoctorResult) =>
  findings.map(({ id, file, line, message }) => ({ id, file, line, message }));

test(
  'no check throws or hangs, no report carries what a terminal obeys, the order is one',
  async () => {
    let examined = 0;
    await fc.assert(
      fc.asyncProperty(tree, fc.integer(), async (files, seed) => {
        let first;
        try {
          first = await diagnose(files);
        } catch (error) {
          // Without an app, or with a package.json that is none, there is nothing to look at.
          if (error instanceof UserError) return;
          throw error;
        }
        examined += 1;
        const { repo, result } = first;
        expect(result.couldNotRun).toEqual([]);

        const others = Object.fromEntries(shuffled(Object.entries(files), seed));
        const again = await diagnose(others, shuffled(CHECKS, seed));
        expect(plain(again.result)).toEqual(plain(result));

        const report = await judge(result, {
          isStrict: false,
          suppressions: [],
          baseline: undefined,
          ids: new Set(CHECKS.map(({ id }) => id)),
          notes: repo.notes,
          read: (path) => repo.read(path),
        });
        for (const format of FORMATS) {
          const text = await formatReport(format, report, {
            here: (command) => command,
            name: 'app',
            colors: pc.createColors(false),
            place: { top: ROOT, prefix: '' },
            facts: {},
          });
          expect(OBEYED.exec(text)?.[0]).toBeUndefined();
        }
      }),
      { numRuns },
    );
    expect(examined).toBeGreaterThan(numRuns / 2);
  },
  timeout * 4,
);
