import fc from 'fast-check';
import { parse as parseOracle } from 'plist';
import { describe, expect, it } from 'vitest';
import { numRuns } from '../../property/runs.ts';
import { ensurePlistArrays, readPlistDict, readPlistStrings } from '../../../src/formats/plist.ts';
import {
  TEMPLATES,
  VARIANTS,
  expectChanged,
  expectManual,
  readTemplate,
  removedLines,
} from './edits.ts';

const ENTRIES = [
  { key: 'UIBackgroundModes', values: ['processing'] },
  { key: 'BGTaskSchedulerPermittedIdentifiers', values: ['dev.bgsync.processing'] },
];
const edit = (source: string) => ensurePlistArrays(source, ENTRIES);
const addModes = (source: string) => ensurePlistArrays(source, ENTRIES.slice(0, 1));

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;
const document = (dict: string): string => `${HEAD}${dict}\n</plist>\n`;

const oracle = (text: string): Record<string, unknown> =>
  parseOracle(text.replace(/^\uFEFF/, '')) as Record<string, unknown>;

/** The property list that the entries should make of this one. */
function intended(source: string, entries: typeof ENTRIES): Record<string, unknown> {
  const dict = oracle(source);
  for (const { key, values } of entries) {
    const present = (dict[key] ?? []) as unknown[];
    dict[key] = [...present, ...new Set(values.filter((value) => !present.includes(value)))];
  }
  return dict;
}

describe('ensurePlistArrays', () => {
  it('adds both arrays at the end of the dict', () => {
    expect(expectChanged(edit, document('<dict>\n\t<key>A</key>\n\t<true/>\n</dict>'))).toBe(
      document(`<dict>
\t<key>A</key>
\t<true/>
\t<key>UIBackgroundModes</key>
\t<array>
\t\t<string>processing</string>
\t</array>
\t<key>BGTaskSchedulerPermittedIdentifiers</key>
\t<array>
\t\t<string>dev.bgsync.processing</string>
\t</array>
</dict>`),
    );
  });

  it.each(
    TEMPLATES.flatMap((version) => VARIANTS.map(([name, vary]) => ({ version, name, vary }))),
  )('inserts lines alone in the template of $version, $name', ({ version, vary }) => {
    const source = vary(readTemplate(version, 'ios/HelloWorld/Info.plist'));
    const text = expectChanged(edit, source);
    expect(removedLines(source, text)).toBe(0);
    expect(oracle(text)).toEqual(intended(source, ENTRIES));
  });

  it('extends an array that is there, and keeps its indentation', () => {
    const source = document(`<dict>
    <key>UIBackgroundModes</key>
    <array>
      <string>fetch</string>
      <!-- audio is for later -->
    </array>
</dict>`);
    expect(expectChanged(addModes, source)).toBe(
      source.replace('    </array>', '      <string>processing</string>\n    </array>'),
    );
  });

  it('adds only what is missing', () => {
    const source = document(
      '<dict>\n\t<key>UIBackgroundModes</key>\n\t<array>\n\t\t<string>processing</string>\n\t</array>\n</dict>',
    );
    expect(addModes(source)).toEqual({ status: 'already' });
    expect(expectChanged(edit, source).match(/processing<\/string>/g)).toHaveLength(2);
  });

  it.each([
    ['<array/>', '<array>\n\t\t<string>processing</string>\n\t</array>'],
    ['<array />', '<array >\n\t\t<string>processing</string>\n\t</array>'],
    ['<array></array>', '<array>\n\t\t<string>processing</string>\n\t</array>'],
    ['<array>\n\t</array>', '<array>\n\t\t<string>processing</string>\n\t</array>'],
    [
      '<array><string>fetch</string></array>',
      '<array><string>fetch</string><string>processing</string></array>',
    ],
    [
      '<array>\n\t\t<string>fetch</string></array>',
      '<array>\n\t\t<string>fetch</string>\n\t\t<string>processing</string></array>',
    ],
    [
      '<array><!-- none --></array>',
      '<array><!-- none -->\n\t\t<string>processing</string>\n\t</array>',
    ],
  ])('extends %j', (array, expected) => {
    const wrap = (value: string): string =>
      document(
        `<dict>\n\t<key>A</key>\n\t<true/>\n\t<key>UIBackgroundModes</key>\n\t${value}\n</dict>`,
      );
    expect(expectChanged(addModes, wrap(array))).toBe(wrap(expected));
  });

  it.each([
    ['<dict/>', '', '\t'],
    ['<dict></dict>', '', '\t'],
    ['<dict>\n</dict>', '', '\t'],
    ['  <dict>\n  </dict>', '  ', '  '],
  ])('fills the empty dict %j', (dict, outer, unit) => {
    const text = expectChanged(addModes, document(dict));
    const lines = [
      '<dict>',
      `${unit}<key>UIBackgroundModes</key>`,
      `${unit}<array>`,
      `${unit}${unit}<string>processing</string>`,
      `${unit}</array>`,
      '</dict>',
    ];
    expect(text).toContain(lines.map((line) => `${outer}${line}\n`).join(''));
    expect(oracle(text)).toEqual({ UIBackgroundModes: ['processing'] });
  });

  it('stays in the line of a property list that has one line', () => {
    const source = '<plist version="1.0"><dict><key>A</key><true/></dict></plist>';
    expect(expectChanged(addModes, source)).toBe(
      '<plist version="1.0"><dict><key>A</key><true/><key>UIBackgroundModes</key><array><string>processing</string></array></dict></plist>',
    );
  });

  it('is not fooled by the key in a comment, in CDATA or in a nested dict', () => {
    const source = document(`<dict>
\t<!-- <key>UIBackgroundModes</key><array/> -->
\t<key>Other</key>
\t<dict>
\t\t<key>UIBackgroundModes</key>
\t\t<string>no</string>
\t</dict>
\t<key>Text</key>
\t<string><![CDATA[<key>UIBackgroundModes</key></dict>]]></string>
\t<!-- </dict> -->
</dict>
<!-- </dict></plist> -->`);
    const text = expectChanged(addModes, source);
    expect(oracle(text).UIBackgroundModes).toEqual(['processing']);
    expect(text).toContain('<!-- </dict> -->\n\t<key>UIBackgroundModes</key>');
  });

  it('escapes what it writes', () => {
    const entries = [{ key: 'a<&>', values: ['<b>&amp;"'] }];
    const text = expectChanged(
      (source) => ensurePlistArrays(source, entries),
      document('<dict>\n</dict>'),
    );
    expect(oracle(text)).toEqual({ 'a<&>': ['<b>&amp;"'] });
  });

  it.each([
    ['bplist00\u0001', 'plutil -convert xml1'],
    ['', 'not well-formed'],
    ['<plist><dict></plist>', 'not well-formed'],
    [document('<array/>'), 'not a <dict>'],
    ['<dict/>', 'root element'],
    [document('<dict><key>A</key></dict>'), 'alternate'],
    [document('<dict><string>A</string><true/></dict>'), 'alternate'],
    [
      document('<dict><key>UIBackgroundModes</key><string>processing</string></dict>'),
      'not an array',
    ],
    [
      document(
        '<dict><key>UIBackgroundModes</key><array/><key>UIBackgroundModes</key><array/></dict>',
      ),
      'there twice',
    ],
    [
      '<!DOCTYPE plist [<!ENTITY a "b">]><plist><dict><key>&a;</key><true/></dict></plist>',
      'well-formed',
    ],
    [
      `<plist>${'<dict><key>a</key>'.repeat(400)}<true/>${'</dict>'.repeat(400)}</plist>`,
      'too deep',
    ],
  ])('leaves %j to the user', (source, reason) => {
    const manual = expectManual(edit, source);
    expect(manual.reason).toContain(reason);
    expect(manual.snippet).toContain(
      '<key>UIBackgroundModes</key>\n<array>\n\t<string>processing</string>\n</array>',
    );
  });

  it('names only what is missing in the snippet', () => {
    const source = document(
      '<dict><key>UIBackgroundModes</key><array><string>processing</string></array><key>BGTaskSchedulerPermittedIdentifiers</key><true/></dict>',
    );
    expect(expectManual(edit, source).snippet).toBe(
      '<key>BGTaskSchedulerPermittedIdentifiers</key>\n<array>\n\t<string>dev.bgsync.processing</string>\n</array>',
    );
  });

  it('refuses what XML cannot hold', () => {
    const source = document('<dict>\n</dict>');
    expectManual((text) => ensurePlistArrays(text, [{ key: 'A', values: ['\u0000'] }]), source);
  });

  const text = fc.stringMatching(/^[A-Za-z0-9 .$(){}&<>"'-]{0,12}$/);
  const escape = (value: string): string =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const blank = fc.constantFrom(
    '',
    '\n',
    '\n\t',
    '\n  ',
    '\n    ',
    ' ',
    '\n<!-- <key>A</key> -->\n',
  );
  const leaf = fc.oneof(
    text.map((value) => `<string>${escape(value)}</string>`),
    fc.constantFrom('<true/>', '<false/>', '<integer>1</integer>', '<dict/>', '<dict></dict>'),
  );
  const array = fc
    .tuple(fc.array(fc.tuple(blank, leaf), { maxLength: 4 }), blank)
    .map(([items, end]) =>
      items.length === 0 && end === ''
        ? '<array/>'
        : `<array>${items.flat().join('')}${end}</array>`,
    );
  const key = fc.constantFrom(
    'A',
    'B',
    'UIBackgroundModes',
    'BGTaskSchedulerPermittedIdentifiers',
    'C',
  );
  const dict = fc
    .tuple(
      fc.uniqueArray(fc.tuple(key, blank, blank, fc.oneof(array, leaf)), {
        selector: ([name]) => name,
        maxLength: 5,
      }),
      blank,
    )
    .map(
      ([pairs, end]) =>
        `<dict>${pairs.map(([name, before, between, value]) => `${before}<key>${name}</key>${between}${value}`).join('')}${end}</dict>`,
    );

  it('changes nothing else in any property list', () => {
    fc.assert(
      fc.property(
        dict,
        fc.constantFrom(...VARIANTS),
        fc.array(fc.record({ key, values: fc.array(text, { minLength: 1, maxLength: 3 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
        (body, [, vary], entries) => {
          const source = vary(document(body));
          const run = (from: string) => ensurePlistArrays(from, entries);
          const before = oracle(source);
          const conflicts = entries.some(
            (entry) => entry.key in before && !Array.isArray(before[entry.key]),
          );
          const result = run(source);
          if (conflicts) {
            expect(result.status).toBe('manual');
          } else if (result.status === 'already') {
            expect(intended(source, entries)).toEqual(before);
          } else {
            expect(oracle(expectChanged(run, source))).toEqual(intended(source, entries));
          }
        },
      ),
      { numRuns },
    );
  });
});

describe('readPlistStrings', () => {
  const source = document(
    '<dict>\n\t<key>Modes</key>\n\t<array>\n\t\t<string>a</string>\n\t\t<true/>\n\t\t<string>b</string>\n\t</array>\n\t<key>Other</key>\n\t<true/>\n</dict>',
  );

  it('gives the strings with their lines', () => {
    expect(readPlistStrings(source, 'Modes')).toEqual({
      status: 'ok',
      line: 5,
      values: [
        { text: 'a', line: 7 },
        { text: 'b', line: 9 },
      ],
    });
  });

  it('tells what is absent from what is wrong', () => {
    expect(readPlistStrings(source, 'None')).toEqual({ status: 'absent' });
    expect(readPlistStrings(source, 'Other')).toMatchObject({ status: 'invalid' });
    expect(readPlistStrings('bplist00', 'Other')).toMatchObject({ status: 'invalid' });
  });

  it('lists the keys', () => {
    expect(readPlistDict(source)).toEqual({
      status: 'ok',
      keys: [
        { key: 'Modes', kind: 'array', line: 5 },
        { key: 'Other', kind: 'true', line: 11 },
      ],
    });
    expect(readPlistDict('<')).toMatchObject({ status: 'invalid' });
  });
});
