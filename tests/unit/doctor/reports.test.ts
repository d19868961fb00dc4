import { readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseXml, XmlElement, XmlText } from '@rgrove/parse-xml';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, test } from 'vitest';
import { checkPage } from '../../../src/doctor/check-page.ts';
import type { PageOf } from '../../../src/doctor/check-page.ts';
import { explainRule } from '../../../src/doctor/explain.ts';
import { judge } from '../../../src/doctor/judge.ts';
import type { DoctorReport, JudgeOptions } from '../../../src/doctor/judge.ts';
import { githubReport } from '../../../src/doctor/reports/github.ts';
import { jsonReport } from '../../../src/doctor/reports/json.ts';
import { htmlReport } from '../../../src/doctor/reports/html.ts';
import { junitReport } from '../../../src/doctor/reports/junit.ts';
import { placeOf } from '../../../src/doctor/reports/place-text.ts';
import { findReportPlace } from '../../../src/doctor/reports/report-place.ts';
import { sarifReport } from '../../../src/doctor/reports/sarif.ts';
import { textReport } from '../../../src/doctor/reports/text.ts';
import type { Evidence, Finding, Severity } from '../../../src/doctor/check.ts';
import type { Rule } from '../../../src/doctor/rule.ts';
import { resultOf } from '../../../src/doctor/run.ts';
import type { CheckOutcome } from '../../../src/doctor/run.ts';
import { printable } from '../../../src/terminal.ts';
import { diagnose } from '../../helpers/doctor-case.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

/** Where no repository is known. */
const explain = (id: string): string => `npx bgsync doctor --explain ${id}`;

const rule = (id: string, severity: Severity, title = `Title of ${id}`): Rule => ({
  id,
  title,
  severity,
  why: `Why ${id}.`,
  source: 'https://example.com/a',
  fix: `Fix ${id}.`,
  explain: 'One.\n\nTwo.',
});
type Run = readonly [CheckOutcome, readonly Finding[]];
const ran = (of: Rule, ...findings: Finding[]): Run => [{ rule: of, state: 'ran' }, findings];

const RUNS: readonly Run[] = [
  ran(
    rule('A01', 'error'),
    { file: 'android/app/build.gradle', line: 12, column: 3, endLine: 14, message: 'too old' },
    { file: 'android/app/build.gradle', line: 30, message: 'known one' },
    { file: 'ios/a, b:c%/Info.plist', line: 2, message: 'two\nlines, 100 %: yes' },
  ),
  ran(rule('A02', 'warning'), { file: 'package.json', message: 'is odd', fix: 'Do this.' }),
  ran(rule('A03', 'info'), { file: 'index.js', line: 1, message: 'is meant' }),
  ran(rule('A04', 'error')),
  [{ rule: rule('A05', 'error'), state: 'not-applicable' }, []],
  [{ rule: rule('A06', 'error'), state: 'failed', reason: 'it broke: <here>' }, []],
  ran(rule('D01', 'error'), { file: 'emulator-5554', message: 'is not there' }),
];

const FILES = new Map([
  [
    'android/app/build.gradle',
    Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n'),
  ],
]);

async function reportOf(
  runs: readonly Run[],
  options: Partial<JudgeOptions> = {},
): Promise<DoctorReport> {
  return judge(resultOf(runs), {
    isStrict: false,
    suppressions: [],
    baseline: undefined,
    ids: new Set(
      runs.map(
        ([
          {
            rule: { id },
          },
        ]) => id,
      ),
    ),
    notes: [],
    read: (path) => Promise.resolve(FILES.get(path)),
    ...options,
  });
}

const known = (await reportOf(RUNS)).findings.find(({ message }) => message === 'known one')!;
const report = await reportOf(RUNS, {
  suppressions: [{ id: 'A03', reason: 'we want it' }],
  baseline: [known],
  notes: [{ path: 'big.js', reason: 'it is big' }],
});
const TOP = process.platform === 'win32' ? 'C:\\repo' : '/repo';
const place = { top: TOP, prefix: 'apps/demo' };
const noColors = pc.createColors(false);

const schema = fileURLToPath(new URL('../../fixtures/schemas/sarif-2.1.0.json', import.meta.url));
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
(addFormats as unknown as (ajv: Ajv) => void)(ajv);
// It is draft 4, of which it uses nothing that later drafts read otherwise.
const draft4 = JSON.parse(readFileSync(schema, 'utf8')) as Record<string, unknown>;
const isSarif = ajv.compile(
  Object.fromEntries(Object.entries(draft4).filter(([key]) => key !== '$schema' && key !== 'id')),
);

/** Any text, with what is special in some format more often. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      ...['<', '&', '"', "'", '%', ':', ',', '::', ']]>', '\n', '\r', '\t', '\u0000', '\u001b[31m'],
      ...['\u202e', '\ud800', '\udc00', '\uffff', '#', '/', '..', ' ', 'a', '%0A', '=', '\u2028'],
    ),
  }),
);
const anyFinding = fc.record(
  {
    file: anyText,
    line: fc.integer({ min: 1, max: 1e6 }),
    column: fc.integer({ min: 1, max: 1e4 }),
    message: anyText,
    fix: anyText,
    evidence: fc.array(
      fc.record(
        { file: anyText, line: fc.integer({ min: 1, max: 1e6 }), says: anyText },
        { requiredKeys: ['file', 'says'] },
      ),
      { maxLength: 2 },
    ),
  },
  { requiredKeys: ['file', 'message'] },
);
const anyRuns = fc
  .array(anyFinding, { maxLength: 4 })
  .map((findings): Run[] => [
    ran(rule('A01', 'error'), ...findings),
    ran(rule('A02', 'warning'), ...findings),
    [{ rule: rule('A03', 'error'), state: 'failed', reason: findings[0]?.message ?? 'x' }, []],
  ]);

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly invocations: readonly [Record<string, unknown>];
      readonly originalUriBaseIds: Readonly<Record<string, { readonly uri: string }>>;
      readonly results: readonly (Readonly<Record<string, unknown>> & {
        readonly message: { readonly text: string };
      })[];
    },
  ];
}
const sarif = (of: DoctorReport): Sarif['runs'][0] => {
  const log = JSON.parse(sarifReport(of, place)) as Sarif;
  const isValid = isSarif(log);
  expect(isSarif.errors ?? []).toEqual([]);
  expect(isValid).toBe(true);
  return log.runs[0];
};

describe('SARIF', () => {
  test('is valid, and says where, how severe, and what does not count', () => {
    const run = sarif(report);
    expect(run.originalUriBaseIds['%SRCROOT%']!.uri).toBe(`${pathToFileURL(TOP).href}/`);
    const [odd] = run.results.filter(({ message }) => message.text.startsWith('two'));
    expect(odd).toMatchObject({
      ruleId: 'A01',
      ruleIndex: 0,
      level: 'error',
      baselineState: 'new',
      locations: [
        {
          physicalLocation: {
            artifactLocation: {
              uri: 'apps/demo/ios/a%2C%20b%3Ac%25/Info.plist',
              uriBaseId: '%SRCROOT%',
            },
            region: { startLine: 2 },
          },
        },
      ],
    });
    const [old] = run.results.filter(({ message }) => message.text.startsWith('too'));
    expect(old).toMatchObject({
      locations: [{ physicalLocation: { region: { startLine: 12, startColumn: 3, endLine: 14 } } }],
    });
    expect(run.results.filter(({ baselineState }) => baselineState === 'unchanged')).toHaveLength(
      1,
    );
    expect(run.results.filter(({ suppressions }) => suppressions !== undefined)).toMatchObject([
      { ruleId: 'A03', level: 'note', suppressions: [{ justification: 'we want it' }] },
    ]);
    expect(run.results.find(({ ruleId }) => ruleId === 'D01')).toMatchObject({
      locations: [{ logicalLocations: [{ fullyQualifiedName: 'emulator-5554' }] }],
    });
    expect(run.invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [
        { level: 'error', associatedRule: { id: 'A06', index: 5 } },
        { level: 'note' },
      ],
    });
    expect(run.tool.driver.rules.map(({ id }) => id)).toEqual(
      RUNS.map(
        ([
          {
            rule: { id },
          },
        ]) => id,
      ),
    );
  });

  test('fingerprints outlive lines that are put in above', async () => {
    const moved = await judge(
      resultOf([ran(rule('A01', 'error'), { file: 'a', line: 3, message: 'x 3' })]),
      {
        isStrict: false,
        suppressions: [],
        baseline: undefined,
        ids: new Set(),
        notes: [],
        read: () => Promise.resolve('new\nnew\n  the line'),
      },
    );
    const before = await judge(
      resultOf([ran(rule('A01', 'error'), { file: 'a', line: 1, message: 'x 1' })]),
      {
        isStrict: false,
        suppressions: [],
        baseline: undefined,
        ids: new Set(),
        notes: [],
        read: () => Promise.resolve('the line'),
      },
    );
    expect(moved.findings[0]!.fingerprint).toBe(before.findings[0]!.fingerprint);
  });

  test('is valid whatever the repo holds', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, async (runs) => void sarif(await reportOf(runs))),
      { numRuns: 60 },
    );
  });
});

/**
 * Reads workflow commands as GitHub's runner does:
 * https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs (TryParseV2)
 */
function readCommands(output: string) {
  const unescapeData = (text: string): string =>
    text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
  return output.split(/\r?\n/).flatMap((line) => {
    if (!line.trimStart().startsWith('::')) return [];
    const end = line.indexOf('::', 2);
    const head = line.slice(2, end);
    const space = head.indexOf(' ');
    const properties = new Map<string, string>();
    for (const pair of head.slice(space + 1).split(',')) {
      const at = pair.indexOf('=');
      if (at <= 0) continue;
      properties.set(
        pair.slice(0, at),
        pair
          .slice(at + 1)
          .replaceAll('%0D', '\r')
          .replaceAll('%0A', '\n')
          .replaceAll('%3A', ':')
          .replaceAll('%2C', ',')
          .replaceAll('%25', '%'),
      );
    }
    return [
      {
        command: head.slice(0, space),
        ...Object.fromEntries(properties),
        message: unescapeData(line.slice(end + 2)),
      },
    ];
  });
}

describe('GitHub', () => {
  test('annotations lead to the line, and say it word by word', () => {
    expect(readCommands(githubReport(report, place))).toEqual([
      {
        command: 'error',
        file: 'apps/demo/android/app/build.gradle',
        line: '12',
        endLine: '14',
        col: '3',
        title: 'A01 Title of A01',
        message: `too old\nFix: Fix A01.\nMore: ${explain('A01')}`,
      },
      {
        command: 'error',
        title: 'D01 Title of D01',
        message: `emulator-5554: is not there\nFix: Fix D01.\nMore: ${explain('D01')}`,
      },
      {
        command: 'error',
        file: 'apps/demo/ios/a, b:c%/Info.plist',
        line: '2',
        title: 'A01 Title of A01',
        message: `two\nlines, 100 %: yes\nFix: Fix A01.\nMore: ${explain('A01')}`,
      },
      {
        command: 'warning',
        file: 'apps/demo/package.json',
        line: '1',
        title: 'A02 Title of A02',
        message: `is odd\nFix: Do this.\nMore: ${explain('A02')}`,
      },
      { command: 'error', title: 'A06 could not run', message: 'it broke: <here>' },
      { command: 'notice', title: 'not looked at', message: 'big.js: it is big' },
    ]);
  });

  test('no content of the repo becomes a command of its own', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, async (runs) => {
        const of = await reportOf(runs);
        const commands = readCommands(githubReport(of, { top: TOP, prefix: '' }));
        const failed = of.checks.filter(({ state }) => state === 'failed').length;
        expect(commands).toHaveLength(of.findings.length + failed);
        // In a path, a line end is kept as one; in a text it is shown.
        const see = (one: Evidence): string =>
          `\nSee ${placeOf(one)
            .split(/([\r\n])/)
            .map((part, index) => (index % 2 === 1 ? part : printable(part)))
            .join('')}: ${printable(one.says)}`;
        const messages = new Set(
          of.findings.map(
            ({ id, message, fix, evidence }) =>
              `${printable(message)}${evidence.slice(1).map(see).join('')}\nFix: ${printable(fix)}\nMore: ${explain(id)}`,
          ),
        );
        for (const { message } of commands.slice(0, of.findings.length)) {
          expect([...messages].some((text) => message.endsWith(text))).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });
});

const elements = (of: XmlElement): XmlElement[] =>
  of.children.filter((child) => child instanceof XmlElement);
const textOf = (of: XmlElement): string =>
  of.children.map((child) => (child instanceof XmlText ? child.text : '')).join('');

/** The rules of Jenkins' junit-10.xsd, as far as they touch us. */
function readJunit(xml: string) {
  const root = parseXml(xml).root!;
  expect(root.name).toBe('testsuites');
  const [suite, ...others] = elements(root);
  expect([suite!.name, others]).toEqual(['testsuite', []]);
  const inSuite = elements(suite!);
  // What was said of the whole comes last, in Ant's schema too.
  if (inSuite.at(-1)?.name === 'system-out') inSuite.pop();
  const cases = inSuite.map((testcase) => {
    expect(testcase.name).toBe('testcase');
    expect(Object.keys(testcase.attributes).sort()).toEqual(['classname', 'name']);
    const inside = elements(testcase);
    expect(inside.length).toBeLessThanOrEqual(1);
    const [only] = inside;
    expect(['skipped', 'failure', 'error', 'system-out', undefined]).toContain(only?.name);
    return {
      name: testcase.attributes.name!,
      kind: only?.name ?? 'passed',
      message: only?.attributes.message ?? '',
      text: only === undefined ? '' : textOf(only),
    };
  });
  const count = (kind: string): string => String(cases.filter((one) => one.kind === kind).length);
  const totals = {
    tests: String(cases.length),
    failures: count('failure'),
    errors: count('error'),
  };
  expect(root.attributes).toMatchObject(totals);
  expect(suite!.attributes).toMatchObject({ ...totals, skipped: count('skipped') });
  return cases;
}

describe('JUnit', () => {
  test('has one test a check', () => {
    expect(
      readJunit(junitReport(report)).map(({ name, kind, message }) => [name, kind, message]),
    ).toEqual([
      ['A01 Title of A01', 'failure', 'android/app/build.gradle:12:3: too old (and 1 more)'],
      ['A02 Title of A02', 'system-out', ''],
      ['A03 Title of A03', 'skipped', 'suppressed: we want it'],
      ['A04 Title of A04', 'passed', ''],
      ['A05 Title of A05', 'skipped', 'nothing to check here'],
      ['A06 Title of A06', 'error', 'it broke: <here>'],
      ['D01 Title of D01', 'failure', 'emulator-5554: is not there'],
    ]);
  });

  test('what was not looked at has not passed', async () => {
    const { outcomes } = await diagnose('android');
    const unseen = outcomes.filter(({ unseen: why }) => why !== undefined);
    expect(unseen.map(({ rule: { id } }) => id.charAt(0))).toEqual(unseen.map(() => 'I'));
    expect(unseen.length).toBeGreaterThan(20);
    const of = await reportOf(unseen.map((outcome) => [outcome, []]));
    for (const { kind, message } of readJunit(junitReport(of))) {
      expect([kind, message]).toEqual(['skipped', 'the app has no iOS project']);
    }
    const { toolExecutionNotifications } = sarif(of).invocations[0];
    expect(toolExecutionNotifications).toHaveLength(unseen.length);
  });

  test('a native project that prebuild makes was not looked at', async () => {
    const { outcomes } = await diagnose('expo');
    const unseen = outcomes.filter(({ unseen: why }) => why?.startsWith('expo prebuild makes'));
    expect(unseen.map(({ rule: { id } }) => id).toSorted()).toEqual(
      ['A02', 'A04', 'A25', 'A28', 'A34', 'I20', 'I29', 'I34'].filter((id) =>
        outcomes.some(({ rule, state }) => rule.id === id && state === 'ran'),
      ),
    );
    expect(unseen.length).toBeGreaterThan(4);
    for (const { kind } of readJunit(junitReport(await reportOf(unseen.map((one) => [one, []]))))) {
      expect(kind).toBe('skipped');
    }
  });

  test('a file that could not be read keeps the checks that read such files from passing', async () => {
    const config = "import { make } from 'our-config';\nexport default make();\n";
    const { outcomes } = await diagnose('capacitor', {
      'package.json':
        '{ "dependencies": { "@capacitor/core": "7.4.0", "@capacitor/background-runner": "2.1.0" } }',
      'capacitor.config.json': undefined,
      'capacitor.config.ts': config,
    });
    const reason = (id: string) => outcomes.find(({ rule }) => rule.id === id)?.unseen;
    expect(reason('J17')).toContain('capacitor.config.ts was not looked at');
    expect(reason('I01')).toContain('capacitor.config.ts was not looked at');
    expect(reason('A06')).toBeUndefined();
  });

  test('with --strict, warnings are failures', async () => {
    const [, second] = readJunit(junitReport(await reportOf(RUNS, { isStrict: true })));
    expect(second).toMatchObject({ kind: 'failure', message: 'package.json: is odd' });
  });

  test('is well-formed whatever the repo holds, and keeps what XML can say', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, async (runs) => {
        const of = await reportOf(runs);
        const [first] = readJunit(junitReport(of));
        for (const { message } of of.findings.filter(({ id }) => id === 'A01')) {
          if (/^[\t\n\u0020-\ud7ff]*$/.test(message)) {
            expect(first!.text).toContain(printable(message));
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('text', () => {
  test('names checks that could not run for one reason together', async () => {
    const failed = (id: string, reason: string): Run => [
      { rule: rule(id, 'error'), state: 'failed', reason },
      [],
    ];
    const runs = [
      failed('A05', 'no config'),
      failed('A06', 'it broke'),
      failed('I01', 'no config'),
    ];
    const lines = textReport(await reportOf(runs), noColors).split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'could not run A05, I01  no config',
      'could not run A06  it broke',
    ]);
  });

  test('is sorted by severity, and says a thing once', () => {
    const text = textReport(report, noColors);
    expect(text).toBe(
      [
        'Errors',
        '',
        '  android/app/build.gradle:12:3  A01  too old',
        '    why  Why A01.',
        '    fix  Fix A01.',
        '  emulator-5554  D01  is not there',
        '    why  Why D01.',
        '    fix  Fix D01.',
        '  ios/a, b:c%/Info.plist:2  A01  two\\nlines, 100 %: yes',
        '',
        'Warnings',
        '',
        '  package.json  A02  is odd',
        '    why  Why A02.',
        '    fix  Do this.',
        '',
        'could not run A06  it broke: <here>',
        'not looked at big.js: it is big',
        '',
        '6 checks: 3 errors, 1 warning, 0 infos; 1 known from the baseline; 1 suppressed',
        'The whole story of one: `npx bgsync doctor --explain A01`',
        '',
      ].join('\n'),
    );
  });

  test('no content of the repo reaches a terminal as it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, async (runs) => {
        const of = await reportOf(runs);
        const lines = textReport(of, noColors).split('\n');
        expect(lines.join('')).not.toMatch(
          /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/,
        );
        expect(lines.length).toBeLessThan(12 + 5 * of.findings.length);
      }),
      { numRuns: 100 },
    );
  });
});

test.each([
  ['text', (of: DoctorReport) => textReport(of, noColors)],
  ['json', (of: DoctorReport) => jsonReport(of, {})],
  ['sarif', (of: DoctorReport) => sarifReport(of, place)],
  ['github', (of: DoctorReport) => githubReport(of, place)],
  ['junit', (of: DoctorReport) => junitReport(of)],
  ['html', (of: DoctorReport) => htmlReport(of, 'app')],
])('%s has nothing that a terminal acts on', async (_format, print) => {
  const hostile = 'a\u001b[31m\u009b31m\u202eb\u2028\u0007\u007f\rc\ufeff';
  const evidence = [{ file: hostile, line: 1, says: hostile }];
  const finding = { file: hostile, line: 1, message: hostile, fix: hostile, evidence };
  const output = print({
    ...(await reportOf([
      ran(rule('A01', 'error'), finding),
      [{ rule: rule('A02', 'error'), state: 'failed', reason: hostile }, []],
    ])),
    notices: [hostile],
    notes: [{ path: hostile, reason: hostile }],
  });
  expect(output).toContain('31m');
  expect(output).not.toMatch(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/,
  );
});

test('JSON is data', async () => {
  await fc.assert(
    fc.asyncProperty(anyRuns, async (runs) => {
      const of = await reportOf(runs);
      const document = JSON.parse(jsonReport(of, { host: 'expo' })) as {
        findings: { message: string }[];
      };
      expect(document.findings.map(({ message }) => message)).toEqual(
        of.findings.map(({ message }) => message),
      );
    }),
  );
});

describe('paths', () => {
  test.each([
    ['of a repository', { '/w/repo/.git/HEAD': '' }, {}, '/w/repo', 'apps/demo'],
    ['of a work tree', { '/w/repo/apps/.git': 'gitdir: x' }, {}, '/w/repo/apps', 'demo'],
    ['without git', {}, { GITHUB_WORKSPACE: '/w' }, '/w', 'repo/apps/demo'],
    ['elsewhere', {}, { GITHUB_WORKSPACE: '/other' }, '/w/repo/apps/demo', ''],
  ])('are counted from the top %s', async (_name, files, env, top, prefix) => {
    const fs = memoryFileSystem({ '/w/repo/apps/demo/package.json': '{}', ...files });
    expect(await findReportPlace(fs, '/w/repo/apps/demo', env)).toEqual({ top, prefix });
  });
});

describe('evidence', async () => {
  const says = 'makes a processing request';
  const [asks, odd] = [
    { file: 'ios/[App]/B.swift', line: 7, says },
    { file: 'package.json', says: 'a, b: 100 %\nc' },
  ];
  const joined = await reportOf([
    ran(
      rule('A01', 'error'),
      { file: 'ios/Info.plist', line: 2, message: 'no id', evidence: [asks, odd] },
      { file: 'index.js', message: 'alone' },
    ),
  ]);

  test('is in the text below the finding, where there is more than its own place', () => {
    expect(textReport(joined, noColors)).toContain(
      [
        '  ios/Info.plist:2  A01  no id',
        `    see  ios/[App]/B.swift:7  ${says}`,
        '    see  package.json  a, b: 100 %\\nc',
        '',
      ].join('\n'),
    );
    expect(textReport(joined, noColors).match(/ see /g)).toHaveLength(2);
  });

  test('is whole in JSON, the finding’s own place first', () => {
    const { findings } = JSON.parse(jsonReport(joined, {})) as {
      findings: { file: string; evidence: unknown }[];
    };
    expect(findings.map(({ evidence }) => evidence)).toEqual([
      [{ file: 'index.js', says: 'alone' }],
      [{ file: 'ios/Info.plist', line: 2, says: 'no id' }, asks, odd],
    ]);
  });

  test('is SARIF’s related locations, which the message links to', () => {
    const [alone, result] = sarif(joined).results;
    expect(alone).not.toHaveProperty('relatedLocations');
    expect(result?.message.text).toBe(
      `no id\nSee [ios/\\[App\\]/B.swift:7](1): ${says}\nSee [package.json](2): ${odd.says}\nFix: Fix A01.`,
    );
    expect(result?.relatedLocations).toMatchObject([
      {
        id: 1,
        message: { text: says },
        physicalLocation: {
          artifactLocation: { uri: 'apps/demo/ios/%5BApp%5D/B.swift' },
          region: { startLine: 7 },
        },
      },
      { id: 2, physicalLocation: { artifactLocation: { uri: 'apps/demo/package.json' } } },
    ]);
  });

  test('is in GitHub’s message and in JUnit’s text', () => {
    expect(readCommands(githubReport(joined, place)).map(({ message }) => message)).toContain(
      `no id\nSee ios/[App]/B.swift:7: ${says}\nSee package.json: ${odd.says}\nFix: Fix A01.\nMore: ${explain('A01')}`,
    );
    expect(readJunit(junitReport(joined))[0]!.text).toContain(
      `no id\n  see: ios/[App]/B.swift:7: ${says}\n  see: package.json: ${odd.says}\n  fix:`,
    );
  });
});

describe('where the whole story of a check is', () => {
  const repository = { url: 'git+https://code.example/team/bgsync.git' };
  const page = (id: string) => checkPage(id, { version: '1.2.3', repository });
  const address = 'https://code.example/team/bgsync/blob/v1.2.3/docs/checks/A01.md';
  const formats = (pageOf: PageOf): string[] => [
    sarifReport(report, place, pageOf),
    githubReport(report, place, pageOf),
    junitReport(report, pageOf),
    jsonReport(report, {}, pageOf),
    htmlReport(report, 'demo', pageOf),
    explainRule(rule('A01', 'error'), noColors, 60, pageOf),
  ];

  test('is its page in every report of a build that knows its repository', () => {
    expect(page('A01')).toBe(address);
    for (const text of formats(page)) expect(text).toContain(address);
    const [first] = sarif(report).tool.driver.rules;
    expect(first).toMatchObject({ id: 'A01' });
    const log = JSON.parse(sarifReport(report, place, page)) as {
      runs: [{ tool: { driver: { rules: { id: string; helpUri: string }[] } } }];
    };
    for (const { id, helpUri } of log.runs[0].tool.driver.rules) expect(helpUri).toBe(page(id));
  });

  test('is a command in a build that knows none', () => {
    expect(checkPage('A01', { version: '1.2.3' })).toBe(undefined);
    expect(checkPage('A01', { version: '1', repository: { url: 'no address' } })).toBe(undefined);
    const [, github, junit, json, html] = formats(() => undefined);
    for (const text of [github, junit, json, html])
      expect(text).toContain('bgsync doctor --explain A01');
  });
});
