import { defineConfig } from 'vitest/config';

/** What needs packages that `npm ci` does not install: `npm run test:queue` fetches them. */
export default defineConfig({
  test: { include: ['tests/queue/real/**/*.real.ts'], testTimeout: 600_000 },
});
