import type { Check } from '../check.ts';
import { dynamicVersion } from './android/dynamic-version.ts';
import { newArchitectureOnly } from './android/new-architecture-only.ts';
import { permissionRemoved } from './android/permission-removed.ts';
import { reactHost } from './android/react-host.ts';
import { sdkLevels } from './android/sdk-levels.ts';
import { twoLibraries } from './android/two-libraries.ts';
import { workRuntimeNetwork } from './android/work-runtime-network.ts';
import { workRuntimeR8 } from './android/work-runtime-r8.ts';
import { workRuntimeTooOld } from './android/work-runtime-too-old.ts';
import { encryptionBuilt } from './queue/encryption-built.ts';
import { idsOfTime } from './queue/ids-of-time.ts';
import { sharedContainer } from './queue/shared-container.ts';
import { pinnedInCi } from './setup/pinned-in-ci.ts';

/** They look at what every app has: its build, its packages, its continuous integration. */
export const ALWAYS: readonly Check[] = [
  workRuntimeNetwork,
  workRuntimeTooOld,
  workRuntimeR8,
  sdkLevels,
  permissionRemoved,
  reactHost,
  newArchitectureOnly,
  twoLibraries,
  dynamicVersion,
  encryptionBuilt,
  sharedContainer,
  idsOfTime,
  pinnedInCi,
];
