import type { Config, Platform, QueueDriver } from '../config.ts';
import type { FileSystem } from '../file-system.ts';
import type { LockFile } from '../plan/lock-file.ts';
import type { Planner } from '../plan/planner.ts';
import type { Project } from '../project/project.ts';
import type { TemplateModel } from '../templates/model.ts';
import type { Layer } from '../templates/render.ts';

/** A layer of templates/, with its folder in the package where that is another than in most hosts. */
export interface HostLayer {
  readonly layer: Layer;
  readonly folder?: string;
}

export type HostRuntime = Pick<TemplateModel, 'host' | 'flutter'>;

/** What a host's edits are planned from. */
export interface HostRequest {
  readonly fs: FileSystem;
  readonly project: Project;
  readonly config: Config;
  /** What an earlier bgsync did. */
  readonly lock: LockFile | undefined;
  /** Task ids that versions of the app had before. */
  readonly retiredIds: readonly string[];
}

/**
 * One kind of app, and all that is different in it. A new kind is a folder beside this file, and a row in hosts.ts;
 * nothing else asks which one an app is.
 */
export interface HostIntegration {
  /** Names it in lock files, which every later bgsync reads: it never changes. */
  readonly id: string;
  /** Whether an app is of this kind; the first in hosts.ts that says so has it. */
  detects(project: Project): boolean;
  /** All that the package has, for these platforms, its queue excepted. */
  layers(platforms: readonly Platform[]): readonly HostLayer[];
  /** What the retired package keeps: what the app goes on asking for by name. */
  readonly retiredLayers: readonly Layer[];
  /** What runs the handler, and what templates must know of it. */
  runtime(project: Project, config: Config): HostRuntime;
  /** Where `init --queue` keeps what waits, by default. */
  readonly queueDriver: QueueDriver;
  /** Plans the edits that link the generated package into the app. */
  plan(planner: Planner, request: HostRequest): Promise<void>;
  /** What is left to the user for the native projects to take up what was generated. */
  steps(when: 'init' | 'update', project: Project, config: Config): string[];
  /** The same once it is gone, or retired: of the lock file alone, as the project may not be understood. */
  stepAfter(when: 'remove' | 'retire', lock: LockFile): string;
  /** Lines of `name: value` about an app of this kind, for people. */
  describe(project: Project): [string, string][];
  /** What the developer should know before the plan is applied. */
  notes(project: Project, config: Config): string[];
  /** Whether the generated code finds what starts JavaScript without a scene, whatever the app does. */
  startsWithoutScene(project: Project): boolean;
}

/** The platforms that a generated package has, by its lock file. */
export const lockedPlatforms = (lock: LockFile): ('android' | 'ios')[] =>
  (['android', 'ios'] as const).filter((name) =>
    Object.keys(lock.files).some((path) => path.startsWith(`${name}/`)),
  );
