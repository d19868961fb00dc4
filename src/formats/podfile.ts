/** A value of a Podfile, which is Ruby, or of what it reads. */
export interface PodfileValue {
  /** Undefined where it is an expression that is not followed. */
  readonly value: string | undefined;
  /** The property of Podfile.properties.json that comes first, where it asks for one. */
  readonly property: string | undefined;
  /** Where the literal stands, else the call; 1-based. */
  readonly line: number;
}

const PLATFORM = /^platform[\s(]+:ios\s*,/;
const LITERAL = /^['"]?(\d+(?:\.\d+)*)['"]?$/;
/** As Expo's template has it: `podfile_properties['ios.deploymentTarget'] || '15.1'`. */
const PROPERTY = /^podfile_properties\[['"]([\w.]+)['"]\]/;
const ASSIGNED = /^([a-z_]\w*)\s*=(?![=~])/;

/** Each `platform :ios, …` of a Podfile: https://guides.cocoapods.org/syntax/podfile.html#platform */
export function readPodfilePlatforms(text: string): PodfileValue[] {
  const lines = text.split(/\r\n|\r|\n/).map((line) => withoutComment(line).trim());
  return lines.flatMap((line, index) => {
    const call = PLATFORM.exec(line)?.[0];
    if (call === undefined) return [];
    const written = line.slice(call.length).trim();
    const value = call.includes('(') && written.endsWith(')') ? written.slice(0, -1) : written;
    return [follow(lines, value.trim(), index + 1)];
  });
}

function follow(lines: readonly string[], written: string, line: number): PodfileValue {
  const [asked = '', property] = PROPERTY.exec(written) ?? [];
  if (property !== undefined) {
    const otherwise = written.slice(asked.length).trim();
    const value = otherwise.startsWith('||') ? otherwise.slice(2).trim() : '';
    return { value: LITERAL.exec(value)?.[1], property, line };
  }
  const value = LITERAL.exec(written)?.[1];
  if (value !== undefined || !/^[a-z_]\w*$/.test(written)) {
    return { value, property: undefined, line };
  }
  const assigned = lines.flatMap((one, index) => {
    const [head = '', name] = ASSIGNED.exec(one) ?? [];
    if (name !== written) return [];
    return [{ value: LITERAL.exec(one.slice(head.length).trim())?.[1], line: index + 1 }];
  });
  const [only, second] = assigned;
  return only === undefined || second !== undefined
    ? { value: undefined, property: undefined, line }
    : { ...only, property: undefined };
}

/** A line without its comment; a `#` in quotes is none. */
const withoutComment = (line: string): string =>
  /^(?:[^#'"]|'[^']*'|"[^"]*")*/.exec(line)?.[0] ?? '';

const REACT_NATIVE = /\buse_react_native!/;
/** Of React Native's CLI, and of react-native-test-app. */
const AUTOLINKS = /\buse_(?:native_modules|test_app)!/;
const OWN_RUBY = /\b(?:require_relative|load|eval|instance_eval)\b|\brequire[\s(]+['"]\.{0,2}\//;

/**
 * Where a Podfile puts in React Native and never asks autolinking which packages there are.
 *
 * @param pod of the package that has to be in it, by whatever line
 * @returns the line, 1-based; undefined where it asks, names the pod itself, or goes on in Ruby of the app's own
 */
export function findUnlinkedPods(text: string, pod: string): number | undefined {
  const lines = text.split(/\r\n|\r|\n/).map(withoutComment);
  if (lines.some((line) => AUTOLINKS.test(line) || OWN_RUBY.test(line) || line.includes(pod)))
    return undefined;
  const at = lines.findIndex((line) => REACT_NATIVE.test(line));
  return at === -1 ? undefined : at + 1;
}

/** A pod as Podfile.lock has it. */
export interface LockedPod {
  readonly version: string;
  /** 1-based. */
  readonly line: number;
}

/** The pods of a Podfile.lock by name, subspecs counted to their pod: what `pod install` has put in. */
export function readLockedPods(text: string): ReadonlyMap<string, LockedPod> {
  const pods = new Map<string, LockedPod>();
  let section = '';
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    section = /^([A-Z][A-Z ]*):/.exec(line)?.[1] ?? section;
    // One with dependencies ends in a colon, and stands in quotes where its name asks for them.
    const name = /^ {2}- "?([^\s"/(]+)/.exec(line)?.[1];
    const open = line.indexOf(' (');
    const version = open === -1 ? undefined : line.slice(open + 2).split(')')[0];
    if (section !== 'PODS' || name === undefined || version === undefined) continue;
    if (!pods.has(name)) pods.set(name, { version, line: index + 1 });
  }
  return pods;
}
