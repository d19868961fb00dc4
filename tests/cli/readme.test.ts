/** README.md's first five minutes, typed as they stand there: what is shown is what bgsync says, but for sizes and times. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { appIn } from '../helpers/app.ts';
import { REPO, makeTemplateApp, scratchFolder } from '../helpers/template-app.ts';

const README = readFileSync(join(REPO, 'README.md'), 'utf8');

/** What the example imports: four items, and a server of this machine's that takes its time. */
const OUTBOX = `
import { later } from 'server';
interface Item { readonly id: number }
const items: Item[] = [1, 2, 3, 4].map(id => ({ id }));
export const outbox = {
  all: async () => [...items],
  remove: async (item: Item) => void items.splice(items.indexOf(item), 1),
  count: () => items.length,
};
export const send = (_item: Item, _signal: AbortSignal) => later(400);
`;

const LATER = `export const later = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));\n`;

/** Each command of the blocks, with what is shown below it, in parts between which lines are left out. */
const SESSION = [...README.matchAll(/^```console\n([^]*?)^```$/gm)].flatMap(([, block = '']) =>
  block
    .split(/^\$ npx bgsync /m)
    .slice(1)
    .map((text) => {
      const [command = '', ...lines] = text.split('\n');
      return { args: command.split(' '), parts: lines.join('\n').trim().split('\n…\n') };
    }),
);

/** How many checks there are stays. */
const withoutNumbers = (text: string): string =>
  text.replaceAll(/\b\d+(?:\.\d+)*(?![\d.]| checks)/g, '0');

test('says in the example what README.md shows', () => {
  const folder = scratchFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const root = join(folder, 'HelloWorld');
  mkdirSync(root);
  makeTemplateApp('0.87', root);
  const app = appIn(root);
  const handler = /^```ts\n([^]*?)^```$/m.exec(README)?.[1] ?? '';

  expect(SESSION.map(({ args: [command] }) => command)).toEqual(['init', 'trigger', 'doctor']);
  for (const { args, parts } of SESSION) {
    const isInit = args[0] === 'init';
    const { stdout, stderr } = app.run(...args, ...(isInit ? ['--yes'] : []));
    expect(stderr).toBe('');
    for (const part of parts) expect(withoutNumbers(stdout)).toContain(withoutNumbers(part));
    if (!isInit) continue;
    app.write('src/background-sync.ts', handler);
    app.write('src/outbox.ts', OUTBOX);
    app.write('local/server.ts', LATER);
    app.write('bgsync.config.json', '{ "local": { "alias": { "server": "local/server.ts" } } }\n');
  }
});
