import type { Check, Finding } from '../../check.ts';
import {
  callbackOf,
  dartArgument,
  dartCalls,
  dartFunctionAround,
  dartFunctions,
} from '../../code/dart.ts';
import type { DartFunction } from '../../code/dart.ts';
import { reachedInDart } from '../../code/dart-reach.ts';
import { CALLBACK_TAKERS, dartUsing, pubPackagesOf } from '../../code/pub-packages.ts';
import { runningConfig } from '../../repo.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';
import { ENTRY_POINT } from '../../../integrations/flutter/plan.ts';

/** Any of them says that somebody thought of it: one connection for all isolates, or waits and a log of writes. */
const SHARED =
  /\b(?:DriftIsolate|computeWithDatabase|serializableConnection|shareAcrossIsolates|IsolateNameServer)\b/;
const WAITS = /\bjournal_mode\b|\bbusy_timeout\b/i;

export const databaseInTwoIsolates: Check = {
  id: 'F10',
  title:
    'A drift database is not opened a second time in a background run without a word on sharing it',
  severity: 'warning',
  why: 'A run has an isolate of its own, and opens the file a second time while the app has it open: “database is locked” (SqliteException 5), and streams of the app that do not see what the run wrote.',
  source: 'https://drift.simonbinder.eu/isolates/',
  fix: 'Open it with driftDatabase(native: DriftNativeOptions(shareAcrossIsolates: true)), or set journal_mode = WAL and busy_timeout in `setup`, and read again what a run may have changed.',
  explain: [
    'drift’s own isolate saves the screen from waiting; it is shared by nobody who does not ask for it. Two databases over one file are two connections of SQLite: one that writes locks the other out, and without busy_timeout that ends at once with SqliteException(5), “database is locked” (https://github.com/simolus3/drift/issues/648).',
    'What shares one connection: DriftNativeOptions(shareAcrossIsolates: true) of drift_flutter, DriftIsolate with a port in IsolateNameServer, computeWithDatabase. What lets two live together: `PRAGMA journal_mode = WAL` and `PRAGMA busy_timeout`, where each side then reads again by itself.',
    "    driftDatabase(\n      name: 'app',\n      native: const DriftNativeOptions(shareAcrossIsolates: true),\n    )",
  ].join('\n\n'),
  appliesTo: ({ host }) => host === 'flutter',
  async run(repo) {
    if ((await pubPackagesOf(repo))?.depends('drift') !== true) return [];
    const files = await repo.sources('dart');
    // drift has its class extend what it generates: https://drift.simonbinder.eu/setup/
    const classes = files.flatMap((file) =>
      [...file.code.matchAll(/\bclass\s+(\w+)\s+extends\s+_\$\w+/g)].map(([, name = '']) => name),
    );
    if (classes.length === 0 || files.some(saysHow)) return [];
    const runs = new Set<DartFunction | undefined>(
      (await callbacks(repo, files)).flatMap((one) => reachedInDart(one, files)),
    );
    const findings: Finding[] = [];
    for (const name of new Set(classes)) {
      const opened = files
        .flatMap((file) => dartCalls(file, new RegExp(`(?<![\\w$.])${name}`)))
        // Its own constructors are no calls.
        .filter(({ file, offset }) => !isDeclared(file, offset, name));
      const within = opened.filter(({ file, offset }) =>
        runs.has(dartFunctionAround(file, offset)),
      );
      const [inRun] = within;
      const inApp = opened.find((one) => !within.includes(one));
      if (inRun === undefined || inApp === undefined) continue;
      findings.push({
        file: inRun.file.path,
        line: inRun.file.line(inRun.offset),
        message: `${name} is opened in a background run, and by the app as well`,
        evidence: [
          {
            file: inApp.file.path,
            line: inApp.file.line(inApp.offset),
            says: `the app opens ${name} here`,
          },
        ],
      });
    }
    return findings;
  },
};

const saysHow = (file: SourceFile): boolean =>
  SHARED.test(file.code) || file.strings.some(({ text }) => WAITS.test(text));

const isDeclared = (file: SourceFile, offset: number, name: string): boolean =>
  new RegExp(`\\b(?:class|factory|extends|const)\\s+$`).test(
    file.code.slice(Math.max(0, offset - 40), offset),
  ) ||
  dartFunctions(file).some((one) => one.offset === offset && one.name === name) ||
  // `AppDatabase() : super(…);`
  /^\w+\s*\([^()]*\)\s*:\s*(?:super|this|_)/.test(file.code.slice(offset, offset + 300));

/** Where runs of plugins, and of bgsync, begin. */
export async function callbacks(
  repo: DoctorRepo,
  files: readonly SourceFile[],
): Promise<readonly DartFunction[]> {
  const found: DartFunction[] = [];
  for (const { library, call: taker, argument } of CALLBACK_TAKERS) {
    for (const file of library === undefined ? [] : await dartUsing(repo, library)) {
      for (const call of dartCalls(file, taker)) {
        const first = dartArgument(call, argument);
        const callback = first && callbackOf(call, first, files);
        if (callback?.kind === 'function') found.push(callback.found);
      }
    }
  }
  const handler = runningConfig(repo)?.handler;
  const own = files
    .filter(({ path }) => path === handler)
    .flatMap(dartFunctions)
    .filter(({ name, owner }) => name === ENTRY_POINT || owner !== undefined);
  return [...found, ...own];
}
