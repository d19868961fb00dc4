import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numRuns } from '../../property/runs.ts';
import { findLast, readGradle, valueOf } from '../../../src/formats/gradle.ts';
import {
  readDependencies,
  readIncludes,
  readPlugins,
  readVariables,
  readVariants,
} from '../../../src/formats/gradle-build.ts';
import { readAndroidManifest } from '../../../src/formats/android-manifest.ts';
import { readVersionCatalog } from '../../../src/formats/version-catalog.ts';

describe('valueOf', () => {
  it.each([
    ['x = 35', { kind: 'literal', text: '35' }],
    ['x 35', { kind: 'literal', text: '35' }],
    ['x(35)', { kind: 'literal', text: '35' }],
    ['x.set(35)', { kind: 'literal', text: '35' }],
    ['x = "a"', { kind: 'literal', text: 'a' }],
    ['x = "$a"', { kind: 'template', text: '$a' }],
    ['x =\n  35', { kind: 'literal', text: '35' }],
    ['x = rootProject.ext.y', { kind: 'reference', name: 'rootProject.ext.y' }],
    ['x = rootProject.ext["y"]', { kind: 'reference', name: 'rootProject.ext', argument: 'y' }],
    [
      'x = rootProject.extra["y"] as Int',
      { kind: 'reference', name: 'rootProject.extra', argument: 'y' },
    ],
    ['x safeExtGet("y", 30)', { kind: 'reference', name: 'safeExtGet', argument: 'y' }],
    ['x = libs.versions.y.get().toInt()', { kind: 'reference', name: 'libs.versions.y' }],
    ['x = (y as Integer)', { kind: 'reference', name: 'y' }],
    ['x = a + 1', undefined],
    ['x = a ? 1 : 2', undefined],
    ['x = System.getenv("Y") ?: "z"', undefined],
    ['x = if (a) { 1 } else { 2 }', undefined],
    ['x', undefined],
  ])('%j', (text, expected) => {
    expect(valueOf(readGradle(text)[0]!.rest)).toEqual(expected);
  });

  it.each(['?', ':', '=', ',', '+', '.'])('goes on after a line that ends in %s', (mark) => {
    const statements = readGradle(`a = b ${mark}\nc\nd = 1\n`);
    expect(statements.map(({ name, line }) => [name, line])).toEqual([
      ['a', 1],
      ['d', 3],
    ]);
  });

  it('takes the last of a path', () => {
    const statements = readGradle('a { b = 1 }\na.b.set(2)\nif (c) { a { b = 3 } }');
    expect(findLast(statements, 'a.b')).toEqual({ value: { kind: 'literal', text: '2' }, line: 2 });
  });
});

it('readGradle throws nothing, whatever the text is', () => {
  const part = fc.constantFrom(
    'a',
    '.',
    '{',
    '}',
    '(',
    ')',
    '"',
    "'",
    '$',
    '\\',
    '/*',
    '\n',
    '=',
    '->',
    ';',
    ' ',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
      const statements = readGradle(parts.join(''));
      readVariables(statements);
      readDependencies(statements, 'a');
      readVariants(statements, 'productFlavors');
    }),
    { numRuns },
  );
});

describe('readPlugins', () => {
  it.each([
    ["apply plugin: 'com.android.application'", 'com.android.application', undefined],
    ['apply(plugin = "a.b")', 'a.b', undefined],
    ['plugins { id("a.b") version "1.2" apply false }', 'a.b', '1.2'],
    ["plugins {\n id 'a.b' version '1.2'\n}", 'a.b', '1.2'],
    ['plugins { kotlin("android") version "2.1.0" }', 'org.jetbrains.kotlin.android', '2.1.0'],
    ['plugins { alias(libs.plugins.a.b) apply false }', 'a.b', undefined],
    ['pluginManagement { plugins { id("a.b") version "$v" } }', 'a.b', undefined],
  ])('%j', (text, id, version) => {
    expect(readPlugins(readGradle(text))).toMatchObject([
      { id, version, isAlias: text.includes('alias'), line: expect.any(Number) as number },
    ]);
  });

  it('takes no script and no other block for one', () => {
    expect(
      readPlugins(readGradle('apply from: "x.gradle"\nfoo { id("a") }\n// apply plugin: "b"')),
    ).toEqual([]);
  });
});

describe('readVariables', () => {
  it.each([
    ['ext.a = 1', '1'],
    ['ext {\n a = 1\n}', '1'],
    ['buildscript { ext { a = 1 } }', '1'],
    ['buildscript { ext.a = 1 }', '1'],
    ['project.ext.set("a", 1)', '1'],
    ['ext["a"] = 1', '1'],
    ['val a by extra(1)', '1'],
    ['extra.apply { set("a", 1) }', '1'],
    ['def a = 1', '1'],
    ['String a = "1"', '1'],
    ['ext { if (b) { a = 1 } }', undefined],
    ['ext.a = 1\nif (b) { ext.a = 2 }', undefined],
    ['ext.a = 1\next.a = 2', undefined],
    ['foo { a = 1 }', undefined],
    ['if (a == 1) { }', undefined],
  ])('%j', (text, expected) => {
    const rest = readVariables(readGradle(text)).get('a')?.rest;
    const value = rest === undefined ? undefined : valueOf(rest);
    expect(value?.kind === 'literal' ? value.text : undefined).toBe(expected);
  });
});

describe('readDependencies', () => {
  const WORK = 'androidx.work:work-runtime';
  it.each([
    [`implementation "${WORK}:2.9.0"`, '2.9.0', false],
    [`implementation("${WORK}:2.9.0")`, '2.9.0', false],
    [`"debugImplementation"("${WORK}:2.9.0")`, '2.9.0', false],
    [`api group: 'androidx.work', name: 'work-runtime', version: '2.9.0'`, '2.9.0', false],
    [`constraints { implementation("${WORK}:2.9.0") }`, '2.9.0', false],
    [`implementation "${WORK}:$v"`, '$v', false],
    [`implementation "${WORK}"`, undefined, false],
    [`implementation("${WORK}") { because "x" }`, undefined, false],
    [`implementation("${WORK}:2.9.0!!")`, '2.9.0', true],
    [`implementation("${WORK}") { version { strictly("2.9.0") } }`, '2.9.0', true],
    [`implementation("${WORK}") {\n version {\n  strictly '2.9.0'\n }\n}`, '2.9.0', true],
    [`implementation("${WORK}:2.9.0") { force = true }`, '2.9.0', true],
    [`configurations.all { resolutionStrategy { force '${WORK}:2.9.0' } }`, '2.9.0', true],
    [`configurations.all { resolutionStrategy.force("${WORK}:2.9.0") }`, '2.9.0', true],
    [
      `configurations.all { resolutionStrategy.eachDependency { d -> if (d.requested.group == 'androidx.work') { d.useVersion '2.9.0' } } }`,
      '2.9.0',
      true,
    ],
    [
      `configurations.all { resolutionStrategy.eachDependency { if (requested.group == "androidx.work") useVersion("2.9.0") } }`,
      '2.9.0',
      true,
    ],
  ])('%j', (text, version, isPinned) => {
    const found = readDependencies(readGradle(text), 'androidx.work');
    expect(found.map((one) => ({ version: one.version?.text, isPinned: one.isPinned }))).toEqual([
      { version, isPinned },
    ]);
  });

  it.each([
    `// implementation "${WORK}:2.9.0"`,
    'implementation "androidx.workflow:x:1"',
    'implementation "com.x:androidx.work:1"',
    `configurations.all { resolutionStrategy.eachDependency { if (requested.group == 'x') { useVersion '1' } } }`,
  ])('is silent about %j', (text) => {
    expect(readDependencies(readGradle(text), 'androidx.work')).toEqual([]);
  });

  it('stays fast in a file that is made to be slow', () => {
    const text = `a("${WORK}:1") { b { `.repeat(20_000);
    expect(readDependencies(readGradle(text), 'androidx.work')).toHaveLength(20_000);
  });
});

describe('readIncludes', () => {
  it('reads Groovy and Kotlin, nested modules and moved ones', () => {
    const text = `include ':app', ':libs:core'
include(":moved")
project(":moved").projectDir = file("../packages/moved")
project(':app2').projectDir = new File(rootDir, 'x')
include ':far'
project(':far').projectDir = new File(settingsDir, path)`;
    expect(readIncludes(readGradle(text))).toEqual([
      { name: 'app', folder: 'app' },
      { name: 'libs:core', folder: 'libs/core' },
      { name: 'moved', folder: '../packages/moved' },
      { name: 'far', folder: undefined },
    ]);
  });
});

describe('readVariants', () => {
  it('reads Groovy and Kotlin', () => {
    const text = `android {
  productFlavors {
    dev { applicationIdSuffix ".dev" }
    create("store") {
      applicationId = "com.example.store"
    }
    other { applicationId env("X") }
  }
}`;
    expect(readVariants(readGradle(text), 'productFlavors')).toEqual([
      { name: 'dev', applicationId: undefined, applicationIdSuffix: '.dev', line: 3 },
      {
        name: 'store',
        applicationId: 'com.example.store',
        applicationIdSuffix: undefined,
        line: 5,
      },
      { name: 'other', applicationId: undefined, applicationIdSuffix: undefined, line: 7 },
    ]);
  });
});

describe('readVersionCatalog', () => {
  it('reads versions, libraries and plugins in every form', async () => {
    const catalog = await readVersionCatalog(`# comment
[versions]
work = "2.9.1" # why
strict = { strictly = "2.8.0" }
bangs = "2.7.0!!"
range = "[2.0, 3.0)"
[libraries]
androidx-work = { module = "androidx.work:work-runtime", version.ref = "work" }
by_name = { group = "androidx.work", name = "work-runtime", version = { strictly = "2.6.0" } }
plain = "androidx.work:work-runtime:2.5.0"
late = { module = "a:b", version.ref = "missing" }
[plugins]
app = { id = "com.android.application", version = "8.1.0" }
short = "a.b:1.0"
`);
    const version = (value: string, isStrict: boolean, line: number) => ({ value, isStrict, line });
    expect([...catalog.versions]).toEqual([
      ['work', version('2.9.1', false, 3)],
      ['strict', version('2.8.0', true, 4)],
      ['bangs', version('2.7.0', true, 5)],
    ]);
    const id = 'androidx.work:work-runtime';
    expect([...catalog.libraries]).toEqual([
      ['androidx.work', { id, version: version('2.9.1', false, 3) }],
      ['by.name', { id, version: version('2.6.0', true, 9) }],
      ['plain', { id, version: version('2.5.0', false, 10) }],
      ['late', { id: 'a:b', version: undefined }],
    ]);
    expect([...catalog.plugins]).toEqual([
      ['app', { id: 'com.android.application', version: version('8.1.0', false, 13) }],
      ['short', { id: 'a.b', version: version('1.0', false, 14) }],
    ]);
  });

  it('reads dotted keys, tables and strings over several lines', async () => {
    const catalog = await readVersionCatalog(`versions.agp = '8.6.0'
[versions.work]
strictly = """
2.10.2"""
[libraries]
work.module = "androidx.work:work-runtime"
work.version.ref = "work"
"androidx.room" = { group = "androidx.room", name = "room-runtime", version = { ref = "agp" } }
[libraries.ktx]
name = "work-runtime-ktx"
group = "androidx.work"
version = "2.11.0"
[plugins.app]
id = "com.android.application"
version.ref = "agp"
[bundles]
all = ["work", "ktx"]
`);
    expect(catalog.versions.get('work')).toEqual({ value: '2.10.2', isStrict: true, line: 3 });
    const work = catalog.versions.get('work');
    const agp = { value: '8.6.0', isStrict: false, line: 1 };
    expect(Object.fromEntries(catalog.libraries)).toEqual({
      work: { id: 'androidx.work:work-runtime', version: work },
      'androidx.room': { id: 'androidx.room:room-runtime', version: agp },
      ktx: {
        id: 'androidx.work:work-runtime-ktx',
        version: { value: '2.11.0', isStrict: false, line: 12 },
      },
    });
    expect(catalog.plugins.get('app')).toEqual({ id: 'com.android.application', version: agp });
  });

  it.each([
    ['what is no TOML', '[versions\nwork = "2.9.1"'],
    ['nesting without an end', `[versions]\na = ${'{ a = '.repeat(100_000)}`],
    ['arrays without an end', `[versions]\na = ${'['.repeat(100_000)}`],
    ['other keys', '__proto__.polluted = "x"\n[versions.__proto__]\nstrictly = "1.0"'],
  ])('is not stopped by %s', async (_, text) => {
    const { libraries, plugins } = await readVersionCatalog(text);
    expect([libraries.size, plugins.size]).toEqual([0, 0]);
    expect('polluted' in {}).toBe(false);
  });
});

describe('readAndroidManifest', () => {
  it('reads the package', () => {
    const text = '<!--\n--><manifest package="a.b"><application /></manifest>';
    expect(readAndroidManifest(text)).toEqual({ package: { value: 'a.b', line: 2 } });
  });

  it.each(['', '<manifest', '<resources/>', '<a>'.repeat(100_000)])('is none: %.20s', (text) => {
    expect(readAndroidManifest(text)).toBeUndefined();
  });
});
