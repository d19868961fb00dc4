import fc from 'fast-check';
import { parse as parseOracle } from 'plist';
import { describe, expect, it } from 'vitest';
import { ensurePlistArrays, readPlistDict, readPlistStrings } from '../../src/formats/plist.ts';
import { expectChanged, removedLines } from '../unit/formats/edits.ts';
import { numRuns } from './runs.ts';

const ENTRIES = [
  { key: 'UIBackgroundModes', values: ['processing'] },
  { key: 'BGTaskSchedulerPermittedIdentifiers', values: ['dev.bgsync.processing', 'a&b<c>'] },
];
const edit = (source: string) => ensurePlistArrays(source, ENTRIES);

const oracle = (text: string): Record<string, unknown> =>
  parseOracle(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;

function intended(source: string): Record<string, unknown> {
  const dict = oracle(source);
  for (const { key, values } of ENTRIES) {
    const present = (dict[key] ?? []) as unknown[];
    dict[key] = [...present, ...values.filter((value) => !present.includes(value))];
  }
  return dict;
}

/** How the text is laid out; the property list that it says is another matter. */
interface Layout {
  readonly unit: string;
  readonly newline: string;
  readonly mark: string;
  readonly hasFinalNewline: boolean;
  readonly emptyTags: 'short' | 'long' | 'lines';
  readonly comment: string;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  unit: fc.constantFrom('\t', '  ', '    ', ''),
  newline: fc.constantFrom('\n', '\r\n'),
  mark: fc.constantFrom('', '\uFEFF'),
  hasFinalNewline: fc.boolean(),
  emptyTags: fc.constantFrom('short', 'long', 'lines'),
  comment: fc.constantFrom('', '<!-- </dict> -->', '<!-- <key>UIBackgroundModes</key> é -->'),
});

type Value = string | boolean | number | CData | Value[] | ValueDict;
interface ValueDict {
  [key: string]: Value;
}
class CData {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const text = fc.stringMatching(/^[A-Za-z0-9 .$()&<>"'/é日-]{0,14}$/);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthIdentifier: 'plist' },
    text,
    text.map((one) => new CData(one)),
    fc.boolean(),
    fc.integer(),
    fc.array(tie('value'), { maxLength: 3, depthIdentifier: 'plist' }),
    fc.dictionary(text, tie('value'), { maxKeys: 3, depthIdentifier: 'plist' }),
  ),
}));
const strings = fc.array(
  fc.oneof(text, fc.constantFrom('processing', 'fetch', 'dev.bgsync.processing', 'a&b<c>')),
  { maxLength: 4 },
);
const document: fc.Arbitrary<ValueDict> = fc
  .tuple(
    fc.dictionary(text, value, { maxKeys: 5 }),
    fc.option(strings, { nil: undefined }),
    fc.option(strings, { nil: undefined }),
    fc.boolean(),
  )
  .map(([rest, modes, identifiers, isFirst]) => {
    const ours: ValueDict = {
      ...(modes === undefined ? {} : { UIBackgroundModes: modes }),
      ...(identifiers === undefined ? {} : { BGTaskSchedulerPermittedIdentifiers: identifiers }),
    };
    return isFirst ? { ...ours, ...rest } : { ...rest, ...ours };
  });

const escape = (raw: string): string =>
  raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&#62;')
    .replaceAll('é', '&#xE9;');

function print(node: Value, style: Layout, indent: string): string {
  const { newline, unit, comment, emptyTags } = style;
  if (typeof node === 'string') return `<string>${escape(node)}</string>`;
  if (node instanceof CData) return `<string><![CDATA[${node.text}]]></string>`;
  if (typeof node === 'boolean') return `<${String(node)}/>`;
  if (typeof node === 'number') return `<integer>${node}</integer>`;
  const name = Array.isArray(node) ? 'array' : 'dict';
  const inner = indent + unit;
  const children = Array.isArray(node)
    ? node.map((child) => print(child, style, inner))
    : Object.entries(node).flatMap(([key, child]) => [
        `<key>${escape(key)}</key>`,
        print(child, style, inner),
      ]);
  if (children.length === 0 && emptyTags === 'short') return `<${name}/>`;
  if (children.length === 0 && emptyTags === 'long') return `<${name}></${name}>`;
  const lines = children.map((child) => inner + child);
  if (comment !== '') lines.unshift(inner + comment);
  return [`<${name}>`, ...lines, `${indent}</${name}>`].join(newline);
}

const printDocument = (dict: ValueDict, style: Layout): string =>
  style.mark +
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    print(dict, style, ''),
    '</plist>',
  ].join(style.newline) +
  (style.hasFinalNewline ? style.newline : '');

const sources = fc.tuple(document, layout).map(([dict, style]) => ({
  source: printDocument(dict, style),
  // An empty element on one line has to grow out of that line.
  grows: style.emptyTags !== 'lines',
}));

describe('an Info.plist of any content and layout', () => {
  it('gets insertions alone, once, and says what is intended', () => {
    fc.assert(
      fc.property(sources, ({ source, grows }) => {
        const before = oracle(source);
        const isDone = ENTRIES.every(({ key, values }) =>
          values.every((one) => (before[key] as unknown[] | undefined)?.includes(one)),
        );
        if (isDone) {
          expect(edit(source)).toEqual({ status: 'already' });
          return;
        }
        const after = expectChanged(edit, source);
        expect(oracle(after)).toEqual(intended(source));
        if (!grows) expect(removedLines(source, after)).toBe(0);
      }),
      { numRuns },
    );
  });

  it('is read as the oracle reads it', () => {
    fc.assert(
      fc.property(sources, ({ source }) => {
        const expected = oracle(source);
        const dict = readPlistDict(source);
        expect(dict.status === 'ok' ? dict.keys.map(({ key }) => key) : dict).toEqual(
          expect.arrayContaining(Object.keys(expected)),
        );
        for (const { key } of ENTRIES) {
          const found = readPlistStrings(source, key);
          const values = found.status === 'ok' ? found.values.map((one) => one.text) : undefined;
          expect(values).toEqual(expected[key]);
        }
      }),
      { numRuns },
    );
  });

  it('is left alone where it is broken, and nothing is thrown', () => {
    fc.assert(
      fc.property(sources, fc.nat(), fc.nat({ max: 12 }), ({ source }, at, length) => {
        const start = at % (source.length + 1);
        const broken = source.slice(0, start) + source.slice(start + length);
        const result = edit(broken);
        if (result.status === 'changed') expectChanged(edit, broken);
      }),
      { numRuns },
    );
  });
});
