import { describe, expect, test } from 'vitest';
import { ALWAYS } from '../../../src/doctor/checks/always.ts';
import {
  APPLE_WORDS,
  GROUPS,
  KOTLIN_WORDS,
  neededChecks,
} from '../../../src/doctor/checks/groups.ts';
import { CHECKS } from '../../../src/doctor/checks/index.ts';
import { openRepo } from '../../../src/doctor/repo.ts';
import type { DoctorRepo } from '../../../src/doctor/repo.ts';
import { compareIds } from '../../../src/doctor/rule.ts';
import { BASES } from '../../helpers/doctor-bases.ts';
import type { Base } from '../../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';
import type { MemoryFile } from '../../helpers/memory-file-system.ts';

const ROOT = '/app';

const open = (base: Base): Promise<DoctorRepo> => {
  const tree: Record<string, MemoryFile> = {};
  for (const [path, content] of Object.entries(BASES[base])) tree[`${ROOT}/${path}`] = content;
  return openRepo(memoryFileSystem(tree), ROOT);
};

const WORDS: Readonly<Record<string, readonly string[]>> = {
  kotlin: KOTLIN_WORDS,
  java: KOTLIN_WORDS,
  swift: APPLE_WORDS,
  objc: APPLE_WORDS,
};

test('each check is loaded with doctor, or by the group that names it', async () => {
  const named = GROUPS.flatMap(({ ids }) => ids.split(' '));
  const all = [...ALWAYS.map(({ id }) => id), ...named].toSorted(compareIds);
  expect(all).toEqual(CHECKS.map(({ id }) => id));
  for (const { ids, load } of GROUPS) {
    const loaded = (await load()).map(({ id }) => id);
    expect(loaded.toSorted(compareIds)).toEqual(ids.split(' ').toSorted(compareIds));
  }
});

/** What the situations of the other tests cannot show: a word that a check looks for, and that none of them has. */
describe.each(['react-native', 'expo', 'bgsync'] satisfies Base[])('in a sound app: %s', (base) => {
  test('a check of native code looks for nothing at first that its group does not look for', async () => {
    const repo = await open(base);
    for (const { load } of GROUPS.slice(0, 2)) {
      for (const check of await load()) {
        const missed: string[] = [];
        const view = Object.create(repo, {
          sourcesContaining: {
            value: (language: string, needles: readonly string[]) => {
              const known = WORDS[language] ?? [];
              missed.push(
                ...needles.filter((needle) => !known.some((word) => needle.includes(word))),
              );
              return [];
            },
          },
        }) as DoctorRepo;
        await check.run(view);
        expect(missed, check.id).toEqual([]);
      }
    }
  });
});

test('an app without background work loads none of the groups', async () => {
  const { idle, checks } = await neededChecks(await open('react-native'));
  expect(idle.map(({ id }) => id).toSorted(compareIds)).toEqual(
    GROUPS.flatMap(({ ids }) => ids.split(' ')).toSorted(compareIds),
  );
  expect(checks).toEqual(ALWAYS);
});

test('a word in the code, a component of a manifest or a library of its kind loads a group', async () => {
  const idleWith = async (files: Record<string, string>): Promise<readonly string[]> => {
    const tree: Record<string, MemoryFile> = {};
    for (const [path, content] of Object.entries({ ...BASES['react-native'], ...files })) {
      tree[`${ROOT}/${path}`] = content;
    }
    const { idle } = await neededChecks(await openRepo(memoryFileSystem(tree), ROOT));
    return idle.map(({ id }) => id);
  };
  const kotlin = 'android/app/src/main/java/com/example/demo/Sync.kt';
  expect(await idleWith({ [kotlin]: 'class Sync : CoroutineWorker()' })).not.toContain('A16');
  expect(await idleWith({ [kotlin]: 'class Sync' })).toContain('A16');
  const swift = 'ios/Demo/Sync.swift';
  expect(await idleWith({ [swift]: 'BGTaskScheduler.shared' })).not.toContain('I11');
  expect(await idleWith({ [swift]: 'struct Sync {}' })).toContain('I11');
});
