import type { Check, Finding } from '../../check.ts';
import { splitTopLevel } from '../../code/brackets.ts';
import type { Range } from '../../code/brackets.ts';
import {
  callsOf,
  codeOf,
  contains,
  functionAround,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import type { KotlinCall } from '../../code/kotlin-declarations.ts';
import { textsOf } from '../../code/kotlin-names.ts';
import { isUnreleased } from '../../code/kotlin-reach.ts';
import { requestsOf, workersOf } from '../../code/kotlin-workers.ts';
import type { WorkerClass } from '../../code/kotlin-workers.ts';
import { nearestName } from '../../code/near-names.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

/** In one file. */
const MOST = 50;
const TYPES = ['String', 'Int', 'Long', 'Boolean', 'Float', 'Double', 'Byte'];
const WITH_DEFAULT = /^get(?:Int|Long|Boolean|Float|Double|Byte)$/;
const READS = TYPES.flatMap((type) => [`get${type}`, `get${type}Array`]);
const PUTS = TYPES.flatMap((type) => [`put${type}`, `put${type}Array`]);

export const inputKeys: Check = {
  id: 'A57',
  title: 'What a worker reads of its input is put there',
  severity: 'warning',
  why: 'Data gives null, or the default, for a key that nobody put: the worker fails, or syncs something else, and nothing says why.',
  source: 'https://developer.android.com/reference/androidx/work/Data',
  fix: 'Use one constant for the key on both sides.',
  explain: [
    'setInputData and inputData meet by the text of a key alone. With a key that is spelt in two ways getString returns null, getInt its default.',
    '    const val KEY_ACCOUNT = "account"\n    setInputData(workDataOf(KEY_ACCOUNT to id))\n    val account = inputData.getString(KEY_ACCOUNT) ?: return Result.failure()',
    'doctor looks at every Data that the app’s Kotlin and Java makes; where one of them has a key that cannot be told, or all of a map, it says nothing. Of a key with a default it speaks where a key of nearly that spelling is put.',
  ].join('\n\n'),
  async run(repo) {
    const workers = await workersOf(repo);
    if (workers.length === 0) return [];
    const reading = await Promise.all(
      workers.map(async (worker) => ({ worker, reads: await readsOf(repo, worker) })),
    );
    if (reading.every(({ reads }) => reads.length === 0)) return [];
    const puts = await putsOf(repo);
    if (puts === undefined) return [];
    const requests = await requestsOf(repo);
    const keys = puts.map(({ key }) => key);
    const findings: Finding[] = [];
    for (const { worker, reads } of reading) {
      const request = requests.find((one) => one.worker === worker.name);
      if (request === undefined) continue;
      for (const { key, call, isOptional } of reads) {
        if (keys.includes(key)) continue;
        const near = nearestName(key, keys);
        if (isOptional && near === undefined) continue;
        const { file, start, name } = call;
        const put = puts.find((one) => one.key === near);
        findings.push({
          file: file.path,
          line: file.line(start),
          message: `${worker.name} reads “${key}” by ${name}, and nothing puts it into a Data${near === undefined ? '' : `: did you mean “${near}”?`}`,
          evidence: [
            put === undefined
              ? {
                  file: request.file.path,
                  line: request.file.line(request.start),
                  says: `asks for ${worker.name}`,
                }
              : { file: put.file.path, line: put.file.line(put.offset), says: `puts “${put.key}”` },
          ],
        });
      }
    }
    return findings;
  },
};

interface Read {
  readonly key: string;
  readonly call: KotlinCall;
  /** Another value takes its place. */
  readonly isOptional: boolean;
}

async function readsOf(repo: DoctorRepo, { file, body }: WorkerClass): Promise<Read[]> {
  const { code } = file;
  const inside = code.slice(body.start, body.end);
  if (!/\b(?:inputData|getInputData)\b/.test(inside)) return [];
  const alias =
    /\b(\w+)\s*(?::\s*Data\s*)?=\s*(?:this\.)?(?:inputData|getInputData\(\))\s*[;\n]/.exec(
      inside,
    )?.[1];
  const from = new RegExp(
    `\\b(?:inputData|getInputData\\s*\\(\\s*\\)${alias === undefined ? '' : `|${alias}`})\\s*\\.\\s*$`,
  );
  const found: Read[] = [];
  for (const name of READS) {
    for (const call of callsOf(file, name, body).slice(0, MOST)) {
      const [argument] = call.arguments;
      if (argument === undefined) continue;
      if (!from.test(code.slice(Math.max(body.start, call.start - 60), call.start))) continue;
      if (await isUnreleased(repo, file, call.start)) continue;
      const texts = await textsOf(repo, file, argument);
      const after = code.slice(call.end + 1, call.end + 60);
      const isOptional =
        WITH_DEFAULT.test(name) ||
        /^\s*\?:\s*(?!return\b|throw\b|error\b)/.test(after) ||
        /^\s*\?\./.test(after);
      for (const key of texts ?? []) found.push({ key, call, isOptional });
    }
  }
  return found;
}

interface Put {
  readonly key: string;
  readonly file: SourceFile;
  readonly offset: number;
}

/** Every key of each Data that the app makes; undefined where one cannot be told. */
async function putsOf(repo: DoctorRepo): Promise<readonly Put[] | undefined> {
  const found: Put[] = [];
  for (const file of await kotlinAndJava(repo, [
    'workDataOf',
    'Data.Builder',
    'androidx.work.Data',
  ])) {
    const { code } = file;
    const keys: Range[] = [];
    for (const { arguments: pairs } of callsOf(file, 'workDataOf').slice(0, MOST)) {
      for (const pair of pairs) {
        const written = codeOf(file, pair);
        const [key, value] = splitTopLevel(code, pair, ' to ');
        if (key !== undefined && value !== undefined) keys.push(key);
        else {
          const made = /^Pair\s*(?:<[^>]*>\s*)?\(/.test(written)
            ? callsOf(file, 'Pair', pair)[0]?.arguments[0]
            : undefined;
          if (made === undefined) return undefined;
          keys.push(made);
        }
      }
    }
    const building = [...code.matchAll(/\bData\s*\.\s*Builder\b/g)].map(
      ({ index }) => functionAround(file, index)?.body ?? { start: 0, end: code.length },
    );
    const isBuilding = (offset: number): boolean => building.some((body) => contains(body, offset));
    if (callsOf(file, 'putAll').some(({ start }) => isBuilding(start))) return undefined;
    for (const name of PUTS) {
      for (const { start, arguments: given } of callsOf(file, name).slice(0, MOST)) {
        const [key] = given;
        if (key !== undefined && isBuilding(start)) keys.push(key);
      }
    }
    // A builder that a function is given.
    if (/\bData\s*\.\s*Builder\s*[,)]|\bData\s*\.\s*Builder\s+\w+\s*[,)]/.test(code))
      return undefined;
    for (const range of keys) {
      const texts = await textsOf(repo, file, range);
      if (texts === undefined) return undefined;
      found.push(...texts.map((key) => ({ key, file, offset: range.end - 1 })));
    }
  }
  return found;
}
