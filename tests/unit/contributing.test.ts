import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../src/config.ts';
import type { Check } from '../../src/doctor/check.ts';
import { openRepo } from '../../src/doctor/repo.ts';
import { runRepoChecks } from '../../src/doctor/run-repo.ts';
import { HOSTS } from '../../src/integrations/hosts.ts';
import { ECOSYSTEMS } from '../../src/project/ecosystems.ts';
import { requireAppRoot } from '../../src/project/find-root.ts';
import { COMMANDS } from '../helpers/cli.ts';
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

describe('a host, as its steps say', () => {
  test.each(Object.keys(HOSTS))('%s is a folder and a row', (id) => {
    expect(existsSync(path(`src/integrations/${id}/host.ts`))).toBe(true);
    const table = readFileSync(path('src/integrations/hosts.ts'), 'utf8');
    expect(table).toContain(`from './${id}/host.ts'`);
  });

  test('its layers are folders of templates', () => {
    for (const host of Object.values(HOSTS)) {
      const layers = [
        ...host.layers(defaultConfig()),
        ...host.retiredLayers(['android', 'ios']),
      ].map(({ layer }) => layer);
      expect(layers.filter((layer) => !existsSync(path(`templates/${layer}`)))).toEqual([]);
    }
  });

  test('an ecosystem finds its app by the marker that it names', async () => {
    const fs = memoryFileSystem({ '/app/package.json': '{"dependencies":{"expo":"1"}}' });
    for (const { marker } of ECOSYSTEMS) expect(marker).toMatch(/^[\w.-]+$/);
    await expect(requireAppRoot(fs, '/app')).resolves.toBe('/app');
    await expect(requireAppRoot(memoryFileSystem({ '/app/a': '' }), '/app')).rejects.toThrow(
      ECOSYSTEMS[0]?.marker,
    );
  });
});

test.each(COMMANDS)('%s is a command, as its steps say', (name) => {
  const cli = readFileSync(path('src/cli.ts'), 'utf8');
  expect(existsSync(path(`src/commands/${name}.ts`))).toBe(true);
  expect(cli).toContain(`import('./commands/${name}.ts')`);
  expect(readFileSync(path('docs/commands.md'), 'utf8')).toContain(`bgsync ${name}`);
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
