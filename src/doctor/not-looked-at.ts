import { whyNotJson } from '../project/expo.ts';
import type { ExpoFacts } from '../project/expo.ts';
import { scriptsOf } from '../project/gradle-project.ts';
import type { GradleProject } from '../project/gradle-project.ts';
import type { Host } from '../project/host.ts';
import { endsAsPlist } from '../project/info-plist.ts';
import type { PlistFile } from '../project/info-plist.ts';
import type { IosApp } from '../project/ios-app.ts';
import type { Manifest } from '../project/manifests.ts';
import type { RepoFiles } from '../project/repo-files.ts';

/** What of a project no check can read, or in part only: said for each file, so that no check passes for want of it. */

/** An app config that is cut counts, as far as it can be read, for one that says no more. */
export async function noteAppConfig(files: RepoFiles, expo: ExpoFacts | undefined): Promise<void> {
  const path = expo?.config.static;
  if (path === undefined || expo?.config.isUsed !== true) return;
  const reason = whyNotJson((await files.read(path)) ?? '{}');
  if (reason !== undefined) files.note(path, `it is not valid JSON: ${reason}`);
}

/** A manifest that is cut lacks elements. */
export function noteManifests(files: RepoFiles, manifests: readonly Manifest[]): void {
  for (const { path, isCut } of manifests) {
    if (isCut) files.note(path, 'it is cut: its <manifest> has no end');
  }
}

/** @returns the plists, those noted that lack an end */
export function notingPlists(files: RepoFiles, plists: readonly PlistFile[]): readonly PlistFile[] {
  for (const { path, text } of plists) {
    if (!endsAsPlist(text)) files.note(path, 'it is cut: its <plist> has no end');
  }
  return plists;
}

export function noteGradle(files: RepoFiles, project: GradleProject): void {
  for (const { path, isClosed } of scriptsOf(project)) {
    if (!isClosed) files.note(path, 'it is cut: a block of it is not closed');
  }
  for (const { file, reason } of project.unread) files.note(file, reason);
  const { path, statements } = project.app.file;
  if (statements.length === 0) files.note(path, 'it is empty: what builds the app is not in it');
}

/** Projects without a readable graph have no targets, and so no Info.plist. What `generated` names is no fault. */
export function noteXcode(files: RepoFiles, { targets, problems }: IosApp): void {
  const ofTargets = new Set<unknown>(targets.flatMap(({ missing }) => missing));
  const hidden = targets
    .flatMap(({ missing }) => missing)
    .filter(({ kind }) => kind === 'binary' || kind === 'unresolved' || kind === 'outside');
  for (const { path, reason } of [...problems.filter((one) => !ofTargets.has(one)), ...hidden]) {
    files.note(path, reason);
  }
}

/** What an Expo app without native folders has is made by prebuild; an `ios/` that nobody fills is no app. */
export async function noteNoIos(
  files: RepoFiles,
  host: Host,
  expo: ExpoFacts | undefined,
): Promise<void> {
  if (host === 'native' || expo?.ios === 'generated') return;
  if (await holdsSource(files, 'ios', /^Podfile$|\.(?:swift|mm?|ya?ml)$/)) {
    files.note('ios', 'there is no Xcode project in it');
  }
}

export async function noteNoAndroid(files: RepoFiles, expo: ExpoFacts | undefined): Promise<void> {
  if (expo?.android === 'generated') return;
  if (await holdsSource(files, 'android', /\.gradle(?:\.kts)?$|^gradle\.properties$/)) {
    files.note('android', 'no module in it applies com.android.application');
  }
}

/** Whether something of a project stands in a folder, or one below it. */
async function holdsSource(files: RepoFiles, folder: string, name: RegExp): Promise<boolean> {
  if (!(await files.exists(folder))) return false;
  const entries = await files.entries(folder);
  if (entries.some((one) => one.kind === 'file' && name.test(one.name))) return true;
  for (const { name: below, kind } of entries) {
    if (kind !== 'directory') continue;
    const inside = await files.entries(`${folder}/${below}`);
    if (inside.some((one) => one.kind === 'file' && name.test(one.name))) return true;
  }
  return false;
}
