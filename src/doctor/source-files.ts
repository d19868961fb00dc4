import { posix } from 'node:path';
import { maskSource } from '../formats/source.ts';
import type { MaskedSource, SourceLanguage, StringLiteral } from '../formats/source.ts';
import { SCRIPT, SCRIPT_OF_TESTS } from '../project/app-sources.ts';
import { pathPackages } from '../project/pubspec.ts';
import type { RepoFiles } from '../project/repo-files.ts';
import { isEntered, walkFiles } from '../project/walk.ts';

/** A source file of the app. What needs work is done when it is first asked for. */
export interface SourceFile {
  /** Relative to the repo's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments and what is inside strings as spaces; offsets are those of `text`. */
  readonly code: string;
  /** The text with comments alone as spaces. */
  readonly noComments: string;
  readonly strings: readonly StringLiteral[];
  /** 1-based. */
  line(offset: number): number;
}

export class MaskedFile implements SourceFile {
  readonly path: string;
  readonly text: string;
  private readonly language: SourceLanguage;
  private readonly onOpen: (() => void) | undefined;
  private masked: MaskedSource | undefined;
  private lineStarts: readonly number[] | undefined;

  /** @param onOpen called once it is masked, where it ends inside of a block */
  constructor(path: string, text: string, language: SourceLanguage, onOpen?: () => void) {
    this.path = path;
    this.onOpen = onOpen;
    this.text = text;
    this.language = language;
  }

  get code(): string {
    return this.mask().code;
  }

  get noComments(): string {
    return this.mask().noComments;
  }

  get strings(): readonly StringLiteral[] {
    return this.mask().strings;
  }

  line(offset: number): number {
    this.lineStarts ??= [0, ...[...this.text.matchAll(/\n/g)].map(({ index }) => index + 1)];
    let low = 0;
    let high = this.lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? Infinity) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  private mask(): MaskedSource {
    if (this.masked === undefined) {
      this.masked = maskSource(this.text, this.language);
      if (this.onOpen !== undefined && endsInside(this.masked.code)) this.onOpen();
    }
    return this.masked;
  }
}

/** Whether more blocks are opened than closed. Branches of `#if` may each have half of a pair: then no one can say. */
function endsInside(code: string): boolean {
  let depth = 0;
  for (let at = 0; at < code.length; at += 1) {
    const unit = code.charCodeAt(at);
    if (unit === 0x7b) depth += 1;
    else if (unit === 0x7d) depth -= 1;
  }
  return depth > 0 && !/^[ \t]*#[ \t]*if/m.test(code);
}

const EXTENSIONS: Readonly<Record<SourceLanguage, RegExp>> = {
  swift: /\.swift$/,
  objc: /\.(?:mm?|h)$/,
  kotlin: /\.kt$/,
  java: /\.java$/,
  javascript: SCRIPT,
  dart: /\.dart$/,
};

const TESTS: Readonly<Record<SourceLanguage, RegExp>> = {
  swift: /(?:^|\/)[^/]*Tests\//,
  objc: /(?:^|\/)[^/]*Tests\//,
  kotlin: /\/src\/(?:test|androidTest)[^/]*\//,
  java: /\/src\/(?:test|androidTest)[^/]*\//,
  javascript: SCRIPT_OF_TESTS,
  // What build_runner writes beside the sources is not the app's own.
  dart: /_test\.dart$|\.(?:g|freezed|mocks|config|gr)\.dart$/,
};

/**
 * Folders of the root whose JavaScript is not the app's by their name, unless its own code imports from them: of other
 * platforms, of tools and tests, of a server, of other packages.
 */
const NOT_THE_APPS = new Set(
  [
    'android ios windows macos web www public static assets resources',
    'docs documentation website site example examples demo storybook',
    'e2e cypress detox maestro test tests spec specs jest benchmark benchmarks',
    'scripts script tools bin ci patches plugins config-plugins codemods generators templates',
    'server backend functions cloud infra cdk terraform supabase prisma migrations',
    'packages apps libs out tmp temp target',
  ].flatMap((names) => names.split(' ')),
);

/** Settings of tools, which import plugins and scripts: `app.config.ts`, `.eslintrc.js`. */
const TOOLS_OWN = /\.config\.[cm]?[jt]sx?$|rc\.[cm]?js$/;

const LIMITS = { files: 5000, folders: 5000, depth: 24 };
const MOST_BYTES = 64 * 1024 * 1024;

export interface SourceRoots {
  /** Folders with Xcode projects, '' for the root. */
  readonly ios: readonly string[];
  /** Folders with Gradle projects. */
  readonly android: readonly string[];
  readonly hasJavaScript: boolean;
  readonly hasDart: boolean;
  /** What bgsync generated: it is not the app's own. */
  readonly generated: string | undefined;
}

/** Finds the app's own sources, each folder walked and each file read once, and only when a check asks. */
export class Sources {
  private readonly files: RepoFiles;
  private readonly roots: () => Promise<SourceRoots>;
  private readonly lists = new Map<SourceLanguage, Promise<readonly string[]>>();
  private readonly searched = new Map<string, Promise<ReadonlySet<string>>>();
  private readonly opened = new Map<string, Promise<SourceFile | undefined>>();

  constructor(files: RepoFiles, roots: () => Promise<SourceRoots>) {
    this.files = files;
    this.roots = roots;
  }

  /** @param needles only files that have one of these; undefined for all */
  async find(
    language: SourceLanguage,
    needles?: readonly string[],
  ): Promise<readonly SourceFile[]> {
    const paths = await this.paths(language);
    const having = await Promise.all(
      (needles ?? []).map((needle) => this.having(language, needle)),
    );
    const found: SourceFile[] = [];
    for (const path of paths) {
      if (needles !== undefined && !having.some((some) => some.has(path))) continue;
      const file = await this.open(path, language);
      if (file !== undefined) found.push(file);
    }
    return found;
  }

  /** Whether a file has one of these. */
  async has(language: SourceLanguage, needles: readonly string[]): Promise<boolean> {
    for (const needle of needles) {
      if ((await this.having(language, needle)).size > 0) return true;
    }
    return false;
  }

  /** The files with a text in them, looked through once: many checks ask for the same. */
  private having(language: SourceLanguage, needle: string): Promise<ReadonlySet<string>> {
    const key = `${language} ${needle}`;
    const known = this.searched.get(key) ?? this.search(language, needle);
    this.searched.set(key, known);
    return known;
  }

  private async search(language: SourceLanguage, needle: string): Promise<ReadonlySet<string>> {
    const found = new Set<string>();
    for (const path of await this.paths(language)) {
      const bytes = await this.files.bytes(path);
      if (bytes?.includes(needle) === true) found.add(path);
    }
    return found;
  }

  /** One object for a file, whoever asks at the same time: what is known of it hangs on that. */
  private open(path: string, language: SourceLanguage): Promise<SourceFile | undefined> {
    const known = this.opened.get(path) ?? this.make(path, language);
    this.opened.set(path, known);
    return known;
  }

  private async make(path: string, language: SourceLanguage): Promise<SourceFile | undefined> {
    const text = await this.files.read(path);
    if (text === undefined) return undefined;
    // JavaScript is parsed: the parser says it.
    const isParsed = language === 'javascript';
    const onOpen = (): void => {
      this.files.note(path, 'it is cut, or does not compile: a block of it is not closed');
    };
    return new MaskedFile(path, text, language, isParsed ? undefined : onOpen);
  }

  /** Those of the language that fit into the limits, in the order of their paths. */
  private paths(language: SourceLanguage): Promise<readonly string[]> {
    const known = this.lists.get(language);
    if (known !== undefined) return known;
    const listed = this.list(language).then((paths) => this.withinBytes(language, paths));
    this.lists.set(language, listed);
    return listed;
  }

  private async list(language: SourceLanguage): Promise<string[]> {
    const { ios, android, hasJavaScript, hasDart, generated } = await this.roots();
    const folders: string[] = [];
    const accept = (path: string): boolean =>
      EXTENSIONS[language].test(path) && !TESTS[language].test(path);
    const paths = new Set<string>();
    let leftOut: readonly string[] = [];
    if (language === 'javascript') {
      if (!hasJavaScript) return [];
      const entries = await this.files.entries('');
      for (const { name, kind } of entries) {
        if (kind === 'file' && accept(name)) paths.add(name);
      }
      const entered = entries
        .filter((entry) => entry.kind === 'directory' && isEntered(entry))
        .map(({ name }) => name);
      folders.push(...entered.filter((name) => !NOT_THE_APPS.has(name)));
      leftOut = entered.filter((name) => NOT_THE_APPS.has(name));
    } else if (language === 'dart') {
      // The app's own code is in lib/, and in that of packages of its repo: https://dart.dev/tools/pub/package-layout
      const packages = hasDart ? ['', ...(await pathPackages(this.files)).keys()] : [];
      folders.push(...new Set(packages.map((folder) => posix.join(folder, 'lib'))));
    } else {
      const isApple = language === 'swift' || language === 'objc';
      folders.push(...(isApple ? ios : android));
      // Native modules of the app itself, as `create-expo-module --local` makes them.
      if (hasJavaScript) folders.push('modules');
    }
    const enter = (path: string): boolean => path !== generated;
    const isGenerated = (folder: string): boolean =>
      generated !== undefined && folder.startsWith(`${generated}/`);
    const add = async (below: readonly string[]): Promise<void> => {
      for (const folder of below.filter((one) => !isGenerated(one))) {
        for (const path of await walkFiles(this.files, folder, { limits: LIMITS, accept, enter })) {
          paths.add(path);
        }
      }
    };
    await add(folders);
    let asked = new Set<string>();
    while (leftOut.length > 0 && asked.size < paths.size) {
      const imported = await this.importedFolders(
        [...paths].filter((path) => !asked.has(path)),
        leftOut,
      );
      asked = new Set(paths);
      leftOut = leftOut.filter((name) => !imported.includes(name));
      await add(imported);
    }
    return [...paths].sort();
  }

  /** Of these folders of the root those that a file imports from: `./libs/sync`, `../libs/sync`, `@/libs/sync`. */
  private async importedFolders(
    paths: readonly string[],
    folders: readonly string[],
  ): Promise<readonly string[]> {
    const found = new Set<string>();
    const inSource = new Set((await this.files.entries('src')).map(({ name }) => name));
    for (const path of paths.filter((one) => !TOOLS_OWN.test(one))) {
      const bytes = await this.files.bytes(path);
      for (const folder of folders) {
        if (found.has(folder) || bytes?.includes(`/${folder}`) !== true) continue;
        const specifiers = new RegExp(`['"\`]([.@~][./]*/)${folder}(?=[/'"\`])`, 'g');
        const isImported = [...bytes.toString().matchAll(specifiers)].some(([, before = '']) =>
          before.startsWith('.')
            ? posix.join(posix.dirname(path), before, folder) === folder
            : !inSource.has(folder),
        );
        if (isImported) found.add(folder);
      }
    }
    return [...found];
  }

  /** Reads them in parallel, a few at a time, until the bytes are used up. */
  private async withinBytes(
    language: SourceLanguage,
    paths: readonly string[],
  ): Promise<readonly string[]> {
    let bytes = 0;
    for (let at = 0; at < paths.length; at += 64) {
      const some = await Promise.all(
        paths.slice(at, at + 64).map((path) => this.files.bytes(path)),
      );
      for (const [index, content] of some.entries()) {
        bytes += content?.length ?? 0;
        if (bytes <= MOST_BYTES && at + index < LIMITS.files) continue;
        const cut = paths[at + index] ?? '.';
        this.files.note(cut, `too many ${language} files: from this one on none was looked at`);
        return paths.slice(0, at + index);
      }
    }
    return paths;
  }
}
