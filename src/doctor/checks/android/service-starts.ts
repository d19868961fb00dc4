import {
  callsOf,
  classAround,
  classesOf,
  functionAround,
  kotlinAndJava,
} from '../../code/kotlin-declarations.ts';
import type { KotlinCall, KotlinClass } from '../../code/kotlin-declarations.ts';
import { kindOf, released, waysTo } from '../../code/kotlin-reach.ts';
import type { Way } from '../../code/kotlin-reach.ts';
import type { DoctorRepo } from '../../repo.ts';

/** In one file. */
const MOST = 20;

/** Where a release of the app starts a service of its own. */
export interface ServiceStart {
  readonly call: KotlinCall;
  readonly service: KotlinClass;
  readonly ways: readonly Way[];
}

const known = new WeakMap<DoctorRepo, Promise<readonly KotlinClass[]>>();

/** The app's own services, looked for once. */
export function servicesOf(repo: DoctorRepo): Promise<readonly KotlinClass[]> {
  const found = known.get(repo) ?? findServices(repo);
  known.set(repo, found);
  return found;
}

async function findServices(repo: DoctorRepo): Promise<readonly KotlinClass[]> {
  const found: KotlinClass[] = [];
  for (const file of await kotlinAndJava(repo, ['Service'])) {
    for (const one of classesOf(file).slice(0, MOST)) {
      if ((await kindOf(repo, one)) === 'service') found.push(one);
    }
  }
  return found;
}

/** Calls of one of these names, with the service that the Intent beside it names; those that name none, or several, left out. */
export async function serviceStarts(
  repo: DoctorRepo,
  names: readonly string[],
): Promise<readonly ServiceStart[]> {
  const files = await kotlinAndJava(repo, names);
  if (files.length === 0) return [];
  const services = await servicesOf(repo);
  const found: ServiceStart[] = [];
  for (const file of files) {
    for (const call of names.flatMap((name) => callsOf(file, name)).slice(0, MOST)) {
      const around = functionAround(file, call.start);
      const owner = classAround(file, call.start);
      const named = [around?.body, owner?.body]
        .filter((range) => range !== undefined)
        .map(({ start, end }) => file.code.slice(start, Math.max(end, call.end)))
        .map((code) => services.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(code)))
        .find((some) => some.length > 0);
      const [service, second] = named ?? [];
      if (service === undefined || second !== undefined) continue;
      const ways = released(await waysTo(repo, file, call.start));
      if (ways.length > 0) found.push({ call, service, ways });
    }
  }
  return found;
}

const PLAIN =
  /^(?:Service|LifecycleService|IntentService|HeadlessJsTaskService|[A-Z]\w*(?:Listener|Callback|Owner))$/;

/** The class with those of the app that it extends; undefined where it extends one that is not seen. */
export async function withParents(
  repo: DoctorRepo,
  one: KotlinClass,
  depth = 0,
): Promise<readonly KotlinClass[] | undefined> {
  if (depth > 4) return undefined;
  const all = [one];
  for (const name of one.supertypes) {
    if (PLAIN.test(name)) continue;
    const files = await kotlinAndJava(repo, [`class ${name}`]);
    const parent = files.flatMap((file) => classesOf(file)).find((other) => other.name === name);
    const above = parent && (await withParents(repo, parent, depth + 1));
    if (above === undefined) return undefined;
    all.push(...above);
  }
  return all;
}

export const placeOfClass = ({ file, start, name }: KotlinClass, says: string) => ({
  file: file.path,
  line: file.line(start),
  says: `${name} ${says}`,
});
