import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const only = (name, file) => ({ name, message: `Only ${file} imports it; use the context.` });
const doors = [
  {
    name: 'jsonc-parser',
    importNames: ['parse', 'parseTree'],
    message: 'They recurse without end; use src/formats/jsonc.ts.',
  },
  only('@clack/prompts', 'src/clack-library.ts'),
  ...['node:child_process', 'child_process'].map((name) => only(name, 'src/exec.ts')),
];
const nodeFs = ['node:fs', 'node:fs/promises'].map((name) => ({
  name,
  message: 'Only src/file-system.ts imports it; it takes checked places.',
}));

/** What may touch the disk beside the door: bgsync's own templates and temporary folders, and a log that the user names. */
const ownFiles = [
  'src/templates/render.ts',
  'src/devices/ios/{ios-app,xcrun}.ts',
  'src/devices/local/{child,child-process,data-folder,watch}.ts',
  // The played phone: a process of its own, which runs the app's code and reads what that would read.
  'src/devices/local/{world,stand-ins}/*.ts',
  // The same for a Flutter app: the app's Dart, in a VM of its own.
  'src/devices/local/dart/*.ts',
  'src/devices/log-input.ts',
  'src/queue/{copy-database,queue-files,wasm-lock}.ts',
];

const asRoot = [
  {
    selector: "CallExpression[callee.name='at'] > CallExpression:first-child",
    message: 'A root is a folder that was found; what comes below it is the second argument.',
  },
];

/** What src/doctor reads of the app by itself, the languages; a check that read a build file would be a second model of the app. */
const LANGUAGES = 'dart|edit|entry|glob|import-candidates|javascript|source|text';
const ofTheModel = {
  regex: `formats/(?!(?:${LANGUAGES})\\.ts$)`,
  message: 'src/project reads it for all commands; src/integrations/edits has the edits.',
};

export default defineConfig(
  {
    ignores: [
      'dist/',
      'templates/',
      'tests/fixtures/',
      'tests/golden/',
      'tests/locks/*.*.*',
      'tests/native/',
      '.cache/',
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
    rules: {
      'no-restricted-imports': ['error', { paths: [...doors, ...nodeFs] }],
      'no-restricted-syntax': ['error', ...asRoot],
      'no-console': 'error',
    },
  },
  {
    files: ['src/doctor/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { paths: [...doors, ...nodeFs], patterns: [ofTheModel] }],
      'no-restricted-syntax': [
        'error',
        {
          selector: `ImportExpression > Literal[value=/formats.(?!(${LANGUAGES})\\.ts$)/]`,
          message: ofTheModel.message,
        },
        ...asRoot,
      ],
    },
  },
  { files: ownFiles, rules: { 'no-restricted-imports': ['error', { paths: doors }] } },
  {
    files: ['src/clack-library.ts', 'src/exec.ts', 'src/file-system.ts', 'src/formats/jsonc.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['tests/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
