/**
 * Code that is made to be slow gets its answer: what grows without measure does not end in the test's time. How the time
 * grows with the code is measured by `npm run bench growth`.
 */
import { test } from 'vitest';
import { HOSTILE_CODE } from '../../helpers/hostile-code.ts';

test.each(HOSTILE_CODE)('$name', async ({ n, read }) => {
  await read(n);
});
