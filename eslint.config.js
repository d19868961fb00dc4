import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const only = (name, file) => ({ name, message: `Only ${file} imports it; use the context.` });
const doors = [
  only('@clack/prompts', 'src/prompt.ts'),
  only('execa', 'src/devices/local/child-process.ts'),
  ...['node:child_process', 'child_process'].map((name) => only(name, 'src/exec.ts')),
];
const nodeFs = ['node:fs', 'node:fs/promises'].map((name) => only(name, 'src/file-system.ts'));

export default defineConfig(
  {
    ignores: [
      'dist/',
      'templates/',
      'tests/fixtures/',
      'tests/golden/',
      'tests/locks/*.*.*',
      'tests/native/',
      '**/*.d.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Node's and commander's callbacks are looser than this rule assumes.
      '@typescript-eslint/no-confusing-void-expression': 'off',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: doors }], 'no-console': 'error' },
  },
  {
    files: ['src/{formats,project,plan,doctor,integrations,schedule,events}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [...doors, ...nodeFs] }] },
  },
  {
    files: [
      'src/prompt.ts',
      'src/exec.ts',
      'src/devices/local/child-process.ts',
      'src/file-system.ts',
    ],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
