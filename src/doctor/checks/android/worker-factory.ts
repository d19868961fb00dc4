import { isUnreleased } from '../../code/kotlin-reach.ts';
import type { Check, Finding } from '../../check.ts';
import { classesOf, isKotlin, kotlinAndJava, membersOf } from '../../code/kotlin-declarations.ts';

/** Where nothing known matches: what a factory must answer with null. */
const REFUSES =
  /(?:\belse\s*->\s*(?:\{\s*)?|\?:\s*|\bdefault\s*(?::|->)\s*(?:\{\s*)?)(?:throw\b|error\s*\(|TODO\s*\()/g;

/** In one file. */
const MOST = 20;

export const workerFactory: Check = {
  id: 'A08',
  title: 'The WorkerFactory leaves unknown workers to WorkManager',
  severity: 'warning',
  tells: true,
  why: 'A factory that throws for a class it does not know makes WorkManager mark that work as failed: workers of libraries, and of bgsync, never run.',
  source: 'https://developer.android.com/reference/androidx/work/WorkerFactory',
  fix: 'Return null for a class name that the factory does not know.',
  explain: [
    'A WorkerFactory of the app’s own is asked for every worker in the app, those of libraries too. With null, WorkManager makes the worker by reflection, as it would without a factory. What is thrown instead fails the work, and periodic work may then never run again.',
    'In Kotlin:\n\n    override fun createWorker(context: Context, name: String, parameters: WorkerParameters) =\n        when (name) {\n            UploadWorker::class.java.name -> UploadWorker(context, parameters, api)\n            else -> null\n        }',
    'The same holds for a class name that is stored with enqueued work and has since been renamed.',
  ].join('\n\n'),
  async run(repo) {
    const findings: Finding[] = [];
    for (const file of await kotlinAndJava(repo, ['WorkerFactory'])) {
      if (!file.code.includes('androidx.work.')) continue;
      const factories = classesOf(file).filter((one) => one.supertypes.includes('WorkerFactory'));
      for (const owner of factories.slice(0, MOST)) {
        for (const { name, body } of membersOf(owner)) {
          if (name !== 'createWorker') continue;
          const code = file.code.slice(body.start, body.end);
          const refusals = [...code.matchAll(REFUSES)].map(
            ({ index, 0: text }) => index + text.length,
          );
          // The last statement is what is left when nothing matched.
          const last = /\bthrow\b[^;{}]{0,400};?\s*$/.exec(code);
          if (last !== null && (isKotlin(file) || refusals.length === 0)) refusals.push(last.index);
          const [first] = refusals;
          // `if (BuildConfig.DEBUG) throw …` is meant.
          if (first === undefined || (await isUnreleased(repo, file, body.start + first))) continue;
          findings.push({
            file: file.path,
            line: file.line(body.start + first),
            message: `${owner.name} throws for a worker that it does not know`,
          });
        }
      }
    }
    return findings;
  },
};
