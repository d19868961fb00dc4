import { MODES_KEY, PERMITTED_KEY, readPermissions } from '../../../project/info-plist.ts';
import type { Permissions } from '../../../project/info-plist.ts';
import type { Finding } from '../../check.ts';
import type { DoctorRepo } from '../../repo.ts';

export { MODES_KEY, PERMITTED_KEY };
export { hasMode, isAboutBackground, permissionFor } from '../../../project/info-plist.ts';
export type { Permission, Permissions } from '../../../project/info-plist.ts';

const known = new WeakMap<DoctorRepo, Promise<readonly Permissions[]>>();

/** One for each Info.plist, read once. */
export function permissionsOf(repo: DoctorRepo): Promise<readonly Permissions[]> {
  const found = known.get(repo) ?? repo.infoPlists().then((plists) => plists.map(readPermissions));
  known.set(repo, found);
  return found;
}

/** The same, and what prebuild would write where the plist is made when the app is built. */
export async function plannedPermissionsOf(repo: DoctorRepo): Promise<readonly Permissions[]> {
  const plists = await permissionsOf(repo);
  if (plists.length > 0 || repo.host !== 'expo') return plists;
  const planned = await repo.prebuiltPermissions();
  return planned === undefined ? [] : [planned];
}

/** A finding without its edits, which are those of a plist. */
export const placed = ({ file, line, message }: Finding): Finding => ({
  file,
  ...(line !== undefined && { line }),
  message,
});

/** How to mend what prebuild would not write. */
export const prebuildFix = (key: string, value: string, who: string): string =>
  who === 'expo-background-task'
    ? 'Name "expo-background-task" in `plugins` of the app config; `npx expo install` does that in app.json alone.'
    : who === 'expo-notifications'
      ? 'Set enableBackgroundRemoteNotifications of the plugin expo-notifications in the app config.'
      : `Add ${value} to ios.infoPlist.${key} of the app config.`;

/**
 * Whether what is missing may be written by something that doctor does not run; then the app config is noted as not looked
 * at.
 */
export function isLeftOpen(repo: DoctorRepo, { plist, prebuilt }: Permissions): boolean {
  if (prebuilt?.open === undefined) return false;
  const what = `${PERMITTED_KEY} and ${MODES_KEY}`;
  repo.note(
    plist.path,
    `what prebuild makes of ${what} cannot be told (${prebuilt.open}); --run-tools asks Expo`,
    { answeredBy: 'T02' },
  );
  return true;
}
