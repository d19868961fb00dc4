import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { documentLocal } from '../../local/document.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/local.md', import.meta.url));

test('docs/local.md is what the code plays (mend it with: npx vitest run tests/unit/local/document.test.ts --update=all)', async () => {
  const config = await resolveConfig(DOCUMENT);
  const text = await format(documentLocal(), { ...config, parser: 'markdown' });
  await expect(text).toMatchFileSnapshot(DOCUMENT);
});
