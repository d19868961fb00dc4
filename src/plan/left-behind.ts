import type { Node } from '@babel/types';
import { join, posix, relative } from 'node:path';
import { CONFIG_FILE } from '../config.ts';
import { UserError } from '../errors.ts';
import { OLDER_POD, PACKAGE_NAME, POD } from '../facts.ts';
import type { FileSystem } from '../file-system.ts';
import { literalText, propertyName } from '../formats/javascript.ts';
import { javaScriptMentions, jsonMentions, lineMentions } from '../formats/mentions.ts';
import type { Mention } from '../formats/mentions.ts';
import { maskSource } from '../formats/source.ts';
import type { SourceLanguage } from '../formats/source.ts';
import { at } from '../place.ts';
import { isIgnored, readIgnoreFiles } from '../project/ignored.ts';
import { requirePackageJson } from '../project/package-json.ts';
import { RepoFiles } from '../project/repo-files.ts';
import { walkFiles } from '../project/walk.ts';
import type { LockFile } from './lock-file.ts';
import { overlay } from './overlay.ts';
import { afterOf } from './plan.ts';
import type { FileChange, ManualStep } from './plan.ts';

/** A walk that reaches a limit is said. */
const LIMITS = { files: 20_000, folders: 10_000, depth: 24 };

const REASON = 'it was put there by hand, or is not as bgsync put it there';

/**
 * What would still name the generated package, the files that go with it, or its iOS task, once these changes are made: a
 * plugin in the app config, an entry in react-native.config, an import, a permitted identifier, a line of a build or ignore
 * file. It was completed by hand, or written by hand since. Reads only.
 *
 * @param root of the app, absolute
 * @returns one for each place, with its line in the file as it will be
 */
export async function findLeftBehind(
  fs: FileSystem,
  root: string,
  lock: LockFile,
  changes: readonly FileChange[],
): Promise<ManualStep[]> {
  const realRoot = await fs.realpath(at(root, ''));
  const changed = new Map<string, string | null>();
  for (const change of changes) {
    const place = at(root, change.path);
    changed.set(place.absolute, afterOf(change) ?? null);
    // What a link leads to is found under its own name.
    if (change.kind !== 'edit') continue;
    changed.set(join(root, relative(realRoot, await fs.realpath(place))), change.after);
  }
  const after = overlay(fs, changed);
  const files = new RepoFiles(after, root);
  const deleted = changes.flatMap(({ kind, path }) => (kind === 'delete' ? [path] : []));
  const gone = new Gone(lock, deleted, await dependenciesOf(after, root));
  const ignores = await readIgnoreFiles(fs, root);
  const isGenerated = (folder: string): boolean =>
    ['ios', 'android'].includes(folder) && isIgnored(ignores, folder);

  const paths = await walkFiles(files, '', {
    limits: LIMITS,
    accept: (path) => READ.test(path) && !NOT_READ.test(path) && path !== lock.handler,
    enter: (path) => path !== lock.moduleDir && !isGenerated(path),
    withTests: true,
  });
  const steps: ManualStep[] = [];
  const look = (path: string, text: string): void => {
    for (const { line, text: snippet } of gone.mentions(path, text)) {
      const purpose = gone.isTaskAlone(snippet)
        ? 'lets iOS start the task, which goes away'
        : 'names what goes away';
      steps.push({ path, line, purpose, reason: REASON, snippet, action: 'remove' });
    }
  };
  for (const path of paths) {
    const bytes = await files.bytes(path);
    if (bytes === undefined || !gone.needles.some((needle) => bytes.includes(needle))) continue;
    const text = await files.read(path);
    if (text !== undefined) look(path, text);
  }
  for (const { path, text } of ignores.files) if (path.startsWith('../')) look(path, text);
  const cut = files.notes.filter(({ reason }) => reason.startsWith('it is too large'));
  for (const { path, reason } of cut) {
    steps.push({ path, purpose: 'may name what goes away', reason, snippet: '' });
  }
  return steps;
}

/** Where an app names things: code, and the settings of its tools. */
const READ =
  /\.(?:[cm]?[jt]sx?|json5?|ya?ml|toml|gradle|kts|properties|kt|java|swift|mm?|h|xml|plist|pbxproj|xcconfig|entitlements)$|(?:^|\/)(?:Podfile|\.[\w-]*ignore|\.[\w-]+rc)$/;

/** What tools write, from what is read here. */
const NOT_READ = new RegExp(
  String.raw`(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|bgsync\.lock\.json)$|^${CONFIG_FILE.replaceAll('.', String.raw`\.`)}$`,
);

async function dependenciesOf(
  fs: FileSystem,
  root: string,
): Promise<Readonly<Record<string, string>>> {
  try {
    const { dependencies, devDependencies } = await requirePackageJson(fs, root);
    return { ...devDependencies, ...dependencies };
  } catch (error) {
    if (error instanceof UserError) return {};
    throw error;
  }
}

/** What goes away, and by which texts an app names it. */
class Gone {
  /** Bytes of which a file that names any of it has one. */
  readonly needles: readonly string[];
  private readonly moduleDir: string;
  private readonly taskIds: readonly string[];
  private readonly files: ReadonlySet<string>;
  private readonly dependencies: Readonly<Record<string, string>>;
  private readonly folder: RegExp;

  /** @param files that are deleted, relative to the app's root */
  constructor(
    { moduleDir, taskIds }: LockFile,
    files: readonly string[],
    dependencies: Readonly<Record<string, string>>,
  ) {
    this.moduleDir = moduleDir;
    this.taskIds = taskIds;
    this.files = new Set(files.filter((path) => !path.startsWith(`${moduleDir}/`)));
    this.dependencies = dependencies;
    const name = escape(moduleDir);
    // A folder's name alone is a word like another.
    this.folder = moduleDir.includes('/')
      ? new RegExp(String.raw`(?<![\w.-])${name}(?![\w-])`)
      : new RegExp(String.raw`(?<=/)${name}(?![\w-])|(?<![\w.-])${name}(?=/)`);
    const names = [moduleDir, ...[...this.files].map(withoutExtension)];
    this.needles = [
      ...new Set([...names.map((path) => posix.basename(path)), ...taskIds]),
      ...[PACKAGE_NAME, 'dev.bgsync', POD, OLDER_POD],
    ];
  }

  mentions(path: string, text: string): Mention[] {
    if (/\.[cm]?[jt]sx?$/.test(path)) return this.inJavaScript(path, text);
    if (/\.json5?$|rc$/.test(path)) {
      // Deeper ones are data.
      return path.split('/').length > 2 ? [] : this.inJson(path, text);
    }
    const language = NATIVE[posix.extname(path)];
    if (language !== undefined) {
      const { code, noComments } = maskSource(text, language);
      const source = language === 'objc' ? noComments : code;
      return lineMentions(text, (line) => isInCode(line, language), source);
    }
    return lineMentions(text, (line) => this.isInSettings(line), withoutComments(path, text));
  }

  /** Whether lines say no more than the id of the task. */
  isTaskAlone(lines: string): boolean {
    return this.hasTaskId(lines) && !this.folder.test(lines);
  }

  private inJavaScript(path: string, text: string): Mention[] {
    const isSettings = !path.includes('/');
    return javaScriptMentions(text, path, {
      isNamed: (value) =>
        this.isPath(value, path) ||
        (isSettings && (this.folder.test(value) || this.taskIds.includes(value))),
      isImported: (specifier) => this.isSpecifier(specifier, path),
      isEntry: (name, value) => isSettings && name === PACKAGE_NAME && this.isOurEntry(path, value),
    });
  }

  private inJson(file: string, text: string): Mention[] {
    return jsonMentions(
      text,
      (value, path) =>
        this.isPath(value, file) ||
        this.isPath(`./${value}`, file) ||
        this.folder.test(value) ||
        this.taskIds.includes(value) ||
        (path.at(-1) === PACKAGE_NAME && value.startsWith('workspace:')),
    );
  }

  /** An entry of react-native.config, which is someone else's where it names another folder. */
  private isOurEntry(path: string, value: Node): boolean {
    if (!path.startsWith('react-native.config.') || value.type !== 'ObjectExpression') return false;
    const root = value.properties.find(
      (property) =>
        property.type === 'ObjectProperty' &&
        propertyName(property.key, property.computed) === 'root',
    );
    const text = root?.type === 'ObjectProperty' ? literalText(root.value) : undefined;
    return text === undefined || this.isPath(text, path) || this.folder.test(text);
  }

  /** Whether a path that is written in a file leads to what is gone. */
  private isPath(value: string, from: string): boolean {
    const text = value.replace(/^(?:file|link|portal):/, '').replace(/^<rootDir>\//, './');
    if (!/^\.{1,2}\//.test(text)) return false;
    const folder = text === value ? posix.dirname(from) : '';
    return this.isGone(posix.join(folder, text));
  }

  private isSpecifier(specifier: string, from: string): boolean {
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) return this.isPath(specifier, from);
    const [first = '', second = '', ...rest] = specifier.split('/');
    if (first === PACKAGE_NAME) {
      const declared = this.dependencies[PACKAGE_NAME];
      return declared === undefined || /^(?:file|link|portal|workspace):/.test(declared);
    }
    // `@/background-sync` and `src/background-sync`, by an alias or a base folder.
    const isPackage = [first, `${first}/${second}`].some((one) => one in this.dependencies);
    if (second === '' || isPackage) return false;
    return [specifier, [second, ...rest].join('/')].some((tail) => this.isTail(tail));
  }

  /** Whether a path with at least one folder is the end of one that is gone. */
  private isTail(tail: string): boolean {
    const ends = (path: string): boolean => path === tail || path.endsWith(`/${tail}`);
    if ([...this.files].some((path) => ends(path) || ends(withoutExtension(path)))) return true;
    const parts = this.moduleDir.split('/');
    return parts.some((_part, index) => {
      const end = parts.slice(index).join('/');
      return tail === end || tail.startsWith(`${end}/`);
    });
  }

  private isGone(path: string): boolean {
    const target = posix.normalize(path).replace(/\/$/, '');
    if (target === this.moduleDir || target.startsWith(`${this.moduleDir}/`)) return true;
    return ['', '.ts', '.tsx', '.js', '.jsx', '/index.ts', '/index.js'].some((end) =>
      this.files.has(target + end),
    );
  }

  /** Build scripts, plists, ignore files and the like. */
  private isInSettings(line: string): boolean {
    return (
      this.folder.test(line) ||
      this.hasTaskId(line) ||
      /(['"]):background-sync\1/.test(line) ||
      /\bpod\s*(?:\(\s*)?['"](?:Bgsync|BackgroundSync)['"/]/.test(line) ||
      /["']dev\.bgsync\.[A-Z]/.test(line)
    );
  }

  private hasTaskId(line: string): boolean {
    return this.taskIds.some((id) =>
      new RegExp(String.raw`(?<![\w.-])${escape(id)}(?![\w.-])`).test(line),
    );
  }
}

/** What would not compile any more. */
function isInCode(line: string, language: SourceLanguage): boolean {
  if (language === 'kotlin' || language === 'java') return /(?<![\w.])dev\.bgsync\.\w/.test(line);
  return (
    /^\s*(?:@\w+\s+)*@?import\s+(?:Bgsync|BackgroundSync)\b/.test(line) ||
    /^\s*#import\s+[<"](?:Bgsync|BackgroundSync)[/-]/.test(line) ||
    /\bBackgroundSync\s*\.\s*hostProvider\b/.test(line)
  );
}

const NATIVE: Readonly<Record<string, SourceLanguage>> = {
  '.kt': 'kotlin',
  '.java': 'java',
  '.swift': 'swift',
  '.m': 'objc',
  '.mm': 'objc',
  '.h': 'objc',
};

const withoutExtension = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, '');

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);

/** With comments as spaces, by the format that the file's name tells. */
function withoutComments(path: string, text: string): string {
  if (/\.(?:gradle|kts)$/.test(path)) return maskSource(text, 'kotlin').noComments;
  if (/\.(?:xml|plist)$/.test(path)) {
    return text.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => comment.replace(/[^\r\n]/g, ' '));
  }
  return text.replace(/^[\t ]*#[^\r\n]*/gm, (comment) => ' '.repeat(comment.length));
}
