import { WORK } from '../../../facts.ts';
import { isAtLeast, isBelow } from '../../../versions.ts';
import type { Check, Finding } from '../../check.ts';
import { workUse } from '../../evidence.ts';
import { classAround } from '../../code/kotlin-declarations.ts';

/** In one file. */
const MOST = 20;
const FORMS =
  /\boverride\s+(?:fun\s+(getWorkManagerConfiguration)|va[lr]\s+workManagerConfiguration)\b/g;

export const configurationProvider: Check = {
  id: 'A07',
  title: 'Configuration.Provider has the form that androidx.work wants',
  severity: 'error',
  tells: true,
  why: 'From 2.9 on it is a property in Kotlin, before it was a function: the other form does not compile.',
  source: 'https://developer.android.com/jetpack/androidx/releases/work#2.9.0',
  fix: 'Write `override val workManagerConfiguration: Configuration get() = …`; for androidx.work below 2.9, the function.',
  explain: [
    'androidx.work 2.9 was moved to Kotlin. `getWorkManagerConfiguration()` of Configuration.Provider became the property `workManagerConfiguration`. Kotlin does not take one for the other: "\'getWorkManagerConfiguration\' overrides nothing". Java keeps the function.',
    'It is seen when a library raises androidx.work, as Gradle takes the highest version:\n\n    override val workManagerConfiguration: Configuration\n        get() = Configuration.Builder().build()',
  ].join('\n\n'),
  async run(repo) {
    const files = await repo.sourcesContaining('kotlin', [
      'getWorkManagerConfiguration',
      'workManagerConfiguration',
    ]);
    if (files.length === 0) return [];
    const work = (await repo.androidBuild())?.work;
    if (work === undefined) return [];
    const findings: Finding[] = [];
    for (const file of files) {
      for (const match of [...file.code.matchAll(FORMS)].slice(0, MOST)) {
        const owner = classAround(file, match.index);
        if (owner?.supertypes.includes('Provider') !== true) continue;
        const isFunction = match[1] !== undefined;
        const isWrong = isFunction
          ? isAtLeast(work.version, WORK.propertyFrom)
          : work.isCertain && isBelow(work.version, WORK.propertyFrom);
        if (!isWrong) continue;
        const form = isFunction ? 'the function of before 2.9' : 'the property of 2.9 and later';
        const message = `it has ${form}, and androidx.work is ${work.version}`;
        const evidence = [workUse(work)];
        findings.push({ file: file.path, line: file.line(match.index), message, evidence });
      }
    }
    return findings;
  },
};
