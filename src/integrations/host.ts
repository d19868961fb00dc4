import type { Config, QueueDriver } from '../config.ts';
import type { FileSystem } from '../file-system.ts';
import type { Language } from '../language.ts';
import type { LockFile } from '../plan/lock-file.ts';
import type { Planner } from '../plan/planner.ts';
import type { Platform, Project } from '../project/project.ts';
import type { HandlerLayer, TemplateModel } from '../templates/model.ts';
import type { Layer } from '../templates/render.ts';

/** A layer of templates/, with its folder in the package where that is another than in most hosts. */
export interface HostLayer {
  readonly layer: Layer;
  readonly folder?: string;
}

/** What runs the handler, and what templates must know of it. */
export type HostRuntime = Pick<TemplateModel, 'host' | 'flutter'> &
  Pick<TemplateModel['handler'], 'store'>;

/** What is out with the app, or in its own code, and stays as it is. */
export interface Shipped {
  /** Task ids that versions of the app had before. */
  readonly retiredIds: readonly string[];
  /** See `podOf` of lock-file.ts. */
  readonly pod: string;
}

/** What a host's edits are planned from. */
export interface HostRequest<P extends Project = Project> {
  readonly fs: FileSystem;
  readonly project: P;
  readonly config: Config;
  /** What an earlier bgsync did. */
  readonly lock: LockFile | undefined;
  /** Task ids that versions of the app had before. */
  readonly retiredIds: readonly string[];
}

/** The user's own file that the sync runs, as this host writes one. */
export interface HandlerFile<P extends Project = Project> {
  defaultPath(project: P): string;
  /** What its path must match, and how a message names the files that do: `a .ts or .js file`. */
  readonly pattern: RegExp;
  readonly kinds: string;
  /** Of templates/: the file as it is made. */
  template(config: Config, layer?: HandlerLayer): string;
  /** The library of the app's that a new handler drains, with what is found of it in the sources. */
  findLayer(fs: FileSystem, project: P, config: Config): Promise<HandlerLayer | undefined>;
  /** Of templates/: the file beside it that says how what waits is sent. */
  readonly queueTemplate: string;
  /** @throws UserError where the path cannot become the handler's: it is, or means, another file of the user's */
  requireFree(fs: FileSystem, root: string, handler: string): Promise<void>;
  /**
   * @param from and `to`: folders of the generated package, before and after it moved
   * @returns the lines of a handler that import the package, with its new folder; '' where none does
   */
  movedImports(source: string, handler: string, from: string, to: string): string;
  /** The code that hands over the queue of a further sync, for people. */
  handOver(name: string): string;
}

/** How people install what a manifest of dependencies names. */
export interface PackageCommands {
  /** As people know it. */
  readonly name: string;
  readonly all: string;
  readonly add: string;
  /** Undefined where bgsync itself is not to be had as one of them: it is never pinned there. */
  readonly dev: string | undefined;
  /** The file that names them: `package.json`. */
  readonly manifest: string;
  /**
   * An instruction in the commands that people use here.
   *
   * @param isPinned whether bgsync is among the app's own dependencies
   */
  readonly phrase: (instruction: string, isPinned: boolean) => string;
}

/** Where the app's own compiler would refuse what is generated. */
export interface CompileProblem {
  /** For people, in one sentence. */
  readonly message: string;
  /** Where the package would compile; undefined where no such folder is known. */
  readonly moduleDir: string | undefined;
}

/**
 * One kind of app, and all that is different in it. A new kind is a folder beside this file, and a row in hosts.ts;
 * nothing else asks which one an app is.
 */
export interface HostIntegration<P extends Project = Project> {
  /** As people call it. */
  readonly name: string;
  /** Of templates/, what the package of this config is made of. */
  layers(config: Config): readonly HostLayer[];
  /** What its handlers are written in. */
  readonly language: Language;
  /** Of templates/, what a retired package is made of. */
  retiredLayers(platforms: readonly Platform[]): readonly HostLayer[];
  /** Of the paths in the package of `layers`, those that a retired package keeps besides. */
  readonly keptWhenRetired: RegExp;
  /** What the templates need of the settings and the project. */
  model(project: P, config: Config, shipped: Shipped): TemplateModel;
  /** The same for a retired package: of the settings alone, as the project may not be understood. */
  retiredModel(config: Config, shipped: Shipped): TemplateModel;
  readonly handler: HandlerFile<P>;
  /** Where `init --queue` keeps what waits, by default. */
  readonly queueDriver: QueueDriver;
  /** Where the generated package is, by default. */
  readonly moduleDir: string;
  /** Plans the edits that link the generated package into the app. */
  plan(planner: Planner, request: HostRequest<P>): Promise<void>;
  packages(project: P): PackageCommands;
  /** What is left to the user for the native projects to take up what was generated. */
  steps(when: 'init' | 'update', project: P, config: Config): string[];
  /** What the generated queue needs and the app does not have: before the app is built. */
  packageSteps(fs: FileSystem, project: P, config: Config): Promise<string[]>;
  /**
   * What the app has to say to the generated queue; without one, what is left to do in the handler.
   *
   * @param layer that the handler which is about to be made drains
   */
  queueSteps(
    fs: FileSystem,
    project: P,
    config: Config,
    layer: HandlerLayer | undefined,
  ): Promise<string[]>;
  /** The same as `steps` once it is gone, or retired: of the lock file alone, as the project may not be understood. */
  stepAfter(when: 'remove' | 'retire', lock: LockFile): string;
  /** Lines of `name: value` about an app of this kind, for people. */
  describe(project: P): [string, string][];
  /** What starts the app's code, for people; none where nothing was found. */
  startsAt(project: P): string[];
  /** Said first of all: that the app is newer than what was tested. */
  versionNote(project: P): string | undefined;
  /** What the developer should know before the plan is applied. */
  notes(project: P, config: Config): string[];
  /** Whether the generated code finds what starts the app's code without a scene, whatever the app does. */
  startsWithoutScene(project: P): boolean;
  /** @throws UserError where the app is built in a way that the generated package cannot be part of */
  requireBuildable(fs: FileSystem, project: P, config: Config): Promise<void>;
  /** Undefined where the app's own compiler takes what is generated. */
  findCompileProblem(
    fs: FileSystem,
    project: P,
    config: Config,
  ): Promise<CompileProblem | undefined>;
}

/** The platforms that a generated package has, by its lock file. */
export const lockedPlatforms = (lock: LockFile): Platform[] =>
  (['android', 'ios'] as const).filter((name) =>
    Object.keys(lock.files).some((path) => path.startsWith(`${name}/`)),
  );
