import type { LockFile } from '../plan/lock-file.ts';
import type { Project } from '../project/project.ts';
import { expoHost } from './expo/host.ts';
import type { HostIntegration } from './host.ts';
import { reactNativeHost } from './react-native/host.ts';

/** Every kind of app, the more particular first. */
export const HOSTS: readonly HostIntegration[] = [expoHost, reactNativeHost];

/** The host of an app that `detectProject` understands. */
export const hostOf = (project: Project): HostIntegration =>
  HOSTS.find((host) => host.detects(project)) ?? reactNativeHost;

/** The host that a package was generated for. */
export const hostOfLock = (lock: LockFile): HostIntegration =>
  HOSTS.find(({ id }) => id === lock.host) ?? reactNativeHost;
