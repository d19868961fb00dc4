import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { MODULE } from './app.ts';
import type { TestApp } from './app.ts';

/** Makes an app look as if a bgsync 0.0.1 had generated these files. */
export function olderBgsync(
  app: TestApp,
  files: Readonly<Record<string, (text: string) => string>>,
): void {
  const path = `${MODULE}/bgsync.lock.json`;
  const lock = JSON.parse(app.read(path)) as {
    bgsync: string;
    files: Record<string, { sha256: string; base: string }>;
  };
  lock.bgsync = '0.0.1';
  for (const [file, change] of Object.entries(files)) {
    const text = change(existsSync(join(app.root, file)) ? app.read(file) : '');
    app.write(file, text);
    lock.files[file.slice(MODULE.length + 1)] = {
      sha256: createHash('sha256').update(text).digest('hex'),
      base: deflateRawSync(Buffer.from(text)).toString('base64'),
    };
  }
  app.write(path, `${JSON.stringify(lock, null, 2)}\n`);
}
