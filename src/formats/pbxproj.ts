import { lineNumber, withoutMark } from './text.ts';

/** Reads project.pbxproj, an OpenStep property list; nothing here writes one. */

export type PbxprojValue = string | Uint8Array | PbxprojValue[] | PbxprojDict;

export interface PbxprojDict {
  [key: string]: PbxprojValue;
}

export class PbxprojSyntaxError extends Error {
  override readonly name = 'PbxprojSyntaxError';
  /** 1 for the first line. */
  readonly line: number;

  constructor(problem: string, line: number) {
    super(`${problem} (line ${line})`);
    this.line = line;
  }
}

export interface AppTarget {
  /** Id of the PBXNativeTarget. */
  readonly id: string;
  readonly name: string;
  readonly configurations: readonly AppTargetConfiguration[];
}

/** Settings as they stand in the project and its xcconfigs: not expanded. */
export interface AppTargetConfiguration {
  readonly name: string;
  readonly infoPlistFile: string | undefined;
  /** GENERATE_INFOPLIST_FILE: Xcode makes an Info.plist, or completes the one there is. */
  readonly generatesInfoPlist: boolean;
  readonly bundleId: string | undefined;
  readonly swiftVersion: string | undefined;
  /** SWIFT_DEFAULT_ACTOR_ISOLATION. */
  readonly defaultActorIsolation: string | undefined;
  /** Whether an xcconfig adds settings or sets them otherwise. */
  readonly hasXcconfig: boolean;
  /** Those whose settings are not among `settings`: they were not handed over. */
  readonly unreadXcconfigs: readonly string[];
  /** The target's settings over its xcconfig's over the project's over its xcconfig's; for {@link resolveBuildPath}. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Parses a whole project.pbxproj.
 *
 * @throws PbxprojSyntaxError where it is none, conflict markers included
 */
export function parsePbxproj(text: string): PbxprojDict {
  const parser = new Parser(text);
  const value = parser.parseDocument();
  if (isDict(value)) return value;
  throw new PbxprojSyntaxError('the top level is not a dictionary', 1);
}

/**
 * The app targets for iOS: native targets of type application that build for iphoneos, in the project's order.
 * App extensions, and apps for watchOS, tvOS or macOS alone, are left out.
 *
 * @param xcconfigs the settings of each xcconfig, by its path as {@link findXcconfigs} gives it
 * @throws PbxprojSyntaxError where the project has no objects
 */
export function findAppTargets(
  project: PbxprojDict,
  xcconfigs: ReadonlyMap<string, PbxprojDict> = new Map(),
): AppTarget[] {
  const objects = objectsOf(project);
  const root = objectOf(objects, own(project, 'rootObject'));
  const paths = pathsOfGroups(objects, root);
  const shared = configurationsOf(objects, root, paths);
  const listed = listOf(own(root, 'targets')).filter((id) => typeof id === 'string');
  const targets: AppTarget[] = [];
  for (const id of new Set(listed.length > 0 ? listed : Object.keys(objects))) {
    const target = objectOf(objects, id);
    if (
      own(target, 'isa') !== 'PBXNativeTarget' ||
      own(target, 'productType') !== 'com.apple.product-type.application'
    ) {
      continue;
    }
    const name = textOf(own(target, 'name')) ?? textOf(own(target, 'productName')) ?? id;
    const configurations = configurationsOf(objects, target, paths);
    const inherited = (configuration: string): BuildConfiguration | undefined =>
      shared.list.find((candidate) => candidate.name === configuration) ??
      shared.list.find((candidate) => candidate.name === shared.defaultName) ??
      shared.list[0];
    const levels = configurations.list.map((configuration) => ({
      configuration,
      levels: levelsOf(configuration, inherited(configuration.name), xcconfigs),
    }));
    if (!levels.some((one) => buildsForIos(one.configuration.name, one.levels))) continue;
    targets.push({
      id,
      name,
      configurations: levels.map((one) => describe(name, one.configuration.name, one.levels)),
    });
  }
  return targets;
}

/**
 * The xcconfigs that configurations are based on, relative to the folder of the .xcodeproj; those of CocoaPods too.
 *
 * @throws PbxprojSyntaxError where the project has no objects
 */
export function findXcconfigs(project: PbxprojDict): string[] {
  const objects = objectsOf(project);
  const paths = pathsOfGroups(objects, objectOf(objects, own(project, 'rootObject')));
  const found = Object.values(objects).map((object) =>
    isDict(object) ? xcconfigOf(objects, object, paths) : undefined,
  );
  return [...new Set(found.filter((path) => path !== undefined))].sort();
}

/** The project's folder of sources, relative to that of the .xcodeproj: almost always `''`. */
export function readProjectFolder(project: PbxprojDict): string {
  const objects = objectsOf(project);
  return textOf(own(objectOf(objects, own(project, 'rootObject')), 'projectDirPath')) ?? '';
}

function objectsOf(project: PbxprojDict): PbxprojDict {
  const objects = own(project, 'objects');
  if (!isDict(objects)) throw new PbxprojSyntaxError('there are no objects in it', 1);
  return objects;
}

/**
 * The folder that the children of each group are relative to. What lies in a place that only a build knows, such as
 * SDKROOT, is left out.
 */
function pathsOfGroups(
  objects: PbxprojDict,
  root: PbxprojDict | undefined,
): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  const waiting: [id: PbxprojValue | undefined, folder: string][] = [[own(root, 'mainGroup'), '']];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [id, folder] = next;
    if (typeof id !== 'string' || paths.has(id)) continue;
    const object = objectOf(objects, id);
    const path = placeOf(object, folder);
    if (object === undefined || path === undefined) continue;
    paths.set(id, path);
    for (const child of listOf(own(object, 'children'))) waiting.push([child, path]);
  }
  return paths;
}

function placeOf(object: PbxprojDict | undefined, folder: string): string | undefined {
  const path = textOf(own(object, 'path')) ?? '';
  const tree = textOf(own(object, 'sourceTree')) ?? '<group>';
  if (tree === '<absolute>') return path;
  if (tree === 'SOURCE_ROOT') return path;
  if (tree !== '<group>') return undefined;
  return [folder, path].filter((part) => part !== '').join('/');
}

function xcconfigOf(
  objects: PbxprojDict,
  configuration: PbxprojDict,
  paths: ReadonlyMap<string, string>,
): string | undefined {
  const reference = textOf(own(configuration, 'baseConfigurationReference'));
  if (reference !== undefined) {
    return paths.get(reference) ?? placeOf(objectOf(objects, reference), '');
  }
  // Xcode 16, in a folder that is synchronized: the anchor is the folder.
  const anchor = textOf(own(configuration, 'baseConfigurationReferenceAnchor'));
  const relative = textOf(own(configuration, 'baseConfigurationReferenceRelativePath'));
  if (anchor === undefined || relative === undefined) return undefined;
  const folder = paths.get(anchor) ?? placeOf(objectOf(objects, anchor), '');
  return folder === undefined ? undefined : [folder, relative].filter(Boolean).join('/');
}

export type ResolvedPath =
  | { readonly path: string; readonly unresolved?: undefined }
  /** `unresolved` is the variable that is not known, with its modifier if it has one. */
  | { readonly path?: undefined; readonly unresolved: string };

/** Longer than any path; ends settings that double each other. */
const LONGEST_PATH = 4096;

/**
 * Expands `$(NAME)`, `${NAME}` and `$(NAME:modifier)` in a build setting, from `vars`. SRCROOT and PROJECT_DIR, where
 * `vars` has none, are `.`: the folder that the .xcodeproj is in.
 */
export function resolveBuildPath(
  raw: string,
  vars: Readonly<Record<string, string>>,
): ResolvedPath {
  let unresolved: string | undefined;
  const known: Record<string, string> = { SRCROOT: '.', PROJECT_DIR: '.', ...vars };

  const expand = (text: string, open: ReadonlySet<string>): string =>
    text.replace(
      /\$(?:\(([^()]*)\)|\{([^{}]*)\})/g,
      (_match, round: string | undefined, curly: string | undefined) => {
        const reference = round ?? curly ?? '';
        const [name = '', ...modifiers] = reference.split(':');
        const value = Object.hasOwn(known, name) ? known[name] : undefined;
        if (unresolved !== undefined) return '';
        if (value === undefined || open.has(name)) {
          const fallback = modifiers.find((modifier) => modifier.startsWith('default='));
          if (fallback !== undefined) return fallback.slice('default='.length);
          unresolved = reference;
          return '';
        }
        let expanded = expand(value, new Set([...open, name]));
        for (const modifier of modifiers) {
          const modified = modify(expanded, modifier);
          if (modified === undefined) unresolved ??= reference;
          else expanded = modified;
        }
        if (expanded.length > LONGEST_PATH) unresolved ??= reference;
        return unresolved === undefined ? expanded : '';
      },
    );

  const path = expand(raw, new Set());
  if (unresolved !== undefined) return { unresolved };
  // A reference inside a reference, as in $(A_$(B)), leaves its outer half.
  const left = /\$[({]([^(){}]*)/.exec(path);
  return left === null ? { path } : { unresolved: left[1] ?? '' };
}

/** The modifiers that names and paths are written with; `undefined` for any other. */
function modify(value: string, modifier: string): string | undefined {
  if (modifier === 'rfc1034identifier') return value.replace(/[^A-Za-z0-9.-]/g, '-');
  if (modifier === 'c99extidentifier' || modifier === 'identifier') {
    return value.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=[0-9])/, '_');
  }
  if (modifier === 'lower') return value.toLowerCase();
  if (modifier === 'upper') return value.toUpperCase();
  return modifier.startsWith('default=') ? value : undefined;
}

interface BuildConfiguration {
  readonly name: string;
  readonly settings: PbxprojDict;
  readonly hasXcconfig: boolean;
  readonly xcconfig: string | undefined;
}

interface ConfigurationList {
  readonly list: readonly BuildConfiguration[];
  readonly defaultName: string | undefined;
}

function configurationsOf(
  objects: PbxprojDict,
  owner: PbxprojDict | undefined,
  paths: ReadonlyMap<string, string>,
): ConfigurationList {
  const holder = objectOf(objects, own(owner, 'buildConfigurationList'));
  const list: BuildConfiguration[] = [];
  for (const reference of listOf(own(holder, 'buildConfigurations'))) {
    const configuration = objectOf(objects, reference);
    if (configuration === undefined) continue;
    const settings = own(configuration, 'buildSettings');
    list.push({
      name: textOf(own(configuration, 'name')) ?? '',
      settings: isDict(settings) ? settings : {},
      hasXcconfig:
        own(configuration, 'baseConfigurationReference') !== undefined ||
        own(configuration, 'baseConfigurationReferenceAnchor') !== undefined,
      xcconfig: xcconfigOf(objects, configuration, paths),
    });
  }
  return { list, defaultName: textOf(own(holder, 'defaultConfigurationName')) };
}

/** The levels that settings come from, the strongest last: https://developer.apple.com/documentation/xcode/build-settings-reference */
interface Levels {
  readonly settings: readonly PbxprojDict[];
  readonly hasXcconfig: boolean;
  readonly unread: readonly string[];
}

function levelsOf(
  configuration: BuildConfiguration,
  inherited: BuildConfiguration | undefined,
  xcconfigs: ReadonlyMap<string, PbxprojDict>,
): Levels {
  const both = inherited === undefined ? [configuration] : [inherited, configuration];
  const named = both.map(({ xcconfig }) => xcconfig).filter((path) => path !== undefined);
  return {
    settings: both.flatMap(({ xcconfig, settings }) => [
      (xcconfig === undefined ? undefined : xcconfigs.get(xcconfig)) ?? {},
      settings,
    ]),
    hasXcconfig: both.some(({ hasXcconfig }) => hasXcconfig),
    unread: [...new Set(named.filter((path) => !xcconfigs.has(path)))],
  };
}

function describe(target: string, name: string, levels: Levels): AppTargetConfiguration {
  const settings: Record<string, string> = {
    TARGET_NAME: target,
    TARGETNAME: target,
    CONFIGURATION: name,
  };
  for (const level of levels.settings) {
    for (const [key, value] of flatten(level, name)) {
      const outer = settings[key] ?? '';
      settings[key] = value.replace(
        /\$\((\w+)\)|\$\{(\w+)\}/g,
        (match, round: string | undefined, curly: string | undefined) => {
          const reference = round ?? curly;
          return reference === 'inherited' || reference === key ? outer : match;
        },
      );
    }
  }
  const get = (key: string): string | undefined =>
    Object.hasOwn(settings, key) ? settings[key] : undefined;
  return {
    name,
    infoPlistFile: get('INFOPLIST_FILE') === '' ? undefined : get('INFOPLIST_FILE'),
    generatesInfoPlist: get('GENERATE_INFOPLIST_FILE') === 'YES',
    bundleId: get('PRODUCT_BUNDLE_IDENTIFIER'),
    swiftVersion: get('SWIFT_VERSION'),
    defaultActorIsolation: get('SWIFT_DEFAULT_ACTOR_ISOLATION'),
    hasXcconfig: levels.hasXcconfig,
    unreadXcconfigs: levels.unread,
    settings,
  };
}

/**
 * The settings of one level as text; what holds for devices or this configuration alone, as `NAME[sdk=iphoneos*]` does,
 * comes after `NAME`.
 */
function flatten(settings: PbxprojDict, configuration: string): [name: string, value: string][] {
  const plain: [string, string][] = [];
  const conditional: [string, string][] = [];
  for (const [key, value] of Object.entries(settings)) {
    const text = Array.isArray(value)
      ? value.filter((item) => typeof item === 'string').join(' ')
      : textOf(value);
    if (text === undefined) continue;
    const condition = /^(\w+)\[(.*)\]$/.exec(key);
    if (condition === null) plain.push([key, text]);
    else if (holds(condition[2] ?? '', configuration))
      conditional.push([condition[1] ?? key, text]);
  }
  return [...plain, ...conditional];
}

/** Whether `sdk=iphoneos*][config=Debug` holds for a device build. */
function holds(conditions: string, configuration: string): boolean {
  const values: Record<string, string> = {
    sdk: 'iphoneos',
    arch: 'arm64',
    variant: 'normal',
    config: configuration,
  };
  return conditions.split(/\]\[|,/).every((condition) => {
    const [name = '', pattern = ''] = condition.split('=').map((part) => part.trim());
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return false;
    // `iphoneos17.0`, which is one SDK of many, holds for devices too.
    if (name === 'sdk' && /^iphoneos[\d.]+\*?$/.test(pattern)) return true;
    return matchesGlob(value, pattern);
  });
}

/** Whether all of `text` is `pattern`, in which `*` stands for anything. */
function matchesGlob(text: string, pattern: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/**
 * The nearer level decides, and SUPPORTED_PLATFORMS before SDKROOT, which may be `auto`
 * (https://developer.apple.com/documentation/xcode/build-settings-reference#Supported-Platforms).
 */
function buildsForIos(configuration: string, levels: Levels): boolean {
  const maps = levels.settings.map((level) => new Map(flatten(level, configuration))).reverse();
  for (const level of maps) {
    const platforms = level.get('SUPPORTED_PLATFORMS');
    if (platforms !== undefined && !platforms.includes('$')) {
      return platforms.split(/\s+/).includes('iphoneos');
    }
    const sdk = level.get('SDKROOT');
    if (sdk !== undefined && sdk !== 'auto' && !sdk.includes('$')) {
      return /^(?:.*\/)?iphoneos/i.test(sdk);
    }
  }
  // Both may come from an xcconfig that is not there; the deployment target seldom does.
  return maps.some((level) => level.has('IPHONEOS_DEPLOYMENT_TARGET'));
}

const isDict = (value: PbxprojValue | undefined): value is PbxprojDict =>
  typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);

const own = (dict: PbxprojDict | undefined, key: string): PbxprojValue | undefined =>
  dict !== undefined && Object.hasOwn(dict, key) ? dict[key] : undefined;

const textOf = (value: PbxprojValue | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const listOf = (value: PbxprojValue | undefined): readonly PbxprojValue[] =>
  Array.isArray(value) ? value : [];

function objectOf(
  objects: PbxprojDict,
  reference: PbxprojValue | undefined,
): PbxprojDict | undefined {
  const object = typeof reference === 'string' ? own(objects, reference) : undefined;
  return isDict(object) ? object : undefined;
}

/** Far beyond any real project, and far below what overflows the stack. */
const DEEPEST = 256;

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * The grammar is that of CFOldStylePList.c
 * (https://github.com/apple-oss-distributions/CF/blob/main/CFOldStylePList.c); more characters than there are taken
 * for part of an unquoted word, since nothing else can begin with them.
 */
const BLANKS = /\s+/y;
const WORD = /[^\s{}()<>=;,"'/]+/y;
const IN_DOUBLE_QUOTES = /[^"\\]+/y;
const IN_SINGLE_QUOTES = /[^'\\]+/y;

class Parser {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = withoutMark(text);
  }

  parseDocument(): PbxprojValue {
    const value = this.parseValue(0);
    this.skipBlanks();
    if (this.at < this.text.length) throw this.error('something follows the end of the project');
    return value;
  }

  private parseValue(depth: number): PbxprojValue {
    if (depth > DEEPEST) throw this.error('it is nested too deep');
    this.skipBlanks();
    switch (this.text[this.at]) {
      case '{':
        return this.parseDict(depth);
      case '(':
        return this.parseArray(depth);
      case '<':
        return this.parseData();
      default:
        return this.parseString('a value');
    }
  }

  private parseDict(depth: number): PbxprojDict {
    const start = this.at;
    // No prototype: a key may be called __proto__.
    const dict = Object.create(null) as PbxprojDict;
    this.at += 1;
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) throw this.error('a { is never closed', start);
      if (this.take('}')) return dict;
      const key = this.parseString('a key');
      this.expect('=');
      dict[key] = this.parseValue(depth + 1);
      this.expect(';');
    }
  }

  private parseArray(depth: number): PbxprojValue[] {
    const start = this.at;
    const array: PbxprojValue[] = [];
    this.at += 1;
    for (;;) {
      this.skipBlanks();
      if (this.at >= this.text.length) throw this.error('a ( is never closed', start);
      if (this.take(')')) return array;
      array.push(this.parseValue(depth + 1));
      this.skipBlanks();
      if (!this.take(',') && this.text[this.at] !== ')') throw this.unexpected('a , or a )');
    }
  }

  private parseData(): Uint8Array {
    const match = /<([0-9A-Fa-f\s]*)>/y;
    match.lastIndex = this.at;
    const digits = match.exec(this.text)?.[1]?.replace(/\s/g, '');
    if (digits === undefined || digits.length % 2 !== 0) throw this.unexpected('a value');
    this.at = match.lastIndex;
    return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
  }

  private parseString(what: string): string {
    const quote = this.text[this.at];
    if (quote === '"' || quote === "'") return this.parseQuoted(quote);
    const start = this.at;
    this.match(WORD);
    while (this.text[this.at] === '/' && this.text[this.at + 1] !== '*') {
      this.at += 1;
      this.match(WORD);
    }
    if (this.at === start) throw this.unexpected(what);
    return this.text.slice(start, this.at);
  }

  private parseQuoted(quote: string): string {
    const start = this.at;
    let value = '';
    this.at += 1;
    while (this.at < this.text.length) {
      value += this.match(quote === '"' ? IN_DOUBLE_QUOTES : IN_SINGLE_QUOTES);
      if (this.take(quote)) return value;
      if (this.take('\\')) value += this.parseEscape();
    }
    throw this.error('a string is never closed', start);
  }

  private parseEscape(): string {
    const code = /([0-7]{1,3})|U([0-9A-Fa-f]{1,4})/y;
    code.lastIndex = this.at;
    const match = code.exec(this.text);
    if (match !== null) {
      this.at = code.lastIndex;
      const [, octal, hex = ''] = match;
      return String.fromCharCode(
        octal === undefined ? Number.parseInt(hex, 16) : Number.parseInt(octal, 8),
      );
    }
    const character = this.text.charAt(this.at);
    this.at += 1;
    return ESCAPES[character] ?? character;
  }

  private skipBlanks(): void {
    for (;;) {
      this.match(BLANKS);
      if (this.text[this.at] !== '/') return;
      if (this.text.startsWith('//', this.at)) {
        const newline = this.text.indexOf('\n', this.at);
        this.at = newline === -1 ? this.text.length : newline + 1;
      } else if (this.text.startsWith('/*', this.at)) {
        const end = this.text.indexOf('*/', this.at + 2);
        if (end === -1) throw this.error('a comment is never closed');
        this.at = end + 2;
      } else {
        return;
      }
    }
  }

  /** What a sticky pattern finds here, '' for nothing; goes behind it. */
  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private expect(character: string): void {
    this.skipBlanks();
    if (!this.take(character)) throw this.unexpected(`a ${character}`);
  }

  private unexpected(expected: string): PbxprojSyntaxError {
    const found = this.text[this.at];
    return this.error(
      found === undefined
        ? `it ends where ${expected} is due`
        : `${JSON.stringify(found)} where ${expected} is due`,
    );
  }

  private error(problem: string, offset = this.at): PbxprojSyntaxError {
    return new PbxprojSyntaxError(problem, lineNumber(this.text, offset));
  }
}
