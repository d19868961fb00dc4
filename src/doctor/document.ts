import { BLIND_SPOTS } from './blind-spots.ts';
import { LOOKED_FOR, areaOf, compareIds } from './rule.ts';
import type { Rule } from './rule.ts';
import type { Limit } from '../facts.ts';

/** In a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const sourceOf = (source: string): string =>
  /^https?:\/\//.test(source) ? `[source](${source})` : source;

/** docs/doctor.md: all checks as a table. */
export function documentRules(rules: readonly Rule[]): string {
  const lines = [
    '# What `bgsync doctor` looks for',
    '',
    'Generated from the checks themselves. `bgsync doctor --explain ID` tells the whole story of one, offline. An id never changes its',
    'meaning. Severity *error* ends with exit code 1, *warning* too with `--strict`. *fix*: `bgsync doctor --fix` mends it where the edit can',
    'be placed with certainty, and leaves out edits after which there would be another error.',
  ];
  for (const [area, { where, command }] of Object.entries(LOOKED_FOR)) {
    const own = rules
      .filter(({ id }) => areaOf(id) === area)
      .toSorted((a, b) => compareIds(a.id, b.id));
    const title = `${where[0]?.toUpperCase() ?? ''}${where.slice(1)}`;
    lines.push('', `## ${title}: \`${command}\``, '');
    lines.push(
      '| id | severity | what is checked | why | what to do |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const { id, severity, title: name, why, fix, mends, source } of own) {
      const cells = [
        `[${id}](checks/${id}.md)`,
        severity,
        cell(name),
        `${cell(why)} ${sourceOf(cell(source))}`,
        cell(fix) + (mends === undefined ? '' : ` *(fix)* ${cell(mends)}`),
      ];
      lines.push(`| ${cells.join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Of prose: GitHub would take `<string>` for HTML. Code in backquotes, or four blanks in, stays as it is. */
const prose = (text: string): string =>
  text
    .split('\n')
    .map((line) =>
      line.startsWith('    ')
        ? line
        : line.replaceAll(/`[^`]*`|[<*_]/g, (part) => (part.length === 1 ? `\\${part}` : part)),
    )
    .join('\n');

/** docs/checks/ID.md: the whole story of one check. */
export function documentRule({
  id,
  title,
  severity,
  why,
  explain,
  fix,
  mends,
  source,
}: Rule): string {
  const blind = BLIND_SPOTS[id];
  const section = (name: string, text: string): string => `## ${name}\n\n${prose(text)}`;
  return [
    `# ${id}: ${prose(title)}`,
    `${severity}, looked for by \`${LOOKED_FOR[areaOf(id)].command}\`. Offline: \`npx bgsync doctor --explain ${id}\`. [All checks](../doctor.md)`,
    section('Why it matters', why),
    section('What happens', explain),
    section('How to mend it', fix),
    ...(mends === undefined ? [] : [section('What `doctor --fix` does', mends)]),
    ...(blind === undefined ? [] : [section('What it cannot see', `${blind}.`)]),
    `## Source\n\n${/^https?:/.test(source) ? `<${source}>` : prose(source)}`,
    '## Where it is meant to be so',
    `In bgsync.config.json: \`"doctor": { "suppress": [{ "id": "${id}", "reason": "…" }] }\`; \`"file"\` limits it to a path, a folder or a pattern.`,
    '',
  ].join('\n\n');
}

/** What checks read, by host, and what they cannot see there. */
export const READERS = [
  {
    name: 'Swift, Objective-C',
    mark: /appleSources|backgroundTasksOf|launchHandlersOf|apple-reach|iosNeedsOf|'swift'|'objc'/,
    bare: 'ios/, modules/',
    expo: 'the same where ios/ is committed; modules/',
    capacitor: 'ios/',
    blind:
      'pods and packages; ids and calls that only a run knows; a function’s name stands for all of that name',
  },
  {
    name: 'Info.plist',
    mark: /[pP]ermissionsOf|infoPlists/,
    bare: 'of each app target',
    expo: 'the committed one, else what prebuild would write of app.json, app.config and known plugins (I01, I03, I04)',
    capacitor: 'of each app target',
    blind: 'what a local config plugin writes (noted; --run-tools asks Expo), build scripts',
  },
  {
    name: 'Xcode project',
    mark: /\.ios\(\)|\bios\?\.targets|\.pods\(\)/,
    bare: 'project.pbxproj, xcconfig, Podfile, Podfile.lock',
    expo: 'the same where ios/ is committed',
    capacitor: 'the same',
    blind: 'settings that a script computes',
  },
  {
    name: 'Kotlin, Java',
    mark: /kotlinAndJava|workersOf|requestsOf|'kotlin'|headlessStarters|ownStarts|configurationProviders/,
    bare: 'android/, modules/',
    expo: 'the same where android/ is committed; modules/',
    capacitor: 'android/',
    blind:
      'libraries and what annotation processors make; types that are inferred; who calls through a reference, an interface or reflection',
  },
  {
    name: 'AndroidManifest.xml',
    mark: /manifests\(\)|manifestElements|releasedElements|mergedManifests|removedInitializers|isManifestOpen/,
    bare: 'of the app and its modules, by source set',
    expo: 'the same where android/ is committed, else what prebuild would write of android.permissions, blockedPermissions and Expo’s own plugins; those of local modules',
    capacitor: 'the same',
    blind:
      'what libraries’ manifests merge into it, and what other config plugins write (noted; --run-tools asks Expo)',
  },
  {
    name: 'Gradle build',
    mark: /androidBuild|usesWork/,
    bare: 'build.gradle(.kts), properties, version catalogs, included builds, buildSrc',
    expo: 'the same where android/ is committed',
    capacitor: 'the same',
    blind: 'plugins and scripts of others, values that a run computes',
  },
  {
    name: 'JavaScript, TypeScript',
    mark: /code\/javascript\.ts|inBackgroundFunctions|sourcesContaining\('javascript'|background-functions/,
    bare: 'files at the root, and in app/, src/, lib/ and the like',
    expo: 'the same',
    capacitor: 'the same, and the runner’s script',
    blind: 'packages; names that only a run knows; files elsewhere, unless an import leads there',
  },
  {
    name: 'Capacitor config',
    mark: /runnerSettings|capacitor-plugins/,
    bare: '–',
    expo: '–',
    capacitor: 'JSON, or JavaScript and TypeScript read without running them',
    blind: 'what packages or the environment put into it (noted)',
  },
  {
    name: 'Flutter project',
    mark: /pubspec|flutter-handler|code\/dart|\bdart\b/i,
    bare: '– (Flutter: pubspec.yaml, lib/)',
    expo: '–',
    capacitor: '–',
    blind: 'packages; files that a build step generates',
  },
  {
    name: 'bgsync’s own files',
    mark: /runningConfig|integration\b/,
    bare: 'bgsync.config.json, the lock file, the generated package',
    expo: 'the same',
    capacitor: 'the same',
    blind: '–',
  },
] as const;

/**
 * The part of docs/doctor.md that says what each check of the repo reads.
 *
 * @param reads names of {@link READERS} by the check's id
 */
export function documentReaders(
  rules: readonly Rule[],
  reads: ReadonlyMap<string, readonly string[]>,
): string {
  const own = rules
    .filter(({ id }) => areaOf(id) === 'repo' && !id.startsWith('T'))
    .toSorted((a, b) => compareIds(a.id, b.id));
  const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [
    '',
    '## What the checks of the repo read, and what they cannot see',
    '',
    'A check that cannot tell says nothing; a file that could not be read is listed as not looked at.',
    '',
    row(['what', 'React Native, native', 'Expo', 'Capacitor', 'cannot see']),
    row(['---', '---', '---', '---', '---']),
    ...READERS.map(({ name, bare, expo, capacitor, blind }) =>
      row([name, bare, expo, capacitor, blind]),
    ),
    '',
    row(['id', 'reads', 'cannot see, besides']),
    row(['---', '---', '---']),
    ...own.map(({ id }) =>
      row([
        id,
        (reads.get(id) ?? []).join(', ') || 'other files of the repo',
        BLIND_SPOTS[id] ?? '',
      ]),
    ),
    '',
  ].join('\n');
}

/** docs/limits.md: what bgsync knows of the versions of others, as a table. */
export function documentLimits(limits: readonly Limit[]): string {
  const rows = limits.map(({ of, limit, effect, checks, source }) =>
    [cell(of), cell(limit), cell(effect), checks.join(', '), sourceOf(source)].join(' | '),
  );
  return [
    '# Limits',
    '',
    'Generated from `src/facts.ts`, from which the config, the checks, `init` and the generated code take them.',
    '',
    '| of | limit | otherwise | checks | source |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
