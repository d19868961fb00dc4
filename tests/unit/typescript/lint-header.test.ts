import { ESLint } from 'eslint';
import type { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';
import { exampleModel } from '../../helpers/generate.ts';
import { renderLayer } from '../../../src/templates/render.ts';

const parsed: Linter.Config = {
  files: ['**/*.ts', '**/*.js'],
  languageOptions: { parser: tseslint.parser },
  // What ESLint 9 and later warn of by default.
  linterOptions: { reportUnusedDisableDirectives: 'error', reportUnusedInlineConfigs: 'error' },
};

const CONFIGS: Readonly<Record<string, Linter.Config>> = {
  'no rule at all': {},
  'an indent of tabs, double quotes, short lines': {
    rules: {
      indent: ['error', 'tab'],
      quotes: ['error', 'double'],
      'max-len': ['error', 60],
      semi: ['error', 'never'],
    },
  },
  'the same rule with the host’s own options': {
    rules: { 'no-restricted-syntax': ['error', 'WithStatement', 'ImportDeclaration'] },
  },
};

const generated = [
  ...renderLayer('typescript', exampleModel({})),
  ...renderLayer('queue', exampleModel({})),
  ...renderLayer('expo', exampleModel({})),
].filter(([path]) => /\.[jt]s$/.test(path));

async function lint(text: string, path: string, config: Linter.Config): Promise<string[]> {
  const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: [parsed, config] });
  const [result] = await eslint.lintText(text, { filePath: path });
  return result!.messages.map(({ ruleId, message }) => `${ruleId ?? 'eslint'}: ${message}`);
}

test('there is something to lint', () => expect(generated.length).toBeGreaterThan(10));

test.each(Object.entries(CONFIGS))('generated files are silent under %s', async (_, config) => {
  for (const [path, text] of generated) {
    expect([path, await lint(text, path, config)]).toEqual([path, []]);
  }
});

test('without the header, the rules are heard', async () => {
  const [path, text] = generated.find(([name]) => name.endsWith('core.ts'))!;
  const bare = text.replace(/^(?:\/\* eslint.*\n){2}/, '');
  const heard = await lint(bare, path, CONFIGS['an indent of tabs, double quotes, short lines']!);
  expect(heard.length).toBeGreaterThan(100);
});

// React Native's own config has `eslint-comments/no-unlimited-disable`: test:apps runs it over the template apps.
test('a bare directive would be told to be unused', async () => {
  expect(await lint('/* eslint-disable */\nexport {};\n', 'a.ts', {})).toEqual([
    expect.stringContaining('Unused eslint-disable directive'),
  ]);
});
