import type { Config, QueueDriver } from '../../config.ts';
import { CONFIG_FILE } from '../../config.ts';
import { UserError } from '../../errors.ts';
import type { KeyValueStore } from '../../facts.ts';
import type { FileSystem } from '../../file-system.ts';
import { at } from '../../place.ts';
import type { LockFile } from '../../plan/lock-file.ts';
import { requireFreeHandler } from '../../project/handler-path.ts';
import type {
  JavaScriptProject,
  Platform,
  Project,
  ReactNativeFacts,
} from '../../project/project.ts';
import { commandsOf, inCommandsOf } from '../../project/package-manager.ts';
import { declaredRange, requirePackageJson } from '../../project/package-json.ts';
import { isUntested } from '../../project/react-native.ts';
import { readText } from '../../project/read-text.ts';
import { findSwiftPackageProject } from '../../project/swift-packages.ts';
import { findTypeScriptProblem, readTypeScriptProjects } from '../../project/typescript.ts';
import { javaScriptApps } from '../../project/javascript-apps.ts';
import { hasNoSqlCipher } from '../../project/sqlcipher-settings.ts';
import type { SqliteLibrary } from '../../project/sqlcipher-settings.ts';
import type { Layer } from '../../templates/render.ts';
import { PIN } from '../edits/package-json.ts';
import type { HandlerFile, HostIntegration, HostLayer, HostRuntime } from '../host.ts';
import { importSpecifier, queueFile, templateModel } from '../model.ts';
import { findHandlerLayer } from './layer-handler.ts';
import { layerSteps, unknownLayerSteps } from './layer-steps.ts';

type Parts = Pick<
  HostIntegration<JavaScriptProject & Project>,
  | 'findCompileProblem'
  | 'handler'
  | 'keptWhenRetired'
  | 'language'
  | 'moduleDir'
  | 'packageSteps'
  | 'packages'
  | 'queueSteps'
  | 'requireBuildable'
  | 'retiredModel'
  | 'versionNote'
>;

/** What is the same wherever React Native runs the handler, with Expo or without. */
export const inReactNative: Parts = {
  moduleDir: 'modules/background-sync',
  language: javaScriptApps.language,
  handler: handlerFile(),
  // The retired package is a pod still, the config still names its schema, and the app's screens still fill the queue.
  keptWhenRetired: /^(?:[^/]+\.podspec|config\.schema\.json|src\/queue\/.*)$/,
  retiredModel: (config, shipped) => templateModel(config, 'new', shipped, inReactNativeRuntime()),
  packages: ({ packageManager }) => ({
    ...commandsOf(packageManager),
    name: packageManager,
    manifest: 'package.json',
    phrase: (instruction, isPinned) => inCommandsOf(packageManager, instruction, isPinned),
  }),
  packageSteps: (fs, project, { queue }) => sqliteSteps(fs, project, queue),
  async queueSteps(fs, project, config, layer) {
    if (config.queue === 'none') {
      if (layer !== undefined) return layerSteps(layer, config.handler);
      // The user's by then: what was left to do in it was said when it was made.
      if (await fs.exists(at(project.root, config.handler))) return [];
      return [
        ...unknownLayerSteps(project),
        project.keyValueStore === 'none'
          ? `Fill in drainQueue in ${config.handler}.`
          : `Call addToOutbox of ${config.handler} where the app changes something.`,
      ];
    }
    const file = queueFile(config);
    const handler = await readText(fs, at(project.root, config.handler));
    const isWired = handler === undefined || handler.includes('sync-queue');
    return [
      `Say in ${file} how a mutation is sent${config.queue === 'custom' ? ', and open your database there' : ''}.`,
      ...(isWired
        ? []
        : [
            `Hand it over in ${config.handler}: import { queue } from '${importSpecifier(config.handler, file)}', and registerBackgroundSync({ queue }).`,
          ]),
    ];
  },
  versionNote: ({ reactNative: { version } }) =>
    isUntested(version)
      ? `React Native ${version} is newer than this bgsync was tested with.`
      : undefined,
  requireBuildable(fs, project, config) {
    if (config.queue === 'drift') {
      throw new UserError(
        'drift is a database of Dart: a queue of this app cannot be kept in it.',
        {
          hint: '`--queue op-sqlite`, `--queue expo-sqlite`, or `--queue custom`.',
        },
      );
    }
    return refuseSwiftPackages(fs, project, config);
  },
  async findCompileProblem(fs, { root }, config) {
    const problem = findTypeScriptProblem(await readTypeScriptProjects(fs, root), config);
    if (problem === undefined) return undefined;
    const { path, reason, moduleDir } = problem;
    const instead =
      moduleDir === undefined
        ? 'Add the folder to its include, or leave the handler out of it'
        : `Put the package into ${moduleDir} (--module-dir, or moduleDir in ${CONFIG_FILE}), or add the folder to it`;
    return { message: `${path}: ${reason}: tsc stops. ${instead}.`, moduleDir };
  },
};

/** The line of it that people read. */
export const describeReactNative = ({
  version,
  isInstalled,
}: ReactNativeFacts): [string, string] => [
  'React Native',
  isInstalled ? version : `${version} (from package.json; not installed)`,
];

/** @param store which the app has */
export const inReactNativeRuntime = (store: KeyValueStore = 'none'): HostRuntime => ({
  host: 'react-native',
  store,
  flutter: { library: '', statements: [], migrations: [] },
});

/** @param ofHost what only one of the two kinds has */
export const layersOf = ({ queue, platforms }: Config, ...ofHost: readonly Layer[]): HostLayer[] =>
  inTheUsualFolders([
    'package',
    'react-native',
    'typescript',
    ...platforms.flatMap((name) => [name, `react-native-${name}`] as const),
    ...ofHost,
    ...(queue === 'none' ? [] : (['queue'] as const)),
  ]);

/** The TypeScript stays as it is: without a native module it does nothing, and what imports it goes on compiling. */
export const retiredLayersOf = (
  platforms: readonly Platform[],
  ...ofHost: readonly Layer[]
): HostLayer[] =>
  inTheUsualFolders([
    'typescript',
    'retired',
    'retired-react-native',
    ...ofHost,
    ...platforms.flatMap((name) => [`retired-${name}`, `retired-react-native-${name}`] as const),
  ]);

const inTheUsualFolders = (layers: readonly Layer[]): HostLayer[] =>
  layers.map((layer) => ({ layer }));

function handlerFile(): HandlerFile<JavaScriptProject & Project> {
  return {
    defaultPath: ({ usesTypeScript }) => `src/background-sync.${usesTypeScript ? 'ts' : 'js'}`,
    pattern: /\.[jt]sx?$/,
    kinds: 'a .ts, .tsx, .js or .jsx file',
    template({ queue }, layer) {
      if (layer !== undefined) return `handler/layers/${layer.id}.ejs`;
      return queue === 'none' ? 'handler/background-sync.ejs' : 'handler/background-sync-queue.ejs';
    },
    findLayer: findHandlerLayer,
    queueTemplate: 'handler/sync-queue.ejs',
    requireFree: requireFreeHandler,
    movedImports: (source, handler, from, to) =>
      movedImports(
        source,
        importSpecifier(handler, `${from}/src`),
        importSpecifier(handler, `${to}/src`),
      ),
    handOver: (name) => `registerBackgroundSync({ name: '${name}', queue: … })`,
  };
}

/** The lines of a file that import from a folder, with its new name. */
function movedImports(source: string, old: string, now: string): string {
  const move = (line: string): string =>
    ["'", '"'].reduce(
      (text, quote) =>
        text
          .replaceAll(quote + old + quote, () => quote + now + quote)
          .replaceAll(`${quote}${old}/`, () => `${quote}${now}/`),
      line,
    );
  const lines = source.split(/\r?\n/);
  return lines
    .filter((line) => move(line) !== line)
    .map(move)
    .join('\n');
}

interface SqlitePackages {
  readonly library: SqliteLibrary;
  /** Keeps the key of the database. */
  readonly keychain: string;
  /** @param add how the app's package manager adds a package */
  readonly install: (add: string) => string;
  /** Where SQLCipher is switched on. */
  readonly setting: string;
}

const SQLITE_PACKAGES: Partial<Record<QueueDriver, SqlitePackages>> = {
  'op-sqlite': {
    library: '@op-engineering/op-sqlite',
    keychain: 'react-native-keychain',
    install: (add) => add,
    setting: 'Add "op-sqlite": { "sqlcipher": true } to package.json',
  },
  'expo-sqlite': {
    library: 'expo-sqlite',
    keychain: 'expo-secure-store',
    install: () => 'npx expo install',
    setting:
      'Add ["expo-sqlite", { "useSQLCipher": true }] to the plugins of the app config, then prebuild',
  },
};

/** What a driver needs and the app does not have. */
async function sqliteSteps(
  fs: FileSystem,
  { root, packageManager }: JavaScriptProject,
  driver: QueueDriver,
): Promise<string[]> {
  const sqlite = SQLITE_PACKAGES[driver];
  if (sqlite === undefined) return [];
  const { library, keychain, install, setting } = sqlite;
  const manifest = await requirePackageJson(fs, root);
  const missing = [library, keychain].filter((name) => declaredRange(manifest, name) === undefined);
  const files = { read: (path: string) => readText(fs, at(root, path)) };
  return [
    ...(missing.length > 0
      ? [`${install(commandsOf(packageManager).add)} ${missing.join(' ')}`]
      : []),
    ...((await hasNoSqlCipher(files, library))
      ? [`${setting}: without it nothing is encrypted, and the queue refuses to open.`]
      : []),
  ];
}

/** @throws UserError where React Native comes as Swift packages: its generator refuses a package of Swift and Objective-C */
async function refuseSwiftPackages(
  fs: FileSystem,
  { root, ios }: Project,
  { platforms }: Config,
): Promise<void> {
  if (!platforms.includes('ios')) return;
  const projects = (ios?.targets ?? []).map(({ project }) => project);
  const found = await findSwiftPackageProject(projects, (path) => fs.exists(at(root, path)));
  if (found === undefined) return;
  throw new UserError(`${found} gets React Native by Swift Package Manager, not by CocoaPods.`, {
    hint: 'The background sync is a pod of Swift and Objective-C++, which `react-native spm` refuses in one package: the app would not build. Go back to CocoaPods with `npx react-native spm deinit` and `pod install`, or leave iOS out: `npx bgsync init --platform android`, or "platforms": ["android"] in bgsync.config.json.',
  });
}

/** @param command what takes the package out of the native projects; undefined where nothing has to */
export function stepsAfterRemoval({ edits }: LockFile, command: string | undefined): string {
  const install = edits.some(({ id }) => id === PIN.id) ? 'your package manager again' : undefined;
  const steps = [install, command].filter((step) => step !== undefined);
  return steps.length === 0
    ? 'Rebuild the app.'
    : `Run ${steps.join(', then ')}, and rebuild the app.`;
}
