import { format } from 'prettier';
import type { Options } from 'prettier';
import { expect, test } from 'vitest';
import { MODULE, testApp } from '../helpers/app.ts';
import type { TestApp } from '../helpers/app.ts';
import { changedPaths, readTree } from '../helpers/tree.ts';

const STYLES: Readonly<Record<string, Options>> = {
  'tabs, double quotes, 60 columns': { useTabs: true, printWidth: 60, proseWrap: 'always' },
  'no semicolons, no trailing commas, 140 columns': {
    semi: false,
    trailingComma: 'none',
    arrowParens: 'avoid',
    singleQuote: true,
    printWidth: 140,
    proseWrap: 'never',
  },
};

/** What lint-staged does at a commit: the host's Prettier over every file that it knows. */
async function commitFormatted(app: TestApp, style: Options): Promise<string[]> {
  const rewritten: string[] = [];
  for (const [path, bytes] of readTree(app.root)) {
    if (!/\.(?:[jt]sx?|json|md)$/.test(path) || path.startsWith('.git/')) continue;
    const text = bytes.toString('utf8');
    const formatted = await format(text, { ...style, filepath: path });
    if (formatted === text) continue;
    app.write(path, formatted);
    rewritten.push(path);
  }
  return rewritten;
}

test.each(Object.entries(STYLES))(
  'an app whose commits are formatted with %s is set up, updated and taken out as any other',
  async (_, style) => {
    const app = testApp();
    await commitFormatted(app, style);
    app.commit();

    app.init('--queue', 'custom');
    const rewritten = await commitFormatted(app, style);
    expect(rewritten).toEqual(
      expect.arrayContaining([
        `${MODULE}/README.md`,
        `${MODULE}/src/core.ts`,
        `${MODULE}/bgsync.lock.json`,
        'react-native.config.js',
      ]),
    );
    const isQuiet = (): void => {
      const tree = readTree(app.root);
      expect(app.run('diff')).toMatchObject({ code: 0, stderr: '' });
      expect(app.run('init', '--yes').code).toBe(0);
      expect(app.run('update', '--yes').code).toBe(0);
      expect(changedPaths(tree, readTree(app.root))).toEqual([]);
      const doctor = app.run('doctor', '--skip', 'X13');
      expect(doctor.code).toBe(0);
      expect(doctor.stdout).toContain('0 errors, 0 warnings, 0 infos');
      expect(app.run('doctor', '--only', 'X13').stdout).toContain('still throws');
    };
    isQuiet();
    app.commit();

    app.rewrite('bgsync.config.json', (text) =>
      text.replace(/(?<="intervalMinutes":\s*)\d+/, '45'),
    );
    expect(app.run('diff').code).toBe(4);
    expect(app.run('update', '--yes').code).toBe(0);
    await commitFormatted(app, style);
    isQuiet();
    app.commit();

    expect(app.run('remove', '--yes', '--force')).toMatchObject({ code: 0, stderr: '' });
    app.git('add', '-A');
    expect(app.git('diff', '--cached', '--name-only', 'HEAD~2')).toBe('');
  },
);

const STEP = 'npx prettier --write modules/background-sync src/background-sync.ts ';

test.each([
  ['prettier --check .', true],
  ['eslint . && prettier src "**/*.md" -l', true],
  ['prettier --write .', false],
  ['jest --check', false],
])('the next steps name Prettier where a script checks with it: %s', (script, isSaid) => {
  const app = testApp();
  app.rewrite('package.json', (text) =>
    text.replace('"scripts": {', `"scripts": {\n    "style": ${JSON.stringify(script)},`),
  );
  const { code, stdout } = app.run('init', '--yes');
  expect(code).toBe(0);
  expect(stdout.includes(STEP)).toBe(isSaid);
});
