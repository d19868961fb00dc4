import { describe, expect, it } from 'vitest';
import { readAndroidBuild, readProperties } from '../../../src/formats/gradle.ts';
import { TEMPLATES, VARIANTS, readTemplate } from './edits.ts';

describe('readAndroidBuild', () => {
  it.each(TEMPLATES)('reads the template of %s', (version) => {
    for (const [, vary] of VARIANTS) {
      expect(readAndroidBuild(vary(readTemplate(version, 'android/app/build.gradle')))).toEqual({
        applicationId: 'com.helloworld',
        namespace: 'com.helloworld',
      });
    }
  });

  it.each([
    ['android { defaultConfig { applicationId = "a.b" } }', 'a.b'],
    ["android {\n defaultConfig {\n  applicationId 'a.b'\n }\n}", 'a.b'],
    ['android { defaultConfig { applicationId("a.b") } }', 'a.b'],
    ['android.defaultConfig.applicationId = "a.b"', 'a.b'],
    ['android { defaultConfig { applicationId """a.b""" } }', 'a.b'],
    ['// android { defaultConfig { applicationId "no" } }', undefined],
    ['/* android { defaultConfig { */ applicationId "no" /* } } */', undefined],
    ['def s = "android { defaultConfig {"\napplicationId "no"', undefined],
    ['android { productFlavors { dev { applicationId "no" } } }', undefined],
    ['android { defaultConfig { applicationIdSuffix ".no" } }', undefined],
    ['android { defaultConfig { applicationId "a.$b" } }', undefined],
    ['android { defaultConfig { applicationId "a" + b } }', undefined],
    ['android { defaultConfig { applicationId project.id } }', undefined],
    ['android { defaultConfig { if (x) { applicationId "no" } } }', undefined],
    ['android { defaultConfig { url "http://x" // "\n applicationId "a.b" } }', 'a.b'],
    ['android { defaultConfig { broken "no end\n applicationId "a.b" } }', 'a.b'],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(readAndroidBuild(text).applicationId).toBe(expected);
  });
});

describe('readProperties', () => {
  it('reads what Java reads', () => {
    const text = `\uFEFF# comment\r
! too
newArchEnabled=false \r
hermesEnabled : true
spaced   value here
long=one, \\
     two
escaped\\ key\\=x=\\u0041\\t\\\\
empty=
bare
newArchEnabled=true
`;
    expect([...readProperties(text)]).toEqual([
      ['newArchEnabled', 'true'],
      ['hermesEnabled', 'true'],
      ['spaced', 'value here'],
      ['long', 'one, two'],
      ['escaped key=x', 'A\t\\'],
      ['empty', ''],
      ['bare', ''],
    ]);
  });

  it.each(TEMPLATES)('reads the template of %s', (version) => {
    for (const [, vary] of VARIANTS) {
      const properties = readProperties(vary(readTemplate(version, 'android/gradle.properties')));
      expect(properties.get('newArchEnabled')).toBe('true');
      expect(properties.get('hermesEnabled')).toBe('true');
    }
  });
});
