import type { Check, Finding } from '../../check.ts';
import { isKotlin, membersOf } from '../../code/kotlin-declarations.ts';
import type { KotlinFunction } from '../../code/kotlin-declarations.ts';
import { parametersOf } from '../../code/kotlin-handed.ts';
import { classOf, releasedElements } from './merged-manifests.ts';
import { servicesOf } from './service-starts.ts';

export const startedAgain: Check = {
  id: 'A66',
  title: 'A service that Android starts again takes an Intent that is null',
  severity: 'warning',
  why: 'After START_STICKY Android starts a service again whose process it ended, with null for the Intent: onStartCommand throws, the app crashes in the background, and the work does not go on.',
  source: 'https://developer.android.com/reference/android/app/Service#START_STICKY',
  fix: 'Take intent: Intent? and do what is due without one; or return START_REDELIVER_INTENT, which gives the last Intent again, or START_NOT_STICKY.',
  explain: [
    '“Unable to start service … with null: java.lang.NullPointerException: Parameter specified as non-null is null: method …onStartCommand, parameter intent”. On the desk no process is ended, and each start has its Intent. Kotlin checks a parameter of the type Intent before the first line, whether it is used or not.',
    '    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {\n        drain(intent?.getStringExtra("account"))\n        return START_STICKY\n    }',
    'onStartCommand of Service itself returns START_STICKY, too. What is to run on later belongs in a worker of WorkManager.',
  ].join('\n\n'),
  async run(repo) {
    const elements = await releasedElements(repo, 'service');
    if (elements.length === 0) return [];
    const findings: Finding[] = [];
    for (const one of await servicesOf(repo)) {
      const element = elements.find((other) => classOf(other) === one.name);
      const command = membersOf(one).find(({ name }) => name === 'onStartCommand');
      if (element === undefined || command === undefined) continue;
      const { file, start, body } = command;
      const code = file.code.slice(body.start, body.end);
      const sticky = /\b(?:Service\s*\.\s*)?START_STICKY\b/.exec(code);
      const inherited = one.supertypes.some((base) => /^(?:Lifecycle)?Service$/.test(base))
        ? /\breturn\s+super\s*\.\s*onStartCommand\b/.exec(code)
        : null;
      const returned = sticky ?? inherited;
      const trouble = troubleOf(command, code);
      if (returned === null || trouble === undefined) continue;
      const message = `${one.name} is started again without an Intent, and ${trouble}: the app crashes`;
      const evidence = [
        {
          file: file.path,
          line: file.line(body.start + returned.index),
          says: 'has Android start it again',
        },
        { file: element.manifest.path, line: element.line, says: `declares ${one.name}` },
      ];
      findings.push({ file: file.path, line: file.line(start), message, evidence });
    }
    return findings;
  },
};

/** Where the Intent is looked at before it is used, or what its absence throws is caught. */
const CARES =
  /[!=]=\s*null\b|\bnull\s*[!=]=|\bcatch\s*\(|\brunCatching\b|\bObjects\b|\bOptional\b|\brequireNonNull/;

/** What a null for the Intent does to it; undefined where it does nothing, or that cannot be told. */
function troubleOf(command: KotlinFunction, code: string): string | undefined {
  const { file, start, body } = command;
  const [intent = ''] = parametersOf(command);
  if (!/^\w+$/.test(intent)) return undefined;
  const head = file.code.slice(start, body.start);
  if (
    isKotlin(file) &&
    new RegExp(`\\b${intent}\\s*:\\s*(?:[\\w.]+\\.)?Intent\\s*[,)]`).test(head)
  ) {
    return `its parameter ${intent} takes no null`;
  }
  if (CARES.test(code)) return undefined;
  const uses = new RegExp(isKotlin(file) ? `\\b${intent}\\s*!!` : `\\b${intent}\\s*\\.\\s*\\w`);
  return uses.test(code) ? `onStartCommand uses ${intent} unasked` : undefined;
}
