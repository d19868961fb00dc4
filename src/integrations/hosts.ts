import type { LockFile } from '../plan/lock-file.ts';
import type { HostId, Project, ProjectOf } from '../project/project.ts';
import { expoHost } from './expo/host.ts';
import { flutterHost } from './flutter/host.ts';
import type { HostIntegration } from './host.ts';
import { reactNativeHost } from './react-native/host.ts';

/** Every kind of app, by the name that lock files know it by. */
export const HOSTS: { readonly [Id in HostId]: HostIntegration<ProjectOf<Id>> } = {
  'react-native': reactNativeHost,
  expo: expoHost,
  flutter: flutterHost,
};

/** The host of an app. */
export const hostOf = (project: Project): HostIntegration => HOSTS[project.host];

/** The host that a package was generated for; React Native where an earlier bgsync did not say. */
export const hostOfLock = ({ host }: LockFile): HostIntegration =>
  Object.hasOwn(HOSTS, host) ? HOSTS[host as HostId] : reactNativeHost;
