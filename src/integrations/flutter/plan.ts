import { posix } from 'node:path';
import type { Planner } from '../../plan/planner.ts';
import { readText } from '../../project/read-text.ts';
import { at } from '../../place.ts';
import { PUBSPEC } from '../../project/pubspec.ts';
import type { FlutterProject } from '../../project/project.ts';
import { readDart } from '../../formats/dart.ts';
import type { DartExport } from '../../formats/dart.ts';
import { DART_MAIN } from '../edits/dart-main.ts';
import { PUBSPEC_DEPENDENCY, PUBSPEC_SQLCIPHER } from '../edits/pubspec.ts';
import type { HostRequest } from '../host.ts';
import { planInfoPlists } from '../info-plists.ts';

/** By what the app's own Dart names the generated plugin. */
export const PLUGIN = 'background_sync';

/** Where a run enters Dart, in the handler. */
export const ENTRY_POINT = 'backgroundSyncMain';

/** The library that a file of `lib/` is: https://dart.dev/tools/pub/package-layout#public-libraries */
export const libraryOf = (app: string, path: string): string =>
  `package:${app}/${path.replace(/^lib\//, '')}`;

/** The small edits that link the generated plugin into a Flutter app. */
export async function planFlutter(
  planner: Planner,
  { fs, project, config, retiredIds }: HostRequest<FlutterProject>,
): Promise<void> {
  await planner.edit(PUBSPEC, PUBSPEC_DEPENDENCY, (source) =>
    PUBSPEC_DEPENDENCY.ensure(source, { name: PLUGIN, path: config.moduleDir }),
  );
  // Hooks are read of the root alone: https://pub.dev/documentation/hooks/latest/hooks/PackageUserDefines-class.html
  if (config.queue === 'drift' && !project.flutter.isWorkspaceMember) {
    await planner.edit(PUBSPEC, PUBSPEC_SQLCIPHER, (source) =>
      PUBSPEC_SQLCIPHER.ensure(source, undefined),
    );
  }
  if (config.platforms.includes('ios')) await planInfoPlists(planner, project, config, retiredIds);

  const paths = project.entries.map(({ path }) => path);
  for (const path of paths) {
    const text = (await readText(fs, at(project.root, path))) ?? '';
    if (startsAnother(text, path, paths, project.flutter.package)) continue;
    const wanted = exportIn(path, config.handler, project.flutter.package);
    await planner.edit(path, DART_MAIN, (source) => DART_MAIN.ensure(source, wanted));
  }
  if (paths.length === 0) {
    planner.manual({
      path: 'lib/main.dart',
      purpose: DART_MAIN.reason,
      reason: 'no file in lib/ with a main() was found: put it into the one that the app starts at',
      snippet: `export '${libraryOf(project.flutter.package, config.handler)}' show ${ENTRY_POINT};`,
    });
  }
}

/** The export of the handler, as a file of the app names it. */
export const exportIn = (path: string, handler: string, app: string): DartExport => ({
  uri: posix.relative(posix.dirname(path), handler),
  sameAs: libraryOf(app, handler),
  name: ENTRY_POINT,
});

/** Whether an entry starts another one: of a flavor, `main_dev.dart` that calls the `main` of `main.dart`. */
export function startsAnother(
  source: string,
  path: string,
  others: readonly string[],
  app: string,
): boolean {
  const uris = readDart(source)?.directives.map(({ uri }) => uri) ?? [];
  return others.some(
    (other) =>
      other !== path &&
      (uris.includes(posix.relative(posix.dirname(path), other)) ||
        uris.includes(libraryOf(app, other))),
  );
}
