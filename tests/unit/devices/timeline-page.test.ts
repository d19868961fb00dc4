import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { timelinePage } from '../../../src/devices/timeline-page.ts';
import type { SyncEvent } from '../../../src/events/event.ts';
import { runCli } from '../../helpers/cli.ts';

// How the page looks, and that a browser makes nothing of hostile text, is `npm run test:pages`.

const HOSTILE = `<script>"'&\u202e\ud800`;
const at = (seq: number, event: Partial<SyncEvent>): SyncEvent => ({
  ...{ v: 1, seq, ts: 1_790_000_000_000 + seq * 1000, plat: 'ios', pid: 1, ev: 'run.start' },
  ...event,
});

test('a row says when a run began, how it ended and how it found the device', () => {
  const page = timelinePage(
    [
      at(1, { run: 'a', trig: 'os', env: { bat: 40, chg: 1, net: 'wifi', metered: 1 } }),
      at(26, { ev: 'run.end', run: 'a', out: 'retry', why: 'budget', rem: 7 }),
      at(27, { run: 'b' }),
    ],
    'night.log',
  );
  expect(page).toContain('2 runs; 1 retry, 1 open');
  const [first = '', second = ''] = page.match(/<tr data-kind.*<\/tr>/g) ?? [];
  for (const cell of ['retry: budget', '25 s', 'os', 'wifi, metered', '40 %, charging', '7']) {
    expect(first).toContain(`>${cell}<`);
  }
  expect(second).toContain('data-kind="open"');
});

test('no word of a log is HTML', () => {
  const words = { run: HOSTILE, trig: HOSTILE, env: { net: HOSTILE } };
  const page = timelinePage(
    [
      at(1, words),
      at(2, { ev: 'configure', msg: HOSTILE }),
      at(3, { ev: 'run.end', run: HOSTILE, out: HOSTILE, why: HOSTILE }),
    ],
    HOSTILE,
  );
  expect(page).not.toContain('<script');
  expect(page.match(/&lt;script&gt;&quot;&#39;&amp;\\u202e\ufffd/g)).toHaveLength(8);
});

test('logs --timeline --html writes it, and --html alone is an error of use', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bgsync-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.log'), `BGSYNC1 ${JSON.stringify(at(1, { run: 'a' }))}\n`);
  const run = (...args: string[]) => runCli(['logs', '--input', 'a.log', ...args], folder);
  expect(run('--timeline', '--html', 'out.html')).toEqual({
    ...{ code: 0, stdout: 'Written: out.html\n', stderr: '' },
  });
  expect(readFileSync(join(folder, 'out.html'), 'utf8')).toContain('1 run; 1 open');
  expect(run('--html', 'out.html').code).toBe(2);
  const refused = run('--timeline', '--html', 'no/such/folder/out.html');
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('cannot be written');
});
