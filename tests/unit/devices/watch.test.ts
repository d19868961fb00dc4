import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SavedFiles } from '../../../src/devices/local/watch.ts';

let folder: string;
let handler: string;
let imported: string;

/** As a file of yesterday: the clock of a file system ticks coarsely. */
function write(file: string, text: string): void {
  writeFileSync(file, text);
  utimesSync(file, new Date(Date.now() - 86_400_000), new Date(Date.now() - 86_400_000));
}

/** @returns whether a save is noticed, within a second */
async function isNoticed(saved: SavedFiles): Promise<boolean> {
  return saved.next(AbortSignal.timeout(1000));
}

describe('what is saved', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bgsync-watch-'));
    handler = join(folder, 'handler.ts');
    imported = join(folder, 'imported.ts');
    write(handler, 'a');
    write(imported, 'a');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function begun(): SavedFiles {
    const saved = new SavedFiles();
    saved.add([handler]);
    saved.begin();
    return saved;
  }

  it('is noticed while one waits', async () => {
    const next = isNoticed(begun());
    writeFileSync(handler, 'b');
    expect(await next).toBe(true);
  });

  it('is noticed where an editor puts a new file in the old place', async () => {
    const next = isNoticed(begun());
    write(join(folder, '.handler.ts.swp'), 'b');
    renameSync(join(folder, '.handler.ts.swp'), handler);
    expect(await next).toBe(true);
  });

  it('is noticed where it was saved while the run went on', async () => {
    const saved = begun();
    writeFileSync(handler, 'b');
    expect(await isNoticed(saved)).toBe(true);
  });

  it('is noticed in a file that the run learned of after it was saved', async () => {
    const saved = begun();
    writeFileSync(imported, 'b');
    saved.add([handler, imported]);
    expect(await isNoticed(saved)).toBe(true);
    saved.begin();
    expect(await isNoticed(saved)).toBe(false);
  });

  it('is nothing where the files are as they were, and others are not of it', async () => {
    const saved = begun();
    saved.add([imported]);
    expect(saved.size).toBe(2);
    const next = isNoticed(saved);
    writeFileSync(join(folder, 'other.ts'), 'b');
    expect(await next).toBe(false);
  });

  it('is noticed of a file that is gone, and comes back', async () => {
    const saved = begun();
    rmSync(handler);
    expect(await isNoticed(saved)).toBe(true);
    saved.begin();
    const next = isNoticed(saved);
    write(handler, 'c');
    expect(await next).toBe(true);
  });
});
