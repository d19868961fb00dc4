import coerce from 'semver/functions/coerce.js';
import gte from 'semver/functions/gte.js';
import lt from 'semver/functions/lt.js';
import { UserError } from '../errors.ts';
import { FLUTTER, REACT_NATIVE } from '../facts.ts';
import type { FileSystem } from '../file-system.ts';
import { packageVersion } from './declared-version.ts';
import { declaredRange } from './package-json.ts';
import type { PackageJson } from './package-json.ts';
import type { ReactNativeFacts } from './project.ts';

const SUPPORTED = `bgsync supports React Native ${REACT_NATIVE.oldest} or newer, bare or with Expo.`;

/**
 * @param others what else the app would be refused for, whatever is installed: asked before anyone installs for it
 * @throws UserError for anything that is not a React Native app, bare or with Expo, of a supported version: which it is, and what would
 * make it work
 */
export async function requireReactNative(
  fs: FileSystem,
  root: string,
  packageJson: PackageJson,
  others: () => Promise<unknown>,
): Promise<ReactNativeFacts> {
  const { dependencies, devDependencies, peerDependencies } = packageJson;
  const declared = declaredRange(packageJson, 'react-native');
  if (declared === undefined) {
    if ((dependencies['@capacitor/core'] ?? devDependencies['@capacitor/core']) !== undefined) {
      throw new UserError(
        'This is a Capacitor app: no JavaScript of the app runs there while it is closed.',
        {
          hint: `${SUPPORTED} It supports Flutter ${FLUTTER.oldest} or newer, too. On Capacitor, see @capacitor/background-runner.`,
        },
      );
    }
    if ((devDependencies['react-native'] ?? peerDependencies['react-native']) !== undefined) {
      throw new UserError('This is a React Native library, not an app.', {
        hint: 'Run bgsync in the app’s own folder (often example/), or name it with --cwd.',
      });
    }
    throw new UserError('This is not a React Native app: package.json has no react-native.', {
      hint: 'Run bgsync in the folder of the app, or name it with --cwd.',
    });
  }

  const { version, isInstalled } = await packageVersion(
    fs,
    root,
    'react-native',
    declared,
    REACT_NATIVE.oldest,
  );
  if (version === undefined) {
    await others();
    throw new UserError(`package.json says react-native "${declared}", which names no version.`, {
      hint: 'Install the app’s dependencies first, so that bgsync can read the version.',
    });
  }
  const release = coerce(version)?.version ?? version;
  if (lt(release, REACT_NATIVE.oldest)) {
    throw new UserError(`This app uses React Native ${version}. ${SUPPORTED}`, {
      hint: 'Older ones lack what the generated code is built on (Kotlin 2, ReactHost). Upgrade React Native, then run `npx bgsync init`.',
    });
  }
  return { declared, version, isInstalled };
}

/** Whether the app may still run on the old architecture. */
export const heedsNewArchEnabled = (version: string): boolean =>
  !gte(coerce(version)?.version ?? version, REACT_NATIVE.newArchitectureOnly);

/** Whether this version is newer than what is tested. */
export function isUntested(version: string): boolean {
  const release = coerce(version);
  const newest = coerce(REACT_NATIVE.newest);
  if (release === null || newest === null) return true;
  return release.major > newest.major || release.minor > newest.minor;
}
