import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { LockFile } from '../../src/plan/lock-file.ts';
import { createReport } from '../../src/report.ts';
import { showDrift } from '../../src/views/diff-view.ts';
import { wrapText } from '../../src/wrap.ts';

const PATHS = ['index.js', 'modules/background-sync/src/NativeBackgroundSync.ts'];

function shown(columns: number): string[] {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY: true, columns });
  const report = createReport(terminal, new Writable(), wrapText);
  const drift = PATHS.map((path) => ({
    path,
    why: ['edit gone' as const],
    before: undefined,
    after: undefined,
  }));
  showDrift(report, {} as LockFile, drift);
  return stripVTControlCharacters(text).split('\n');
}

test('why a file differs stands beside all of them, or deeper below each', () => {
  const why = 'what bgsync put in is gone or changed';
  const [first = '', second = ''] = shown(110);
  expect(first.indexOf(why)).toBe(second.indexOf(why));
  expect(first.indexOf(why)).toBeGreaterThan(0);
  expect(shown(60).slice(0, 4)).toEqual([
    '  index.js',
    `      ${why}`,
    `  ${PATHS[1]}`,
    `      ${why}`,
  ]);
});
