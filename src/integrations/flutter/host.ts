import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { BUILD, FLUTTER, IOS } from '../../facts.ts';
import type { FlutterProject } from '../../project/project.ts';
import { PUBSPEC } from '../../project/pubspec.ts';
import { isBelow } from '../../versions.ts';
import { lockedPlatforms } from '../host.ts';
import type { HostIntegration, HostRuntime } from '../host.ts';
import { templateModel } from '../model.ts';
import { dartHandler } from './handler.ts';
import { flutterLayers } from './layers.ts';
import { PLUGIN, libraryOf, planFlutter } from './plan.ts';

const runtimeOf = (library: string): HostRuntime => ({
  host: 'flutter',
  flutter: { library },
});

/** Flutter: a local plugin, in whose engines of its own the handler runs. */
export const flutterHost: HostIntegration<FlutterProject> = {
  name: 'Flutter',
  moduleDir: `packages/${PLUGIN}`,
  handler: dartHandler,
  layers: ({ platforms }) => flutterLayers(platforms),
  // Refused before they are asked for: see `canRetire`.
  retiredLayers: () => [],
  keptWhenRetired: /^$/,
  canRetire: false,
  runsLocally: false,
  model: ({ flutter }, config, shipped) =>
    templateModel(config, 'new', shipped, runtimeOf(libraryOf(flutter.package, config.handler))),
  retiredModel: (config, shipped) => templateModel(config, 'new', shipped, runtimeOf('')),
  queueDriver: 'none',
  plan: planFlutter,
  packages: () => ({
    name: 'pub',
    all: 'flutter pub get',
    add: 'flutter pub add',
    dev: undefined,
    manifest: PUBSPEC,
    phrase: (instruction) => instruction,
  }),
  steps(when, { flutter: { lowTarget } }, { platforms }) {
    const hasIos = platforms.includes('ios');
    return [
      'flutter pub get',
      ...(hasIos && lowTarget !== undefined
        ? [
            `Raise iOS to ${IOS.oldest}: it is ${lowTarget.value} in ${lowTarget.file}:${lowTarget.line}; in Xcode, Runner, Minimum Deployments; and \`platform :ios, '${IOS.oldest}'\` in ios/Podfile, where there is one.`,
          ]
        : []),
      when === 'init'
        ? 'Rebuild the app: a plugin was added, which a hot restart does not load.'
        : 'Rebuild the app: the generated native code changed.',
    ];
  },
  queueSteps: (_project, { handler }) => [`Fill in drainQueue in ${handler}.`],
  stepAfter: (_when, lock) =>
    lockedPlatforms(lock).includes('ios')
      ? 'flutter pub get, then rebuild the app (pods are installed by the build)'
      : 'flutter pub get, then rebuild the app',
  describe: ({ flutter: { version, dart } }) => [
    [
      'Flutter',
      version === undefined
        ? `version not told by the repo (Dart ${dart ?? 'any'})`
        : `${version.value} (${version.file})`,
    ],
  ],
  startsAt: ({ entries }) => entries.map(({ path }) => path),
  versionNote: () =>
    'Flutter: the generated Dart, Kotlin and Swift are tried against stand-ins of Flutter, never yet in a build by its SDK.',
  notes({ android, flutter: { version, dart } }, { platforms }) {
    const isOld =
      version === undefined
        ? isBelow(dart ?? '', FLUTTER.dartWithMinSdk)
        : isBelow(version.value, FLUTTER.firstWithMinSdk);
    return platforms.includes('android') && isOld && android?.minSdk === undefined
      ? [
          `Android: the plugin needs minSdk ${BUILD.minSdk}. Flutter before ${FLUTTER.firstWithMinSdk} has 21 as \`flutter.minSdkVersion\`: there, say \`minSdk = ${BUILD.minSdk}\` in the app’s build.gradle.`,
        ]
      : [];
  },
  startsWithoutScene: () => true,
  requireBuildable(_fs, { flutter, entries }, config) {
    refuseQueue(config);
    if (flutter.package === PLUGIN) {
      throw new UserError(`${PUBSPEC} names the app ${PLUGIN}, as the generated plugin is named.`, {
        hint: 'Two packages of one name do not build: rename the app.',
      });
    }
    if (!dartHandler.pattern.test(config.handler)) {
      throw new UserError(`handler must name ${dartHandler.kinds}; it is ${config.handler}.`);
    }
    if (entries.some(({ path }) => path === config.handler)) {
      throw new UserError(`${config.handler} is where the app starts, and cannot be the handler.`);
    }
    return Promise.resolve();
  },
  findCompileProblem: () => Promise.resolve(undefined),
};

function refuseQueue({ queue }: Config): void {
  if (queue === 'none') return;
  throw new UserError(
    `The generated queue (${queue}) is TypeScript: there is none for Flutter yet.`,
    {
      hint: 'Leave --queue out, and drain the app’s own queue in drainQueue.',
    },
  );
}
