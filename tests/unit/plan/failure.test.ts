import { expect, test } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { failureOf } from '../../../src/plan/failure.ts';

test.each([
  ['a refusal of bgsync’s own', new UserError('a leads out of the app.'), 'a leads out of the app'],
  [
    'of the system, with the file',
    Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', path: '/a' }),
    'the disk is full (ENOSPC, /a)',
  ],
  [
    'of the system, without',
    Object.assign(new Error('EROFS: read-only'), { code: 'EROFS' }),
    'the file system is read-only (EROFS)',
  ],
  ['that has no words here', new Error('EIO: input/output error.'), 'EIO: input/output error.'],
])('a failure %s', (_name, error, words) => {
  expect(failureOf(error)).toBe(words);
});
