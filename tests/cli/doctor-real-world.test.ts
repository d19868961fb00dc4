/**
 * Apps without any bgsync in them, in the shape of real ones and with their mistakes: doctor must find those, at their
 * lines, and say nothing else. A fixture marks a line that is wrong with the ids of what must be found there, in its last
 * comment: `// I16`.
 */
import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { runCli, scratchFolder } from '../helpers/template-app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/doctor');
const MARK = /(?:\/\/|<!--) ((?:[A-Z]\d\d ?)+)(?: ?-->)?$/;

/** Beside the marks: what has no line. */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'capacitor-background-runner': ['ios/App/App/Info.plist I01'],
};

interface Found {
  readonly id: string;
  readonly file: string;
  readonly line?: number;
}

let app = '';
afterEach(() => rmSync(app, { recursive: true, force: true }));

function marksOf(folder: string): string[] {
  const marks: string[] = [];
  for (const [path, bytes] of readTree(folder)) {
    for (const [index, line] of bytes.toString('utf8').split('\n').entries()) {
      const ids = MARK.exec(line)?.[1]?.trim().split(' ') ?? [];
      marks.push(...ids.map((id) => `${path}:${index + 1} ${id}`));
    }
  }
  return marks;
}

test.each(readdirSync(FIXTURES))('%s', (name) => {
  app = scratchFolder();
  cpSync(join(FIXTURES, name), app, { recursive: true });
  const before = readTree(app);
  const { code, stdout } = runCli(['doctor', '--json'], app);
  expect(changedPaths(before, readTree(app))).toEqual([]);

  const { findings, couldNotRun } = JSON.parse(stdout) as {
    findings: Found[];
    couldNotRun: unknown[];
  };
  expect(couldNotRun).toEqual([]);
  const expected = [...marksOf(app), ...(ELSEWHERE[name] ?? [])];
  expect(
    findings
      .map(({ id, file, line }) => `${file}${line === undefined ? '' : `:${line}`} ${id}`)
      .toSorted(),
  ).toEqual(expected.toSorted());
  expect(code).toBe(name.startsWith('sound-') ? 0 : 1);
});
