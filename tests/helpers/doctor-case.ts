/**
 * Cases for doctor's checks, in memory. A check's test file is, as a rule, one call:
 *
 *     describeCheck('A16', {
 *       base: 'react-native',
 *       triggers: { 'withTimeout in a worker': { files: { [WORKER]: '…' }, at: `${WORKER}:12` } },
 *       near: { 'withTimeoutOrNull': { [WORKER]: '…' } },
 *     });
 *
 * Files are laid over a sound app (doctor-bases.ts; `undefined` takes one away). The whole catalogue runs: `triggers` must
 * yield this check and nothing else, `near` nothing at all.
 */
import { describe, expect, test } from 'vitest';
import { neededChecks } from '../../src/doctor/checks/groups.ts';
import { CHECKS } from '../../src/doctor/checks/index.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import type { DoctorRepo } from '../../src/doctor/repo.ts';
import { runRepoChecks } from '../../src/doctor/run-repo.ts';
import { compareIds } from '../../src/doctor/rule.ts';
import type { Diagnosis, DoctorResult } from '../../src/doctor/run.ts';
import type { Note } from '../../src/project/repo-files.ts';
import { BASES } from './doctor-bases.ts';
import type { Base } from './doctor-bases.ts';
import { memoryFileSystem } from './memory-file-system.ts';
import type { MemoryFile } from './memory-file-system.ts';

/** By path, relative to the app's root. */
export type Files = Readonly<Record<string, MemoryFile | undefined>>;

export interface Trigger {
  readonly files: Files;
  /** Where it must be found: `path` or `path:line`; several for several findings. */
  readonly at: string | readonly string[];
  /** Part of the first finding's message. */
  readonly message?: string;
  /** Over another base than the others. */
  readonly base?: Base;
}

export interface CheckCases {
  readonly base: Base;
  /** By what they show. */
  readonly triggers: Readonly<Record<string, Trigger>>;
  /** Close, and sound. */
  readonly near: Readonly<Record<string, Files>>;
}

const ROOT = '/app';

/** Build files, manifests, plists, projects and configs: a check that read one would be a second model of the app. */
const OF_THE_MODEL =
  /\.gradle(?:\.kts)?$|(?:^|\/)gradle\.(?:properties|lockfile)$|\.toml$|(?:^|\/)AndroidManifest\.xml$|\.(?:plist|entitlements|pbxproj|xcconfig)$|(?:^|\/)Podfile|(?:^|\/)(?:app|capacitor|react-native)\.config\.|(?:^|\/)app\.json$|(?:^|\/)pubspec\./;

/** Runs the whole catalogue over a base with these files on top. */
export async function diagnose(
  base: Base,
  files: Files = {},
): Promise<DoctorResult & { readonly notes: readonly Note[] }> {
  const tree: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries({ ...BASES[base], ...files })) {
    if (content !== undefined) tree[`${ROOT}/${path}`] = content;
  }
  const repo = await openRepo(memoryFileSystem(tree), ROOT);
  const readByChecks: string[] = [];
  const read = (path: string): Promise<string | undefined> => {
    // What is generated is bgsync's own, and X01 compares all of it.
    const isOwn = path.startsWith(`${repo.integration?.config?.moduleDir ?? ''}/`);
    if (OF_THE_MODEL.test(path) && !isOwn) readByChecks.push(path);
    return repo.read(path);
  };
  const view = Object.create(repo, { read: { value: read } }) as DoctorRepo;
  const result = await runRepoChecks(CHECKS, view);
  expect(readByChecks, 'src/project reads them: a check asks it, with repo.files').toEqual([]);
  const { idle } = await neededChecks(repo);
  const unloaded = new Set(idle.map(({ id }) => id));
  const asTheyWent = result.outcomes
    .filter(({ rule }) => unloaded.has(rule.id))
    .map(({ rule: { id }, state }) => ({ id, state }));
  const byId = (a: { id: string }, b: { id: string }): number => compareIds(a.id, b.id);
  expect(idle.toSorted(byId), 'src/doctor/checks/groups.ts').toEqual(asTheyWent.toSorted(byId));
  expect(
    result.findings.filter(({ id }) => unloaded.has(id)),
    'src/doctor/checks/groups.ts says that these are not needed',
  ).toEqual([]);
  const textOf = (path: string): MemoryFile | undefined => tree[`${ROOT}/${path}`];
  for (const finding of result.findings) expectEvidence(finding, textOf);
  return { ...result, notes: repo.notes };
}

/** What a check may not say of something that it calls an error: it is a warning then. */
const HEDGES = /\b(?:may|might|maybe|perhaps|probably|possibly|likely)\b/i;

/**
 * Checks whose findings are seen in one place, where that is not looked at beside another: a call, an element, a key that
 * is wrong by itself. All others have to say what they join.
 */
const IN_ONE_PLACE = new Set(
  [
    // Code that is wrong as it stands, wherever it is called from.
    'A08 A15 A17 A18 A19 A20 A35 A54 A61 A62 I06 I10 I11 I12 I13 I14 I16 I35 I37 I39 I43 I44 I45 J04 J05 J06 J07 J15 J16 J17 J18 J21',
    'Q05 Q07',
    // A build file, a manifest, a plist, a config that is wrong by itself, or beside what is not there.
    'A01 A02 A06 A09 A21 A28 A33 A37 A59 F03 I04 I20 J01 J08 X02 X05 X07 X08 X09 X10 X12',
    // A closure that a handle is asked of.
    'F05',
  ].flatMap((ids) => ids.split(' ')),
);

/** A finding says how it is known: places that are there, none twice, and more than one where it joins them. */
function expectEvidence(
  { id, severity, message, evidence }: Diagnosis,
  textOf: (path: string) => MemoryFile | undefined,
): void {
  if (severity === 'error') expect(message, `${id} is an error`).not.toMatch(HEDGES);
  const [own, ...others] = evidence;
  expect(own?.says).toBe(message);
  if (!IN_ONE_PLACE.has(id)) expect(others, `${id}: what it joins`).not.toEqual([]);
  const places = evidence.map(({ file, line, says }) => `${file}:${line ?? '-'} ${says}`);
  expect(new Set(places).size, `${id}: ${places.join(' ')}`).toBe(places.length);
  for (const { file, line, says } of others) {
    expect(says, id).not.toMatch(/^$|[.\n]$/);
    if (line === undefined) continue;
    const text = textOf(file);
    const length = typeof text === 'string' ? text.split('\n').length : 0;
    expect(line, `${id}: ${file}`).toBeLessThanOrEqual(length);
  }
}

export function describeCheck(id: string, { base, triggers, near }: CheckCases): void {
  describe(id, () => {
    test.each(Object.entries(triggers))('finds: %s', async (_name, trigger) => {
      const { findings, couldNotRun } = await diagnose(trigger.base ?? base, trigger.files);
      expect(couldNotRun).toEqual([]);
      expect([...new Set(findings.map((finding) => finding.id))]).toEqual([id]);
      const places = [trigger.at].flat();
      expect(
        findings.map(({ file, line }, index) =>
          places[index]?.includes(':') === true ? `${file}:${line ?? '-'}` : file,
        ),
      ).toEqual(places);
      if (trigger.message !== undefined) expect(findings[0]?.message).toContain(trigger.message);
    });

    test.each(Object.entries(near))('leaves alone: %s', async (_name, files) => {
      const { findings, couldNotRun } = await diagnose(base, files);
      expect(couldNotRun).toEqual([]);
      expect(findings).toEqual([]);
    });
  });
}
