import { describe, expect, test } from 'vitest';
import type { Diagnosis } from '../../../../src/doctor/run.ts';
import { diagnose } from '../../../helpers/doctor-case.ts';
import type { Files } from '../../../helpers/doctor-case.ts';
import type { Base } from '../../../helpers/doctor-bases.ts';

import { OPEN } from './open.ts';

/** An app from a public report, rebuilt small, with what doctor has to say of it. */
export interface Situation {
  readonly base: Base;
  readonly files: Files;
  /** `ID path:line`, in the report's order; none for a sound app. The line may be left out. */
  readonly finds?: readonly string[];
  /** Part of the first finding's message. */
  readonly says?: string;
  /** What was not looked at: a path each. Without it, everything must have been. */
  readonly notLookedAt?: readonly string[];
}

/** What doctor says of an app: of the report, what a situation asks for. */
export interface Verdict {
  readonly findings: readonly Pick<Diagnosis, 'id' | 'file' | 'line' | 'message'>[];
  readonly couldNotRun: readonly unknown[];
  readonly notes: readonly { readonly path: string }[];
}

type Doctor = (base: Base, files: Files) => Promise<Verdict> | Verdict;

let doctor: Doctor = diagnose;

/** Has the situations that are described from now on judged by another doctor than the sources' own: the built one. */
export function judgeBy(other: Doctor): void {
  doctor = other;
}

/** Runs the whole catalogue over each; anything more than what is expected fails, too. */
export function describeSituations(
  kind: string,
  situations: Readonly<Record<string, Situation>>,
): void {
  const judge = doctor;
  describe(kind, () => {
    for (const [name, situation] of Object.entries(situations)) {
      const { base, files, finds = [], says, notLookedAt = [] } = situation;
      (OPEN.has(name) ? test.fails : test)(name, async () => {
        const { findings, couldNotRun, notes } = await judge(base, files);
        expect(couldNotRun).toEqual([]);
        expect(
          findings.map(({ id, file, line }, index) =>
            finds[index]?.includes(':') === true ? `${id} ${file}:${line ?? '-'}` : `${id} ${file}`,
          ),
        ).toEqual(finds);
        if (says !== undefined) expect(findings[0]?.message).toContain(says);
        expect(notes.map(({ path }) => path)).toEqual(notLookedAt);
      });
    }
  });
}
