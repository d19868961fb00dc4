import { expect, test } from 'vitest';
import { functionsOf } from '../../../../src/doctor/code/apple-functions.ts';
import { MaskedFile } from '../../../../src/doctor/source-files.ts';

test('a semicolon between the header of a method and its body', () => {
  const text =
    '@implementation A\n\n- (void)sync:(NSString *)name\n      later:(BOOL)later;\n// clang-format on\n{\n  [self run];\n}\n\n@end\n';
  const [only, ...others] = functionsOf(new MaskedFile('A.m', text, 'objc'));
  expect(others).toEqual([]);
  expect(only).toMatchObject({
    name: 'sync',
    parameters: [
      { label: 'sync', name: 'name' },
      { label: 'later', name: 'later' },
    ],
    offset: text.indexOf('- (void)'),
  });
});

test('a declaration is no function', () => {
  const text = '@interface A\n- (void)sync;\n@end\nstatic int one = 1;\nstruct { int a; } two;\n';
  expect(functionsOf(new MaskedFile('A.m', text, 'objc')).map(({ name }) => name)).toEqual([]);
});
