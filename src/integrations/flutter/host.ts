import { posix } from 'node:path';
import type { Config, QueueDriver } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { BUILD, FLUTTER, IOS } from '../../facts.ts';
import type { FileSystem } from '../../file-system.ts';
import { at } from '../../place.ts';
import { flutterApps } from '../../project/flutter-apps.ts';
import type { FlutterProject } from '../../project/project.ts';
import { PUBSPEC } from '../../project/pubspec.ts';
import { readText } from '../../project/read-text.ts';
import { isBelow } from '../../versions.ts';
import { SQLCIPHER_HOOK_LINE } from '../../formats/pubspec.ts';
import { lockedPlatforms } from '../host.ts';
import type { HostIntegration, HostRuntime } from '../host.ts';
import { queueFile, templateModel } from '../model.ts';
import { dartHandler } from './handler.ts';
import { KEPT_WHEN_RETIRED, flutterLayers, retiredFlutterLayers } from './layers.ts';
import { PLUGIN, libraryOf, planFlutter } from './plan.ts';
import { queueSql } from './queue-sql.ts';

const runtimeOf = (library: string, { queue }: Config): HostRuntime => ({
  host: 'flutter',
  store: 'none',
  flutter: {
    library,
    ...(queue === 'none' ? { statements: [], migrations: [] } : queueSql()),
  },
});

/** Flutter: a local plugin, in whose engines of its own the handler runs. */
export const flutterHost: HostIntegration<FlutterProject> = {
  name: 'Flutter',
  moduleDir: `packages/${PLUGIN}`,
  handler: dartHandler,
  layers: flutterLayers,
  retiredLayers: retiredFlutterLayers,
  keptWhenRetired: KEPT_WHEN_RETIRED,
  language: flutterApps.language,
  model: ({ flutter }, config, shipped) =>
    templateModel(
      config,
      'new',
      shipped,
      runtimeOf(libraryOf(flutter.package, config.handler), config),
    ),
  retiredModel: (config, shipped) => templateModel(config, 'new', shipped, runtimeOf('', config)),
  queueDriver: 'drift',
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
  packageSteps,
  queueSteps,
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

const QUEUES: readonly QueueDriver[] = ['none', 'drift', 'custom'];

function refuseQueue({ queue }: Config): void {
  if (QUEUES.includes(queue)) return;
  throw new UserError(`The queue of a Flutter app is in Dart, and is not kept in ${queue}.`, {
    hint: '`--queue drift`, or `--queue custom` over a SQLite that you open yourself.',
  });
}

function packageSteps(
  _fs: FileSystem,
  { flutter: { isWorkspaceMember } }: FlutterProject,
  { queue }: Config,
): Promise<string[]> {
  if (queue !== 'drift') return Promise.resolve([]);
  return Promise.resolve([
    'flutter pub add drift flutter_secure_storage path_provider   (drift 2.32 or newer brings SQLCipher; take sqlite3_flutter_libs and sqlcipher_flutter_libs out)',
    ...(isWorkspaceMember
      ? [
          `Say in the ${PUBSPEC} of the workspace’s root, the only one that is read for it: ${SQLCIPHER_HOOK_LINE}. Without it nothing is encrypted, and the queue refuses to open.`,
        ]
      : []),
  ]);
}

async function queueSteps(
  fs: FileSystem,
  { root }: FlutterProject,
  config: Config,
): Promise<string[]> {
  if (config.queue === 'none') {
    // The user's by then: what was left to do in it was said when it was made.
    const isMade = await fs.exists(at(root, config.handler));
    return isMade ? [] : [`Fill in drainQueue in ${config.handler}.`];
  }
  const file = queueFile(config);
  const handler = await readText(fs, at(root, config.handler));
  const isWired = handler === undefined || handler.includes(posix.basename(file));
  return [
    `Say in ${file} how a mutation is sent${config.queue === 'custom' ? ', and open your database there' : ''}.`,
    ...(isWired
      ? []
      : [
          `Hand it over in ${config.handler}: import '${posix.basename(file)}', and runBackgroundSync(queue: syncQueue).`,
        ]),
  ];
}
