import { join } from 'node:path';
import { CONFIG_FILE } from '../../config.ts';
import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import type { FileSystem } from '../../file-system.ts';
import type { EditResult } from '../../formats/edit.ts';
import { ensureEntryImport } from '../../formats/entry.ts';
import { createReactNativeConfig, ensureReactNativeDependency } from '../../formats/js-config.ts';
import { ensureDevDependency } from '../../formats/json.ts';
import { ensurePlistArrays, formatPlistArrays } from '../../formats/plist.ts';
import { LOCK_FILE, formatLockFile, lockFiles, parseLockFile } from '../../plan/lock-file.ts';
import type { LockFile, LockedEdit } from '../../plan/lock-file.ts';
import { sha256 } from '../../plan/plan.ts';
import type { FileChange, ManualStep, Plan } from '../../plan/plan.ts';
import { entriesOf, infoPlistsOf } from '../../project/project.ts';
import type { Project } from '../../project/project.ts';
import { readText } from '../../project/read-text.ts';
import { PACKAGE_NAME } from '../../templates/model.ts';
import type { TemplateModel } from '../../templates/model.ts';
import { renderFile, renderLayer } from '../../templates/render.ts';
import { VERSION } from '../../version.ts';
import { importSpecifier, templateModel } from './model.ts';

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

/** The Info.plist entries without which iOS refuses the task. */
const plistEntries = (config: Config) => [
  { key: 'UIBackgroundModes', values: ['processing'] },
  { key: 'BGTaskSchedulerPermittedIdentifiers', values: [config.taskId] },
];

/**
 * What has to change in the app for this config: the generated package, the user's own two files, and the small edits
 * that link them. Reads only.
 *
 * @throws UserError where the package's folder holds something else
 */
export async function planReactNative(fs: FileSystem, request: PlanRequest): Promise<Plan> {
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

  await planAutolinking(planner, project, config);
  if (config.platforms.includes('ios')) await planInfoPlists(planner, project, config);
  await planEntries(planner, project, config);
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

async function planAutolinking(planner: Planner, project: Project, config: Config): Promise<void> {
  const purpose = 'links the generated package (autolinking)';
  const entry = { name: PACKAGE_NAME, root: config.moduleDir };
  const file = project.reactNativeConfig ?? 'react-native.config.js';
  const esm = file.endsWith('.mjs') || (project.isEsm && !file.endsWith('.cjs'));
  if (project.reactNativeConfig === undefined) {
    await planner.create(file, purpose, () =>
      createReactNativeConfig({ ...entry, esm, lineEnding: '\n' }),
    );
  } else {
    await planner.edit(file, purpose, (source) =>
      ensureReactNativeDependency(source, { ...entry, file, esm }),
    );
  }
}

async function planInfoPlists(planner: Planner, project: Project, config: Config): Promise<void> {
  const purpose = 'lets iOS start the task';
  const wanted = plistEntries(config);
  const plists = infoPlistsOf(project);
  for (const path of plists) {
    await planner.edit(path, purpose, (source) => ensurePlistArrays(source, wanted));
  }
  const snippet = formatPlistArrays(wanted);
  for (const { path, reason } of project.ios?.problems ?? []) {
    planner.manual({ path, purpose: `${purpose}: in that target’s Info.plist`, reason, snippet });
  }
  if (project.ios !== undefined && plists.length === 0 && project.ios.problems.length === 0) {
    const reason = 'the Xcode project has no iOS app target';
    planner.manual({ path: 'ios', purpose, reason, snippet });
  }
}

async function planEntries(planner: Planner, project: Project, config: Config): Promise<void> {
  const purpose = 'loads your handler when the app starts';
  const entries = entriesOf(project, config.platforms);
  for (const { path } of entries) {
    const specifier = importSpecifier(path, config.handler);
    await planner.edit(path, purpose, (source) =>
      ensureEntryImport(source, { file: path, specifier }),
    );
  }
  if (entries.length === 0) {
    planner.manual({
      path: 'index.js',
      purpose,
      reason: 'no entry file was found (index.js, index.<platform>.js, or main in package.json)',
      snippet: `import '${importSpecifier('index.js', config.handler)}';`,
    });
  }
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

/** Collects a plan, file by file. */
class Planner {
  private readonly changes: FileChange[] = [];
  private readonly steps: ManualStep[] = [];
  private readonly kept: string[] = [];
  private readonly recorded: LockedEdit[] = [];
  private readonly fs: FileSystem;
  private readonly root: string;

  constructor(fs: FileSystem, root: string) {
    this.fs = fs;
    this.root = root;
  }

  plan(): Plan {
    return { changes: this.changes, manual: this.steps, kept: this.kept };
  }

  edits(): readonly LockedEdit[] {
    return this.recorded;
  }

  manual(step: ManualStep): void {
    this.steps.push(step);
  }

  /** @param locked the hash of what was generated there before */
  async generate(path: string, after: string, locked: string | undefined): Promise<void> {
    const before = await this.read(path);
    const reason = 'generated package';
    if (before === after) return;
    if (before === undefined) {
      this.changes.push({ kind: 'create', path, reason, after });
    } else if (locked !== undefined && sha256(before) === locked) {
      this.changes.push({ kind: 'replace', path, reason, before, after });
    } else if (locked !== undefined && sha256(after) === locked) {
      this.kept.push(path);
    } else {
      this.steps.push({
        path,
        purpose: 'the generated package',
        reason: 'you changed it, and there is a newer version of it',
        snippet: '',
      });
    }
  }

  /** A file that becomes the user's own: made once, never touched again. */
  async create(path: string, reason: string, text: () => string): Promise<void> {
    if ((await this.read(path)) !== undefined) return;
    const after = text();
    this.changes.push({ kind: 'create', path, reason, after });
    this.recorded.push({ path, kind: 'created', sha256: sha256(after) });
  }

  async edit(path: string, reason: string, edit: (source: string) => EditResult): Promise<void> {
    const before = await this.read(path);
    if (before === undefined) return;
    const result = edit(before);
    if (result.status === 'changed') {
      const { text: after, insertions } = result;
      this.changes.push({ kind: 'edit', path, reason, before, after, insertions });
      this.recorded.push({ path, kind: 'inserted', sha256: sha256(after), insertions });
    } else if (result.status === 'manual') {
      const { snippet } = result;
      this.steps.push({ path, purpose: reason, reason: result.reason, snippet });
    }
  }

  async lock(path: string, lock: LockFile): Promise<void> {
    const before = await this.read(path);
    const after = formatLockFile(lock);
    const reason = 'what was generated and edited';
    if (before === after) return;
    this.changes.push(
      before === undefined
        ? { kind: 'create', path, reason, after }
        : { kind: 'replace', path, reason, before, after },
    );
  }

  private read(path: string): Promise<string | undefined> {
    return readText(this.fs, join(this.root, path));
  }
}
