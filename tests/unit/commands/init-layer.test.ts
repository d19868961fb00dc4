import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import minVersion from 'semver/ranges/min-version.js';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { init } from '../../../src/commands/init.ts';
import { remove } from '../../../src/commands/remove.ts';
import type { Context } from '../../../src/context.ts';
import { SYNC_LAYER_IDS, syncLayerFacts } from '../../../src/facts.ts';
import { makeTemplateApp, scratchFolder } from '../../helpers/template-app.ts';
import { quietReport, testContext } from '../../helpers/test-context.ts';
import { changedPaths, readTree } from '../../helpers/tree.ts';

const HANDLER = 'src/background-sync.ts';
let app = '';
let questions: string[] = [];
let said = '';

beforeEach(() => {
  app = scratchFolder();
  onTestFinished(() => rmSync(app, { recursive: true, force: true }));
  makeTemplateApp('0.87', app);
  questions = [];
  said = '';
});

const read = (path: string): string => readFileSync(join(app, path), 'utf8');

function depend(dependencies: Readonly<Record<string, string>>): void {
  const manifest = JSON.parse(read('package.json')) as { dependencies: object };
  manifest.dependencies = { ...manifest.dependencies, ...dependencies };
  writeFileSync(join(app, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** A terminal whose user answers the questions so, or none where no answers are given. */
function context(answers?: readonly (boolean | string)[]): Context {
  const left = [...(answers ?? [])];
  return testContext({
    cwd: app,
    report: quietReport({ line: (text = '') => (said += `${text}\n`) }),
    prompt: {
      confirm: (message) => {
        questions.push(message);
        return Promise.resolve(left.shift() === true);
      },
      select: (message, options) => {
        questions.push(message);
        const answer = left.shift();
        const chosen = options.find(({ label }) => label.includes(String(answer)));
        return chosen === undefined
          ? Promise.reject(new Error(`no such answer: ${String(answer)}`))
          : Promise.resolve(chosen.value);
      },
    },
    isInteractive: answers !== undefined,
  });
}

const WATERMELON = { '@nozbe/watermelondb': '^0.28.0' };

test('asks whether the handler starts from the library, and not for a queue besides', async () => {
  depend(WATERMELON);
  await init({ pin: false }, context([true, true]));
  expect(questions).toEqual([
    'Your app has WatermelonDB: start the handler from its synchronize?',
    'Apply this plan?',
  ]);
  expect(said).toMatch(
    /src\/background-sync\.ts +your handler: what is synced; drains WatermelonDB/,
  );
  expect(read(HANDLER)).toContain("from '@nozbe/watermelondb/sync'");
  expect(said).toContain('Export your Database, and import it in src/background-sync.ts.');
});

test('a no is asked for a queue, and gets the usual handler', async () => {
  depend(WATERMELON);
  await init({ pin: false }, context([false, 'I write it', true]));
  expect(questions).toHaveLength(3);
  expect(read(HANDLER)).not.toContain('watermelondb');
});

test('nobody to ask: the only one is taken', async () => {
  depend(WATERMELON);
  await init({ yes: true }, context());
  expect(read(HANDLER)).toContain('drainQueue');
  expect(read(HANDLER)).toContain("from '@nozbe/watermelondb/sync'");
});

test.each([{ drain: 'none' as const }, { queue: 'op-sqlite' as const }])(
  'is declined by %j',
  async (options) => {
    depend(WATERMELON);
    await init({ yes: true, ...options }, context());
    expect(read(HANDLER)).not.toContain('watermelondb');
  },
);

test('a version that no handler is known for is said, and left to the user', async () => {
  depend({ '@nozbe/watermelondb': '0.25.5' });
  await init({ yes: true }, context());
  expect(read(HANDLER)).not.toContain('watermelondb');
  expect(said).toContain(
    'WatermelonDB 0.25.5 is not one of the versions that a handler is known for',
  );
  await expect(init({ yes: true, drain: 'watermelondb' }, context())).rejects.toThrow(
    'this app has WatermelonDB 0.25.5',
  );
});

test('what contradicts itself is refused, and nothing is written', async () => {
  await expect(init({ yes: true, drain: 'watermelondb' }, context())).rejects.toThrow(
    '--drain watermelondb: this app does not have @nozbe/watermelondb.',
  );
  depend(WATERMELON);
  const both = { yes: true, drain: 'watermelondb', queue: 'custom' } as const;
  await expect(init(both, context())).rejects.toThrow('each say what the handler drains');
  expect(() => read(HANDLER)).toThrow('ENOENT');
});

test('a handler that is there stays, and is not asked for', async () => {
  await init({ yes: true }, context());
  const before = read(HANDLER);
  depend(WATERMELON);
  await init({ pin: false }, context([]));
  await expect(init({ yes: true, drain: 'watermelondb' }, context())).rejects.toThrow(
    'is there already, and bgsync never overwrites it',
  );
  expect(read(HANDLER)).toBe(before);
});

test('another init lists nothing of the handler again', async () => {
  depend(WATERMELON);
  await init({ yes: true }, context());
  expect(said).toContain('Export your Database');
  said = '';
  // Something is to be done, so that what is left to the user is listed.
  writeFileSync(join(app, 'index.js'), read('index.js').replace(/.*background-sync.*\n/, ''));
  await init({ yes: true, allowDirty: true }, context());
  expect(said).toContain('Left to you:');
  expect(said).not.toMatch(/Database|drainQueue|addToOutbox/);
});

test('a handler that was taken away is asked for again, and a no is a no', async () => {
  depend(WATERMELON);
  await init({ yes: true, drain: 'none' }, context());
  rmSync(join(app, HANDLER));
  await init({ pin: false }, context([false, true]));
  expect(questions[0]).toContain('start the handler from its synchronize?');
  expect(read(HANDLER)).not.toContain('watermelondb');
  rmSync(join(app, HANDLER));
  await init({ pin: false }, context([true, true]));
  expect(read(HANDLER)).toContain("from '@nozbe/watermelondb/sync'");
});

test('the sources are read once for the plan and for what is left to the user', async () => {
  depend(WATERMELON);
  writeFileSync(
    join(app, 'db.ts'),
    "import { Database } from '@nozbe/watermelondb';\nexport const db = new Database();\n",
  );
  const readsOf = async (drain: 'none' | 'watermelondb'): Promise<number> => {
    const own = context();
    let reads = 0;
    const fs: Context['fs'] = {
      ...own.fs,
      read: (place) => {
        if (place.path === 'db.ts') reads += 1;
        return own.fs.read(place);
      },
    };
    await init({ yes: true, dryRun: true, drain }, { ...own, fs });
    return reads;
  };
  // The checks of doctor that init asks read it, too.
  expect((await readsOf('watermelondb')) - (await readsOf('none'))).toBe(1);
});

test.each(SYNC_LAYER_IDS)('%s is taken where nobody is asked, and declined by a no', async (id) => {
  const { title, packageName, versions, sign } = syncLayerFacts(id);
  depend({ [packageName]: minVersion(versions)?.version ?? '' });
  if (sign !== undefined) writeFileSync(join(app, 'sync.ts'), `import '${sign}';\n`);
  const before = readTree(app);
  await init({ yes: true }, context());
  expect(said).toContain(`drains ${title}`);
  expect(read(HANDLER)).toContain(packageName);
  await remove({ yes: true, force: true }, context());
  expect(changedPaths(before, readTree(app))).toEqual([]);
  await init({ pin: false }, context([false, 'I write it', true]));
  expect(questions[0]).toContain(`Your app has ${title}`);
  expect(read(HANDLER)).not.toContain(packageName);
});

test.each([
  ['its state alone', '3.0.0-beta.48', "import { observable } from '@legendapp/state';\n"],
  ['2.x, whose sync cannot be drained', '2.1.15', "import '@legendapp/state/sync';\n"],
])('of Legend-State nothing is asked or said where the app has %s', async (_, version, text) => {
  depend({ '@legendapp/state': version });
  writeFileSync(join(app, 'state.ts'), text);
  await init({ pin: false }, context(['I write it', true]));
  expect(questions.join()).not.toContain('Legend');
  expect(said).not.toContain('Legend');
  expect(read(HANDLER)).not.toContain('@legendapp');
});

test('the observables of several files are imported, each once, under names that differ', async () => {
  depend({ '@legendapp/state': '3.0.0-beta.48' });
  const made = 'observable(synced({}))';
  const head =
    "import { observable } from '@legendapp/state';\nimport { synced } from '@legendapp/state/sync';\n";
  writeFileSync(join(app, 'a.ts'), `${head}export const a$ = ${made};\nexport default a$;\n`);
  writeFileSync(join(app, 'b.ts'), `${head}export const a$ = observable({ c: synced({}) });\n`);
  writeFileSync(join(app, 'd.ts'), `${head}export default ${made};\n`);
  await init({ yes: true }, context());
  expect(read(HANDLER)).toContain(`import { a$ } from '../a';
import { a$ as a$2 } from '../b';
import synced$ from '../d';
`);
  expect(read(HANDLER)).toContain('=> [a$, a$2.c, synced$];');
});

const BOTH = { ...WATERMELON, '@tanstack/offline-transactions': '^1.0.53' };

test('of several one is chosen', async () => {
  depend(BOTH);
  await init({ pin: false }, context(['TanStack', true]));
  expect(questions[0]).toBe('What does the handler drain?');
  expect(read(HANDLER)).toContain("from '@tanstack/offline-transactions'");
});

test('of several none is taken without a word', async () => {
  depend(BOTH);
  await init({ yes: true }, context());
  expect(read(HANDLER)).not.toMatch(/watermelondb|tanstack/);
});

test('of several the one that is named is taken', async () => {
  depend(BOTH);
  await init({ yes: true, drain: 'tanstack' }, context());
  expect(read(HANDLER)).toContain('peekOutbox');
});
