/**
 * `npm run test:pages`: the HTML pages of `doctor` and `logs` in a real Chromium: axe finds no violation, in light and dark,
 * wide and narrow; nothing of a hostile log or repo becomes an element, and nothing is asked of the network; the keyboard
 * reaches what can be operated; a picture of each page is taken and is not empty.
 *
 * `--keep DIR` leaves pages and pictures there.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inflateSync } from 'node:zlib';
import { runCli } from '../helpers/cli.ts';
import { fillInFile } from '../helpers/fill-in.ts';
import { makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';
import { Chromium, findChromium } from './chromium.ts';

const NASTY =
  '</td><script>window.hit=1</script><img src=https://x.invalid/ onerror=window.hit=1>\u202e"\' onfocus=window.hit=1 autofocus <!-- ${1}';

const scratch = scratchFolder();
const keep = process.argv.indexOf('--keep');
const out = keep === -1 ? join(scratch, 'out') : (process.argv[keep + 1] ?? scratch);
mkdirSync(out, { recursive: true });

/** Fetched by name, as it is needed here alone. */
function fetchAxe(): string {
  const args = ['install', '--no-audit', '--no-fund', '--prefix', scratch, 'axe-core@4.14.1'];
  const { status, stderr } = spawnSync('npm', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm ended with ${status ?? 'a signal'}: ${stderr}`);
  return readFileSync(join(scratch, 'node_modules/axe-core/axe.min.js'), 'utf8');
}

let passed = 0;
const failures: string[] = [];
function expect(what: string, isTrue: boolean, detail: unknown = ''): void {
  if (isTrue) passed += 1;
  else
    failures.push(
      `${what} ${typeof detail === 'string' ? detail : JSON.stringify(detail, null, 1)}`,
    );
}

/** Lines of a log: nights of runs, and what a run may say of itself. */
function log(nights: number, text: string): string {
  const outcomes = ['done', 'retry', 'failed', 'expired', 'skipped', 'killed', text];
  let seq = 0;
  const lines: string[] = [];
  const line = (event: object): void => {
    seq += 1;
    lines.push(`BGSYNC1 ${JSON.stringify({ v: 1, seq, plat: 'android', pid: 7, ...event })}`);
  };
  for (let night = 0; night < nights; night += 1) {
    const ts = 1_790_000_000_000 + night * 3_600_000;
    const run = `${night}${text}`;
    const env = { bat: 40, chg: night % 2, net: text === '' ? 'wifi' : text, metered: 1, save: 1 };
    line({ ts, ev: 'run.start', run, trig: text === '' ? 'os' : text, env });
    if (night === 0) line({ ts, ev: 'configure', msg: `{"network":"any"}${text}` });
    if (night % 9 === 8) continue;
    const out = outcomes[night % (text === '' ? 6 : 7)];
    line({
      ts: ts + 25_000,
      ev: 'run.end',
      run,
      out,
      rem: 3,
      why: text,
      ms: 25_000,
      next: ts + 3_500_000,
    });
  }
  return `${lines.join('\n')}\n`;
}

/** Writes the pages; by name. */
function makePages(): Map<string, string> {
  const pages = new Map<string, string>();
  const logs = { nights: log(20, ''), hostile: log(14, NASTY), empty: 'nothing\n' };
  for (const [name, text] of Object.entries(logs)) {
    writeFileSync(join(scratch, `${name}.log`), text);
    const page = join(out, `timeline-${name}.html`);
    const { code, stderr } = runCli(
      ['logs', '--input', `${name}.log`, '--timeline', '--html', page],
      scratch,
    );
    if (code !== 0) throw new Error(`logs ended with ${code}: ${stderr}`);
    pages.set(`timeline-${name}`, page);
  }

  const app = join(scratch, `app`);
  mkdirSync(app);
  makeTemplateApp('0.87', app);
  if (runCli(['init', '--yes'], app).code !== 0) throw new Error('init failed');
  fillInFile(join(app, 'src/background-sync.ts'));
  const doctor = (name: string): void => {
    const { stdout, stderr } = runCli(['doctor', '--format', 'html'], app);
    if (stderr !== '') throw new Error(stderr);
    const page = join(out, `doctor-${name}.html`);
    writeFileSync(page, stdout);
    pages.set(`doctor-${name}`, page);
  };
  doctor('green');
  rmSync(join(app, 'modules/background-sync/android/build.gradle'));
  const plist = join(app, 'ios/HelloWorld/Info.plist');
  writeFileSync(
    plist,
    readFileSync(plist, 'utf8').replace(
      'dev.bgsync.processing',
      NASTY.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
    ),
  );
  writeFileSync(
    join(app, 'a.kt'),
    `WorkManager.getInstance(c).enqueueUniquePeriodicWork("${NASTY.replaceAll('"', '\\"').replace('$', '\\$')}", ExistingPeriodicWorkPolicy.REPLACE, r)`,
  );
  const config = join(app, 'bgsync.config.json');
  const settings = JSON.parse(readFileSync(config, 'utf8')) as object;
  const doctorSettings = {
    suppress: [
      { id: 'A14', reason: NASTY },
      { id: 'A01', file: NASTY, reason: 'r' },
    ],
  };
  writeFileSync(config, JSON.stringify({ ...settings, doctor: doctorSettings }));
  doctor('broken');
  return pages;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
  readonly passes: readonly unknown[];
}

/** How many different bytes a PNG's pixels have: one colour alone has a handful. */
function variety(png: Buffer): number {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  return new Set(inflateSync(Buffer.concat(parts))).size;
}

async function look(browser: Chromium, axe: string, name: string, page: string): Promise<void> {
  for (const [scheme, width] of [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const) {
    const what = `${name}, ${scheme}, ${width} px:`;
    await browser.send('Emulation.setDeviceMetricsOverride', {
      ...{ width, height: 900, deviceScaleFactor: 1, mobile: false },
    });
    await browser.send('Emulation.setEmulatedMedia', {
      features: [{ name: 'prefers-color-scheme', value: scheme }],
    });
    const asked: string[] = [];
    await browser.open(pathToFileURL(page).href, (url) => asked.push(url));
    expect(`${what} asks for nothing else`, asked.length === 1, asked);
    const found = await browser.evaluate<{
      active: number;
      hit: boolean;
      back: string;
      wide: boolean;
    }>(
      `({ active: document.querySelectorAll('script,img,iframe,object,link,[onfocus],[onerror],[autofocus],[src]').length,
          hit: 'hit' in window, back: getComputedStyle(document.body).backgroundColor,
          wide: document.documentElement.scrollWidth > innerWidth })`,
    );
    expect(`${what} nothing in it became active`, found.active === 0 && !found.hit, found);
    expect(
      `${what} has its colours`,
      (found.back === 'rgb(255, 255, 255)') === (scheme === 'light'),
      found,
    );
    expect(`${what} is not wider than the screen`, !found.wide, found);
    const { violations, passes } = await browser.evaluate<AxeResult>(
      `document.querySelectorAll('details').forEach((one) => { one.open = true; }); ${axe}; axe.run(document)`,
    );
    expect(`${what} axe has looked`, passes.length > 8, String(passes.length));
    expect(
      `${what} axe finds nothing:`,
      violations.length === 0,
      violations.map(({ id, nodes }) => [id, nodes.length, nodes[0]?.html]),
    );
    const { data } = (await browser.send('Page.captureScreenshot')) as { data: string };
    const png = Buffer.from(data, 'base64');
    writeFileSync(join(out, `${name}-${scheme}-${width}.png`), png);
    expect(`${what} the picture is not empty`, variety(png) > 30, String(variety(png)));
  }
}

/** With keys alone: rows are chosen by outcome, the table is reached, the list of checks opens. */
async function operate(browser: Chromium, pages: ReadonlyMap<string, string>): Promise<void> {
  const visible = `[...document.querySelectorAll('tbody tr')].filter((row) => row.offsetParent !== null).length`;
  const focused = `document.activeElement.matches.bind(document.activeElement)`;
  await browser.open(pathToFileURL(pages.get('timeline-nights') ?? '').href, () => undefined);
  const all = await browser.evaluate<number>(visible);
  await browser.press('Tab', 9);
  expect('a key reaches the choice', await browser.evaluate(`${focused}('input[type=radio]')`));
  await browser.press('ArrowDown', 40);
  const some = await browser.evaluate<number>(visible);
  expect('a key chooses rows', all === 20 && some > 0 && some < all, `${some} of ${all}`);
  await browser.press('Tab', 9);
  expect('a key reaches the table', await browser.evaluate(`${focused}('[role=region]')`));

  await browser.open(pathToFileURL(pages.get('doctor-green') ?? '').href, () => undefined);
  await browser.press('Tab', 9);
  await browser.press('Enter', 13, '\r');
  expect(
    'a key opens the checks',
    await browser.evaluate(`document.querySelector('details').open`),
  );
}

const name = findChromium();
if (name === undefined) {
  console.error(
    'NOT TESTED: there is no Chromium on this machine (Debian: apt-get install chromium).',
  );
  process.exit(1);
}
const browser = new Chromium(name, join(scratch, 'profile'));
try {
  await browser.start();
  const axe = fetchAxe();
  const pages = makePages();
  for (const [page, path] of pages) await look(browser, axe, page, path);
  await operate(browser, pages);
} finally {
  await browser.stop();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}
for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
