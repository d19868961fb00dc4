import { toJsonSchema } from '@valibot/to-json-schema';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config.ts';

test('the published schema is the one that bgsync checks', async () => {
  const schema = {
    title: 'bgsync.config.json',
    ...toJsonSchema(configSchema, { typeMode: 'input' }),
  };
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(
    '../../templates/package/config.schema.json',
  );
});
