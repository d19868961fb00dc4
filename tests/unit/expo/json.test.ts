import { describe, expect, test } from 'vitest';
import { ensureJsonLists, readJsonPath } from '../../../src/formats/json-lists.ts';
import { ensureMain } from '../../../src/formats/package-main.ts';
import { applyInsertions } from '../../../src/formats/edit.ts';

const LISTS = [
  { path: ['expo', 'ios', 'infoPlist', 'UIBackgroundModes'], values: ['processing'] },
  { path: ['expo', 'ios', 'infoPlist', 'Ids'], values: ['dev.bgsync.processing'] },
];

function after(source: string): string {
  const result = ensureJsonLists(source, LISTS);
  if (result.status !== 'changed') return result.status === 'manual' ? result.reason : 'already';
  expect(applyInsertions(source, result.insertions)).toBe(result.text);
  expect(ensureJsonLists(result.text, LISTS)).toEqual({ status: 'already' });
  return result.text;
}

const KEYS = '{ "UIBackgroundModes": ["processing"], "Ids": ["dev.bgsync.processing"] }';

describe('ensureJsonLists writes as the file does', () => {
  test.each([
    ['{"expo":{"a":1}}', `{"expo":{"a":1, "ios": { "infoPlist": ${KEYS} }}}`],
    [
      '{\n\t"expo": {\n\t\t"a": 1\n\t}\n}\n',
      '{\n\t"expo": {\n\t\t"a": 1,\n\t\t"ios": {\n\t\t\t"infoPlist": {\n\t\t\t\t"UIBackgroundModes": [\n\t\t\t\t\t"processing"\n\t\t\t\t],\n\t\t\t\t"Ids": [\n\t\t\t\t\t"dev.bgsync.processing"\n\t\t\t\t]\n\t\t\t}\n\t\t}\n\t}\n}\n',
    ],
    [
      '{\r\n  "expo": {\r\n    "platforms": ["ios"],\r\n    "ios": {}\r\n  }\r\n}',
      '{\r\n  "expo": {\r\n    "platforms": ["ios"],\r\n    "ios": {\r\n      "infoPlist": {\r\n        "UIBackgroundModes": ["processing"],\r\n        "Ids": ["dev.bgsync.processing"]\r\n      }\r\n    }\r\n  }\r\n}',
    ],
    [
      '{\n  "expo": {\n    "ios": {\n      "infoPlist": {\n        "UIBackgroundModes": ["audio"], // music\n        "Ids": [],\n      },\n    },\n  },\n}\n',
      '{\n  "expo": {\n    "ios": {\n      "infoPlist": {\n        "UIBackgroundModes": ["audio", "processing"], // music\n        "Ids": ["dev.bgsync.processing"],\n      },\n    },\n  },\n}\n',
    ],
    [
      '{\n  "expo": {\n    "ios": { "infoPlist": { "UIBackgroundModes": [\n      "audio"\n    ] } }\n  }\n}\n',
      '{\n  "expo": {\n    "ios": { "infoPlist": { "UIBackgroundModes": [\n      "audio",\n      "processing"\n    ], "Ids": ["dev.bgsync.processing"] } }\n  }\n}\n',
    ],
    ['\uFEFF{"expo":{}}', `\uFEFF{"expo":{ "ios": { "infoPlist": ${KEYS} } }}`],
  ])('%j', (source, expected) => {
    expect(after(source)).toBe(expected);
  });

  test.each([
    [
      '{"expo":{"ios":{"infoPlist":{"UIBackgroundModes":"audio"}}}}',
      'UIBackgroundModes is no list',
    ],
    ['{"expo":{"ios":[]}}', 'expo.ios is no object'],
    ['{"expo":{},"expo":{}}', 'expo is there twice'],
    ['{expo: {}}', 'it is no JSON object'],
    ['[]', 'it is no JSON object'],
    ['', 'it is no JSON object'],
    [`{"a":${'['.repeat(5000)}`, 'it is no JSON object'],
  ])('%j is left to the user: %s', (source, reason) => {
    expect(after(source)).toContain(reason);
  });

  test('a plugin with options counts as there', () => {
    const lists = [{ path: ['plugins'], values: ['a'] }];
    expect(ensureJsonLists('{"plugins":[["a",{"b":1}]]}', lists)).toEqual({ status: 'already' });
  });
});

test('readJsonPath', () => {
  const text = '\uFEFF{ // comment\n "a": { "b": [1, 2], }, }';
  expect(readJsonPath(text, ['a', 'b'])).toEqual([1, 2]);
  expect(readJsonPath(text, ['a', 'c'])).toBeUndefined();
  expect(readJsonPath('{', ['a'])).toBeUndefined();
});

describe('ensureMain', () => {
  test.each([
    ['{ "main": "expo-router/entry" }', '{ "main": "index.js" }'],
    [
      '{\n\t"name": "a",\n\t"version": "1",\n\t"scripts": {}\n}\n',
      '{\n\t"name": "a",\n\t"version": "1",\n\t"main": "index.js",\n\t"scripts": {}\n}\n',
    ],
    ['{"scripts":{}}', '{"scripts":{}, "main": "index.js"}'],
    ['\uFEFF{"main":"x"}', '\uFEFF{"main":"index.js"}'],
  ])('%j', (source, expected) => {
    const result = ensureMain(source, 'index.js');
    expect(result).toMatchObject({ status: 'changed', text: expected });
    if (result.status !== 'changed') return;
    expect(applyInsertions(source, result.insertions)).toBe(expected);
    expect(ensureMain(expected, 'index.js')).toEqual({ status: 'already' });
  });

  test.each(['{', '[]', '{"main":1,"main":2}'])('%j is left to the user', (source) => {
    expect(ensureMain(source, 'index.js')).toMatchObject({
      status: 'manual',
      snippet: '"main": "index.js"',
    });
  });
});
