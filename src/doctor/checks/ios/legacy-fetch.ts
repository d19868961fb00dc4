import { TRANSISTOR } from '../../../facts.ts';
import { isBelow } from '../../../versions.ts';
import { appleSourcesContaining } from '../../code/function-index.ts';
import type { DoctorRepo } from '../../repo.ts';
import { hasMode, permissionsOf } from './permissions.ts';
import type { Permissions } from './permissions.ts';

const CALLBACK = 'performFetchWithCompletionHandler';

/**
 * Whether an Info.plist leaves the background fetch of before iOS 13 on: it has the mode, and the key that turns it off is
 * not there
 * (https://developer.apple.com/documentation/uikit/uiapplicationdelegate/application(_:performfetchwithcompletionhandler:)).
 * What calls for it may be in any pod, so that the key is never added to such a plist without a person's look.
 */
export const leavesLegacyFetchOn = (one: Permissions): boolean =>
  one.permitted.status === 'absent' && hasMode(one, 'fetch');

/**
 * Whether react-native-background-fetch registers every id that is permitted: whoever else registers one that is added
 * ends the app at its launch (I32).
 */
export async function registersEveryId(repo: DoctorRepo): Promise<boolean> {
  if (!repo.depends(TRANSISTOR.name)) return false;
  const version = await repo.version(TRANSISTOR.name);
  return version === undefined || isBelow(version, TRANSISTOR.firstWithPrefix);
}

/**
 * Whether react-native-background-fetch gets its windows through that: the app hands the callback on to it, with code of
 * its own or with the library's RNBackgroundFetch+AppDelegate.m in a target.
 */
export async function runsThroughLegacyFetch(repo: DoctorRepo): Promise<boolean> {
  if (!repo.depends(TRANSISTOR.name)) return false;
  const plists = await permissionsOf(repo);
  if (plists.length === 0 || !plists.every(leavesLegacyFetchOn)) return false;
  const files = await appleSourcesContaining(repo, [CALLBACK]);
  if (files.some(({ code }) => code.includes(CALLBACK) && code.includes('TSBackgroundFetch'))) {
    return true;
  }
  return (await repo.ios())?.mentions('RNBackgroundFetch+AppDelegate.m') === true;
}
