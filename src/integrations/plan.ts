import { join } from 'node:path';
import { CONFIG_FILE } from '../config.ts';
import type { Config } from '../config.ts';
import { UserError } from '../errors.ts';
import type { FileSystem } from '../file-system.ts';
import { ensureDevDependency } from '../formats/json.ts';
import { LOCK_FILE, lockFiles, parseLockFile } from '../plan/lock-file.ts';
import type { LockFile } from '../plan/lock-file.ts';
import type { Plan } from '../plan/plan.ts';
import { Planner } from '../plan/planner.ts';
import type { Project } from '../project/project.ts';
import { readText } from '../project/read-text.ts';
import type { TemplateModel } from '../templates/model.ts';
import { renderFile, renderLayer } from '../templates/render.ts';
import { VERSION } from '../version.ts';
import { templateModel } from './model.ts';
import { planReactNative } from './react-native/plan.ts';

export interface PlanRequest {
  readonly project: Project;
  readonly config: Config;
  /** Put bgsync itself into devDependencies. */
  readonly pin: boolean;
}

/** Everything that the generated package holds, by path inside it; the lock file excepted. */
function renderPackage(config: Config, model: TemplateModel): Map<string, string> {
  const layers = ['package', 'typescript', ...config.platforms] as const;
  return new Map(layers.flatMap((layer) => [...renderLayer(layer, model)]));
}

/**
 * What has to change in the app for this config: the generated package, the user's own two files, and the small edits
 * that link them. Reads only.
 *
 * @throws UserError where the package's folder holds something else
 */
export async function planIntegration(fs: FileSystem, request: PlanRequest): Promise<Plan> {
  const planner = new Planner(fs, request.project.root);
  const { project, config } = request;

  const lock = await readLock(fs, project.root, config);
  const taskIds = [...new Set([...(lock?.taskIds ?? []), config.taskId])];
  const architecture = project.android?.architecture ?? 'new';
  const retired = taskIds.filter((id) => id !== config.taskId);
  const model = templateModel(config, architecture, retired);
  const generated = renderPackage(config, model);
  for (const [path, text] of generated) {
    await planner.generate(`${config.moduleDir}/${path}`, text, lock?.files[path]?.sha256);
  }

  await planner.create(CONFIG_FILE, 'your settings', () => formatConfig(config));
  await planner.create(config.handler, 'your handler: what is synced', () => {
    const isTypeScript = /\.tsx?$/.test(config.handler);
    return renderFile(`handler/background-sync.${isTypeScript ? 'ts' : 'js'}.ejs`, model);
  });

  await planReactNative(planner, project, config);
  if (request.pin) {
    await planner.edit('package.json', 'pins bgsync, so that CI runs what generated', (source) =>
      ensureDevDependency(source, { name: 'bgsync', version: VERSION }),
    );
  }

  await planner.lock(`${config.moduleDir}/${LOCK_FILE}`, {
    lockVersion: 1,
    bgsync: VERSION,
    taskIds,
    files: lockFiles(generated, lock),
    edits: [...(lock?.edits ?? []), ...planner.edits()],
  });
  return planner.plan();
}

async function readLock(
  fs: FileSystem,
  root: string,
  config: Config,
): Promise<LockFile | undefined> {
  const folder = join(root, config.moduleDir);
  const text = await readText(fs, join(folder, LOCK_FILE));
  const lock = text === undefined ? undefined : parseLockFile(text);
  if (lock === undefined && (await fs.list(folder)).length > 0) {
    throw new UserError(
      text === undefined
        ? `${config.moduleDir} is there already, and bgsync did not make it.`
        : `${config.moduleDir}/${LOCK_FILE} cannot be read, so bgsync cannot tell your changes from its own.`,
      {
        hint:
          text === undefined
            ? 'Choose another folder with --module-dir.'
            : `Put it back (git checkout ${config.moduleDir}/${LOCK_FILE}), or remove ${config.moduleDir} to have it made anew.`,
      },
    );
  }
  return lock;
}

function formatConfig(config: Config): string {
  const { platforms, moduleDir, handler, taskId, schedule } = config;
  const document = {
    $schema: `./${moduleDir}/config.schema.json`,
    platforms,
    moduleDir,
    handler,
    taskId,
    schedule,
    ...(platforms.includes('android') ? { android: config.android } : {}),
    ...(platforms.includes('ios') ? { ios: config.ios } : {}),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
