import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { formatMarkdown } from '../../helpers/markdown.ts';
import { documentLocal } from '../../local/document.ts';

const DOCUMENT = fileURLToPath(new URL('../../../docs/local.md', import.meta.url));

test('docs/local.md is what the code plays (mend it with: npx vitest run tests/unit/local/document.test.ts --update=all)', async () => {
  const text = await formatMarkdown(documentLocal());
  await expect(text).toMatchFileSnapshot(DOCUMENT);
});
