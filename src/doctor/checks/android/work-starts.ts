import { bracketsOf } from '../../code/brackets.ts';
import { callsOf, classesOf, kotlinAndJava } from '../../code/kotlin-declarations.ts';
import type { KotlinClass } from '../../code/kotlin-declarations.ts';
import { kindOf, released, waysTo } from '../../code/kotlin-reach.ts';
import type { Place } from '../../code/kotlin-reach.ts';
import type { DoctorRepo } from '../../repo.ts';
import type { SourceFile } from '../../source-files.ts';

/** In one file. */
const MOST = 20;

/** A class that WorkManager asks for its configuration, or would if it were the Application. */
export interface ConfigurationProvider {
  readonly owner: KotlinClass;
  /** Whether it is an Application, or a class that is not in the repo may make it one. */
  readonly isApplication: boolean;
}

export async function configurationProviders(
  repo: DoctorRepo,
): Promise<readonly ConfigurationProvider[]> {
  const found: ConfigurationProvider[] = [];
  for (const file of await kotlinAndJava(repo, ['orkManagerConfiguration'])) {
    for (const owner of classesOf(file).slice(0, MOST)) {
      const code = file.code.slice(owner.body.start, owner.body.end);
      if (!owner.supertypes.includes('Provider')) continue;
      if (!/\b(?:getW|w)orkManagerConfiguration\b/.test(code)) continue;
      found.push({ owner, isApplication: await mayBeApplication(repo, owner) });
    }
  }
  return found;
}

async function mayBeApplication(repo: DoctorRepo, owner: KotlinClass): Promise<boolean> {
  if ((await kindOf(repo, owner)) === 'process') return true;
  const others = owner.supertypes.filter((name) => name !== 'Provider');
  const known = await Promise.all(
    others.map(async (name) =>
      (await kotlinAndJava(repo, [`class ${name}`, `interface ${name}`])).some((file) =>
        new RegExp(`\\b(?:class|interface)\\s+${name}\\b`).test(file.code),
      ),
    ),
  );
  return known.includes(false);
}

/** Where the app initializes WorkManager by itself. */
export interface OwnStart extends Place {
  readonly what: string;
  /** `never`: no release gets there. `screen`: only where something is on the screen. */
  readonly reached: 'yes' | 'screen' | 'never';
  /** Of `never` and `screen`: why, or from where. */
  readonly through: string;
}

/** `WorkManager.initialize`, or the name alone where it is imported. */
function isOfWorkManager({ code }: SourceFile, start: number): boolean {
  const before = code.slice(Math.max(0, start - 40), start);
  if (/\bWorkManager\s*\.\s*(?:Companion\s*\.\s*)?$/.test(before)) return true;
  return (
    !/\.\s*$/.test(before) &&
    /^[ \t]*import\s+(?:static\s+)?androidx\.work\.WorkManager\.(?:Companion\.)?(?:initialize|\*)/m.test(
      code,
    )
  );
}

/** Calls of WorkManager.initialize, of what calls it for the app, and of its initializer. */
export async function ownStarts(repo: DoctorRepo): Promise<readonly OwnStart[]> {
  const found: OwnStart[] = [];
  for (const file of await kotlinAndJava(repo, ['WorkManager', 'workManagerFactory'])) {
    const places = [
      // Koin’s: https://insert-koin.io/docs/reference/koin-android/workmanager
      ...callsOf(file, 'workManagerFactory')
        .filter(
          () =>
            file.code.includes('org.koin.androidx.workmanager') || /\bstartKoin\b/.test(file.code),
        )
        .map(({ start }) => ({ offset: start, what: 'workManagerFactory' })),
      ...callsOf(file, 'initialize')
        .filter(({ start }) => isOfWorkManager(file, start))
        .map(({ start }) => ({ offset: start, what: 'WorkManager.initialize' })),
      ...[...file.code.matchAll(/\bWorkManagerInitializer\b/g)]
        .filter(({ index }) => bracketsOf(file).around(index).length > 0)
        .map(({ index }) => ({ offset: index, what: 'WorkManagerInitializer' })),
    ];
    for (const { offset, what } of places.slice(0, MOST)) {
      const all = await waysTo(repo, file, offset);
      const ways = released(all).filter(({ kind }) => kind !== 'never');
      const [screen] = ways;
      const isLate = screen !== undefined && ways.every(({ kind }) => kind === 'screen');
      const [first] = all;
      const through =
        screen?.entry === undefined
          ? (first?.why ?? '') || 'debug builds alone get there'
          : `${screen.entry.owner?.name ?? 'the screen'}.${screen.entry.name}`;
      const reached = ways.length === 0 ? 'never' : isLate ? 'screen' : 'yes';
      found.push({ file, offset, what, reached, through });
    }
  }
  return found;
}
