import { defineConfig } from 'oxlint';

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

/** What src/doctor reads of the app by itself, the languages; a check that read a build file would be a second model of the app. */
const languages = 'dart edit entry glob import-candidates javascript source text'.split(' ');
const ofTheModel = {
  group: ['**/formats/*', ...languages.map((name) => `!**/formats/${name}.ts`)],
  message: 'src/project reads it for all commands; src/integrations/edits has the edits.',
};

export default defineConfig({
  plugins: ['typescript'],
  categories: { correctness: 'off' },
  options: { typeAware: true, reportUnusedDisableDirectives: 'error' },
  ignorePatterns: [
    'dist/',
    'templates/',
    'tests/fixtures/',
    'tests/golden/',
    'tests/locks/*.*.*',
    'tests/native/',
    '.cache/',
    '**/*.d.ts',
  ],
  overrides: [
    {
      // typescript-eslint's strict and stylistic sets, with types.
      files: ['**/*.ts'],
      rules: {
        'no-array-constructor': 'error',
        'no-empty-function': 'error',
        'no-unused-expressions': 'error',
        'no-unused-vars': 'error',
        'no-useless-constructor': 'error',
        'no-var': 'error',
        'prefer-const': 'error',
        'prefer-rest-params': 'error',
        'prefer-spread': 'error',
        'typescript/adjacent-overload-signatures': 'error',
        'typescript/array-type': 'error',
        'typescript/await-thenable': 'error',
        'typescript/ban-ts-comment': [
          'error',
          {
            minimumDescriptionLength: 10,
          },
        ],
        'typescript/ban-tslint-comment': 'error',
        'typescript/class-literal-property-style': 'error',
        'typescript/consistent-generic-constructors': 'error',
        'typescript/consistent-indexed-object-style': 'error',
        'typescript/consistent-type-assertions': 'error',
        'typescript/consistent-type-definitions': 'error',
        'typescript/consistent-type-imports': 'error',
        'typescript/dot-notation': 'error',
        'typescript/no-array-delete': 'error',
        'typescript/no-base-to-string': 'error',
        'typescript/no-confusing-non-null-assertion': 'error',
        'typescript/no-deprecated': 'error',
        'typescript/no-duplicate-enum-values': 'error',
        'typescript/no-duplicate-type-constituents': 'error',
        'typescript/no-dynamic-delete': 'error',
        'typescript/no-empty-object-type': 'error',
        'typescript/no-explicit-any': 'error',
        'typescript/no-extra-non-null-assertion': 'error',
        'typescript/no-extraneous-class': 'error',
        'typescript/no-floating-promises': 'error',
        'typescript/no-for-in-array': 'error',
        'typescript/no-generated-empty-object-type': 'error',
        'typescript/no-implied-eval': 'error',
        'typescript/no-inferrable-types': 'error',
        'typescript/no-invalid-void-type': 'error',
        'typescript/no-meaningless-void-operator': 'error',
        'typescript/no-misused-new': 'error',
        'typescript/no-misused-promises': 'error',
        'typescript/no-misused-spread': 'error',
        'typescript/no-mixed-enums': 'error',
        'typescript/no-namespace': 'error',
        'typescript/no-non-null-asserted-nullish-coalescing': 'error',
        'typescript/no-non-null-asserted-optional-chain': 'error',
        'typescript/no-non-null-assertion': 'error',
        'typescript/no-redundant-type-constituents': 'error',
        'typescript/no-require-imports': 'error',
        'typescript/no-this-alias': 'error',
        'typescript/no-unnecessary-boolean-literal-compare': 'error',
        'typescript/no-unnecessary-condition': 'error',
        'typescript/no-unnecessary-template-expression': 'error',
        'typescript/no-unnecessary-type-arguments': 'error',
        'typescript/no-unnecessary-type-assertion': 'error',
        'typescript/no-unnecessary-type-constraint': 'error',
        'typescript/no-unnecessary-type-conversion': 'error',
        'typescript/no-unnecessary-type-parameters': 'error',
        'typescript/no-unsafe-argument': 'error',
        'typescript/no-unsafe-assignment': 'error',
        'typescript/no-unsafe-call': 'error',
        'typescript/no-unsafe-declaration-merging': 'error',
        'typescript/no-unsafe-enum-comparison': 'error',
        'typescript/no-unsafe-function-type': 'error',
        'typescript/no-unsafe-member-access': 'error',
        'typescript/no-unsafe-return': 'error',
        'typescript/no-unsafe-unary-minus': 'error',
        'typescript/no-useless-default-assignment': 'error',
        'typescript/no-wrapper-object-types': 'error',
        'typescript/non-nullable-type-assertion-style': 'error',
        'typescript/only-throw-error': 'error',
        'typescript/prefer-as-const': 'error',
        'typescript/prefer-find': 'error',
        'typescript/prefer-for-of': 'error',
        'typescript/prefer-function-type': 'error',
        'typescript/prefer-includes': 'error',
        'typescript/prefer-literal-enum-member': 'error',
        'typescript/prefer-namespace-keyword': 'error',
        'typescript/prefer-nullish-coalescing': 'error',
        'typescript/prefer-optional-chain': 'error',
        'typescript/prefer-promise-reject-errors': 'error',
        'typescript/prefer-reduce-type-parameter': 'error',
        'typescript/prefer-regexp-exec': 'error',
        'typescript/prefer-return-this-type': 'error',
        'typescript/prefer-string-starts-ends-with': 'error',
        'typescript/related-getter-setter-pairs': 'error',
        'typescript/require-await': 'error',
        'typescript/restrict-plus-operands': [
          'error',
          {
            allowAny: false,
            allowBoolean: false,
            allowNullish: false,
            allowNumberAndString: false,
            allowRegExp: false,
          },
        ],
        'typescript/restrict-template-expressions': [
          'error',
          {
            allowNumber: true,
          },
        ],
        'typescript/return-await': ['error', 'error-handling-correctness-only'],
        'typescript/triple-slash-reference': 'error',
        'typescript/unbound-method': 'error',
        'typescript/unified-signatures': 'error',
        'typescript/use-unknown-in-catch-callback-variable': 'error',
      },
    },
    {
      files: ['src/**/*.ts'],
      rules: {
        'no-restricted-imports': ['error', { paths: [...doors, ...nodeFs] }],
        'no-console': 'error',
      },
    },
    {
      files: ['src/doctor/**/*.ts'],
      rules: {
        'no-restricted-imports': [
          'error',
          { paths: [...doors, ...nodeFs], patterns: [ofTheModel] },
        ],
      },
    },
    { files: ownFiles, rules: { 'no-restricted-imports': ['error', { paths: doors }] } },
    {
      files: ['src/clack-library.ts', 'src/exec.ts', 'src/file-system.ts', 'src/formats/jsonc.ts'],
      rules: { 'no-restricted-imports': 'off' },
    },
    { files: ['tests/**/*.ts'], rules: { 'typescript/no-non-null-assertion': 'off' } },
  ],
});
