import { Session } from 'node:inspector';
import type { Profiler } from 'node:inspector';
import { dirname, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createUnplayed, createUnplayedMember } from '../unplayed.ts';

/** A native module that was asked for, and that nothing here plays. */
export interface MissingModule extends Asker {
  readonly name: string;
  /** Whether the run that is open, or was last, went the same without it, as far as is known. */
  readonly isIdle: boolean;
}

interface Asker {
  /** The npm package that asked, or the app's own file, relative to its root. */
  readonly packageName?: string;
  readonly file?: string;
}

interface Known extends Asker {
  readonly name: string;
  /** A run called something of what stands for it. */
  isCalled: boolean;
}

/** Asked for to know where the app runs, which an app of one's own has not, and what React Native itself brings. */
const PROBED = new Set(
  (
    'ExpoGo AccessibilityInfo AppState Appearance BlobModule DevMenu DevSettings DeviceInfo ExceptionsManager ' +
    'FileReaderModule I18nManager ImageLoader Networking PlatformConstants SettingsManager SourceCode ' +
    'StatusBarManager Timing UIManager WebSocketModule'
  ).split(' '),
);

/** What the app's code asks the native side for in vain, and what stands for it. */
export class MissingModules {
  private readonly root: string;
  private readonly isCalledByHandler: () => boolean;
  private readonly all: Known[] = [];
  private readonly calls = new Calls();
  /** By name, as often as they were asked for. */
  private readonly asked: string[] = [];
  /** Without these a module could not be evaluated: as on a phone, they are there. */
  private readonly given = new Set<string>();

  /**
   * @param root the app's, absolute
   * @param isCalledByHandler whether what is called is the handler's doing
   */
  constructor(root: string, isCalledByHandler: () => boolean) {
    this.root = root;
    this.isCalledByHandler = isCalledByHandler;
  }

  /** How often something was asked for. */
  get count(): number {
    return this.asked.length;
  }

  /** A run begins. */
  beginRun(): void {
    for (const one of this.all) one.isCalled = false;
    if (this.all.length > 0) this.calls.begin();
  }

  /** @returns those whose package is not among `played`, which asks for other names of what it has, too */
  list(played: ReadonlySet<string>): readonly MissingModule[] {
    const packages = this.calls.packages();
    return this.all
      .filter(({ packageName }) => !played.has(packageName ?? ''))
      .map(({ isCalled, ...one }) => ({
        ...one,
        isIdle:
          !isCalled &&
          // What code does where it finds none is not seen, nor whether it was asked to do it, unless by its package.
          (this.given.has(one.name) || packages?.has(one.packageName ?? '') === false),
      }));
  }

  /**
   * @param title what errors call it
   * @returns what stands for it; undefined where its absence is an answer
   */
  ask(name: string, isEnforced: boolean, title: string): object | undefined {
    this.asked.push(name);
    if (isEnforced) this.given.add(name);
    const isGiven = this.given.has(name);
    const known = this.all.find((one) => one.name === name);
    const asker = known ?? (PROBED.has(name) ? undefined : whoAsks(this.root));
    if (known === undefined && asker !== undefined) {
      this.all.push({ name, ...asker, isCalled: false });
    }
    return isGiven ? createUnplayed(title, () => this.call((one) => one.name === name)) : undefined;
  }

  /**
   * Gives from now on what was asked for in vain.
   *
   * @param since a former {@link count}
   * @returns whether there is anything that was not given before
   */
  give(since: number): boolean {
    const names = this.asked
      .slice(since)
      .filter((name) => !PROBED.has(name) && !this.given.has(name));
    for (const name of names) this.given.add(name);
    return names.length > 0;
  }

  /** @returns what stands for a package that cannot be evaluated without what is native below it; {@link createUnplayedMember} */
  replace(packageName: string, names: readonly string[]): object {
    const isOurs = (one: Asker): boolean => one.packageName === packageName;
    this.asked.push(packageName);
    if (!this.all.some(isOurs)) this.all.push({ name: '', packageName, isCalled: false });
    for (const { name } of this.all.filter(isOurs)) this.given.add(name);
    return createUnplayedMember(packageName, () => this.call(isOurs), { names });
  }

  private call(isMeant: (one: Known) => boolean): boolean {
    if (!this.isCalledByHandler()) return false;
    for (const one of this.all) if (isMeant(one)) one.isCalled = true;
    return true;
  }
}

/** Whose functions are called, by the engine's own count: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/ */
class Calls {
  private session: Session | undefined;

  begin(): void {
    if (this.session === undefined) {
      this.session = new Session();
      this.session.connect();
      this.session.post('Profiler.enable');
      const params = { callCount: true, detailed: false };
      this.session.post('Profiler.startPreciseCoverage', params);
    }
    this.packages();
  }

  /** @returns the packages of what was called since the last time; undefined where nothing was counted */
  packages(): ReadonlySet<string> | undefined {
    if (this.session === undefined) return undefined;
    let packages: string[] = [];
    // It answers at once, in a process's own session.
    this.session.post('Profiler.takePreciseCoverage', (_, { result }) => {
      packages = result
        .filter(({ url, functions }) => url.startsWith('file:') && functions.some(isCalled))
        .map(({ url }) => packageOf(fileURLToPath(url)) ?? '');
    });
    return new Set(packages);
  }
}

const isCalled = ({ ranges }: Profiler.FunctionCoverage): boolean => (ranges[0]?.count ?? 0) > 0;

const FIREBASE = '@react-native-firebase/';

/** @returns whose code is nearest in the stack: a package's, or a file of the app's own */
function whoAsks(root: string): Asker | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 30;
  const stack = (new Error().stack ?? '').split('\n').slice(1);
  Error.stackTraceLimit = stackTraceLimit;
  const askers = stack.filter(
    (line) => line.includes(sep) && !line.includes(here) && !line.includes('node:internal'),
  );
  const [first = ''] = askers;
  const packageName = packageOf(first);
  if (packageName === undefined) {
    const file = first.slice(first.indexOf(root) + root.length + 1).replace(/(?::\d+)+\)?$/, '');
    return first.includes(root) ? { file: file.replaceAll('\\', '/') } : undefined;
  }
  if (packageName === 'react-native') return undefined;
  // The part that all the others of Firebase ask by.
  const part = packageName.startsWith(FIREBASE)
    ? askers.map(packageOf).find((name) => name?.startsWith(FIREBASE) && name !== packageName)
    : undefined;
  return { packageName: part ?? packageName };
}

/** @returns the package that a path, or a line of a stack, is in */
export function packageOf(path: string): string | undefined {
  const inPackage = path.split(`${sep}node_modules${sep}`).slice(1).at(-1)?.split(sep) ?? [];
  const [first, second] = inPackage;
  return first?.startsWith('@') === true ? `${first}/${second ?? ''}` : first;
}
