/** What reads a file of the repo: 100,000 levels, keys of the prototype and entities end in an answer or an error. */
import { describe, expect, test } from 'vitest';
import { readAndroidManifest } from '../../../src/formats/android-manifest.ts';
import { findIgnoreRule } from '../../../src/formats/gitignore.ts';
import { readGradle, readProperties } from '../../../src/formats/gradle.ts';
import { parseModule } from '../../../src/formats/javascript.ts';
import { parse } from '../../../src/formats/jsonc.ts';
import { parsePbxproj } from '../../../src/formats/pbxproj.ts';
import { readPlistDict } from '../../../src/formats/plist.ts';
import { maskSource } from '../../../src/formats/source.ts';
import { readVersionCatalog } from '../../../src/formats/version-catalog.ts';
import { readXcconfig } from '../../../src/formats/xcconfig.ts';
import { readYaml } from '../../../src/formats/yaml.ts';

const DEEP = 100_000;

const readers: Readonly<Record<string, (text: string) => unknown>> = {
  json: (text) => parse(text),
  plist: readPlistDict,
  manifest: readAndroidManifest,
  pbxproj: parsePbxproj,
  yaml: readYaml,
  catalog: readVersionCatalog,
  gradle: readGradle,
  properties: readProperties,
  xcconfig: readXcconfig,
  javascript: (text) => parseModule(text, 'a.ts'),
  swift: (text) => maskSource(text, 'swift'),
  kotlin: (text) => maskSource(text, 'kotlin'),
  gitignore: (text) => findIgnoreRule([{ folder: '', text }], 'a/b/c'),
};

/** An error that says what is wrong with the text is an answer; one of the stack or of a missing key is a fault. */
async function answerOf(read: (text: string) => unknown, text: string): Promise<string> {
  try {
    await read(text);
    return 'read';
  } catch (error) {
    const isFault = error instanceof RangeError || error instanceof TypeError;
    return isFault ? String(error.stack) : 'refused';
  }
}

const hostile: Readonly<Record<string, string>> = {
  brackets: '['.repeat(DEEP),
  'closed brackets': '['.repeat(DEEP) + ']'.repeat(DEEP),
  braces: '{'.repeat(DEEP),
  'blocks of braces': 'a {\n'.repeat(DEEP) + '}\n'.repeat(DEEP),
  parentheses: 'a('.repeat(DEEP),
  objects: '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP),
  'objects of a project file': '// !$*UTF8*$!\n' + '{ a = '.repeat(DEEP),
  'elements of a manifest': '<manifest>'.repeat(DEEP),
  'closed elements': '<a>'.repeat(DEEP) + '</a>'.repeat(DEEP),
  'dictionaries of a plist': '<plist version="1.0">' + '<dict><key>a</key>'.repeat(DEEP),
  'tables of a catalog': '[versions]\n' + 'a = { b = '.repeat(DEEP),
  'lists of YAML': 'a: ' + '- '.repeat(DEEP),
  'templates of JavaScript': '`${'.repeat(DEEP),
  'interpolations of Swift': '"\\('.repeat(DEEP),
  'interpolations of Kotlin': '"${'.repeat(DEEP),
  comments: '/*'.repeat(DEEP),
  'folders of patterns': '**/'.repeat(DEEP) + 'a',
  'stars in a pattern': '*a'.repeat(DEEP),
  'continued lines': 'a\\\n'.repeat(DEEP),
  'keys of the prototype':
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  'keys of the prototype, in YAML':
    '__proto__:\n  polluted: 1\nconstructor:\n  prototype:\n    polluted: 1\n',
  'keys of the prototype, in TOML':
    '[versions]\n__proto__ = { polluted = "1" }\n[__proto__]\npolluted = "1"\n',
  'keys of the prototype, in a plist':
    '<plist version="1.0"><dict><key>__proto__</key><dict><key>polluted</key><true/></dict></dict></plist>',
  'keys of the prototype, in a project file':
    '// !$*UTF8*$!\n{ __proto__ = { polluted = 1; }; constructor = { a = 1; }; }',
  'keys of the prototype, in properties': '__proto__=1\nconstructor=2\npolluted=3\n',
  'entities that grow': `<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 12 }, (_, n) => `<!ENTITY a${n} "${`&a${n === 0 ? '' : n - 1};`.repeat(10)}">`).join('')}]><plist version="1.0"><dict><key>a</key><string>&a11;</string></dict></plist>`,
  'an entity of a file':
    '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]><manifest><application name="&x;"/></manifest>',
  'aliases that grow': `a0: &a0 [x]\n${Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(10)}]`).join('\n')}`,
};

describe.each(Object.entries(readers))('%s', (_name, read) => {
  test.each(Object.entries(hostile))('takes %s', async (_what, text) => {
    expect(await answerOf(read, text)).toMatch(/^(?:read|refused)$/);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
