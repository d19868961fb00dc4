import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Check } from '../../src/doctor/check.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { runRepoChecks } from '../../src/doctor/run-repo.ts';
import { BASES } from '../helpers/doctor-bases.ts';
import { memoryFileSystem } from '../helpers/memory-file-system.ts';

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const GUIDES = ['CONTRIBUTING.md', 'docs/architecture.md'];

describe('CONTRIBUTING.md', () => {
  const text = readFileSync(path('CONTRIBUTING.md'), 'utf8');

  test.each(['a check', 'a host', 'a command'])(
    'says how to add %s, in at most 5 steps',
    (what) => {
      const section = text.split(/^## /m).find((one) => one.startsWith(`Add ${what}`)) ?? '';
      const steps = section.match(/^\d\. /gm) ?? [];
      expect(steps.length).toBeGreaterThan(2);
      expect(steps.length).toBeLessThanOrEqual(5);
    },
  );

  test('a check of one object runs, as its first step says', async () => {
    const scratch: Check = {
      id: 'A99',
      title: 'The app has a README',
      severity: 'info',
      why: 'w',
      source: 's',
      fix: 'f',
      explain: 'e',
      run: async (repo) =>
        (await repo.exists('README.md')) ? [] : [{ file: 'README.md', message: 'it is missing' }],
    };
    const run = async (files: Readonly<Record<string, string>>) => {
      const tree = Object.entries(files).map(([name, content]) => [`/app/${name}`, content]);
      const fs = memoryFileSystem(Object.fromEntries(tree) as Record<string, string>);
      return (await runRepoChecks([scratch], await openRepo(fs, '/app'))).findings;
    };
    expect((await run(BASES['react-native'])).map(({ id }) => id)).toEqual(['A99']);
    expect(await run({ ...BASES['react-native'], 'README.md': '' })).toEqual([]);
  });
});

test.each(GUIDES)('%s names files that are there', (guide) => {
  const text = readFileSync(path(guide), 'utf8');
  const named = [...text.matchAll(/`((?:src|tests|templates|docs)\/[\w./-]+)`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !existsSync(path(name)))).toEqual([]);
});

test('nothing but the table of hosts asks which one an app is', () => {
  const asking = ['src/commands', 'src/views', 'src/plan', 'src/integrations'].flatMap((folder) =>
    readdirSync(path(folder))
      .filter((name) => name.endsWith('.ts') && name !== 'hosts.ts')
      .map((name) => `${folder}/${name}`)
      .filter((name) =>
        /expo [!=]== undefined|(?:\bhost|\.id) [!=]== '|from '.*\/expo\/(?:host|plan|notes)\.ts'/.test(
          readFileSync(path(name), 'utf8'),
        ),
      ),
  );
  expect(asking).toEqual([]);
});
