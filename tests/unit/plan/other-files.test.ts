import { expect, test } from 'vitest';
import { otherFiles } from '../../../src/plan/other-files.ts';
import { memoryFileSystem } from '../../helpers/memory-file-system.ts';

test('files and folders of others are told apart, and ours are not among them', async () => {
  const names = ['package.json', 'src/core/a.ts'];
  const others = ['bgsync.lock.json', 'notes.txt', 'src/mine.ts', 'build/a/b.bin', 'build/c.bin'];
  const fs = memoryFileSystem(
    Object.fromEntries([...names, ...others].map((name) => [`/app/package/${name}`, ''])),
  );
  expect(await otherFiles(fs, '/app', 'package', new Set(names))).toEqual([
    'build/',
    'notes.txt',
    'src/mine.ts',
  ]);
});
